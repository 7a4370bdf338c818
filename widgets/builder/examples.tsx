import { focusSoon } from "../shared/focus";
import { Hint } from "../shared/parts";
import type { Hint as HintView } from "../shared/protocol";
import { Bulk } from "./bulk";
import { Find } from "./find";
import { filled, hintsFor } from "./reducer";
import type { Action, State } from "./types";

interface Props {
  state: State;
  dispatch: (action: Action) => void;
  suggest: () => void;
  keyword: () => void;
}

export function Examples({ state, dispatch, suggest, keyword }: Props) {
  const { form, least, most, bulk, notice } = state;
  const count = filled(form);
  return (
    <div class="wb-stack wb-examples">
      <div class="wb-stack wb-examples-head">
        <p class="wb-muted wb-small">
          Real sentences from real calls that the tracker should find: {count} so far, {least} at least, {most} at most.
        </p>
        <Tips />
      </div>
      {form.examples.length > 0 && (
        <ol class="wb-stack wb-list">
          {form.examples.map((text, index) => (
            <Example text={text} index={index} hints={hintsFor(state, "examples", index)} dispatch={dispatch} />
          ))}
        </ol>
      )}
      {bulk === null ? <Entry state={state} dispatch={dispatch} /> : <Bulk state={state} bulk={bulk} dispatch={dispatch} />}
      <div class="wb-hints" aria-live="polite">
        {notice && <p class="wb-small wb-muted">{notice}</p>}
        {hintsFor(state, "examples")
          .filter((hint) => hint.level !== "error" || count >= least)
          .map((hint) => (
            <Hint level={hint.level}>{hint.message}</Hint>
          ))}
      </div>
      <Find state={state} dispatch={dispatch} suggest={suggest} keyword={keyword} />
    </div>
  );
}

function Entry({ state, dispatch }: Pick<Props, "state" | "dispatch">) {
  const { entry, form } = state;
  return (
    <div class="wb-row wb-add">
      <input
        class="wb-input"
        dir="auto"
        aria-label="Add an example sentence"
        placeholder={form.examples.length === 0 ? "Could you go any lower on that cost?" : "Add another sentence and press Enter"}
        value={entry}
        onInput={(event) => dispatch({ type: "entry", text: event.currentTarget.value })}
        onPaste={(event) => {
          const pasted = event.clipboardData?.getData("text") ?? "";
          if (!pasted.trim().includes("\n")) return;
          event.preventDefault();
          focusSoon(event.currentTarget, ".wb-bulk textarea");
          dispatch({ type: "bulk", text: pasted });
        }}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || event.isComposing || !entry.trim()) return;
          event.preventDefault();
          dispatch({ type: "add", texts: [entry] });
        }}
      />
      <button
        type="button"
        class="wb-button"
        disabled={!entry.trim()}
        onClick={(event) => {
          focusSoon(event.currentTarget, ".wb-add input");
          dispatch({ type: "add", texts: [entry] });
        }}
      >
        Add
      </button>
      <button
        type="button"
        class="wb-button"
        onClick={(event) => {
          focusSoon(event.currentTarget, ".wb-bulk textarea");
          dispatch({ type: "bulk", text: "" });
        }}
      >
        Paste many
      </button>
    </div>
  );
}

interface ExampleProps {
  text: string;
  index: number;
  hints: HintView[];
  dispatch: Props["dispatch"];
}

function Example({ text, index, hints, dispatch }: ExampleProps) {
  const remove = (event: { currentTarget: EventTarget | null }) => {
    focusSoon(event.currentTarget, `.wb-list li:nth-child(${index + 1}) textarea, .wb-add input`);
    dispatch({ type: "remove", index });
  };
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
          <div class="wb-fixable">
            <Hint level={hint.level}>{hint.message}</Hint>
            <Fixes hint={hint} index={index} dispatch={dispatch} remove={remove} />
          </div>
        ))}
      </div>
      <button type="button" class="wb-button wb-remove" aria-label={`Remove example ${index + 1}`} title="Remove" onClick={remove}>
        ×
      </button>
    </li>
  );
}

/** What can be done about a hint with one click. */
function Fixes({ hint, index, dispatch, remove }: Omit<ExampleProps, "text" | "hints"> & { hint: HintView; remove: (event: { currentTarget: EventTarget | null }) => void }) {
  const { other, parts } = hint;
  if (other === null && parts.length === 0) return null;
  const split = `Split in ${parts.length === 2 ? "two" : parts.length}`;
  return (
    <span class="wb-fixes wb-small">
      {other !== null && (
        <>
          <button type="button" class="wb-link" onClick={(event) => focusSoon(event.currentTarget, `.wb-list li:nth-child(${other + 1}) textarea`)}>
            Go to example {other + 1}
          </button>
          <button type="button" class="wb-link" aria-label={`Remove this one: example ${index + 1}`} onClick={remove}>
            Remove this one
          </button>
        </>
      )}
      {parts.length > 0 && (
        <button
          type="button"
          class="wb-link"
          aria-label={`${split}: example ${index + 1}`}
          onClick={(event) => {
            focusSoon(event.currentTarget, `.wb-list li:nth-child(${index + 1}) textarea`);
            dispatch({ type: "split", index, parts });
          }}
        >
          {split}
        </button>
      )}
    </span>
  );
}

function Tips() {
  return (
    <details class="wb-small">
      <summary>What makes a good example?</summary>
      <ul class="wb-tips">
        <li>Short and exact, one sentence each. Take whole sentences from a transcript, then trim them.</li>
        <li>Different words for the same idea: “Can we get a better price?” and “That is over our budget.”</li>
        <li>Different kinds of sentence: questions, statements, complaints.</li>
        <li>Specific: it should only make sense when this idea comes up.</li>
        <li>Said by the side you listen to: for a customer's problem, use the customer's words, not your question.</li>
      </ul>
    </details>
  );
}
