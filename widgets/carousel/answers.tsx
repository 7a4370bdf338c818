import type { Answer } from "../shared/protocol";
import { LABEL } from "../shared/words";
import { answerOf, type Key, type State } from "./reducer";

const CHOICES: { answer: Answer; key: string; mark: string }[] = [
  { answer: "yes", key: "Y", mark: "✓" },
  { answer: "no", key: "N", mark: "×" },
  { answer: "not_sure", key: "U", mark: "?" },
];

export function Answers({ state, press }: { state: State; press: (key: Key) => void }) {
  const given = answerOf(state);
  const idle = state.view.phase !== "tagging";
  return (
    <div class="wb-answers">
      <div class="wb-choices" role="group" aria-label="Does the bold sentence fit the concept?">
        {CHOICES.map(({ answer, key, mark }) => (
          <button
            type="button"
            class={`wb-button wb-choice wb-${answer}`}
            aria-pressed={!idle && given === answer}
            aria-keyshortcuts={key}
            disabled={idle}
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
      <div class="wb-row wb-tools">
        <button type="button" class="wb-button wb-small" aria-keyshortcuts="ArrowLeft" disabled={idle || state.index === 0} onClick={() => press("back")}>
          ← Back
        </button>
        <button type="button" class="wb-button wb-small wb-skip" aria-keyshortcuts="ArrowRight S" disabled={idle} onClick={() => press("forward")}>
          {given || idle ? "Forward" : "Skip"} →
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
        <p class={`wb-small wb-by-keys ${state.focused ? "wb-muted" : "wb-invite"}`}>
          {state.focused ? "Keys: Y, N, U; arrow keys go back and skip" : "Click here to use the keyboard"}
        </p>
        <p class="wb-small wb-muted wb-by-touch">Swipe right for yes, left for no</p>
      </div>
    </div>
  );
}
