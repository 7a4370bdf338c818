import { Field, Hint } from "../shared/parts";
import { Kinds } from "./kinds";
import { hintsFor } from "./reducer";
import type { Action, State } from "./types";

export function Concept({ state, dispatch }: { state: State; dispatch: (action: Action) => void }) {
  const { form } = state;
  // An empty new form need not be scolded for having no name.
  const nameHints = hintsFor(state, "name").filter((hint) => hint.level !== "error" || form.name !== "");
  return (
    <>
      <div class="wb-naming">
        <div class="wb-field">
          <Field label="Name">
            <input
              class="wb-input"
              dir="auto"
              value={form.name}
              placeholder="Pricing objections"
              onInput={(event) => dispatch({ type: "edit", change: { name: event.currentTarget.value } })}
            />
          </Field>
          <div class="wb-hints" aria-live="polite">
            {nameHints.map((hint) => (
              <Hint level={hint.level}>{hint.message}</Hint>
            ))}
            {nameHints.length === 0 && form.name === "" && <p class="wb-muted wb-small">Short and descriptive: it is shown wherever the tracker appears.</p>}
          </div>
        </div>
        <div class="wb-field">
          <Field label="Description">
            <textarea
              class="wb-input"
              dir="auto"
              rows={3}
              value={form.description}
              placeholder="The customer says that our price is too high or asks for less."
              onInput={(event) => dispatch({ type: "edit", change: { description: event.currentTarget.value } })}
            />
          </Field>
          <div class="wb-hints" aria-live="polite">
            {hintsFor(state, "description").map((hint) => (
              <Hint level={hint.level}>{hint.message}</Hint>
            ))}
          </div>
        </div>
      </div>
      <Kinds state={state} dispatch={dispatch} />
    </>
  );
}
