import type { Answer } from "../shared/protocol";
import { answerOf, firstOpen, LABEL, type Action, type Key, type State } from "./reducer";

const CHOICES: { answer: Answer; key: string; mark: string }[] = [
  { answer: "yes", key: "Y", mark: "✓" },
  { answer: "no", key: "N", mark: "×" },
  { answer: "not_sure", key: "U", mark: "?" },
];

export function Answers({ state, dispatch }: { state: State; dispatch: (action: Action) => void }) {
  const press = (key: Key) => dispatch({ type: "key", key });
  const given = answerOf(state);
  const front = firstOpen(state.cards, state.view);
  return (
    <div class="wb-answers">
      <div class="wb-choices" role="group" aria-label="Does the bold sentence fit the concept?">
        {CHOICES.map(({ answer, key, mark }) => (
          <button
            type="button"
            class={`wb-button wb-choice wb-${answer}`}
            aria-pressed={given === answer}
            aria-keyshortcuts={key}
            onClick={() => press(answer)}
          >
            <span aria-hidden="true" class="wb-mark">
              {mark}
            </span>
            {LABEL[answer]}
            <kbd aria-hidden="true">{key}</kbd>
          </button>
        ))}
      </div>
      <div class="wb-tools">
        <button type="button" class="wb-button wb-small" aria-keyshortcuts="ArrowLeft" disabled={state.index === 0} onClick={() => press("back")}>
          ← Back
        </button>
        <button type="button" class="wb-button wb-small" aria-keyshortcuts="ArrowRight" disabled={state.index >= front} onClick={() => press("forward")}>
          Forward →
        </button>
        <button
          type="button"
          class="wb-button wb-small"
          aria-keyshortcuts="Z"
          disabled={Object.keys(state.view.answers).length === 0}
          onClick={() => press("undo")}
        >
          Undo <kbd aria-hidden="true">Z</kbd>
        </button>
        <p class={`wb-small ${state.focused ? "wb-muted" : "wb-invite"}`}>
          {state.focused ? "Keys: Y, N, U; Z undoes; arrows look back" : "Click here to use the keyboard"}
        </p>
      </div>
    </div>
  );
}
