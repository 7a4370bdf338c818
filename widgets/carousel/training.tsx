import { Bar } from "../shared/parts";
import type { CarouselView } from "../shared/protocol";

/** What the round held, while the tracker learns from it. */
export function Training({ view }: { view: CarouselView }) {
  const { summary, fraction, message } = view;
  return (
    <div class="wb-training">
      <h3>Round {summary?.round ?? view.round} is answered</h3>
      {summary && (
        <ul class="wb-counts" aria-label="Your answers">
          <li class="wb-yes">
            <b>{summary.yes}</b> yes
          </li>
          <li class="wb-no">
            <b>{summary.no}</b> no
          </li>
          <li class="wb-not_sure">
            <b>{summary.not_sure}</b> not sure
          </li>
        </ul>
      )}
      <div class="wb-learning">
        <p role="status">Learning from your answers…</p>
        <Bar fraction={fraction} label="Learning from your answers" />
        <p class="wb-muted wb-small" dir="auto">
          {message || "The next round starts automatically."}
        </p>
      </div>
    </div>
  );
}
