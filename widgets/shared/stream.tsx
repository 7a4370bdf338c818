import { Field } from "./parts";

interface Props {
  /** The tracker's, which a new stream is called after. */
  name: string;
  /** What the stream is to be called; null for none. */
  stream: string | null;
  disabled: boolean;
  onChange: (stream: string | null) => void;
}

/** Whether the calls of a tracker that is published are collected in a stream, and in which. */
export function StreamChoice({ name, stream, disabled, onChange }: Props) {
  return (
    <>
      <label class="wb-radio">
        <input type="checkbox" checked={stream !== null} disabled={disabled} onChange={(event) => onChange(event.currentTarget.checked ? name : null)} />
        Collect its calls in a stream
      </label>
      {stream !== null && (
        <Field label="Name of the stream">
          <input class="wb-input" dir="auto" value={stream} disabled={disabled} onInput={(event) => onChange(event.currentTarget.value)} />
        </Field>
      )}
    </>
  );
}
