import { plural } from "../shared/parts";
import type { Hint, KindName, Step } from "../shared/protocol";
import { givenOf, kindOf } from "./kinds";
import { filled, isDirty } from "./reducer";
import type { State } from "./types";

type Steps = readonly (readonly [Step, string])[];

const FIRST: Steps = [
  ["concept", "Concept"],
  ["where", "Where to look"],
];
const STEPS: Record<KindName, Steps> = {
  example: [...FIRST, ["examples", "Examples"], ["train", "Train"]],
  keyword: [...FIRST, ["words", "Words"], ["preview", "Preview"]],
  phrase: [...FIRST, ["words", "Vocabulary"], ["preview", "How close"]],
  question: FIRST,
};

/** The steps on the way to a tracker of this kind, with what each is called. */
export function stepsOf(kind: KindName): Steps {
  return STEPS[kind];
}

export interface Standing {
  mark: "open" | "done" | "attention";
  /** A few words on how the step stands. */
  words: string;
}

export function nameOf(step: Step, kind: KindName = "example"): string {
  return STEPS[kind].find(([one]) => one === step)?.[1] ?? "";
}

/** The step before or after; null past the ends. */
export function beside(step: Step, by: 1 | -1, kind: KindName = "example"): Step | null {
  return STEPS[kind][STEPS[kind].findIndex(([one]) => one === step) + by]?.[0] ?? null;
}

/** The step in which a hint's field is. */
export function stepOf({ field }: Pick<Hint, "field">): Step {
  if (["words", "exclude", "vocabulary"].includes(field)) return "words";
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
  if (state.check === null) return { mark: "open", words: "" };
  const stands = OF[step](state);
  const unseen = !state.saved && !state.visited.includes(step);
  return unseen && stands.mark === "done" ? { ...stands, mark: "open" } : stands;
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
  train: (state) => last(state),
  words: (state) => {
    const count = givenOf(state.form).length;
    if (count === 0) return { mark: "open", words: "None yet" };
    return of(state, "words", plural(count, kindOf(state.form) === "phrase" ? "phrase" : "word"));
  },
  preview: (state) => last(state),
};

function last(state: State): Standing {
  if (!state.saved) return { mark: "open", words: missing(state).length > 0 ? "Not yet" : "Ready" };
  return isDirty(state) ? { mark: "attention", words: "Not saved" } : { mark: "done", words: "Saved" };
}

function of(state: State, step: Step, words: string): Standing {
  const own = [...missing(state), ...warnings(state)].filter((hint) => stepOf(hint) === step);
  const wrong = own.some((hint) => hint.level === "error");
  if (wrong) return { mark: "attention", words: "Needs attention" };
  return own.length > 0 ? { mark: "attention", words: words ? `${words}, ${plural(own.length, "note")}` : plural(own.length, "note") } : { mark: "done", words };
}
