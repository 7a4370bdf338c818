import { FRAMED } from "../shared/frame";
import { plural } from "../shared/parts";
import type { ImportFileView } from "../shared/protocol";
import type { Action, Refused, State, Synced } from "./types";

export const SHOWN = 50; // rows that are drawn before somebody asks for more
const MAX_REFUSED = 200;

export function initial(synced: Synced): State {
  const own = { over: false, place: "", sending: null, refused: [], opened: {}, details: {}, onChange: "replace" as const, redact: null, zoneWrong: false };
  return { ...synced, ...own, busy: "", error: "", most: SHOWN, spoken: "", ...FRAMED };
}

export function reduce(state: State, action: Action): State {
  switch (action.type) {
    case "synced":
      return synced(state, action.synced);
    case "over":
      return state.over === action.over ? state : { ...state, over: action.over };
    case "place":
      return { ...state, place: action.place };
    case "sending":
      return { ...state, sending: action.sending, error: action.sending ? "" : state.error };
    case "refused":
      return { ...state, refused: [...state.refused, ...action.refused].slice(-MAX_REFUSED) };
    case "open":
      return { ...state, opened: { ...state.opened, [action.id]: !state.opened[action.id] } };
    case "details":
      return { ...state, details: { ...state.details, [action.id]: action.details } };
    case "onChange":
      return { ...state, onChange: action.onChange };
    case "redact":
      return { ...state, redact: action.redact };
    case "zoneWrong":
      return state.zoneWrong === action.wrong ? state : { ...state, zoneWrong: action.wrong };
    case "busy":
      return { ...state, busy: action.what, error: "" };
    case "done":
      return { ...state, busy: "", spoken: action.spoken ?? state.spoken };
    case "told":
      return working(state) ? { ...state, view: { ...state.view, fraction: action.fraction, message: action.message } } : state;
    case "more":
      return { ...state, most: state.most + 200 };
    case "failed":
      return { ...state, error: action.message, busy: "", sending: null };
  }
}

function synced(state: State, fresh: Synced): State {
  const next = { ...state, ...fresh };
  const rows = new Map(fresh.files.map((one) => [one.id, one]));
  // What is open under a file is read again where the file was.
  const kept = (id: number) => read(rows.get(id)) === read(state.files.find((one) => one.id === id));
  const details = Object.fromEntries(Object.entries(state.details).filter(([id]) => rows.has(Number(id)) && kept(Number(id))));
  const isOther = fresh.view.zone !== state.view.zone || fresh.files.length === 0; // the field begins anew
  const opened = Object.fromEntries(Object.entries(state.opened).filter(([id]) => rows.has(Number(id))));
  return { ...next, details, opened, zoneWrong: state.zoneWrong && !isOther, refused: fresh.files.length === 0 && state.files.length > 0 ? [] : state.refused, spoken: spokenOf(state, next) };
}

/** What was read of a file: all of its row but who is on which side. */
function read(file: ImportFileView | undefined): string {
  return JSON.stringify({ ...file, speakers: null });
}

function spokenOf(before: State, { view, files }: State): string {
  if (view.phase === "idle" && before.view.phase === "looking") return summary(files);
  if (view.phase === "idle" && before.view.phase === "importing" && view.report && view.report.id !== before.view.report?.id)
    return `Import ${view.report.stopped ? "stopped" : "finished"}: ${plural(view.report.added, "call")} added, ${view.report.rejected.toLocaleString("en")} left out.`;
  return before.spoken;
}

/** Whether the kernel looks into files or imports them. */
export function working({ view }: Pick<State, "view">): boolean {
  return view.phase === "looking" || view.phase === "importing";
}

/** Whether nothing can be changed now: files are on their way, or the kernel is at work. */
export function held(state: State): boolean {
  return state.sending !== null || working(state) || state.view.phase === "blocked";
}

export interface Counts {
  ready: number;
  check: number;
  refused: number;
  part: number;
  calls: number;
}

export function counts(files: readonly ImportFileView[]): Counts {
  const count = (...states: ImportFileView["state"][]) => files.filter((one) => states.includes(one.state)).length;
  return { ready: count("ready"), check: count("check"), refused: count("refused"), part: count("part"), calls: files.reduce((sum, one) => sum + one.conversations, 0) };
}

/** "12 files: 9 ready, 1 to check, 2 can't be read". */
export function summary(files: readonly ImportFileView[]): string {
  const { ready, check, refused, part } = counts(files);
  const waiting = files.length - ready - check - refused - part;
  const parts = [
    ready > 0 && `${ready} ready`,
    check > 0 && `${check} to check`,
    refused > 0 && `${refused} can't be read`,
    part > 0 && `${part} read with another file`,
    waiting > 0 && `${waiting} waiting`,
  ].filter(Boolean);
  return `${plural(files.length, "file")}: ${parts.join(", ")}`;
}

export interface Person {
  id: string;
  name: string;
  files: number;
  turns: number;
  /** Empty where nobody's side is known; "mixed" where it differs between files. */
  side: string;
  /** Whether it is a label, and may be another person in each file. */
  label: boolean;
}

/** Everybody who speaks in the files; first those whose side is not known, then by how often they speak. */
export function people(files: readonly ImportFileView[]): Person[] {
  const found = new Map<string, Person>();
  for (const file of files)
    for (const { id, name, side, turns, label } of file.speakers) {
      const known = found.get(id);
      if (known) found.set(id, { ...known, files: known.files + 1, turns: known.turns + turns, side: known.side === side ? side : "mixed" });
      else found.set(id, { id, name, files: 1, turns, side, label });
    }
  const rank = (one: Person) => (one.side === "" ? 0 : one.side === "mixed" ? 1 : 2);
  return [...found.values()].sort((one, other) => rank(one) - rank(other) || other.files - one.files || other.turns - one.turns);
}

/** Keeps everyone at the place where they were first shown: nobody jumps away when their side is chosen. */
export function inPlace(known: readonly Person[], places: Map<string, number>): Person[] {
  for (const { id } of known) if (!places.has(id)) places.set(id, places.size);
  return [...known].sort((one, other) => (places.get(one.id) ?? 0) - (places.get(other.id) ?? 0));
}

/** In how many files someone is called so. */
export function filesWith(files: readonly ImportFileView[], speaker: string): number {
  return files.filter((one) => one.speakers.some((who) => who.id === speaker)).length;
}

/** What a folder's import passes over, and what was not taken, in one sentence each. */
export function leftAside(passed: number, refused: readonly Refused[]): string[] {
  const out: string[] = [];
  if (passed > 0) out.push(`${plural(passed, "file")} passed over: recordings, pictures, programs and hidden files have no transcript.`);
  if (refused.length > 0) out.push(`${plural(refused.length, "file")} not taken.`);
  return out;
}

export function sizeOf(bytes: number): string {
  if (bytes < 1_000) return plural(bytes, "byte");
  const [value, unit] = bytes < 1_000_000 ? [bytes / 1_000, "kB"] : [bytes / 1_000_000, "MB"];
  return `${value < 10 ? value.toFixed(1) : Math.round(value).toLocaleString("en")} ${unit}`;
}

/** A number alone reads as a count. */
export function calledIn(name: string): string {
  return /^\d{1,3}$/.test(name) ? `Speaker ${name}` : name;
}

/** Words a second, told in one digit. */
export function pace(value: number): string {
  return value < 0.1 ? "Fewer than 0.1" : value.toLocaleString("en", { maximumFractionDigits: 1 });
}
