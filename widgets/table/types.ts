import type { Failed, Framed } from "../shared/frame";
import type { ChangesView, ManagedView, Panel, PanelView, PlanView, ReadyMadeView, RunView, SightView, StandingView, TipView, TrackerRef, VersionView } from "../shared/protocol";
import type { Exchange, Format, Section } from "./exchange";

/** What of the state comes from the kernel. */
export interface Synced {
  rows: ManagedView[];
  deleted: ManagedView[];
  gone: TrackerRef[];
  panel: PanelView;
  phase: "opening" | "idle" | "failed";
  trackerId: string;
  canEdit: boolean;
  error: string;
}

export type Which = "gained" | "lost";

/** What publishing would change; null while it is worked out. `error` says why it can't be told. */
export interface Preview {
  changes: ChangesView | null;
  sights: Partial<Record<Which, SightView[]>>;
  open: Which | null;
  error: string;
}

export interface Renaming {
  id: string;
  text: string;
  tips: TipView[];
  error: string;
}

export interface State extends Synced, Framed {
  standing: Record<string, StandingView>;
  query: string;
  only: Only;
  sort: Sort;
  page: number;
  /** The row in the tab order. */
  here: string;
  /** Counts the times that the focus is to go to that row, or to what is `at` in it. */
  steer: number;
  at: "row" | "panel" | "name" | "top" | "section" | "opener";
  /** Whether the focus is only to be moved where it was lost. */
  gently: boolean;
  /** What was closed last, to whose button the focus returns. */
  from: Panel;
  picked: Record<string, true>;
  errors: Record<string, string>;
  /** What is under way, by tracker. */
  busy: Record<string, string>;
  renaming: Renaming | null;
  previews: Record<string, Preview>;
  versions: Record<string, VersionView[]>;
  exchange: Exchange;
  notice: string;
  /** What a screen reader is told. */
  spoken: string;
}

export type Action =
  | ({ type: "synced" } & Synced)
  | { type: "looked"; found: StandingView[] }
  | { type: "progressed"; runs: Record<string, RunView | null> }
  | { type: "search"; query: string }
  | { type: "only"; only: Only }
  | { type: "sort"; key: SortKey }
  | { type: "page"; page: number }
  | { type: "here"; id: string }
  | { type: "move"; by: number }
  | { type: "panel"; id: string; what: Panel }
  | { type: "section"; what: Section }
  | { type: "exchange"; change: Partial<Exchange>; spoken?: string }
  | { type: "reveal"; id: string; what: Panel }
  | { type: "pick"; ids: string[]; on: boolean }
  | { type: "rename"; id: string }
  | { type: "renaming"; text: string }
  | { type: "tips"; text: string; tips: TipView[] }
  | { type: "renamed"; id: string; error?: string }
  | { type: "previewed"; id: string; changes: ChangesView | null; error?: string }
  | { type: "sights"; id: string; which: Which; sights: SightView[] | null }
  | { type: "versions"; id: string; versions: VersionView[] }
  | { type: "busy"; ids: string[]; what: string }
  | { type: "done"; done: string[]; failed: Record<string, string>; notice: string; close?: boolean; focus?: "row" | "top" }
  | { type: "excuse"; ids: string[] }
  | { type: "notice"; notice: string }
  | Failed;

export type SortKey = "name" | "state" | "version" | "estimate" | "run" | "created";

export interface Sort {
  key: SortKey;
  down: boolean;
}

/** `changed` is active with unpublished changes. */
export type Only = "all" | "draft" | "active" | "changed" | "paused" | "deactivated";

export interface Acts {
  dispatch: (action: Action) => void;
  act: (what: string, ids: string[]) => void;
  choose: (id: string, where: string) => void;
  publish: (id: string, past: string | null, stream: string | null) => void;
  /** What publishing each of these would do. */
  plan: (ids: string[], past: string | null, signal: AbortSignal) => Promise<Record<string, PlanView>>;
  rename: () => void;
  sights: (id: string, which: Which) => void;
  call: (id: string, sight: SightView) => void;
  roll: (id: string, version: number) => void;
  run: (id: string, what: "cancel" | "resume") => void;
  dismiss: () => void;
  refresh: () => void;
  askReady: () => void;
  add: (one: ReadyMadeView, called: string, asExamples: boolean) => void;
  importFile: (file: File) => void;
  importText: () => void;
  download: (form: Format, ids: string[] | null) => void;
  publishMany: (ids: string[], past: string | null) => void;
}
