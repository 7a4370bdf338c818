import type { Step } from "../shared/protocol";
import { kindOf } from "./kinds";
import { standing, stepsOf } from "./steps";
import type { State } from "./types";

const SPOKEN = { open: "", done: "Done: ", attention: "Needs attention: " };

/** The steps with how each stands. Any of them opens at any time; arrow keys go from one to the next. */
export function Stepper({ state, go }: { state: State; go: (step: Step) => void }) {
  const steps = stepsOf(kindOf(state.form));
  const here = steps.findIndex(([step]) => step === state.step);
  const onKeyDown = (event: KeyboardEvent & { currentTarget: HTMLElement }) => {
    const at = target(event.key, here);
    if (at === null) return;
    event.preventDefault();
    go(steps[at]![0]);
    event.currentTarget.querySelectorAll("button")[at]?.focus(); // at once: the next key may be on its way
  };
  return (
    <nav class="wb-steps" aria-label="Steps">
      <ol onKeyDown={onKeyDown}>
        {steps.map(([step, name], at) => {
          const { mark, words } = standing(state, step);
          return (
            <li>
              <button type="button" data-step={step} class={`wb-stop wb-stop-${mark}`} aria-current={step === state.step ? "step" : undefined} onClick={() => go(step)}>
                <span class="wb-stop-mark" aria-hidden="true">
                  {mark === "done" ? "✓" : mark === "attention" ? "!" : at + 1}
                </span>
                <span class="wb-stop-name">{name}</span>
                <span class="wb-stop-words wb-small">
                  <span class="wb-hidden">{SPOKEN[mark]}</span>
                  {words}
                </span>
              </button>
            </li>
          );
        })}
      </ol>
    </nav>
  );
}

const LAST = 3; // of each kind

/** Which step a key leads to, null where it leads nowhere. */
export function target(key: string, here: number): number | null {
  const last = LAST;
  if (key === "ArrowRight" || key === "ArrowDown") return Math.min(last, here + 1);
  if (key === "ArrowLeft" || key === "ArrowUp") return Math.max(0, here - 1);
  if (key === "Home") return 0;
  return key === "End" ? last : null;
}
