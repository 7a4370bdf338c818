import { type Failed, FRAMED, type Framed } from "../shared/frame";
import type { Answer, CardView, CarouselView, PieceView, RoundEndView, TuningView } from "../shared/protocol";
import { type Trained, type Tuned, withTraining, withTuning } from "../shared/tuning";
import { LABEL } from "../shared/words";
import { noted } from "./pace";

/** What a key asks for; `forward` from a card without an answer skips it. */
export type Key = Answer | "undo" | "back" | "forward" | "more" | "words" | "call" | "next" | "finds";

/** A request under way. Answers carry the sentence they are for, so that none can land on another card. */
export type Pending = { kind: "tag"; sentence_id: string; answer: Answer } | { kind: "undo" };

/** What of the state comes from the kernel. */
export interface Synced {
  cards: CardView[];
  view: CarouselView;
  tuning: TuningView | null;
  /** Whether the next round starts at once. */
  straightOn: boolean;
  error: string;
}

export interface State extends Synced, Framed {
  index: number;
  /** Keys pressed while an answer was on its way, oldest first. */
  queue: Key[];
  pending: Pending | null;
  /** Whether all the context that came along shows. */
  panel: boolean;
  /** Whether the words that a score depends on are marked. */
  marking: boolean;
  /** Those words by sentence id, or why there are none. */
  evidence: Record<string, PieceView[] | string>;
  /** The call to open. */
  call: CardView | null;
  /** When the newest answers were stored, in milliseconds. */
  times: number[];
  focused: boolean;
  /** The round whose end was seen, or is not to be shown: the next one goes on. */
  passed: number;
  /** What the tracker would find now, asked for at the end of a round; "asked" while it is on its way. */
  finds: CardView[] | "asked" | null;
  /** What a screen reader is told. */
  spoken: string;
}

export type Action =
  | ({ type: "synced" } & Synced)
  | { type: "key"; key: Key }
  | { type: "stored"; at: number; undone?: string | null }
  | Failed
  | Trained
  | Tuned
  | { type: "evidence"; sentenceId: string; found: PieceView[] | string }
  | { type: "called" }
  | { type: "finds"; cards: CardView[] }
  | { type: "focus"; focused: boolean };

export function initial(synced: Synced): State {
  const own = { queue: [], pending: null, panel: false, marking: false, evidence: {}, call: null, times: [], focused: false, passed: 0, finds: null, ...FRAMED, spoken: "" };
  return { ...synced, ...own, index: openFrom(synced, 0) };
}

export function reduce(state: State, action: Action): State {
  switch (action.type) {
    case "synced":
      return synced(state, action);
    case "key":
      return step({ ...state, queue: [...state.queue, action.key] });
    case "stored":
      return step(stored(state, action.at, action.undone));
    case "trained":
      return withTraining(state, action);
    case "tuned":
      return withTuning(state, action);
    case "failed":
      // What was pressed after the failed answer was meant for a card that never came.
      return { ...state, pending: null, queue: [], call: null, finds: state.finds === "asked" ? null : state.finds, error: action.message };
    case "evidence":
      return { ...state, evidence: { ...state.evidence, [action.sentenceId]: action.found } };
    case "called":
      return { ...state, call: null, error: "" };
    case "finds":
      return { ...state, finds: action.cards, spoken: `It would find these ${action.cards.length} now.` };
    case "focus":
      return state.focused === action.focused ? state : { ...state, focused: action.focused };
  }
}

/** The first card without an answer at `from` or after it, or else before it; the last card where all have one. */
function openFrom({ cards, view }: Pick<State, "cards" | "view">, from: number): number {
  const open = cards.flatMap((card, at) => (view.answers[card.sentence_id] ? [] : [at]));
  return open.find((at) => at >= from) ?? open[0] ?? Math.max(0, cards.length - 1);
}

function synced(state: State, { type: _, ...fresh }: Action & { type: "synced" }): State {
  const next = { ...state, ...fresh };
  const { cards, view } = fresh;
  const newRound = cards[0]?.sentence_id !== state.cards[0]?.sentence_id || cards.length !== state.cards.length;
  if (newRound) {
    const begun = { ...next, index: openFrom(next, 0), queue: [], panel: false, evidence: {}, times: [], finds: null };
    const end = ended(begun);
    if (end) return { ...begun, spoken: endSpoken(end) };
    return cards.length > 0 ? told(begun, `Round ${view.round}.`) : begun;
  }
  // Another view of this widget may have answered the card shown here.
  const answeredElsewhere = !state.pending && shown(state) && !answerOf(state) && view.answers[shown(state)!.sentence_id];
  return answeredElsewhere ? { ...next, index: openFrom(next, state.index) } : next;
}

