import type { Failed, Framed } from "../shared/frame";
import type { CheckResult, FacetsView, FiltersForm, FindsResult, Form, KindName, PastedView, SettingsForm, Step, SuggestResult, TrackerRef } from "../shared/protocol";

/** What the kernel holds, so that a reload finds it again; all else below belongs to the page. */
export interface Synced {
  form: Form;
  saved: Form | null;
  step: Step;
  facets: FacetsView;
  drafts: TrackerRef[];
  kinds: string[];
  /** What trackers of words and phrases begin with. */
  usual: SettingsForm;
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

export interface State extends Synced, Framed {
  /** What the kernel last said; the page may be ahead of it. */
  seen: Synced;
  check: CheckResult | null;
  /** The steps that were shown, or come before the one that was: only these can be done. */
  visited: readonly Step[];
  /** What is typed into the line for a new example. */
  entry: string;
  bulk: Bulk | null;
  search: Search;
  saving: boolean;
  justSaved: boolean;
  error: string;
  notice: string;
  /** What the words or the vocabulary find, as far as that is known; it is kept while it is asked for again. */
  finds: FindsResult | null;
  finding: boolean;
  published: string;
  /** Radio buttons of one name exclude each other across the whole page, where another view of this widget may be. */
  uid: string;
}

export type Action =
  | { type: "synced"; synced: Synced }
  | { type: "go"; step: Step }
  | { type: "edit"; change: Partial<Pick<Form, "name" | "description">> }
  | { type: "filter"; change: Partial<FiltersForm> }
  | { type: "entry"; text: string }
  | { type: "add"; texts: string[]; list?: WordList }
  | { type: "drop"; list: WordList; index: number }
  | { type: "set"; change: Partial<SettingsForm> }
  | { type: "kind"; kind: KindName }
  | { type: "finding" }
  | { type: "found"; form: Form; finds: FindsResult }
  | { type: "published"; message: string }
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
  | Failed;

export type WordList = "words" | "exclude" | "vocabulary";
