import { FRAMED } from "../shared/frame";
import type { Panel, PanelView, RunView, SightView } from "../shared/protocol";
import { NOTHING, type Section, sectionOf } from "./exchange";
import { onPage, PAGE, shownIds } from "./rows";
import type { Action, Only, Sort, SortKey, State, Synced, Which } from "./types";

export const CLOSED: PanelView = { tracker_id: "", what: "" };

export function initial(synced: Synced): State {
  const view = { query: "", only: "all" as Only, sort: { key: "created", down: true } as Sort, page: 0, here: synced.panel.tracker_id, steer: 0, at: "row" as const, gently: false, from: "" as Panel };
  const work = { standing: {}, picked: {}, errors: {}, busy: {}, renaming: null, previews: {}, versions: {}, exchange: NOTHING };
  return settled({ ...synced, ...view, ...work, notice: "", spoken: "", ...FRAMED });
}

/** Whether nothing can be done with a tracker but to see that it cannot be read. */
function isUnreadable(state: State, id: string): boolean {
  return state.rows.some((row) => row.id === id && row.state === "unreadable");
}

export function reduce(state: State, action: Action): State {
  if ((action.type === "panel" || action.type === "rename") && isUnreadable(state, action.id)) return state;
  switch (action.type) {
    case "synced":
      return synced(state, action);
    case "looked":
      return settled({ ...state, standing: { ...state.standing, ...Object.fromEntries(action.found.map((one) => [one.id, one])) } });
    case "progressed":
      return progressed(state, action.runs);
    case "search":
      return found({ ...state, query: action.query, page: 0 });
    case "only":
      return found({ ...state, only: action.only, page: 0 });
    case "sort":
      return sorted(state, action.key);
    case "page":
      return settled({ ...state, page: action.page, here: "" });
    case "here":
      return state.here === action.id ? state : { ...state, here: action.id };
    case "move":
      return moved(state, action.by);
    case "panel":
      return panelled(state, action.id, action.what);
    case "section":
      return sectioned(state, action.what);
    case "exchange":
      return { ...state, exchange: { ...state.exchange, ...action.change }, spoken: action.spoken ?? state.spoken };
    case "reveal":
      return revealed(state, action.id, action.what);
    case "pick":
      return picked(
        state,
        action.ids.filter((id) => !isUnreadable(state, id)),
        action.on,
      );
    case "rename":
      return renaming(state, action.id);
    case "renaming":
      return state.renaming ? { ...state, renaming: { ...state.renaming, text: action.text, error: "" } } : state;
    case "tips":
      return state.renaming?.text === action.text ? { ...state, renaming: { ...state.renaming, tips: action.tips } } : state;
    case "renamed":
      return renamed(state, action.id, action.error ?? "");
    case "previewed":
      return { ...state, previews: { ...state.previews, [action.id]: { changes: action.changes, sights: {}, open: null, error: action.error ?? "" } } };
    case "sights":
      return sighted(state, action.id, action.which, action.sights);
    case "versions":
      return { ...state, versions: { ...state.versions, [action.id]: action.versions } };
    case "busy":
      return busied(state, action.ids, action.what);
    case "done":
      return done(state, action);
    case "excuse":
      return { ...state, errors: without(state.errors, action.ids) };
    case "notice":
      return { ...state, notice: action.notice, spoken: action.notice };
    case "failed":
      return { ...state, busy: {}, error: action.message };
  }
}

function without<Value>(record: Record<string, Value>, ids: string[]): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).filter(([id]) => !ids.includes(id)));
}

/** Keeps the page within what there is, and one row of it in the tab order. */
function settled(state: State): State {
  const pages = onPage(state).pages;
  const page = Math.min(state.page, pages - 1);
  const ids = onPage({ ...state, page }).rows.map((row) => row.id);
  const here = ids.includes(state.here) ? state.here : (ids[0] ?? "");
  return { ...state, page, here };
}

function synced(state: State, { type: _, ...fresh }: Action & { type: "synced" }): State {
  if (fresh.rows === state.rows && fresh.deleted === state.deleted) return { ...state, ...fresh, error: fresh.error || state.error };
  const ids = new Set(fresh.rows.map((row) => row.id));
  const known = <Value>(record: Record<string, Value>) => Object.fromEntries(Object.entries(record).filter(([id]) => ids.has(id)));
  const changed = new Set(fresh.rows.filter((row) => state.standing[row.id]?.stamp !== row.stamp).map((row) => row.id));
  const old = <Value>(record: Record<string, Value>) => Object.fromEntries(Object.entries(record).filter(([id]) => ids.has(id) && !changed.has(id)));
  return settled({
    ...state,
    ...fresh,
    here: ids.has(state.here) ? state.here : neighbour(state, ids),
    error: fresh.error || (fresh.phase === "failed" ? state.error : ""),
    standing: known(state.standing),
    picked: known(state.picked),
    previews: old(state.previews),
    versions: old(state.versions),
    panel: ids.has(fresh.panel.tracker_id) || sectionOf(fresh.panel) ? fresh.panel : CLOSED,
    renaming: state.renaming && ids.has(state.renaming.id) ? state.renaming : null,
  });
}

