import type { CreditsView, FacetsView, FiltersForm, PhraseView, QuestionCheck, QuestionForm, RefinementView, SampleView } from "../shared/protocol";

/** What the kernel holds, so that a reload finds it again; all else below belongs to the page. */
export interface Synced {
  form: QuestionForm;
  saved: QuestionForm | null;
  sample: SampleView | null;
  phrases: Record<string, PhraseView[]>;
  facets: FacetsView;
  trackers: { id: string; name: string }[];
  trackerId: string;
  paused: string;
  /** The state of the tracker as saved; empty for a new one. */
  stage: string;
  /** How far its version in use is, and what keeps it. */
  run: string;
  /** What stands as its results, and which versions found it. */
  found: string;
  /** The chosen tracker, where it asks no question. */
  elsewhere: string;
  endpoint: boolean;
  kernelError: string;
}

export type Busy = "" | "sample" | "refine" | "save" | "publish" | "train" | "credits";

export interface State extends Synced {
  /** What the kernel last said; the page may be ahead of it. */
  seen: Synced;
  check: QuestionCheck | null;
  /** The form that `check` is about. */
  checked: QuestionForm | null;
  /** The form that the preview is about, as far as this page knows. */
  sampled: QuestionForm | null;
  near: RefinementView[];
  /** Free text is wanted, and is to begin with what the sections make, which the kernel is about to say. */
  freeing: boolean;
  past: string | null;
  stream: string | null;
  /** Who is told what the stream collects; empty for nobody. */
  email: string;
  /** What there are and what took them, once asked for. */
  credits: CreditsView | null;
  busy: Busy;
  error: string;
  notice: string;
  slow: boolean;
  uid: string;
}

export type Action =
  | { type: "synced"; synced: Synced }
  | { type: "edit"; change: Partial<QuestionForm> }
  | { type: "filter"; change: Partial<FiltersForm> }
  | { type: "section"; name: string; value: string }
  | { type: "details"; text: string | null }
  | { type: "free"; free: boolean }
  | { type: "take"; one: RefinementView }
  | { type: "past"; past: string | null }
  | { type: "stream"; stream: string | null }
  | { type: "email"; email: string }
  | { type: "credits"; credits: CreditsView }
  | { type: "checked"; form: QuestionForm; check: QuestionCheck }
  | { type: "near"; near: RefinementView[] }
  | { type: "busy"; what: Busy }
  | { type: "done"; notice: string; sampled?: QuestionForm }
  | { type: "failed"; message: string }
  | { type: "slow"; slow: boolean };

export function initial(synced: Synced): State {
  const nothing = { check: null, checked: null, sampled: null, near: [], freeing: false, past: null, stream: null, email: "", credits: null, error: "", notice: "", slow: false };
  return { ...synced, ...nothing, seen: synced, busy: "", uid: Math.random().toString(36).slice(2) };
}

export function reduce(state: State, action: Action): State {
  const { form } = state;
  const edited = (change: Partial<QuestionForm>): State => ({ ...state, notice: "", form: { ...form, ...change } });
  switch (action.type) {
    case "synced":
      return adopt(state, action.synced);
    case "edit":
      return edited(action.change);
    case "filter":
      return edited({ filters: { ...form.filters, ...action.change } });
    case "section":
      return edited(section(form, action.name, action.value));
    case "details":
      return edited(form.free ? { details: action.text ?? "" } : { sections: withDetails(form.sections, action.text) });
    case "free":
      if (action.free && state.checked !== form) return { ...state, freeing: true };
      return { ...edited(action.free ? written(state) : { free: false }), freeing: false };
    case "take":
      return edited(taken(state, action.one));
    case "past":
      return { ...state, past: action.past };
    case "stream":
      return { ...state, stream: action.stream };
    case "email":
      return { ...state, email: action.email };
    case "credits":
      return { ...state, credits: action.credits, busy: state.busy === "credits" ? "" : state.busy };
    case "checked":
      return action.form === form ? freed({ ...state, check: action.check, checked: form }) : state;
    case "near":
      return { ...state, near: action.near, busy: "" };
    case "busy":
      return { ...state, busy: action.what, error: "", notice: "" };
    case "done":
      return { ...state, busy: "", error: "", notice: action.notice, sampled: action.sampled ?? state.sampled };
    case "failed":
      return { ...state, busy: "", error: action.message };
    case "slow":
      return { ...state, slow: action.slow };
  }
}

/** A choice of a section; details that were filled in by themselves follow it, edited ones stay. */
function section(form: QuestionForm, name: string, value: string): Partial<QuestionForm> {
  const { about: _, topic: __, ...others } = form.sections;
  const sections = name === "about" || name === "topic" ? { ...others, [name]: value } : { ...form.sections, [name]: value };
  const side = name === "who" && (value === "customer" || value === "company" || value === "anyone") ? value : form.filters.side;
  return { sections, filters: { ...form.filters, side } };
}

function withDetails(sections: Record<string, string>, text: string | null): Record<string, string> {
  const { details: _, ...others } = sections;
  return text === null ? others : { ...others, details: text };
}

/** Free text begins with what the sections made; they are kept for the way back. */
function written({ form, check }: State): Partial<QuestionForm> {
  return { free: true, question: check?.question ?? form.question, details: check?.details ?? form.details };
}

function freed(state: State): State {
  return state.freeing ? { ...state, freeing: false, form: { ...state.form, ...written(state) } } : state;
}

function taken(state: State, one: RefinementView): Partial<QuestionForm> {
  const { form } = state;
  const side = one.side ? { filters: { ...form.filters, side: one.side } } : {};
  if (one.question !== null) return { ...written(state), question: one.question, ...(one.details !== null ? { details: one.details } : {}), ...side };
  if (one.details === null) return side;
  return { ...(form.free ? { details: one.details } : { sections: withDetails(form.sections, one.details) }), ...side };
}

/** The kernel's form replaces what is shown only where the kernel changed it, so that typing stays. */
function adopt(state: State, synced: Synced): State {
  const { seen } = state;
  if (synced.trackerId !== state.trackerId && !state.busy) return { ...initial(synced), uid: state.uid };
  const form = same(synced.form, seen.form) || same(synced.form, state.form) ? state.form : synced.form;
  return { ...state, ...synced, seen: synced, form };
}

export function same(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

export function isDirty(state: Pick<State, "form" | "saved">): boolean {
  return !same(state.form, state.saved);
}

/** What keeps the question from being asked. */
export function lacking({ check }: Pick<State, "check">, named: boolean): string[] {
  return (check?.hints ?? []).filter((hint) => hint.level === "error" && (named || hint.field !== "name")).map((hint) => hint.message);
}
