import { type BroughtView, LIMITS, type ManagedView, type Panel, type PanelView, type ReadyMadeView, type StandingView, type TrackerRef } from "../shared/protocol";

/** What can be open above the rows. */
export type Section = "ready_made" | "import" | "export" | "publish_many";
export type Format = "json" | "csv";
export interface Added extends TrackerRef {
  trained: boolean;
}

/** What comes into the table and goes out of it. */
export interface Exchange {
  /** Null until they were asked for. */
  ready: ReadyMadeView[] | null;
  readyError: string;
  /** The ready-made one that is being added. */
  adding: string;
  added: Record<string, Added>;
  problems: Record<string, string>;
  /** Names that were typed, by ready-made tracker. */
  names: Record<string, string>;
  pasted: string;
  /** What is being read: a file's name, or words for what was pasted. */
  reading: string;
  brought: BroughtView | null;
  importError: string;
  exporting: boolean;
  exportError: string;
}

export const NOTHING: Exchange = {
  ready: null,
  readyError: "",
  adding: "",
  added: {},
  problems: {},
  names: {},
  pasted: "",
  reading: "",
  brought: null,
  importError: "",
  exporting: false,
  exportError: "",
};

const SECTIONS: Panel[] = ["ready_made", "import", "export", "publish_many"];
/** The kernel takes no more at once. */
export const MOST_BYTES = LIMITS.file;

export function sectionOf({ tracker_id: id, what }: PanelView): Section | null {
  return !id && SECTIONS.includes(what) ? (what as Section) : null;
}

/** The name itself, or with the first number that makes it one that no tracker has. */
export function freeName(name: string, rows: ManagedView[]): string {
  const taken = new Set(rows.map((row) => row.name));
  if (!taken.has(name)) return name;
  let number = 2;
  while (taken.has(`${name} ${number}`)) number += 1;
  return `${name} ${number}`;
}

/** By its first sign: JSON begins with a bracket, a table with the names of its columns. */
export function formatOf(text: string): Format {
  return /^\s*[[{]/.test(text.replace(/^\ufeff/, "")) ? "json" : "csv";
}

/** A chosen file as text. Rejects with what is to be told of one that can't be read. */
export async function textOf(file: File): Promise<{ text: string; form: Format }> {
  const { name, size } = file;
  const ending = /\.(json|csv)$/i.exec(name)?.[1]?.toLowerCase();
  if (/\.tracker$/i.test(name)) throw new Error(`“${name}” contains one trained tracker. Import it with ws.trackers.import_file in a cell.`);
  if (!ending) throw new Error(`“${name}” is not a .json or .csv file. From a spreadsheet, save the table as CSV (UTF-8) first.`);
  if (size === 0) throw new Error(`“${name}” is empty.`);
  if (size > MOST_BYTES) {
    const large = (size / 1e6).toLocaleString("en", { maximumFractionDigits: 1 });
    throw new Error(`“${name}” has ${large} MB, and ${MOST_BYTES / 1e6} MB is the most a page can send. Use ws.trackers.from_${ending} in a cell.`);
  }
  const bytes = await file.arrayBuffer();
  let text = "";
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Error(`“${name}” is not UTF-8 text. From a spreadsheet, save the table as CSV (UTF-8) first.`);
  }
  if (text.includes("\0")) throw new Error(`“${name}” is not a text file: it contains null characters.`);
  return { text, form: ending as Format };
}

/** Of those that are marked: which can be published, and how many can't yet or need not. */
export function publishable(rows: ManagedView[], standing: Record<string, StandingView>): { ids: string[]; untrained: number; same: number } {
  const ids: string[] = [];
  let [untrained, same] = [0, 0];
  for (const row of rows) {
    const known = standing[row.id];
    const ready = row.kind !== "example" || Boolean(known?.estimate) || known?.version != null;
    if (!ready) untrained += 1;
    else if (row.state === "active" && known && !known.error && known.unpublished.length === 0) same += 1;
    else ids.push(row.id);
  }
  return { ids, untrained, same };
}
