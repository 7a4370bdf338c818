import type { CardView, PlotsView } from "../shared/protocol";

export interface State {
  view: PlotsView;
  surfaced: CardView[] | null;
  error: string;
  /** Whether the sentences it would find are being looked up. */
  looking: boolean;
  auditing: boolean;
  slow: boolean;
}

export type Action =
  | { type: "synced"; view: PlotsView; surfaced: CardView[] | null; error: string }
  | { type: "look" }
  | { type: "looked" }
  | { type: "audit" }
  | { type: "audited" }
  | { type: "failed"; message: string }
  | { type: "slow"; slow: boolean };

export function reduce(state: State, action: Action): State {
  switch (action.type) {
    case "synced":
      return { ...state, view: action.view, surfaced: action.surfaced, error: action.error || state.error };
    case "look":
      return { ...state, looking: true, error: "" };
    case "looked":
      return { ...state, looking: false, error: "" };
    case "audit":
      return { ...state, auditing: true, error: "" };
    case "audited":
      return { ...state, auditing: false };
    case "failed":
      return { ...state, looking: false, auditing: false, error: action.message };
    case "slow":
      return { ...state, slow: action.slow };
  }
}

/** After the basic training the sentences show by themselves: then the review opens. */
export function shouldLook(state: State): boolean {
  const { view, surfaced, looking, error } = state;
  return view.phase === "idle" && view.rounds.length >= view.basic_rounds && surfaced === null && !looking && !error;
}
