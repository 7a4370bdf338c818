import type { CheckResult, DraftView, FacetsView, FiltersForm, Form, Hint } from "../shared/protocol";

export interface Synced {
  form: Form;
  saved: Form | null;
  facets: FacetsView;
  drafts: DraftView[];
  trackerId: string;
  resumed: boolean;
  least: number;
  most: number;
  kernelError: string;
}

export interface State extends Synced {
  check: CheckResult | null;
  /** What is typed into the line for a new example. */
  entry: string;
  /** What is pasted into the bulk field; null where the field is closed. */
  bulk: string | null;
  saving: boolean;
  justSaved: boolean;
  error: string;
  notice: string;
  slow: boolean;
}

export type Action =
  | { type: "synced"; synced: Synced }
  | { type: "edit"; change: Partial<Pick<Form, "name" | "description">> }
  | { type: "filter"; change: Partial<FiltersForm> }
  | { type: "entry"; text: string }
  | { type: "add"; text: string }
  | { type: "change"; index: number; text: string }
  | { type: "remove"; index: number }
  | { type: "bulk"; text: string | null }
  | { type: "checked"; form: Form; check: CheckResult }
  | { type: "save" }
  | { type: "saved" }
  | { type: "failed"; message: string }
  | { type: "slow"; slow: boolean };

export function initial(synced: Synced): State {
  return { ...synced, check: null, entry: "", bulk: null, saving: false, justSaved: false, error: "", notice: "", slow: false };
}

export function reduce(state: State, action: Action): State {
  switch (action.type) {
    case "synced":
      return adopt(state, action.synced);
    case "checked":
      // The answer to an older form would flicker.
      return action.form === state.form ? { ...state, check: action.check } : state;
    case "save":
      return { ...state, saving: true, error: "" };
    case "saved":
      return { ...state, saving: false, justSaved: true, error: "" };
    case "failed":
      return { ...state, saving: false, error: action.message };
    case "slow":
      return { ...state, slow: action.slow };
    case "entry":
      return { ...state, entry: action.text };
    case "bulk":
      return { ...state, bulk: action.text };
    default:
      return state.saving ? state : edit(state, action);
  }
}

type Edit = Extract<Action, { type: "edit" | "filter" | "add" | "change" | "remove" }>;

function edit(state: State, action: Edit): State {
  const { form } = state;
  const next = { ...state, justSaved: false, notice: "" };
  switch (action.type) {
    case "edit":
      return { ...next, form: { ...form, ...action.change } };
    case "filter":
      return { ...next, form: { ...form, filters: { ...form.filters, ...action.change } } };
    case "add":
      return add(next, action.text);
    case "change":
      return { ...next, form: { ...form, examples: form.examples.map((text, at) => (at === action.index ? action.text : text)) } };
    case "remove":
      return { ...next, form: { ...form, examples: form.examples.filter((_, at) => at !== action.index) } };
  }
}

/** One example a line: leading bullets and numbers go, and so do lines that stand there already. */
export function linesOf(text: string, known: string[] = []): string[] {
  const seen = new Set(known.map((line) => line.trim().toLowerCase()));
  const out: string[] = [];
  for (const raw of text.split(/\r?\n/)) {
    const line = raw.replace(/^\s*(?:[-*•–]|\d{1,3}[.)])\s+/, "").trim();
    const key = line.toLowerCase();
    if (!line || seen.has(key)) continue;
    seen.add(key);
    out.push(line);
  }
  return out;
}

function add(state: State, text: string): State {
  const { form, most } = state;
  const given = text.split(/\r?\n/).filter((line) => line.trim()).length;
  const fresh = linesOf(text, form.examples);
  const room = Math.max(0, most - form.examples.length);
  const taken = fresh.slice(0, room);
  const notes: string[] = [];
  if (given > fresh.length) notes.push(`${given - fresh.length} left out: already in the list.`);
  if (fresh.length > room) notes.push(`${fresh.length - room} left out: ${most} is the most.`);
  return {
    ...state,
    form: taken.length > 0 ? { ...form, examples: [...form.examples, ...taken] } : form,
    entry: "",
    bulk: null,
    notice: notes.join(" "),
  };
}

/** The kernel's form replaces what is shown only where it is another one, so that typing is not disturbed. */
function adopt(state: State, synced: Synced): State {
  const sameTracker = synced.trackerId === state.trackerId;
  const form = same(synced.form, state.form) ? state.form : synced.form;
  const next = { ...state, ...synced, form };
  if (sameTracker || state.saving) return next;
  return { ...next, check: null, justSaved: false, notice: "", error: "", bulk: null, entry: "" };
}

export function same(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

export function isDirty(state: State): boolean {
  return !same(state.form, state.saved);
}

export function hintsFor(state: State, field: string, index: number | null = null): Hint[] {
  return (state.check?.hints ?? []).filter((hint) => hint.field === field && hint.index === index);
}

/** How many of the filters behind "More filters" are set. */
export function extraFilters({ channels, directions, stages, outcomes, teams, accounts, languages, participants, title }: FiltersForm): number {
  const lists = [channels, directions, stages, outcomes, teams, accounts, languages, participants];
  return lists.filter((list) => list.length > 0).length + (title ? 1 : 0);
}
