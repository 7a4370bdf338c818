import type { Failed, Framed } from "../shared/frame";
import type { AskPlan } from "../shared/plan";
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

export interface State extends Synced, Framed {
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
  | { type: "says"; text: string; counts: boolean }
  | { type: "past"; past: string | null }
  | { type: "stream"; stream: string | null }
  | { type: "email"; email: string }
  | { type: "credits"; credits: CreditsView }
  | { type: "checked"; form: QuestionForm; check: QuestionCheck }
  | { type: "near"; near: RefinementView[] }
  | { type: "busy"; what: Busy }
  | { type: "done"; notice: string; sampled?: QuestionForm }
  | Failed;

export interface Acts {
  dispatch: (action: Action) => void;
  sample: (beyond: number) => void;
  refine: () => void;
  /** Calls a result right or wrong; null takes that back. */
  judge: (conversationId: string, right: boolean | null) => void;
  /** Saves it where that is needed, and leads to what trains it further. */
  further: () => void;
  save: () => void;
  train: (name: string) => void;
  credits: () => void;
  topUp: (amount: number, note: string) => void;
  publish: () => void;
  plan: AskPlan;
  open: (trackerId: string | null) => void;
  call: (conversationId: string, sentenceId: string) => void;
}
