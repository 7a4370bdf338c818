import { fold } from "../shared/fold";
import type { ManagedView, RunState, StandingView } from "../shared/protocol";
import type { Only, SortKey, State } from "./types";

export const PAGE = 50;

export const COLUMNS: { key: SortKey; label: string }[] = [
  { key: "name", label: "Tracker" },
  { key: "state", label: "State" },
  { key: "version", label: "Version" },
  { key: "estimate", label: "Quality" },
  { key: "run", label: "Last run" },
  { key: "created", label: "Created" },
];

type Look = Pick<State, "rows" | "standing" | "query" | "only" | "sort" | "page">;

const ORDER = ["active", "paused", "draft", "deactivated", "deleted", "unreadable"];
const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

let last: { look: Look; rows: ManagedView[] } | null = null;

/** Those of the state and name that are asked for, in order. Asked again for the same, it gives the same. */
export function shownRows(look: Look): ManagedView[] {
  const names = ["rows", "standing", "query", "only", "sort"] as const;
  if (!last || names.some((name) => last?.look[name] !== look[name])) last = { look, rows: ordered(look) };
  return last.rows;
}

function ordered({ rows, standing, query, only, sort }: Look): ManagedView[] {
  const wanted = plain(query.trim());
  const passing = rows.filter((row) => plain(row.name).includes(wanted) && passes(row, standing[row.id], only));
  const sign = sort.down ? -1 : 1;
  const worth = (row: ManagedView) => sortedBy(row, standing[row.id], sort.key);
  return passing
    .map((row) => [row, worth(row)] as const)
    .sort(([a, x], [b, y]) => {
      if ((x === null) !== (y === null)) return x === null ? 1 : -1; // what can't be told comes last, either way
      return sign * compare(x, y) || collator.compare(a.name, b.name);
    })
    .map(([row]) => row);
}

export function shownIds(look: Look): string[] {
  return shownRows(look).map((row) => row.id);
}

export function onPage(look: Look): { rows: ManagedView[]; count: number; pages: number } {
  const all = shownRows(look);
  return { rows: all.slice(look.page * PAGE, (look.page + 1) * PAGE), count: all.length, pages: Math.max(1, Math.ceil(all.length / PAGE)) };
}

/** The trackers whose standing is to be read: those in view, or all where order or choice uses it. A page at most. */
export function unread(state: State): string[] {
  const stale = (row: ManagedView) => state.standing[row.id]?.stamp !== row.stamp;
  const first = onPage(state).rows.filter(stale);
  const needsAll = ["version", "estimate", "run"].includes(state.sort.key) || state.only === "changed";
  const rest = needsAll && first.length === 0 ? state.rows.filter((row) => stale(row) && (state.only !== "changed" || row.state === "active")) : [];
  return [...first, ...rest].slice(0, PAGE).map((row) => row.id);
}

export function running(state: State): string[] {
  const busy: RunState[] = ["running"];
  return onPage(state)
    .rows.filter((row) => busy.includes(state.standing[row.id]?.run?.state ?? "done"))
    .map((row) => row.id);
}

/** Whether another kernel reads past calls for one of those in view: this one has no news of it. */
export function runsElsewhere(state: State): boolean {
  return running(state).some((id) => !state.standing[id]?.run?.here);
}

function passes(row: ManagedView, standing: StandingView | undefined, only: Only): boolean {
  if (only === "changed") return row.state === "active" && (standing?.unpublished.length ?? 0) > 0;
  return only === "all" || row.state === only;
}

function sortedBy(row: ManagedView, standing: StandingView | undefined, key: SortKey): string | number | null {
  switch (key) {
    case "name":
      return row.name;
    case "state":
      return ORDER.indexOf(row.state);
    case "created":
      return row.created;
    case "version":
      return standing?.version ?? null;
    case "run":
      return standing?.run?.last_run ?? null;
    case "estimate": {
      const { precision, hit_rate } = standing?.quality ?? {};
      return precision || hit_rate ? (precision?.point ?? 0) + (hit_rate?.point ?? 0) : null;
    }
  }
}

function compare(x: string | number | null, y: string | number | null): number {
  if (x === null || y === null) return 0;
  return typeof x === "number" && typeof y === "number" ? x - y : collator.compare(String(x), String(y));
}

/** Without accents, too, so that "gesprache" finds "Gespräche". */
function plain(text: string): string {
  return fold(text).replace(/\p{M}/gu, "");
}
