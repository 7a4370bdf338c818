// Synced: the files that wait, and how the kernel stands. All else is this view's own: what is open, chosen, and on its way.

import type { Failed, Framed } from "../shared/frame";
import type { ImportDetailsView, ImportFileView, ImportMappingView, ImportView } from "../shared/protocol";

export type OnChange = "replace" | "keep" | "reject";

export interface Synced {
  files: ImportFileView[];
  view: ImportView;
  kernelError: string;
}

/** A file in the page, with its path within what was dropped. */
export interface Picked {
  path: string;
  file: Blob;
}

/** A file that was not taken, and why. */
export interface Refused {
  path: string;
  reason: string;
}

/** How far the sending of files is, in bytes. */
export interface Sending {
  sent: number;
  total: number;
  name: string;
}

export interface State extends Synced, Framed {
  /** Whether files are held over the widget. */
  over: boolean;
  place: string;
  sending: Sending | null;
  refused: Refused[];
  opened: Record<number, boolean>;
  details: Record<number, ImportDetailsView>;
  onChange: OnChange;
  /** What is redacted; null as long as nobody has chosen otherwise than the workspace. */
  redact: string[] | null;
  /** Whether what stands in the field for the time zone is none. */
  zoneWrong: boolean;
  /** A request under way, for which a button waits. */
  busy: string;
  error: string;
  /** Rows that are drawn. */
  most: number;
  /** What a screen reader is told. */
  spoken: string;
}

export type Action =
  | { type: "synced"; synced: Synced }
  | { type: "over"; over: boolean }
  | { type: "place"; place: string }
  | { type: "sending"; sending: Sending | null }
  | { type: "refused"; refused: Refused[] }
  | { type: "open"; id: number }
  | { type: "details"; id: number; details: ImportDetailsView }
  | { type: "onChange"; onChange: OnChange }
  | { type: "redact"; redact: string[] }
  | { type: "zoneWrong"; wrong: boolean }
  | { type: "busy"; what: string }
  | { type: "done"; spoken?: string }
  | { type: "told"; fraction: number; message: string }
  | { type: "more" }
  | Failed;

export interface Acts {
  send: (picked: Promise<Picked[]>) => void;
  add: () => void;
  place: (place: string) => void;
  open: (id: number) => void;
  side: (speaker: string, side: string, file?: number) => void;
  others: (side: string) => void;
  zone: (zone: string) => void;
  zoneTyped: (known: boolean) => void;
  map: (id: number, mapping: ImportMappingView | null) => void;
  remove: (id: number) => void;
  clear: () => void;
  bring: () => void;
  stop: () => void;
  onChange: (onChange: OnChange) => void;
  redact: (redact: string[]) => void;
  report: (id: string) => void;
  more: () => void;
  dismiss: () => void;
  retry: () => void;
}
