import { FRAMED, type Framed } from "../shared/frame";
import { plural } from "../shared/parts";
import type { Answer, CardView, PublishedRunView, ReviewView, TuningView } from "../shared/protocol";
import { type Trained, type Tuned, withTraining, withTuning } from "../shared/tuning";
import { LABEL } from "../shared/words";

/** What of the state comes from the kernel. */
export interface Synced {
  cards: CardView[];
  view: ReviewView;
  tuning: TuningView | null;
  canEdit: boolean;
  canPublish: boolean;
  error: string;
}

/** A request under way, for which a button waits. */
export type Busy = "" | "undo" | "count" | "others" | "publish";

export interface State extends Synced, Framed {
  /** The sentence that keys speak of. */
  at: number;
  /** Counts the times that the focus is to go to that sentence. */
  steer: number;
  /** Judgements on their way. */
  pending: Record<string, Answer>;
  /** Sentences whose context is widened. */
  wide: Record<string, boolean>;
  busy: Busy;
  /** Where `error` shows: at a sentence, by its id, or at a button that was waited for; empty for on top. */
  failedAt: string;
  /** How far the published version is, and some of what it found, once asked for. */
  run: PublishedRunView | null;
  found: CardView[] | null;
  /** What a screen reader is told. */
  spoken: string;
}

export type Action =
  | ({ type: "synced" } & Synced)
  | { type: "at"; at: number }
  | { type: "move"; by: number }
  | { type: "widen"; id: string }
  | { type: "judge"; id: string; answer: Answer; next: boolean }
  | { type: "judged"; id: string; answer: Answer }
  | { type: "busy"; what: Busy }
  | { type: "done"; undone?: string | null }
  | { type: "failed"; message: string; id?: string }
  | { type: "run"; run: PublishedRunView | null }
  | { type: "found"; cards: CardView[] }
  | Trained
  | Tuned;

/** How many sentences a review shows; where it shows fewer, they are all that there are. */
export const COUNT = 20;

export function initial(synced: Synced): State {
  return { ...synced, at: 0, steer: 0, pending: {}, wide: {}, busy: "", failedAt: "", ...FRAMED, run: null, found: null, spoken: "" };
}

export function reduce(state: State, action: Action): State {
  switch (action.type) {
    case "synced":
      return synced(state, action);
    case "at":
      return state.at === action.at ? state : { ...state, at: action.at };
    case "move":
      return moved(state, action.by);
    case "widen":
      return { ...state, wide: { ...state.wide, [action.id]: !state.wide[action.id] } };
    case "judge": {
      const sent = { ...state, pending: { ...state.pending, [action.id]: action.answer }, error: "", failedAt: "" };
      return action.next ? moved(sent, 1) : sent;
    }
    case "judged":
      return judged(state, action.id, action.answer);
    case "busy":
      return { ...state, busy: action.what, error: "", failedAt: "" };
    case "done":
      return done(state, action.undone);
    case "run":
      return { ...state, run: action.run };
    case "found":
      return { ...state, found: action.cards };
    case "trained":
      return withTraining(state, action);
    case "tuned":
      return withTuning(state, action);
    case "failed": {
      const { [action.id ?? ""]: _, ...pending } = state.pending;
      const failedAt = action.message === "" ? "" : action.id ?? (state.view.phase === "training" ? "count" : state.busy);
      return { ...state, pending: action.id ? pending : {}, busy: "", error: action.message, failedAt };
    }
  }
}

function synced(state: State, { type: _, ...fresh }: Action & { type: "synced" }): State {
  const error = fresh.error || (state.view.phase === fresh.view.phase ? state.error : "");
  const other = fresh.view.published !== state.view.published || fresh.view.tracker !== state.view.tracker;
  const next = { ...state, ...fresh, error, ...(other ? { run: null, found: null } : {}) };
  const others = fresh.cards.map((card) => card.sentence_id).join() !== state.cards.map((card) => card.sentence_id).join();
  if (!others) return next;
  const spoken = fresh.cards.length > 0 ? `${plural(fresh.cards.length, "sentence")} that it finds now.` : "";
  const begun = { ...next, at: 0, pending: {}, wide: {}, failedAt: "", spoken };
  // A person who asked for these goes on at the first of them.
  return state.cards.length > 0 && fresh.cards.length > 0 ? { ...begun, steer: state.steer + 1 } : begun;
}

function judged(state: State, id: string, answer: Answer): State {
  const { [id]: sent, ...pending } = state.pending;
  const next = sent === answer ? { ...state, pending } : state;
  return { ...next, spoken: `${LABEL[answer]}, saved. ${tallyInWords(tally(next))}` };
}

function done(state: State, undone: string | null | undefined): State {
  const next = { ...state, busy: "" as const, error: "", failedAt: "" };
  if (undone === undefined) return next;
  const at = state.cards.findIndex((card) => card.sentence_id === undone);
  if (at < 0) return { ...next, spoken: "There is no judgement to undo." };
  return { ...next, at, steer: state.steer + 1, spoken: "Judgement undone." };
}

function moved(state: State, by: number): State {
  const at = Math.min(state.cards.length - 1, Math.max(0, state.at + by));
  return at < 0 ? state : { ...state, at, steer: state.steer + 1 };
}

/** The judgements, those on their way included. */
export function answersOf({ view, pending }: Pick<State, "view" | "pending">): Record<string, Answer> {
  return { ...view.answers, ...pending };
}

/**
 * Whether sentences can be judged now. They can while the widget brings itself up to date: the sentences still show, and
 * the kernel refuses a judgement on one that is no longer among them.
 */
export function open({ view, canEdit, busy }: State): boolean {
  const shown = view.phase === "idle" || (view.phase === "opening" && view.estimate !== null);
  return canEdit && shown && !view.blocked && (busy === "" || busy === "undo");
}

export interface Tally {
  yes: number;
  no: number;
  notSure: number;
  left: number;
}

export function tally(state: Pick<State, "cards" | "view" | "pending">): Tally {
  const answers = answersOf(state);
  const count = (answer: Answer | undefined) => state.cards.filter((card) => answers[card.sentence_id] === answer).length;
  return { yes: count("yes"), no: count("no"), notSure: count("not_sure"), left: count(undefined) };
}

/** "14 of 16 judged are right (88%), 2 not sure, 2 left"; sentences that are not sure are in neither. */
export function tallyInWords({ yes, no, notSure, left }: Tally): string {
  const sure = yes + no;
  if (sure + notSure === 0) return "Nothing judged yet";
  const parts = sure > 0 ? [`${yes} of ${sure} judged ${yes === 1 ? "is" : "are"} right (${Math.round((100 * yes) / sure)}%)`] : [];
  if (notSure > 0) parts.push(`${notSure} not sure`);
  parts.push(left > 0 ? `${left} left` : "all judged");
  return parts.join(", ");
}

/** What counting would do now. */
export function worth({ fair, basic_left }: Pick<ReviewView, "fair" | "basic_left">, { left }: Tally): string {
  const chosen = "It learns from these judgements. You chose which ones to judge, so they can't be used to estimate quality across all your calls.";
  if (!fair) return "You skipped other sentences to get here. It learns from what you judge, but your judgements can't be used to estimate quality across all your calls.";
  if (left > 0) return chosen;
  return `It learns from these judgements, and they improve the estimate for all your calls${basic_left > 0 ? ". Reviews don't count towards basic training" : ""}.`;
}
