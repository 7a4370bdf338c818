import { Problem } from "../shared/parts";
import type { Answer, CardView } from "../shared/protocol";
import { Context, Who } from "../shared/talk";
import { LABEL } from "../shared/words";

const NEAR = 1; // sentences before and after; the wider context shows all there are
const CHOICES: { answer: Answer; key: string; mark: string }[] = [
  { answer: "yes", key: "Y", mark: "✓" },
  { answer: "no", key: "N", mark: "×" },
  { answer: "not_sure", key: "U", mark: "?" },
];

interface Props {
  card: CardView;
  at: number;
  count: number;
  here: boolean;
  wide: boolean;
  answer: Answer | undefined;
  editable: boolean;
  open: boolean;
  error: string;
  onFocus: () => void;
  onJudge: (answer: Answer) => void;
  onWiden: () => void;
  onCall: () => void;
}

/** One sentence that the tracker finds. Only the one in use is in the tab order, or 20 would take a hundred stops. */
export function Item({ card, at, count, here, wide, answer, editable, open, error, onFocus, onJudge, onWiden, onCall }: Props) {
  const before = wide ? card.before : card.before.slice(-NEAR);
  const after = wide ? card.after : card.after.slice(0, NEAR);
  const stop = here ? 0 : -1;
  return (
    <article
      class={`wb-item ${answer ? `wb-${answer}` : ""}`}
      tabIndex={stop}
      aria-posinset={at + 1}
      aria-setsize={count}
      aria-label={`${card.text} ${answer ? `Judged: ${LABEL[answer]}.` : editable ? "Not judged." : ""}`.trim()}
      onFocusCapture={onFocus}
    >
      <header class="wb-item-head wb-small wb-muted">
        <span class="wb-number" aria-hidden="true">
          {at + 1}
        </span>
        <p>
          <bdi>{card.title ?? "Untitled call"}</bdi>
          {card.date && ` · ${card.date}`}
        </p>
        <button type="button" class="wb-link" tabIndex={stop} aria-expanded={wide} aria-keyshortcuts="M" onClick={onWiden}>
          {wide ? "Show less" : "Show more"}
        </button>
        <button type="button" class="wb-link" tabIndex={stop} aria-keyshortcuts="G" onClick={onCall}>
          Go to call
        </button>
      </header>
      {before.map((line) => (
        <Context line={line} timed={wide} />
      ))}
      <div class="wb-said">
        <Who speaker={card.speaker} side={card.side} time={card.time} />
        <p dir="auto">
          <b>{card.text}</b>
        </p>
      </div>
      {after.map((line) => (
        <Context line={line} timed={wide} />
      ))}
      {editable && (
        <div class="wb-row wb-choices" role="group" aria-label="Does the bold sentence fit the concept?">
          {CHOICES.map((choice) => (
            <button
              type="button"
              class={`wb-button wb-small wb-choice wb-choice-${choice.answer}`}
              tabIndex={stop}
              aria-pressed={answer === choice.answer}
              aria-keyshortcuts={choice.key}
              disabled={!open}
              onClick={() => onJudge(choice.answer)}
            >
              <span class="wb-mark" aria-hidden="true">
                {choice.mark}
              </span>
              {LABEL[choice.answer]}
            </button>
          ))}
        </div>
      )}
      {error && <Problem message={error} />}
    </article>
  );
}
