import type { CardView, Reason } from "../shared/protocol";
import { Context, Who } from "../shared/talk";
import { Marked, Words } from "./evidence";
import { explains, type Key, type State } from "./reducer";

const NEAR = 2; // sentences before and after that a card shows; the panel shows all there are
const WHY: Record<Reason, string> = {
  likely: "Asked because it looks like a match.",
  unsure: "Asked because the tracker is unsure: this answer teaches it the most.",
  random: "Drawn at random, to keep the estimate fair.",
  audit: "Drawn at random for the audit, to check the estimate.",
  review: "Drawn at random for the review, from what the tracker finds now.",
  picked: "Asked because someone selected it, for example by reporting it as a wrong hit.",
  imported: "Not asked: its answer was imported.",
};
const OUTSIDE = "Outside the current filters; your answer still teaches the tracker.";
const WHY_AT_FIRST = "Asked because it resembles your examples.";

interface Props {
  card: CardView;
  state: State;
  press: (key: Key) => void;
}

export function Card({ card, state, press }: Props) {
  const { panel, marking } = state;
  const before = panel ? card.before : card.before.slice(-NEAR);
  const after = panel ? card.after : card.after.slice(0, NEAR);
  const evidence = marking ? state.evidence[card.sentence_id] : undefined;
  const first = !explains(state.view) && card.reason === "likely";
  return (
    <article class="wb-card" aria-label="Sentence to judge">
      <header class="wb-card-head">
        <p class="wb-small wb-muted">
          <b dir="auto">{card.title ?? "Untitled call"}</b>
          {card.date && <span> · {card.date}</span>}
        </p>
        <button type="button" class="wb-link wb-small" aria-expanded={panel} aria-keyshortcuts="M" onClick={() => press("more")}>
          {panel ? "Show less" : "Show more"}
        </button>
        <button type="button" class="wb-link wb-small" aria-keyshortcuts="G" onClick={() => press("call")}>
          Go to call
        </button>
      </header>
      <div class="wb-talk">
        {before.map((line) => (
          <Context line={line} timed={panel} />
        ))}
        <div class="wb-asked">
          <Who speaker={card.speaker} side={card.side} time={card.time} />
          <p class="wb-sentence" dir="auto">
            <b>{Array.isArray(evidence) ? <Marked pieces={evidence} /> : card.text}</b>
          </p>
        </div>
        {after.map((line) => (
          <Context line={line} timed={panel} />
        ))}
      </div>
      <footer class="wb-why wb-small wb-muted">
        <p>{card.outside ? OUTSIDE : first ? WHY_AT_FIRST : WHY[card.reason]}</p>
        {explains(state.view) && (
          <button type="button" class="wb-link" aria-pressed={marking} aria-keyshortcuts="W" onClick={() => press("words")}>
            {marking ? "Hide which words count" : "Which words count?"}
          </button>
        )}
        {marking && <Words evidence={evidence} />}
      </footer>
    </article>
  );
}
