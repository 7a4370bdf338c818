import type { Failed, Framed } from "../shared/frame";
import type { LiveCallView, LiveEnd, LiveLater, LiveNews, LivePage, LivePartyView, LiveTurnView, RecordedView } from "../shared/protocol";
import type { Find } from "./marks";

/** What the kernel holds, so that a reload finds it again; all else below belongs to the page. */
export interface Synced {
  /** Empty where nobody chose a call: the newest is shown. */
  callKey: string;
  canReplay: boolean;
  pages: LivePage[];
  kernelError: string;
  /** What lies among the live calls and cannot be read. */
  notice: string;
}

/** What is known of the call that is shown. */
export interface Shown {
  key: string;
  call: LiveCallView | null;
  cursor: number;
  more: boolean;
  /** All that there was has come once: what comes from now on is news. */
  caught: boolean;
  parties: ReadonlyMap<string, LivePartyView>;
  /** By place; a place of which nothing was heard yet is empty. */
  turns: readonly (LiveTurnView | undefined)[];
  /** In the order in which they were found. */
  finds: ReadonlyMap<string, Find>;
  /** Those that stand, by turn. */
  marks: ReadonlyMap<number, Find[]>;
  /** In the order in which they were heard of, which gives each its colour. */
  trackers: readonly string[];
  /** Matched as the call goes on; null before that is known. */
  watching: readonly string[] | null;
  later: LiveLater[];
  latencies: readonly number[];
  end: LiveEnd | null;
  /** Lines of its record that cannot be read. */
  damaged: number;
  /** What is told to those who do not see the page, when that was, and what waits to be told. */
  said: { text: string; at: number };
  unsaid: Find[];
}

export interface State extends Synced, Framed {
  calls: LiveCallView[] | null;
  shown: Shown;
  /** The first turn that is drawn. */
  from: number;
  /** Whether the newest turn is kept in view; else how many turns there were when the person left it. */
  follow: boolean;
  left: number;
  /** The turn that was asked for, from which find; each visit has a number. */
  here: { turn: number; find: string; visit: number } | null;
  tracker: string;
  withdrawn: boolean;
  most: number;
  /** The page's clock in milliseconds, as of the last news. */
  now: number;
  opened: boolean;
  words: string;
  recorded: RecordedView[] | null;
  picked: string;
  speed: number;
  busy: "" | "replay" | "stop";
  error: string;
  /** What keeps the page from hearing news; it goes away when they come again. */
  pollError: string;
}

export type Action =
  | { type: "synced"; synced: Synced }
  | { type: "calls"; calls: LiveCallView[]; now: number }
  | { type: "choose"; key: string }
  | { type: "news"; key: string; news: LiveNews; now: number }
  | { type: "whole"; key: string; turn: number; text: string }
  | { type: "follow"; follow: boolean }
  | { type: "earlier" }
  | { type: "go"; turn: number; find: string }
  | { type: "tracker"; tracker: string }
  | { type: "withdrawn" }
  | { type: "more" }
  | { type: "open"; opened: boolean }
  | { type: "words"; words: string }
  | { type: "recorded"; words: string; calls: RecordedView[] }
  | { type: "pick"; picked: string }
  | { type: "speed"; speed: number }
  | { type: "busy"; what: "replay" | "stop" }
  | { type: "done" }
  | Failed
  | { type: "polling"; message: string };

export interface Acts {
  /** Whether other dashboards have addresses here. */
  linked: boolean;
  dispatch: (action: Action) => void;
  choose: (key: string) => void;
  search: () => void;
  replay: () => void;
  speed: (speed: number) => void;
  stop: () => void;
  whole: (turn: number) => void;
  show: (conversationId: string, sentenceId: string | null) => void;
  retry: () => void;
}

export interface Props {
  state: State;
  acts: Acts;
}
