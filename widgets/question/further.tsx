import { useState } from "preact/hooks";
import { Field } from "../shared/parts";
import { LIMITS } from "../shared/protocol";
import type { Acts, State } from "./types";

const TRAINED = ", trained";

/** A question's way on: a tracker of examples, which is trained by answers and has an estimate. */
export function Further({ state, acts }: { state: State; acts: Acts }) {
  const { saved, busy } = state;
  const [name, setName] = useState<string | null>(null);
  if (!saved) return null;
  const shown = name ?? `${saved.name.slice(0, LIMITS.name - TRAINED.length)}${TRAINED}`;
  return (
    <details class="wb-further">
      <summary class="wb-small">Train it further, with examples</summary>
      <p class="wb-small wb-muted">
        This creates a new tracker of examples from what is said and from what this question finds now, for you to answer with yes or no. It learns from your answers and shows how well it does. This question stays as
        it is.
      </p>
      <div class="wb-row wb-actions">
        <Field label="Its name">
          <input class="wb-input" dir="auto" maxLength={LIMITS.name} value={shown} onInput={(event) => setName(event.currentTarget.value)} />
        </Field>
        <button type="button" class="wb-button" disabled={busy !== "" || !shown.trim()} onClick={() => acts.train(shown.trim())}>
          {busy === "train" ? "Creating…" : "Create a tracker of examples"}
        </button>
      </div>
    </details>
  );
}
