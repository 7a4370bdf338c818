import type { LiveEventView, LiveNews, LiveTurnView } from "../shared/protocol";
import type { Find } from "./marks";
import type { Shown } from "./types";

const QUIET_MS = 3_000; // between two announcements

/** What is known of a call once `news` have come, all at once. */
export function heard(shown: Shown, news: LiveNews, now: number): Shown {
  const watching = news.watching ?? shown.watching;
  const next: Shown = {
    ...shown,
    ...found(shown, news.events, now),
    call: news.call,
    cursor: news.cursor,
    more: news.more,
    caught: shown.caught || !news.more,
    parties: joined(shown.parties, news.parties, (one) => one.id),
    turns: spoken(shown.turns, news.turns),
    trackers: known(shown.trackers, [...(watching ?? []), ...news.events.map((event) => event.tracker)]),
    watching,
    later: news.later ?? shown.later,
    damaged: shown.damaged + news.damaged,
    // A call that was taken up again has not ended.
    end: news.call.state === "ended" ? (news.end ?? shown.end) : null,
  };
  return announced(next, now);
}

function joined<T>(before: ReadonlyMap<string, T>, more: T[], key: (one: T) => string): ReadonlyMap<string, T> {
  return more.length ? new Map([...before, ...more.map((one): [string, T] => [key(one), one])]) : before;
}

function spoken(before: Shown["turns"], news: LiveTurnView[]): Shown["turns"] {
  if (news.length === 0) return before;
  const turns = [...before];
  for (const turn of news) turns[turn.turn] = turn;
  return turns;
}

function known(before: readonly string[], names: string[]): readonly string[] {
  const fresh = new Set(names.filter((name) => !before.includes(name)));
  return fresh.size ? [...before, ...fresh] : before;
}

function found(shown: Shown, events: LiveEventView[], now: number): Pick<Shown, "finds" | "marks" | "latencies" | "unsaid"> {
  const { finds: had, marks: marked, latencies, unsaid } = shown;
  if (events.length === 0) return { finds: had, marks: marked, latencies, unsaid };
  const finds = new Map(had);
  const sure: Find[] = [];
  for (const event of events) {
    const before = finds.get(event.find);
    if (event.kind === "withdrawn") {
      if (before) finds.set(event.find, { ...before, kind: "withdrawn", gone: shown.caught ? now : -Infinity });
      continue;
    }
    if (before?.gone != null) finds.delete(event.find); // found again, it is the newest
    const find = { ...event, gone: null };
    finds.set(event.find, find);
    if (!event.provisional && (!before || before.provisional || before.gone !== null)) sure.push(find);
  }
  const marks = new Map(marked);
  const touched = new Set(events.flatMap((event) => [event.turn, had.get(event.find)?.turn ?? event.turn]));
  for (const turn of touched) marks.set(turn, []);
  for (const find of finds.values()) if (find.gone === null && touched.has(find.turn)) marks.get(find.turn)!.push(find);
  const fresh = events.flatMap((event) => (event.kind === "found" && event.latency_ms !== null ? [event.latency_ms] : []));
  return { finds, marks, latencies: fresh.length ? [...latencies, ...fresh] : latencies, unsaid: shown.caught ? [...unsaid, ...sure] : unsaid };
}

/** Tells what was found for sure since it was last told; not each guess, and not without a pause. */
function announced(shown: Shown, now: number): Shown {
  if (shown.unsaid.length === 0 || now - shown.said.at < QUIET_MS) return shown;
  const standing = shown.unsaid.filter((find) => shown.finds.get(find.find)?.gone === null);
  return { ...shown, unsaid: [], said: standing.length ? { text: inWords(standing), at: now } : shown.said };
}

function inWords(finds: Find[]): string {
  if (finds.length === 1) return `${finds[0]!.tracker} found: ${finds[0]!.text}`;
  const names = [...new Set(finds.map((find) => find.tracker))];
  return `${finds.length} new matches: ${names.slice(0, 5).join(", ")}${names.length > 5 ? " and others" : ""}`;
}
