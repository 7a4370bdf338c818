import { SideBadge } from "../shared/parts";
import type { CardView } from "../shared/protocol";
import type { Shown } from "./dial";

interface Props {
  cards: CardView[] | null;
  shown: Shown;
  busy: boolean;
  onShow: () => void;
}

const TITLES: Record<Shown, string> = {
  now: "What it would find now",
  setting: "What this setting finds",
  adds: "What this setting adds",
  drops: "What this setting leaves out",
};

export function Surfaced({ cards, shown, busy, onShow }: Props) {
  return (
    <section class="wb-surfaced" aria-busy={busy}>
      <header class="wb-surfaced-head">
        <h3>{TITLES[shown]}</h3>
        <button type="button" class="wb-button wb-small" disabled={busy} onClick={onShow}>
          {busy ? "Looking…" : cards ? "Draw again" : "Show 20 sentences"}
        </button>
      </header>
      {!cards && <p class="wb-muted wb-small">A sample of what this tracker would find if it were in use today.</p>}
      {cards?.length === 0 && <p class="wb-muted">It would find nothing yet. More rounds, or other examples, may help.</p>}
      {cards && cards.length > 0 && (
        <ol>
          {cards.map((card) => (
            <Found card={card} />
          ))}
        </ol>
      )}
    </section>
  );
}

function Found({ card }: { card: CardView }) {
  const score = Math.round(card.score * 100);
  return (
    <li class="wb-found">
      <div class="wb-score" role="img" aria-label={`Score ${score} of 100`} title={`Score ${score} of 100`}>
        <div class="wb-bar">
          <div class="wb-bar-fill" style={{ width: `${score}%` }} />
        </div>
        <span class="wb-small wb-muted">{score}</span>
      </div>
      <div>
        <p dir="auto">{card.text}</p>
        <p class="wb-small wb-muted wb-meta">
          <span dir="auto">{card.speaker ?? "Unknown speaker"}</span>
          <SideBadge side={card.side} />
          <span>
            <bdi>{card.title ?? "Untitled call"}</bdi>
            {card.date && ` · ${card.date}`}
            {card.time && ` · ${card.time}`}
          </span>
        </p>
      </div>
    </li>
  );
}
