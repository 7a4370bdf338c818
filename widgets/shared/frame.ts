/** What every view's state holds for its frame. */
export interface Framed {
  /** Whether the kernel takes long to answer. */
  slow: boolean;
}

export const FRAMED: Framed = { slow: false };

/** A request failed, or the kernel is lost: each view says where, and what it gives up. */
export interface Failed {
  type: "failed";
  message: string;
}

/** What only the frame does with a state. */
export interface Slow {
  type: "slow";
  slow: boolean;
}

/** Wraps a view's reducer: how slow the kernel is is the frame's business. */
export function framed<State extends Framed, Action extends { type: string }>(reduce: (state: State, action: Action) => State): (state: State, action: Action | Slow) => State {
  return (state, action) => {
    if (!isSlow(action)) return reduce(state, action);
    return state.slow === action.slow ? state : { ...state, slow: action.slow };
  };
}

function isSlow(action: { type: string }): action is Slow {
  return action.type === "slow";
}
