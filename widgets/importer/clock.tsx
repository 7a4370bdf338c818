import { useState } from "preact/hooks";

interface Props {
  zone: string;
  workspaceZone: string;
  wait: boolean;
  onChange: (zone: string) => void;
  /** Told of each key whether what stands in the field is a time zone. */
  onTyped: (known: boolean) => void;
}

/** Asks whose clocks show the starts that name no time zone. */
export function Clock({ zone, workspaceZone, wait, onChange, onTyped }: Props) {
  const [typed, setTyped] = useState(zone);
  const [id] = useState(() => `wb-zone-${Math.random().toString(36).slice(2)}`);
  const [all] = useState(zones);
  const known = isZone(typed);
  const type = (words: string) => {
    setTyped(words);
    onTyped(isZone(words));
  };
  const choose = (words: string) => {
    const chosen = words.trim();
    if (chosen !== zone && isZone(chosen)) onChange(chosen);
  };
  return (
    <div class="wb-field wb-clock">
      <label for={id}>Time zone of starts that name none</label>
      <input
        id={id}
        class="wb-input"
        list={`${id}-all`}
        value={typed}
        readOnly={wait}
        autocomplete="off"
        spellcheck={false}
        aria-invalid={!known}
        aria-describedby={`${id}-more`}
        onInput={(event) => type(event.currentTarget.value)}
        onChange={(event) => choose(event.currentTarget.value)}
      />
      <datalist id={`${id}-all`}>
        {all.map((one) => (
          <option key={one} value={one} />
        ))}
      </datalist>
      <span id={`${id}-more`} class={`wb-small ${known ? "wb-muted" : "wb-clock-wrong"}`} role={known ? undefined : "alert"}>
        {known ? (zone === workspaceZone ? "The workspace's own." : `For this import; the workspace's own is ${workspaceZone}.`) : "No time zone is called so. Give a name such as Europe/Berlin or UTC."}
      </span>
    </div>
  );
}

/** All names that are offered; others of the IANA's are taken too. */
function zones(): string[] {
  return ["UTC", ...Intl.supportedValuesOf("timeZone").filter((one) => one !== "UTC")];
}

/** Whether it is the name of a time zone; an offset such as +02:00 is none. */
function isZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name.trim())) return false;
  try {
    return Boolean(new Intl.DateTimeFormat("en", { timeZone: name.trim() }));
  } catch {
    return false;
  }
}
