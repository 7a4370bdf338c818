import type { CheckResult, DraftView, FacetsView, FiltersForm, Form, Hint, PastedView, Step, SuggestResult } from "../shared/protocol";

/** What the kernel holds, so that a reload finds it again; all else below belongs to the page. */
export interface Synced {
  form: Form;
  saved: Form | null;
  step: Step;
  facets: FacetsView;
  drafts: DraftView[];
  kinds: string[];
  trackerId: string;
  resumed: boolean;
  least: number;
  most: number;
  kernelError: string;
}

/** What is pasted into the bulk field; `lines` are null until the kernel has looked at it. */
export interface Bulk {
  text: string;
  lines: PastedView[] | null;
  picked: boolean[];
}

export interface Search {
  query: string;
  /** The query that `found` answers. */
  asked: string;
  found: SuggestResult | null;
  busy: boolean;
}

export interface State extends Synced {
  /** What the kernel last said; the page may be ahead of it. */
  seen: Synced;
  check: CheckResult | null;
  /** What is typed into the line for a new example. */
  entry: string;
  bulk: Bulk | null;
  search: Search;
  saving: boolean;
  justSaved: boolean;
  error: string;
  notice: string;
  slow: boolean;
}

export type Action =
  | { type: "synced"; synced: Synced }
  | { type: "go"; step: Step }
  | { type: "edit"; change: Partial<Pick<Form, "name" | "description">> }
  | { type: "filter"; change: Partial<FiltersForm> }
  | { type: "entry"; text: string }
  | { type: "add"; texts: string[] }
  | { type: "change"; index: number; text: string }
  | { type: "remove"; index: number }
  | { type: "split"; index: number; parts: string[] }
  | { type: "bulk"; text: string | null }
  | { type: "previewed"; text: string; lines: PastedView[] }
  | { type: "pick"; at: number; picked: boolean }
  | { type: "query"; text: string }
  | { type: "suggesting" }
  | { type: "suggested"; query: string; found: SuggestResult }
  | { type: "checked"; form: Form; check: CheckResult }
  | { type: "save" }
  | { type: "saved" }
  | { type: "notice"; text: string }
  | { type: "failed"; message: string }
  | { type: "slow"; slow: boolean };

const NO_SEARCH: Search = { query: "", asked: "", found: null, busy: false };

export function initial(synced: Synced): State {
  return { ...synced, seen: synced, check: null, entry: "", bulk: null, search: NO_SEARCH, saving: false, justSaved: false, error: "", notice: "", slow: false };
}

export function reduce(state: State, action: Action): State {
  const { bulk, search } = state;
  switch (action.type) {
    case "synced":
      return adopt(state, action.synced);
    case "go":
      return { ...state, step: action.step, notice: "" };
    case "checked":
      // The answer to an older form would flicker.
      return action.form === state.form ? { ...state, check: action.check } : state;
    case "save":
      return { ...state, saving: true, error: "" };
    case "saved":
      return { ...state, saving: false, justSaved: true, error: "" };
    case "failed":
      return { ...state, saving: false, error: action.message, search: { ...search, busy: false } };
    case "slow":
      return { ...state, slow: action.slow };
    case "notice":
      return { ...state, notice: action.text };
    case "entry":
      return { ...state, entry: action.text };
    case "bulk":
      return { ...state, bulk: action.text === null ? null : { text: action.text, lines: action.text.trim() ? (bulk?.lines ?? null) : null, picked: bulk?.picked ?? [] } };
    case "previewed":
      return bulk?.text === action.text ? { ...state, bulk: { ...bulk, lines: action.lines, picked: offered(action.lines, room(state)) } } : state;
    case "pick":
      return bulk ? { ...state, bulk: { ...bulk, picked: bulk.picked.map((one, at) => (at === action.at ? action.picked : one)) } } : state;
    case "query":
      return { ...state, search: { ...search, query: action.text } };
    case "suggesting":
      return { ...state, error: "", search: { ...search, busy: true } };
    case "suggested":
      return action.query === search.query ? { ...state, search: { ...search, asked: action.query.trim(), found: action.found, busy: action.found.pending } } : state;
    default:
      return state.saving ? state : edit(state, action);
  }
}

type Edit = Extract<Action, { type: "edit" | "filter" | "add" | "change" | "remove" | "split" }>;

function edit(state: State, action: Edit): State {
  const { form } = state;
  const next = { ...state, justSaved: false, notice: "" };
  const holding = (examples: string[]): State => ({ ...next, form: { ...form, examples } });
  switch (action.type) {
    case "edit":
      return { ...next, form: { ...form, ...action.change } };
    case "filter":
      return { ...next, form: { ...form, filters: { ...form.filters, ...action.change } } };
    case "add":
      return add(next, action.texts);
    case "change":
      return holding(form.examples.map((text, at) => (at === action.index ? action.text : text)));
    case "remove":
      return holding(form.examples.filter((_, at) => at !== action.index));
    case "split":
      return holding(form.examples.flatMap((text, at) => (at === action.index ? action.parts : [text])));
  }
}

/** How many more examples there may be. */
export function room({ form, most }: Pick<State, "form" | "most">): number {
  return Math.max(0, most - form.examples.length);
}

/** Those that serve are ticked, as far as there is room. */
function offered(lines: PastedView[], most: number): boolean[] {
  let left = most;
  return lines.map((line) => line.serves && left-- > 0);
}

function add(state: State, texts: string[]): State {
  const { form } = state;
  const known = new Set(form.examples);
  const fresh = texts.map((text) => text.trim()).filter((text) => text && !known.has(text));
  const taken = fresh.slice(0, room(state));
  const count = form.examples.length + taken.length;
  const notes = [
    taken.length === 0 ? "" : taken.length === 1 ? `Added as example ${count}.` : `${taken.length} examples added.`,
    fresh.length < texts.length ? "Already in the list." : "",
    fresh.length > taken.length ? `${fresh.length - taken.length} left out: ${state.most} is the most.` : "",
  ];
  return {
    ...state,
    form: taken.length > 0 ? { ...form, examples: [...form.examples, ...taken] } : form,
    entry: "",
    bulk: null,
    notice: notes.filter(Boolean).join(" "),
  };
}

/** The kernel's form and step replace what is shown only where the kernel changed them, so that typing stays. */
function adopt(state: State, synced: Synced): State {
  const { seen } = state;
  if (synced.trackerId !== state.trackerId && !state.saving) return initial(synced);
  const form = same(synced.form, seen.form) || same(synced.form, state.form) ? state.form : synced.form;
  const step = synced.step === seen.step ? state.step : synced.step;
  return { ...state, ...synced, seen: synced, form, step };
}

export function same(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

export function isDirty(state: Pick<State, "form" | "saved">): boolean {
  return !same(state.form, state.saved);
}

export function hintsFor(state: Pick<State, "check">, field: string, index: number | null = null): Hint[] {
  return (state.check?.hints ?? []).filter((hint) => hint.field === field && hint.index === index);
}

/** How many examples hold a text. */
export function filled(form: Form): number {
  return form.examples.filter((text) => text.trim()).length;
}
