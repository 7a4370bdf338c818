import { Hint, plural } from "../shared/parts";
import { hintsFor, linesOf, type Action, type State } from "./reducer";

interface Props {
  state: State;
  dispatch: (action: Action) => void;
}

export function Examples({ state, dispatch }: Props) {
  const { form, least, most, entry, bulk, notice } = state;
  const count = form.examples.filter((text) => text.trim()).length;
  return (
    <div class="wb-examples">
      <div class="wb-examples-head">
        <p class="wb-muted wb-small">
          Real sentences from real calls that the tracker should find: {count} so far, {least} at least, {most} at most.
        </p>
        <Tips />
      </div>
      {form.examples.length > 0 && (
        <ol class="wb-list">
          {form.examples.map((text, index) => (
            <Example text={text} index={index} state={state} dispatch={dispatch} />
          ))}
        </ol>
      )}
      {bulk === null ? (
        <div class="wb-add">
          <input
            class="wb-input"
            dir="auto"
            aria-label="Add an example sentence"
            placeholder={count === 0 ? "Could you go any lower on that cost?" : "Add another sentence and press Enter"}
            value={entry}
            onInput={(event) => dispatch({ type: "entry", text: event.currentTarget.value })}
            onPaste={(event) => {
              const pasted = event.clipboardData?.getData("text") ?? "";
              if (!pasted.trim().includes("\n")) return;
              event.preventDefault();
              dispatch({ type: "add", text: pasted });
            }}
            onKeyDown={(event) => {
              if (event.key !== "Enter" || event.isComposing || !entry.trim()) return;
              event.preventDefault();
              dispatch({ type: "add", text: entry });
            }}
          />
          <button type="button" class="wb-button" disabled={!entry.trim()} onClick={() => dispatch({ type: "add", text: entry })}>
            Add
          </button>
          <button type="button" class="wb-button" onClick={() => dispatch({ type: "bulk", text: "" })}>
            Paste many
          </button>
        </div>
      ) : (
        <Bulk text={bulk} known={form.examples} dispatch={dispatch} />
      )}
      <div class="wb-hints" aria-live="polite">
        {notice && <p class="wb-small wb-muted">{notice}</p>}
        {hintsFor(state, "examples")
          .filter((hint) => hint.level !== "error" || count >= least)
          .map((hint) => (
            <Hint level={hint.level}>{hint.message}</Hint>
          ))}
      </div>
    </div>
  );
}

function Example({ text, index, state, dispatch }: Props & { text: string; index: number }) {
  const hints = hintsFor(state, "examples", index);
  return (
    <li>
      <span class="wb-number wb-small wb-muted" aria-hidden="true">
        {index + 1}
      </span>
      <div>
        <textarea
          class="wb-input"
          dir="auto"
          rows={1}
          aria-label={`Example ${index + 1}`}
          aria-invalid={hints.some((hint) => hint.level === "error")}
          value={text}
          onInput={(event) => dispatch({ type: "change", index, text: event.currentTarget.value.replace(/\s*\n\s*/g, " ") })}
        />
        {hints.map((hint) => (
          <Hint level={hint.level}>{hint.message}</Hint>
        ))}
      </div>
      <button type="button" class="wb-button wb-remove" aria-label={`Remove example ${index + 1}`} title="Remove" onClick={() => dispatch({ type: "remove", index })}>
        ×
      </button>
    </li>
  );
}

function Bulk({ text, known, dispatch }: { text: string; known: string[]; dispatch: Props["dispatch"] }) {
  const count = linesOf(text, known).length;
  return (
    <div class="wb-bulk">
      <label class="wb-field">
        <span>One sentence a line</span>
        <textarea class="wb-input" dir="auto" rows={6} value={text} onInput={(event) => dispatch({ type: "bulk", text: event.currentTarget.value })} />
      </label>
      <div class="wb-add">
        <button type="button" class="wb-button wb-primary" disabled={count === 0} onClick={() => dispatch({ type: "add", text })}>
          Add {plural(count, "sentence")}
        </button>
        <button type="button" class="wb-button" onClick={() => dispatch({ type: "bulk", text: null })}>
          Cancel
        </button>
      </div>
    </div>
  );
}

function Tips() {
  return (
    <details class="wb-small">
      <summary>What makes a good example?</summary>
      <ul class="wb-tips">
        <li>Short and exact, one sentence each. From a transcript take whole sentences, then trim.</li>
        <li>Different words for the same idea: “Can we get a better price?” and “That is over our budget.”</li>
        <li>Different kinds of sentence: questions, statements, complaints.</li>
        <li>Specific: it should make sense only when this idea comes up.</li>
        <li>Said by the side you listen to: for a customer's problem, how customers put it, not how you ask.</li>
      </ul>
    </details>
  );
}
