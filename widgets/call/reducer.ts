import { type Failed, FRAMED, type Framed } from "../shared/frame";
import type { CallView, LineView, MarksView, MarkView, PlaceView } from "../shared/protocol";
import { neighbour } from "./search";
import { type Axis, axisOf, placeAt } from "./times";

/** How the transcript comes to show the current sentence: put in the middle, just into view, only if the last was, or not. */
export type How = "centre" | "near" | "follow" | "stay";

/** What of the state comes from the kernel. */
export interface Synced {
  place: PlaceView;
  error: string;
}

export interface State extends Synced, Framed {
  /** The place whose call is loaded. */
  conversation: string;
  call: CallView | null;
  axis: Axis;
  lines: ReadonlyMap<number, LineView>;
  current: number;
  /** Each move has a number, so that a move to the same place is one too. */
  move: { count: number; how: How; focus: boolean };
  trackers: string[];
  marks: MarkView[];
  query: string;
  /** Places of sentences that hold the query; null while that is not known. */
  hits: number[] | null;
  playing: boolean;
  seconds: number;
  /** Where to play from once a person has agreed to ask the recording's host; null where there is no question. */
  asking: number | null;
  /** There is somewhere to go back to. */
  back: boolean;
}

export type Action =
  | ({ type: "synced" } & Synced)
  | { type: "opened"; conversation: string; call: CallView }
  | { type: "visit"; at: number; focus: boolean }
  | { type: "lines"; conversation: string; lines: LineView[] }
  | { type: "marks"; conversation: string; found: MarksView }
  | { type: "move"; at: number; how: How; focus?: boolean }
  | { type: "query"; query: string }
  | { type: "hits"; conversation: string; query: string; hits: number[] }
  | { type: "step"; among: "hits" | "marks"; forward: boolean }
  | { type: "heard"; seconds: number; playing: boolean }
  | { type: "ask"; from: number | null }
  | { type: "back"; possible: boolean }
  | Failed;

const NO_AXIS: Axis = { times: [], end: 1, timed: false };

export function initial(place: PlaceView, error: string): State {
  const still = { count: 0, how: "stay" as How, focus: false };
  const nothing = { lines: new Map<number, LineView>(), trackers: [], marks: [], query: "", hits: null };
  return { place, conversation: "", call: null, axis: NO_AXIS, current: 0, move: still, ...nothing, playing: false, seconds: 0, asking: null, back: false, error, ...FRAMED };
}

export function reduce(state: State, action: Action): State {
  switch (action.type) {
    case "synced":
      return { ...state, place: action.place, error: action.error || state.error };
    case "opened": {
      const { call, conversation } = action;
      return { ...initial(state.place, ""), conversation, call, axis: axisOf(call.starts, call.duration), back: state.back, slow: state.slow };
    }
    case "visit":
      return moved(state, action.at, "centre", action.focus);
    case "lines":
      return mine(state, action) ? { ...state, lines: joined(state.lines, action.lines), error: "" } : state;
    case "marks":
      return mine(state, action) ? { ...state, trackers: action.found.trackers, marks: action.found.marks } : state;
    case "move":
      return moved(state, action.at, action.how, action.focus ?? false);
    case "query":
      return { ...state, query: action.query, hits: null };
    case "hits":
      return mine(state, action) && action.query === state.query ? found(state, action.hits) : state;
    case "step":
      return stepped(state, action.among === "hits" ? (state.hits ?? []) : marked(state), action.forward);
    case "heard":
      return heard(state, action.seconds, action.playing);
    case "ask":
      return { ...state, asking: action.from };
    case "back":
      return state.back === action.possible ? state : { ...state, back: action.possible };
    case "failed":
      return { ...state, error: action.message };
  }
}

/** Which version of its tracker found a sentence. */
export function finder({ version }: MarkView): string {
  return version === null ? "a draft would find it" : `found by version ${version}`;
}

/** Places that trackers mark, each once, in order. */
export function marked(state: State): number[] {
  return [...new Set(state.marks.map((mark) => mark.at))].sort((a, b) => a - b);
}

function mine(state: State, action: { conversation: string }): boolean {
  return action.conversation === state.conversation;
}

function joined(lines: State["lines"], more: LineView[]): State["lines"] {
  const out = new Map(lines);
  for (const line of more) out.set(line.at, line);
  return out;
}

function moved(state: State, at: number, how: How, focus: boolean): State {
  const current = Math.min(Math.max(0, at), Math.max(0, state.axis.times.length - 1));
  return { ...state, current, move: { count: state.move.count + 1, how, focus } };
}

/** Goes to the first sentence that holds the words, from the current one on. */
function found(state: State, hits: number[]): State {
  const first = neighbour(hits, state.current - 1, true);
  const next = { ...state, hits };
  return first === null ? next : moved(next, first, "near", false);
}

function stepped(state: State, places: number[], forward: boolean): State {
  const at = neighbour(places, state.current, forward);
  return at === null ? state : moved(state, at, "near", false);
}

function heard(state: State, seconds: number, playing: boolean): State {
  const next = { ...state, seconds, playing };
  if (!playing || !state.axis.timed) return next;
  const at = placeAt(state.axis.times, seconds);
  return at === state.current ? next : moved(next, at, "follow", false);
}
