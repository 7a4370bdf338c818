import type { Answer, CardView, CarouselView } from "../shared/protocol";

export type Key = Answer | "undo" | "back" | "forward";

/** A request under way. Answers carry the sentence they are for, so that none can land on another card. */
export type Pending = { kind: "tag"; sentence_id: string; answer: Answer } | { kind: "undo" };

export interface State {
  cards: CardView[];
  view: CarouselView;
  error: string;
  index: number;
  /** Keys pressed while an answer was on its way, oldest first. */
  queue: Key[];
  pending: Pending | null;
  panel: boolean;
  focused: boolean;
  slow: boolean;
  /** What a screen reader is told. */
  spoken: string;
}

export type Action =
  | { type: "synced"; cards: CardView[]; view: CarouselView; error: string }
  | { type: "key"; key: Key }
  | { type: "stored"; undone?: string | null }
  | { type: "failed"; message: string }
  | { type: "panel"; open: boolean }
  | { type: "focus"; focused: boolean }
  | { type: "slow"; slow: boolean };

export const LABEL: Record<Answer, string> = { yes: "Yes", no: "No", not_sure: "Not sure" };

export function initial(cards: CardView[], view: CarouselView, error: string): State {
  const index = firstOpen(cards, view);
  return { cards, view, error, index, queue: [], pending: null, panel: false, focused: false, slow: false, spoken: "" };
}

export function reduce(state: State, action: Action): State {
  switch (action.type) {
    case "synced":
      return synced(state, action);
    case "key":
      return step({ ...state, queue: [...state.queue, action.key] });
    case "stored":
      return step(stored(state, action.undone));
    case "failed":
      // What was pressed after the failed answer was meant for a card that never came.
      return { ...state, pending: null, queue: [], error: action.message };
    case "panel":
      return { ...state, panel: action.open };
    case "focus":
      return state.focused === action.focused ? state : { ...state, focused: action.focused };
    case "slow":
      return state.slow === action.slow ? state : { ...state, slow: action.slow };
  }
}

/** The first card without an answer; the last card where all have one. */
export function firstOpen(cards: CardView[], view: CarouselView): number {
  const at = cards.findIndex((card) => !view.answers[card.sentence_id]);
  return at < 0 ? Math.max(0, cards.length - 1) : at;
}

function synced(state: State, { cards, view, error }: Action & { type: "synced" }): State {
  const next = { ...state, cards, view, error };
  const newRound = cards[0]?.sentence_id !== state.cards[0]?.sentence_id || cards.length !== state.cards.length;
  if (newRound) return { ...next, index: firstOpen(cards, view), queue: [], panel: false };
  // Another view of this widget may have answered the card shown here.
  const answeredElsewhere = !state.pending && shown(state) && !answerOf(state) && view.answers[shown(state)!.sentence_id];
  return answeredElsewhere ? { ...next, index: firstOpen(cards, view) } : next;
}

function stored(state: State, undone?: string | null): State {
  const { pending, cards, view } = state;
  const next = { ...state, pending: null, error: "" };
  if (pending?.kind === "tag") {
    const at = cards.findIndex((card) => card.sentence_id === pending.sentence_id);
    return { ...next, index: firstOpen(cards, view), panel: false, spoken: `${at + 1}: ${LABEL[pending.answer]}, saved.` };
  }
  const at = cards.findIndex((card) => card.sentence_id === undone);
  if (at < 0) return { ...next, spoken: "There is no answer to take back." };
  return { ...next, index: at, spoken: `Took back the answer to ${at + 1}.` };
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
  if (state.view.phase !== "tagging") return state;
  if (key === "back") return { ...state, index: Math.max(0, state.index - 1), panel: false };
  if (key === "forward") return { ...state, index: Math.min(firstOpen(state.cards, state.view), state.index + 1), panel: false };
  const card = shown(state);
  return card ? { ...state, pending: { kind: "tag", sentence_id: card.sentence_id, answer: key } } : state;
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
