import { fold } from "../shared/fold";
import { FRAMED } from "../shared/frame";
import { plural } from "../shared/parts";
import type { Form, Hint, PastedView, SettingsForm, Step } from "../shared/protocol";
import { kindOf, settingsOf } from "./kinds";
import type { Action, Search, State, Synced, WordList } from "./types";

/** Of the steps of all kinds: those of one kind are among them. */
const ORDER: readonly Step[] = ["concept", "where", "examples", "words", "train", "preview"];
const NO_SEARCH: Search = { query: "", asked: "", found: null, busy: false };

export function initial(synced: Synced): State {
  const nothing = { check: null, entry: "", bulk: null, finds: null, finding: false, published: "" };
  const uid = Math.random().toString(36).slice(2);
  return { ...synced, ...nothing, seen: synced, visited: upTo(synced.step), search: NO_SEARCH, saving: false, justSaved: false, error: "", notice: "", ...FRAMED, uid };
}

export function reduce(state: State, action: Action): State {
  const { bulk, search } = state;
  switch (action.type) {
    case "synced":
      return adopt(state, action.synced);
    case "go":
      return { ...state, step: action.step, visited: [...new Set([...state.visited, action.step])], notice: "" };
    case "checked":
      // The answer to an older form would flicker.
      return action.form === state.form ? { ...state, check: action.check } : state;
    case "save":
      return { ...state, saving: true, error: "" };
    case "saved":
      return { ...state, saving: false, justSaved: true, error: "" };
    case "finding":
      return { ...state, finding: true };
    case "found":
      return action.form === state.form || findsBy(action.form) === findsBy(state.form) ? { ...state, finds: action.finds, finding: action.finds.pending } : state;
    case "published":
      return { ...state, saving: false, justSaved: true, error: "", published: action.message };
    case "failed":
      return { ...state, saving: false, finding: false, error: action.message, search: { ...search, busy: false } };
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

type Edit = Extract<Action, { type: "edit" | "filter" | "add" | "change" | "remove" | "split" | "drop" | "set" | "kind" }>;

function edit(state: State, action: Edit): State {
  const { form } = state;
  const next = { ...state, justSaved: false, notice: "", published: "" };
  const setting = (change: Partial<SettingsForm>): State => ({ ...next, form: { ...form, settings: { ...settingsOf(form), ...change } } });
  const holding = (examples: string[]): State => ({ ...next, form: { ...form, examples } });
  switch (action.type) {
    case "edit":
      return { ...next, form: { ...form, ...action.change } };
    case "filter":
      return { ...next, form: { ...form, filters: { ...form.filters, ...action.change } } };
    case "add": {
      const list = action.list ?? (kindOf(form) === "phrase" ? "vocabulary" : null);
      return list === null ? add(next, action.texts) : addWords(next, list, action.texts);
    }
    case "drop":
      return setting({ [action.list]: settingsOf(form)[action.list].filter((_, at) => at !== action.index) });
    case "set":
      return setting(action.change);
    case "kind":
      return { ...next, finds: null, form: { ...form, kind: action.kind, settings: form.settings ?? state.usual } };
    case "change":
      return holding(form.examples.map((text, at) => (at === action.index ? action.text : text)));
    case "remove":
      return holding(form.examples.filter((_, at) => at !== action.index));
    case "split":
      return holding(form.examples.flatMap((text, at) => (at === action.index ? action.parts : [text])));
  }
}

function addWords(state: State, list: WordList, texts: string[]): State {
  const words = [...settingsOf(state.form)[list]];
  const known = new Set(words.map((word) => fold(word)));
  for (const text of texts.map((one) => one.trim()).filter(Boolean)) {
    if (!known.has(fold(text))) words.push(text);
    known.add(fold(text));
  }
  const added = words.length - settingsOf(state.form)[list].length;
  const notice = added === texts.length ? (added > 1 ? `${added} added.` : "") : added === 0 ? "Already in the list." : `${added} added; the others were in the list.`;
  return { ...state, notice, form: { ...state.form, settings: { ...settingsOf(state.form), [list]: words } } };
}

/** What decides what is found, apart from the closeness, each setting of which is known. */
export function findsBy(form: Form): string {
  const { words, exclude, match, vocabulary } = settingsOf(form);
  const kind = kindOf(form);
  return kind === "keyword" ? JSON.stringify([kind, words, exclude, match, form.filters]) : kind === "phrase" ? JSON.stringify([kind, vocabulary, form.filters]) : "";
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
    taken.length === 0 ? "" : taken.length === 1 ? `Added as example ${count}.` : `${plural(taken.length, "example")} added.`,
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
  return { ...state, ...synced, seen: synced, form, step, visited: [...new Set([...state.visited, step])] };
}

/** The steps on the way to `step`, and itself. */
function upTo(step: Step): Step[] {
  return ORDER.slice(0, ORDER.indexOf(step) + 1);
}

export function same(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

export function isDirty(state: Pick<State, "form" | "saved">): boolean {
  return !same(state.form, state.saved);
}

/** All that is said of the words or the vocabulary, by the form and by the calls. */
export function hintsOf(state: Pick<State, "check" | "finds">): Hint[] {
  const lists = ["words", "exclude", "vocabulary"];
  return [...(state.check?.hints ?? []), ...(state.finds?.hints ?? [])].filter((hint) => lists.includes(hint.field));
}

export function hintsFor(state: Pick<State, "check">, field: string, index: number | null = null): Hint[] {
  return (state.check?.hints ?? []).filter((hint) => hint.field === field && hint.index === index);
}

/** How many examples hold a text. */
export function filled(form: Form): number {
  return form.examples.filter((text) => text.trim()).length;
}
