import { useState } from "preact/hooks";
import { type AskPlan, PASTS, Plan } from "../shared/plan";
import { StreamChoice } from "../shared/stream";
import { missing } from "./steps";
import type { State } from "./types";

interface Props {
  state: State;
  publish: (past: string | null, stream: string | null) => void;
  plan: AskPlan;
}

/** How a tracker that needs no training is put to work. */
export function Publish({ state, publish, plan }: Props) {
  const [past, setPast] = useState<string | null>(null);
  const [stream, setStream] = useState<string | null>(null);
  const { saving, published, check } = state;
  return (
    <section class="wb-stack wb-panel wb-publish" aria-label="Publish">
      <h4>Put it to use</h4>
      <fieldset>
        <legend>Which calls should it look at?</legend>
        {PASTS.map(([label, value]) => (
          <label class="wb-radio">
            <input type="radio" name={`past-${state.uid}`} checked={past === value} disabled={saving} onChange={() => setPast(value)} />
            {label}
          </label>
        ))}
      </fieldset>
      <Plan past={past} of={JSON.stringify([{ ...state.form, name: state.form.name.trim() !== "", description: "" }, published])} ask={plan} />
      <StreamChoice name={state.form.name} stream={stream} disabled={saving} onChange={setStream} />
      <div class="wb-row wb-save">
        <button type="button" class="wb-button wb-primary" disabled={saving || check === null || missing(state).length > 0} onClick={() => publish(past, stream)}>
          {saving ? "Publishing…" : "Save and publish"}
        </button>
        <p class="wb-small" role="status" dir="auto">
          {published && (
            <>
              <b class="wb-good">✓ Published.</b> {published}
            </>
          )}
        </p>
      </div>
    </section>
  );
}
