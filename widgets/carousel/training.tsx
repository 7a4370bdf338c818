import { Bar } from "../shared/parts";
import { Counts } from "./counts";
import type { State } from "./reducer";

/** What the round held, while the tracker learns from it. */
export function Training({ state }: { state: State }) {
  const { view, straightOn, passed } = state;
  const { summary, fraction, message } = view;
  const waits = !straightOn && passed < view.round;
  return (
    <div class="wb-training">
      <h3>Round {summary?.round ?? view.round} is answered</h3>
      {summary && <Counts counts={summary} />}
      <div class="wb-learning">
        <p role="status">Learning from your answers…</p>
        <Bar fraction={fraction} label="Learning from your answers" />
        <p class="wb-muted wb-small" dir="auto">
          {message || (waits ? "Then you see what it brought." : "The next round starts automatically.")}
        </p>
        {waits && (
          <p class="wb-small wb-by-keys">
            <kbd>Enter</kbd> goes straight on to the next round
          </p>
        )}
      </div>
    </div>
  );
}
