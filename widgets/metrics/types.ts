import type { Failed, Framed } from "../shared/frame";
import type { MetricAsked, MetricCheck, MetricCost, MetricForm, MetricShown, MetricSourceForm, MetricTrend, NamedView } from "../shared/protocol";

/** What the kernel holds, so that a reload finds it again; all else below belongs to the page. */
export interface Synced {
  form: MetricForm;
  saved: MetricForm | null;
  metrics: NamedView[];
  trackers: NamedView[];
  metricId: string;
  /** The last preview and the form that it is of. */
  shown: MetricShown | null;
  /** Whether a language model is set up that can answer questions. */
  endpoint: boolean;
  kernelError: string;
}

/** How far asking about all calls has come. */
export interface Run {
  total: number;
  judged: number;
  failed: number;
  left: number;
  stopped: string;
  /** Someone wants it to stop after the calls that are being asked about. */
  stopping: boolean;
}

export interface State extends Synced, Framed {
  /** This view's own: radio buttons of one name are one group on the whole page. */
  group: string;
  /** What the kernel last said; the page may be ahead of it. */
  seen: Synced;
  check: MetricCheck | null;
  /** Which calls are drawn. */
  seed: number;
  trend: MetricTrend | null;
  judge: "local" | "endpoint";
  cost: MetricCost | null;
  run: Run | null;
  busy: "" | "save" | "preview" | "delete" | "ask";
  asking: boolean;
  error: string;
  notice: string;
}

export type Action =
  | { type: "synced"; synced: Synced }
  | { type: "edit"; change: Partial<MetricForm> }
  | { type: "source"; change: Partial<MetricSourceForm> }
  | { type: "checked"; form: MetricForm; check: MetricCheck }
  | { type: "busy"; what: State["busy"] }
  | { type: "draw" }
  | { type: "trend"; trend: MetricTrend | null }
  | { type: "judge"; judge: State["judge"] }
  | { type: "cost"; cost: MetricCost | null }
  | { type: "asking" }
  | { type: "asked"; asked: MetricAsked }
  | { type: "stop" }
  | { type: "ask"; asking: boolean }
  | { type: "done"; notice: string }
  | Failed;

export interface Acts {
  save(): void;
  preview(): void;
  ask(): void;
  open(metricId: string | null): void;
  remove(): void;
  show(conversationId: string, sentenceId: string | null): void;
}

export interface Props {
  state: State;
  dispatch: (action: Action) => void;
  acts: Acts;
}
