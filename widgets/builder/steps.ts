import { plural } from "../shared/parts";
import type { Hint, Step } from "../shared/protocol";
import { filled, isDirty, type State } from "./reducer";

export const STEPS: readonly [Step, string][] = [
  ["concept", "Concept"],
  ["where", "Where to look"],
  ["examples", "Examples"],
  ["train", "Train"],
];

export interface Standing {
  mark: "open" | "done" | "attention";
  /** A few words on how the step stands. */
  words: string;
}

export function nameOf(step: Step): string {
  return STEPS.find(([one]) => one === step)![1];
}

/** The step before or after; null past the ends. */
export function beside(step: Step, by: 1 | -1): Step | null {
  return STEPS[STEPS.findIndex(([one]) => one === step) + by]?.[0] ?? null;
}

/** The step in which a hint's field is. */
export function stepOf({ field }: Pick<Hint, "field">): Step {
  return field === "corpus" ? "where" : field === "examples" ? "examples" : "concept";
}

/** What keeps the tracker from being saved. */
export function missing(state: Pick<State, "check">): Hint[] {
  return (state.check?.hints ?? []).filter((hint) => hint.level === "error");
}

/** What would cost quality, of the concept, the corpus and the examples. */
export function warnings(state: Pick<State, "check">): Hint[] {
  return (state.check?.hints ?? []).filter((hint) => hint.level === "warning");
}

export function standing(state: State, step: Step): Standing {
  return state.check === null ? { mark: "open", words: "" } : OF[step](state);
}

const OF: Record<Step, (state: State) => Standing> = {
  concept: (state) => {
    const { name } = state.form;
    if (!name.trim()) return { mark: "open", words: "No name yet" };
    return of(state, "concept", "Named");
  },
  where: (state) => {
    const counts = state.check?.counts;
    if (counts && counts.conversations === 0) return { mark: "attention", words: "Nothing matches" };
    return of(state, "where", counts ? plural(counts.calls, "call") : "");
  },
  examples: (state) => {
    const count = filled(state.form);
    if (count < state.least) return { mark: "open", words: `${count} of ${state.least}` };
    return of(state, "examples", plural(count, "sentence"));
  },
  train: (state) => {
    if (!state.saved) return { mark: "open", words: missing(state).length > 0 ? "Not yet" : "Ready" };
    return isDirty(state) ? { mark: "attention", words: "Not saved" } : { mark: "done", words: "Saved" };
  },
};

function of(state: State, step: Step, words: string): Standing {
  const own = [...missing(state), ...warnings(state)].filter((hint) => stepOf(hint) === step);
  const wrong = own.some((hint) => hint.level === "error");
  if (wrong) return { mark: "attention", words: "To be put right" };
  return own.length > 0 ? { mark: "attention", words: words ? `${words}, ${plural(own.length, "note")}` : plural(own.length, "note") } : { mark: "done", words };
}
