import { FRAMED } from "../shared/frame";
import type { LiveCallView, LiveNews, RecordedView } from "../shared/protocol";
import { heard } from "./news";
import type { Action, Shown, State, Synced } from "./types";

export const DRAWN = 120; // turns that are drawn before somebody asks for more
export const LISTED = 60; // finds
const AROUND = 20; // turns drawn before the one that was asked for

export function nothing(key: string): Shown {
  const empty = { parties: new Map(), turns: [], finds: new Map(), marks: new Map(), trackers: [], watching: null, later: [], latencies: [], damaged: 0 };
  return { key, call: null, cursor: 0, more: false, caught: false, ...empty, end: null, said: { text: "", at: 0 }, unsaid: [] };
}

const VIEW = { from: 0, follow: true, left: 0, here: null, tracker: "", withdrawn: false, most: LISTED };

export function initial(synced: Synced): State {
  const replay = { opened: false, words: "", recorded: null, picked: "", speed: 10, busy: "" as const };
  return { ...synced, calls: null, shown: nothing(""), ...VIEW, now: 0, ...replay, error: "", pollError: "", ...FRAMED };
}

export function reduce(state: State, action: Action): State {
  switch (action.type) {
    case "synced":
      return chosen({ ...state, ...action.synced });
    case "calls":
      return chosen({ ...state, calls: action.calls, now: action.now, pollError: "" });
    case "choose":
      return chosen({ ...state, callKey: action.key, error: "" });
    case "news":
      return action.key === state.shown.key ? told(state, action.news, action.now) : state;
    case "whole":
      return action.key === state.shown.key ? whole(state, action.turn, action.text) : state;
    case "follow":
      return followed(state, action.follow);
    case "earlier":
      return { ...state, from: Math.max(0, state.from - DRAWN), follow: false, left: state.follow ? count(state) : state.left };
    case "go": {
      const here = { turn: action.turn, find: action.find, visit: (state.here?.visit ?? 0) + 1 };
      return { ...followed(state, false), here, from: Math.min(state.from, Math.max(0, action.turn - AROUND)) };
    }
    case "tracker":
      return { ...state, tracker: action.tracker === state.tracker ? "" : action.tracker, most: LISTED };
    case "withdrawn":
      return { ...state, withdrawn: !state.withdrawn };
    case "more":
      return { ...state, most: state.most + LISTED };
    case "open":
      return { ...state, opened: action.opened };
    case "words":
      return { ...state, words: action.words };
    case "recorded":
      return action.words === state.words ? offered(state, action.calls) : state;
    case "pick":
      return { ...state, picked: action.picked };
    case "speed":
      return { ...state, speed: action.speed };
    case "busy":
      return { ...state, busy: action.what, error: "" };
    case "done":
      return { ...state, busy: "", opened: false };
    case "failed":
      return { ...state, busy: "", error: action.message };
    case "polling":
      return state.pollError === action.message ? state : { ...state, pollError: action.message };
  }
}

export function count(state: Pick<State, "shown">): number {
  return state.shown.turns.length;
}

/** The call that is shown, as the list of calls has it; null if no call has the key. */
export function listed(state: State): LiveCallView | null {
  return state.calls?.find((one) => one.key === state.shown.key) ?? null;
}

/** Whether there may be news of the call that is shown. */
export function open(state: State): boolean {
  const there = listed(state);
  if (!there) return false;
  const { call, caught } = state.shown;
  return !call || !caught || call.state === "live" || call.state !== there.state || call.began !== there.began;
}

/** Shows the call that was chosen; without one stays with a call that goes on, else takes the one that began last. */
function chosen(state: State): State {
  const key = state.callKey || newest(state);
  return key === state.shown.key ? state : { ...state, ...VIEW, shown: nothing(key), pollError: "" };
}

function newest(state: State): string {
  const calls = [...(state.calls ?? [])].sort((a, b) => (a.began < b.began ? 1 : -1));
  const current = calls.find((one) => one.key === state.shown.key);
  if (current?.state === "live") return current.key;
  const live = calls.find((one) => one.state === "live");
  return (live ?? current ?? calls[0])?.key ?? (state.calls ? "" : state.shown.key);
}

function told(state: State, news: LiveNews, now: number): State {
  const { shown } = state;
  if (idle(shown, news)) return state.pollError ? { ...state, pollError: "" } : state;
  // The journal was begun again, so what is shown is of another call.
  if (shown.call && shown.call.began !== news.call.began) return { ...state, ...VIEW, shown: { ...nothing(shown.key), more: true } };
  const next = { ...state, shown: heard(shown, news, now), now, pollError: "" };
  return state.follow ? { ...next, from: Math.max(0, count(next) - DRAWN) } : next;
}

/** Whether nothing came and nothing waits to be told: then the page need not be drawn. */
function idle(shown: Shown, news: LiveNews): boolean {
  const { call } = shown;
  if (!call || !shown.caught || shown.unsaid.length > 0 || news.cursor !== shown.cursor) return false;
  const second = (one: LiveCallView) => ({ ...one, elapsed: Math.floor(one.elapsed ?? 0) });
  return JSON.stringify(second(call)) === JSON.stringify(second(news.call));
}

function whole(state: State, at: number, text: string): State {
  const turn = state.shown.turns[at];
  if (!turn) return state;
  const turns = [...state.shown.turns];
  turns[at] = { ...turn, text, more: 0 };
  return { ...state, shown: { ...state.shown, turns } };
}

function followed(state: State, follow: boolean): State {
  if (follow) return { ...state, follow, from: Math.max(0, count(state) - DRAWN) };
  return state.follow ? { ...state, follow, left: count(state) } : state;
}

function offered(state: State, recorded: RecordedView[]): State {
  const there = recorded.some((one) => one.conversation_id === state.picked);
  return { ...state, recorded, picked: there ? state.picked : (recorded[0]?.conversation_id ?? "") };
}