/** The row that stands nearest to where the one in use stood, of those that are left. */
function neighbour(state: State, left: Set<string>): string {
  const ids = shownIds(state);
  const at = ids.indexOf(state.here);
  return ids.slice(at + 1).find((id) => left.has(id)) ?? ids.slice(0, Math.max(0, at)).reverse().find((id) => left.has(id)) ?? "";
}

function progressed(state: State, runs: Record<string, RunView | null>): State {
  const standing = { ...state.standing };
  const ended: string[] = [];
  for (const [id, run] of Object.entries(runs)) {
    const before = standing[id];
    if (!before) continue;
    standing[id] = { ...before, run };
    if (before.run?.state === "running" && run?.state !== "running") ended.push(id);
  }
  const names = state.rows.filter((row) => ended.includes(row.id)).map((row) => row.name);
  return { ...state, standing, spoken: names.length > 0 ? `${names.join(", ")}: past calls are no longer being read.` : state.spoken };
}

function found(state: State): State {
  const next = settled({ ...state, here: "" });
  const count = onPage(next).count;
  return { ...next, spoken: `${count} ${count === 1 ? "tracker" : "trackers"}.` };
}

function sorted(state: State, key: SortKey): State {
  const down = state.sort.key === key ? !state.sort.down : key !== "name" && key !== "state";
  return settled({ ...state, sort: { key, down }, page: 0, here: "", spoken: `Sorted by ${key === "run" ? "last run" : key}, ${down ? "descending" : "ascending"}.` });
}

function moved(state: State, by: number): State {
  const ids = onPage(state).rows.map((row) => row.id);
  const at = Math.min(ids.length - 1, Math.max(0, ids.indexOf(state.here) + by));
  return { ...state, here: ids[at] ?? "", steer: state.steer + 1, at: "row", gently: false };
}

function panelled(state: State, id: string, what: Panel): State {
  const closes = what === "";
  const panel = closes ? CLOSED : { tracker_id: id, what };
  const from = state.panel.tracker_id === id && what === "actions" ? state.panel.what : "";
  return { ...state, panel, from, here: id, steer: state.steer + 1, at: closes ? "row" : "panel", gently: false };
}

/** What stands above the rows is opened, or closed where it is open. */
function sectioned(state: State, what: Section): State {
  const closes = sectionOf(state.panel) === what;
  const panel = closes ? CLOSED : { tracker_id: "", what };
  return { ...state, panel, from: closes ? what : "", steer: state.steer + 1, at: closes ? "opener" : "section", gently: false };
}

/** Opens what can be done with a tracker, wherever in the list it stands. */
function revealed(state: State, id: string, what: Panel): State {
  const all = { ...state, query: "", only: "all" as Only };
  const at = shownIds(all).indexOf(id);
  return at < 0 ? state : panelled({ ...all, page: Math.floor(at / PAGE) }, id, what);
}

function picked(state: State, ids: string[], on: boolean): State {
  const next = on ? { ...state.picked, ...Object.fromEntries(ids.map((id) => [id, true as const])) } : without(state.picked, ids);
  const count = Object.keys(next).length;
  return { ...state, picked: next, spoken: count === 0 ? "No trackers marked." : `${count} marked.` };
}

function renaming(state: State, id: string): State {
  const row = state.rows.find((one) => one.id === id);
  if (!row || !state.canEdit) return state;
  return { ...state, here: id, renaming: { id, text: row.name, tips: [], error: "" }, steer: state.steer + 1, at: "name", gently: false };
}

function renamed(state: State, id: string, error: string): State {
  if (error && state.renaming?.id === id) return { ...state, busy: without(state.busy, [id]), renaming: { ...state.renaming, error } };
  const name = state.rows.find((row) => row.id === id)?.name ?? "";
  const spoken = state.busy[id] ? `Renamed: ${name}.` : "";
  return { ...state, busy: without(state.busy, [id]), renaming: null, steer: state.steer + 1, at: "row", gently: false, spoken };
}

function sighted(state: State, id: string, which: Which, sights: SightView[] | null): State {
  const before = state.previews[id];
  if (!before) return state;
  const open = sights === null && before.open === which ? null : which;
  const all = sights === null ? before.sights : { ...before.sights, [which]: sights };
  return { ...state, previews: { ...state.previews, [id]: { ...before, open, sights: all } } };
}

function busied(state: State, ids: string[], what: string): State {
  const busy = { ...state.busy, ...Object.fromEntries(ids.map((id) => [id, what])) };
  return { ...state, busy, errors: without(state.errors, ids), notice: "", error: "" };
}

function done(state: State, { done, failed, notice, close, focus }: Action & { type: "done" }): State {
  const ids = [...done, ...Object.keys(failed)];
  const wrong = Object.keys(failed).length;
  const spoken = [notice, wrong > 0 ? `${wrong} failed; each shows the reason.` : ""].filter(Boolean).join(" ");
  const many = state.panel.what === "publish_many" && wrong === 0;
  const closes = close === true && (many || done.includes(state.panel.tracker_id));
  return {
    ...state,
    busy: without(state.busy, ids),
    picked: wrong > 0 ? without(state.picked, done) : {},
    errors: { ...without(state.errors, ids), ...failed },
    panel: closes ? CLOSED : state.panel,
    notice,
    spoken,
    steer: state.steer + 1,
    at: focus ?? (!closes && ids.includes(state.panel.tracker_id) ? "panel" : "row"),
    gently: !focus && !closes,
    from: "",
  };
}
