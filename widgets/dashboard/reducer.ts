import type { Query } from "../shared/address";
import { FRAMED } from "../shared/frame";
import type { BlockView, HitView, MoreResult, TableView } from "../shared/protocol";
import type { Action, More, State, Synced, Wrong } from "./types";

export function initial(synced: Synced, query: Query, now: Date): State {
  const own = { query, fresh: true, asking: false, ...FRAMED, message: "", more: {}, wrong: {}, calls: {}, picture: "", all: false } as const;
  return { ...synced, ...own, updated: synced.view ? now : null };
}

const UNSAID: Wrong = { tracker: "", note: "", stage: "open", error: "", by: "" };
const NO_MORE: More = { hits: [], table: null, total: 0, busy: false, error: "" };

export function reduce(state: State, action: Action): State {
  switch (action.type) {
    case "synced": {
      const { type: _, now, ...synced } = action;
      return { ...state, ...synced, updated: synced.view !== state.view && synced.view ? now : state.updated };
    }
    case "ask":
      return { ...state, query: action.query, asking: true, message: "", more: {}, calls: {} };
    case "asked":
      return { ...state, asking: false, fresh: false };
    case "failed":
      return { ...state, asking: false, fresh: false, message: action.message };
    case "more":
      return withMore(state, action.block, { busy: true, error: "" });
    case "came":
      return came(state, action.block, action.result, action.error);
    case "wrong": {
      const { [action.hit]: known, ...others } = state.wrong;
      return { ...state, wrong: action.change ? { ...others, [action.hit]: { ...(known ?? UNSAID), ...action.change } } : others };
    }
    case "call":
      return { ...state, calls: { ...state.calls, [action.hit]: action.error } };
    case "picture":
      return { ...state, picture: action.making ? "making" : "", all: state.all || action.making, message: action.message };
  }
}

function withMore(state: State, block: string, change: Partial<More>): State {
  return { ...state, more: { ...state.more, [block]: { ...(state.more[block] ?? NO_MORE), ...change } } };
}

function came(state: State, block: string, result: MoreResult | null, error: string): State {
  const known = state.more[block] ?? NO_MORE;
  if (!result) return withMore(state, block, { busy: false, error });
  const { hits, table, total } = result;
  const rows = table && known.table ? { ...table, rows: [...known.table.rows, ...table.rows], links: [...known.table.links, ...table.links] } : (table ?? known.table);
  return withMore(state, block, { busy: false, error, hits: [...known.hits, ...hits], table: rows, total });
}

/** A block's hits with those asked for later; what moved from one page to the next meanwhile shows once. */
export function hitsOf(block: BlockView, more: More | undefined): HitView[] {
  const all = new Map([...block.hits, ...(more?.hits ?? [])].map((hit) => [hit.sentence_id, hit]));
  return [...all.values()];
}

/** A table with the rows asked for later. */
export function tableOf(block: BlockView, more: More | undefined): TableView | null {
  const { table } = block;
  if (!table || !more?.table) return table;
  const links = table.links.length + more.table.links.length > 0 ? [...padded(table), ...padded(more.table)] : [];
  return { ...table, rows: [...table.rows, ...more.table.rows], links };
}

const padded = ({ rows, links }: TableView) => rows.map((_, at) => links[at] ?? null);
