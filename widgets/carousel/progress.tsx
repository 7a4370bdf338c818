import type { State } from "./reducer";

const MARK = { yes: "✓", no: "×", not_sure: "?" } as const;

export function Progress({ state }: { state: State }) {
  const { cards, view, index } = state;
  const review = cards.some((card) => card.reason === "review");
  const answered = cards.filter((card) => view.answers[card.sentence_id]).length;
  return (
    <div class="wb-progress">
      <p>
        Round {view.round} <span class="wb-muted">·</span> <b>{index + 1}</b> of {cards.length}
        {review && <span class="wb-muted wb-small"> · a review of what the tracker finds</span>}
        {!review && view.rounds_done < view.basic_rounds && <span class="wb-muted wb-small"> · basic training has {view.basic_rounds} rounds</span>}
      </p>
      <div class="wb-dots" role="img" aria-label={`${answered} of ${cards.length} answered`}>
        {cards.map((card, at) => {
          const answer = view.answers[card.sentence_id];
          return (
            <span key={card.sentence_id} class={`wb-dot ${answer ? `wb-${answer}` : ""} ${at === index ? "wb-dot-here" : ""}`}>
              {answer ? MARK[answer] : ""}
            </span>
          );
        })}
      </div>
    </div>
  );
}
