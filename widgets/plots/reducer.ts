import { type Failed, FRAMED, type Framed } from "../shared/frame";
import type { CardView, DetailsView, PlotsView, TuningView } from "../shared/protocol";
import { type Tuned, withTuning } from "../shared/tuning";
import type { Shown } from "./dial";

/** What of the state comes from the kernel. */
export interface Synced {
  view: PlotsView;
  surfaced: CardView[] | null;
  details: DetailsView | null;
  tuning: TuningView | null;
  canEdit: boolean;
  error: string;
}

export interface State extends Synced, Framed {
  /** Whether the sentences it would find are being looked up. */
  looking: boolean;
  auditing: boolean;
  /** Whether the dial and the advice are being worked out, or changed. */
  detailing: boolean;
  /** The setting that the dial stands at; null for the one in use. */
  at: number | null;
  shown: Shown;
}

export type Action =
  | ({ type: "synced" } & Synced)
  | { type: "look"; shown: Shown }
  | { type: "detail" }
  | { type: "detailed" }
  | { type: "move"; at: number }
  | { type: "looked" }
  | { type: "audit" }
  | { type: "audited" }
  | Failed
  | Tuned;

export function initial(synced: Synced): State {
  return { ...synced, looking: false, auditing: false, detailing: false, at: null, shown: "now", ...FRAMED };
}

export function reduce(state: State, action: Action): State {
  switch (action.type) {
    case "synced":
      return {
        ...state,
        view: action.view,
        surfaced: action.surfaced,
        details: action.details,
        tuning: action.tuning,
        canEdit: action.canEdit,
        at: action.details === state.details ? state.at : null,
        error: action.error || state.error,
      };
    case "look":
      return { ...state, looking: true, shown: action.shown, error: "" };
    case "detail":
      return { ...state, detailing: true, error: "" };
    case "detailed":
      return { ...state, detailing: false };
    case "move":
      return { ...state, at: action.at };
    case "looked":
      return { ...state, looking: false, error: "" };
    case "audit":
      return { ...state, auditing: true, error: "" };
    case "audited":
      return { ...state, auditing: false };
    case "tuned":
      return withTuning(state, action);
    case "failed":
      return { ...state, looking: false, auditing: false, detailing: false, error: action.message };
  }
}

/** The dial and the advice take a moment, so they are asked for once the estimates show. */
export function shouldDetail(state: State): boolean {
  const { view, details, detailing, error } = state;
  return view.phase === "idle" && view.rounds.length > 0 && details === null && !detailing && !error;
}

/** After the basic training the sentences show by themselves: then the review opens. */
export function shouldLook(state: State): boolean {
  const { view, surfaced, looking, error } = state;
  const trained = view.rounds.filter((round) => !round.review).length;
  return view.phase === "idle" && trained >= view.basic_rounds && surfaced === null && !looking && !error;
}
