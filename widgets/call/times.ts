/** When each sentence is said: `times` rise strictly and end before `end`. `timed` is false where only the order is known. */
export interface Axis {
  times: number[];
  end: number;
  timed: boolean;
}

/**
 * The axis along which a call runs. Sentences without a time, or with the time of the one before, share the room
 * up to the next time evenly; where no sentence has a time, each takes one step.
 */
export function axisOf(starts: (number | null)[], duration: number | null): Axis {
  const known = starts.filter((start) => start !== null);
  if (known.length === 0) return { times: starts.map((_, at) => at), end: Math.max(1, starts.length), timed: false };
  const latest = known.reduce((most, start) => Math.max(most, start), 0);
  const end = Math.max(duration ?? 0, latest + 1);
  const times: number[] = [];
  let since = 0;
  let at = 0;
  while (at < starts.length) {
    const from = Math.max(since, starts[at] ?? since);
    let next = at + 1;
    while (next < starts.length && (starts[next] ?? from) <= from) next += 1;
    const until = next < starts.length ? (starts[next] as number) : end;
    for (let place = at; place < next; place += 1) times.push(from + ((until - from) * (place - at)) / (next - at));
    since = until;
    at = next;
  }
  return { times, end, timed: true };
}

/** The sentence that is said at `time`: the last one that begins by then, or the first one. */
export function placeAt(times: number[], time: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle]! <= time) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}

export type Lane = "company" | "customer" | "other";

export interface Bar {
  lane: Lane;
  from: number;
  to: number;
}

/** Who speaks when, as bars in steps of 1/`steps` of the axis; neighbours of one lane are one bar. */
export function bars(axis: Axis, sides: (string | null)[], steps = 1000): Bar[] {
  const out: Bar[] = [];
  const last: Partial<Record<Lane, Bar>> = {};
  axis.times.forEach((time, at) => {
    const side = sides[at];
    const lane: Lane = side === "company" || side === "customer" ? side : "other";
    const from = Math.floor((time / axis.end) * steps);
    const to = Math.max(from + 1, Math.round(((axis.times[at + 1] ?? axis.end) / axis.end) * steps));
    const before = last[lane];
    if (before && before.to >= from) before.to = Math.max(before.to, to);
    else {
      const bar = { lane, from, to };
      last[lane] = bar;
      out.push(bar);
    }
  });
  return out;
}
