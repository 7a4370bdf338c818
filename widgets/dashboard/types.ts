import type { Query } from "../shared/address";
import type { Failed, Framed } from "../shared/frame";
import type { BlockView, DashboardView, HitView, MoreResult, TableView } from "../shared/protocol";

/** What of the state comes from the kernel. */
export interface Synced {
  view: DashboardView | null;
  phase: "opening" | "idle" | "failed";
  page: string;
  error: string;
}

export interface More {
  hits: HitView[];
  table: TableView | null;
  total: number;
  busy: boolean;
  error: string;
}

/** A hit that a person calls wrong. */
export interface Wrong {
  tracker: string;
  note: string;
  stage: "open" | "sending" | "done";
  error: string;
  /** The name under which it was kept. */
  by: string;
}

export interface State extends Synced, Framed {
  /** The filters asked for; the view's may be those before. */
  query: Query;
  /** The first view is not the one that the address asks for. */
  fresh: boolean;
  asking: boolean;
  message: string;
  more: Record<string, More>;
  wrong: Record<string, Wrong>;
  /** By hit: why its call could not be shown. */
  calls: Record<string, string>;
  updated: Date | null;
  picture: "" | "making";
  /** All figures are to be drawn, those out of sight too. */
  all: boolean;
}

export type Action =
  | ({ type: "synced"; now: Date } & Synced)
  | { type: "ask"; query: Query }
  | { type: "asked" }
  | Failed
  | { type: "more"; block: string }
  | { type: "came"; block: string; result: MoreResult | null; error: string }
  | { type: "wrong"; hit: string; change: Partial<Wrong> | null }
  | { type: "call"; hit: string; error: string }
  | { type: "picture"; making: boolean; message: string };

export interface Acts {
  /** This dashboard's name, and whether others have addresses here. */
  page: string;
  linked: boolean;
  dispatch: (action: Action) => void;
  set: (name: string, value: string) => void;
  /** Sets several filters at once; an empty value takes one away. */
  change: (changes: Query) => void;
  go: (query: Query) => void;
  more: (block: BlockView, offset: number) => void;
  csv: (block: BlockView) => void;
  wrong: (hit: HitView) => void;
  call: (hit: HitView) => void;
  picture: () => void;
  retry: () => void;
}
