import { FRAMED } from "../shared/frame";
import type { QuestionForm, RefinementView } from "../shared/protocol";
import type { Action, State, Synced } from "./types";

export function initial(synced: Synced): State {
  const nothing = { check: null, checked: null, sampled: null, near: [], freeing: false, past: null, stream: null, email: "", credits: null, error: "", notice: "", ...FRAMED };
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
    case "says":
      return { ...edited(withSaid(state, action.text, action.counts)), near: state.near.filter((one) => one.text !== action.text) };
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

/**
 * What calls say, with whether it counts, in the details. The judge on this machine takes what stands in quotation marks
 * for something that would be said; so what does not count stands there without any.
 */
function withSaid({ form, check }: State, text: string, counts: boolean): Partial<QuestionForm> {
  const line = counts ? `Counts: “${bare(text)}”.` : `Does not count: ${bare(text)}`;
  const before = form.free ? form.details : (form.sections["details"] ?? check?.details ?? "");
  const details = [before.trim(), line].filter(Boolean).join(" ");
  return form.free ? { details } : { sections: withDetails(form.sections, details) };
}

function bare(text: string): string {
  return text.replace(/[“”„"]/g, "");
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