function stored(state: State, now: number, undone?: string | null): State {
  const { pending, cards } = state;
  const next = { ...state, pending: null, error: "" };
  if (pending?.kind === "tag") {
    const at = cards.findIndex((card) => card.sentence_id === pending.sentence_id);
    const after = { ...next, index: openFrom(next, at), panel: false, times: noted(state.times, now) };
    return told(after, `${LABEL[pending.answer]}, saved.`);
  }
  const at = cards.findIndex((card) => card.sentence_id === undone);
  if (at < 0) return { ...next, spoken: "There is no answer to undo." };
  return told({ ...next, index: at, panel: false, times: [] }, "Answer undone.");
}

/** Says what happened, and which card shows now. */
function told(state: State, what: string): State {
  const card = state.view.phase === "tagging" ? shown(state) : undefined;
  return { ...state, spoken: card ? `${what} ${state.index + 1} of ${state.cards.length}: ${card.text}`.trim() : what };
}

/** Works the queue off until a request has to be waited for. */
function step(state: State): State {
  let now = state;
  while (!now.pending && now.queue.length > 0) {
    const [key, ...queue] = now.queue;
    now = act({ ...now, queue }, key as Key);
  }
  return now;
}

function act(state: State, key: Key): State {
  if (key === "undo") {
    const possible = Object.keys(state.view.answers).length > 0 && ["tagging", "training"].includes(state.view.phase);
    return possible ? { ...state, pending: { kind: "undo" } } : state;
  }
  // A second press while the round's end is still being worked out passes it over.
  if (key === "next" && state.view.phase === "training") return { ...state, passed: state.view.round, spoken: "The next round starts at once." };
  const end = ended(state);
  if (end) {
    if (key === "next" && state.cards.length > 0) return told({ ...state, passed: end.round, finds: null }, `Round ${state.view.round}.`);
    if (key === "finds") return state.finds ? state : { ...state, finds: "asked" };
    return { ...state, spoken: "Press Enter for the next round." };
  }
  const card = state.view.phase === "tagging" ? shown(state) : undefined;
  if (!card) return state;
  switch (key) {
    case "next":
    case "finds":
      return state;
    case "back":
      return moved(state, Math.max(0, state.index - 1), "This is the first one.");
    case "forward":
      if (!answerOf(state)) return moved(state, openFrom(state, state.index + 1), "This is the only one left.", "Skipped for now.");
      return moved(state, Math.min(state.cards.length - 1, state.index + 1), "This is the last one.");
    case "more":
      return { ...state, panel: !state.panel };
    case "words":
      return explains(state.view) ? { ...state, marking: !state.marking } : state;
    case "call":
      return { ...state, call: card };
    default:
      return { ...state, pending: { kind: "tag", sentence_id: card.sentence_id, answer: key } };
  }
}

function moved(state: State, index: number, stuck: string, said = ""): State {
  return index === state.index ? { ...state, spoken: stuck } : told({ ...state, index, panel: false }, said);
}

/** The round whose end shows in place of a card: until the person goes on, or where no round is left. */
export function ended({ view, cards, passed, straightOn }: Pick<State, "view" | "cards" | "passed" | "straightOn">): RoundEndView | null {
  const { phase, ended: end } = view;
  if (phase === "exhausted") return end;
  const fresh = phase === "tagging" && cards.length > 0 && Object.keys(view.answers).length === 0;
  return fresh && !straightOn && end && end.round > passed ? end : null;
}

function endSpoken({ round, yes, no, not_sure: unsure, precision, hit_rate: hitRate }: RoundEndView): string {
  return `Round ${round} is done: ${yes} yes, ${no} no, ${unsure} not sure. Precision: ${precision.said}. Hit rate: ${hitRate.said}. Press Enter for the next round.`;
}

/** Before the first round is complete nothing is learnt, and so no word speaks for anything. */
export function explains(view: CarouselView): boolean {
  return view.rounds_done > 0;
}

export function shown(state: State): CardView | undefined {
  return state.cards[state.index];
}

/** The answer to the card that is shown, also while it is on its way. */
export function answerOf(state: State): Answer | undefined {
  const card = shown(state);
  if (!card) return undefined;
  if (state.pending?.kind === "tag" && state.pending.sentence_id === card.sentence_id) return state.pending.answer;
  return state.view.answers[card.sentence_id];
}

/** The sentence whose words are to be marked and are not known yet. */
export function unexplained(state: State): CardView | undefined {
  const card = state.marking && state.view.phase === "tagging" && explains(state.view) ? shown(state) : undefined;
  return card && !(card.sentence_id in state.evidence) ? card : undefined;
}
