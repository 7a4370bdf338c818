import type { AdviceView, Answer, CardView } from "../shared/protocol";

interface Props {
  advice: AdviceView[];
  canEdit: boolean;
  busy: boolean;
  onCorrect: (sentenceId: string, answer: Answer) => void;
}

const NAMES: Record<string, string> = {
  more: "Keep going",
  flat: "Try something else",
  one_sided: "One-sided answers",
  rare: "Rare",
  split: "Two concepts in one?",
  doubtful: "A mistake?",
  fell: "Why a number fell",
  people: "Agreement",
};

/** With a full stop, unless it ends with a mark of its own. */
const ended = (name: string): string => (/[.?!]$/.test(name) ? name : `${name}.`);

const ANSWERS: [Answer, string][] = [
  ["yes", "Yes"],
  ["no", "No"],
  ["not_sure", "Not sure"],
];

/** What to do next; an audit has a place of its own. */
export function AdviceList({ advice, canEdit, busy, onCorrect }: Props) {
  const told = advice.filter((one) => one.kind in NAMES);
  if (!told.length) return null;
  return (
    <section class="wb-stack wb-advice" aria-label="What to do next">
      <h3>What to do next</h3>
      <ul>
        {told.map((one) => (
          <li>
            <p>
              <strong>{ended(NAMES[one.kind] ?? "")}</strong> {one.message}
            </p>
            {(one.kind === "doubtful" || one.kind === "people") &&
              one.groups.flat().map((card) => (
                <Doubtful
                  card={card}
                  answer={one.answers[card.sentence_id]}
                  note={one.notes[card.sentence_id]}
                  canEdit={canEdit}
                  busy={busy}
                  onCorrect={onCorrect}
                />
              ))}
            {one.kind === "split" && <Halves groups={one.groups} />}
          </li>
        ))}
      </ul>
    </section>
  );
}

interface DoubtfulProps {
  card: CardView;
  answer: Answer | undefined;
  /** Who says what; then any answer settles it, also the one that counts by now. */
  note: string | undefined;
  canEdit: boolean;
  busy: boolean;
  onCorrect: (sentenceId: string, answer: Answer) => void;
}

function Doubtful({ card, answer, note, canEdit, busy, onCorrect }: DoubtfulProps) {
  const before = card.before.at(-1);
  return (
    <div class="wb-doubtful">
      {before && (
        <p class="wb-small wb-muted" dir="auto">
          {before.text}
        </p>
      )}
      <p dir="auto">{card.text}</p>
      {note && (
        <p class="wb-small wb-muted" dir="auto">
          {note}
        </p>
      )}
      <div class="wb-actions" role="group" aria-label="Your answer">
        {ANSWERS.map(([value, name]) => (
          <button
            type="button"
            class="wb-button wb-small"
            aria-pressed={!note && value === answer}
            disabled={!canEdit || busy}
            onClick={() => (note || value !== answer) && onCorrect(card.sentence_id, value)}
          >
            {name}
          </button>
        ))}
      </div>
    </div>
  );
}

function Halves({ groups }: { groups: CardView[][] }) {
  const names = ["It finds these well", "It misses many like these"];
  return (
    <div class="wb-halves">
      {groups.map((cards, at) => (
        <div>
          <p class="wb-small wb-muted">{names[at]}</p>
          <ul>
            {cards.map((card) => (
              <li dir="auto">{card.text}</li>
            ))}
          </ul>
        </div>
      ))}
    </div>
  );
}
