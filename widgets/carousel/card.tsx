import { SideBadge } from "../shared/parts";
import type { CardView, ContextView, Reason } from "../shared/protocol";

const NEAR = 2; // sentences before and after that a card shows; the panel shows all there are
const WHY: Record<Reason, string> = {
  likely: "Picked because it looks like a match",
  unsure: "Picked because the tracker is unsure",
  random: "Picked by chance, to keep the estimate fair",
  audit: "Drawn for the audit, which checks the estimate",
};

interface Props {
  card: CardView;
  panel: boolean;
  onPanel: (open: boolean) => void;
}

export function Card({ card, panel, onPanel }: Props) {
  const before = panel ? card.before : card.before.slice(-NEAR);
  const after = panel ? card.after : card.after.slice(0, NEAR);
  return (
    <article class={`wb-card ${panel ? "wb-card-open" : ""}`} aria-label="Sentence to judge">
      <header class="wb-card-head">
        <p class="wb-small wb-muted">
          <b dir="auto">{card.title ?? "Untitled call"}</b>
          {card.date && <span> · {card.date}</span>}
        </p>
        <button type="button" class="wb-link wb-small" aria-expanded={panel} onClick={() => onPanel(!panel)}>
          {panel ? "Show less" : "Show more of the call"}
        </button>
      </header>
      <div class="wb-talk">
        {before.map((line) => (
          <Context line={line} timed={panel} />
        ))}
        <div class="wb-asked">
          <Who speaker={card.speaker} side={card.side} time={card.time} />
          <p class="wb-sentence" dir="auto">
            <b>{card.text}</b>
          </p>
        </div>
        {after.map((line) => (
          <Context line={line} timed={panel} />
        ))}
      </div>
      <p class="wb-small wb-muted wb-why">{WHY[card.reason]}</p>
    </article>
  );
}

function Context({ line, timed }: { line: ContextView; timed: boolean }) {
  return (
    <div class="wb-context">
      <Who speaker={line.speaker} side={line.side} time={timed ? line.time : null} />
      <p dir="auto">{line.text}</p>
    </div>
  );
}

function Who({ speaker, side, time }: { speaker: string | null; side: string | null; time: string | null }) {
  return (
    <p class="wb-who wb-small wb-muted">
      <span dir="auto">{speaker ?? "Unknown speaker"}</span>
      <SideBadge side={side} />
      {time && <span class="wb-time">{time}</span>}
    </p>
  );
}
