import { useMemo } from "preact/hooks";
import { clock } from "../shared/clock";
import { plural } from "../shared/parts";
import type { MarkView } from "../shared/protocol";
import type { State } from "./reducer";
import { type Axis, bars, type Lane, placeAt } from "./times";

const STEPS = 1000;
const ROW = 14;
/** Lanes of trackers; where more found something, the last lane is of all others. */
const MOST_LANES = 8;
const NAMES: Record<Lane, string> = { company: "Company", customer: "Customer", other: "Others" };

/** The call along its time: who speaks, what is marked, and where one is. A click or the arrow keys go elsewhere. */
export function Timeline({ state, onGo }: { state: State; onGo: (at: number) => void }) {
  const { axis, call, current, lines } = state;
  const sides = call?.sides ?? [];
  const all = useMemo(() => bars(axis, sides, STEPS), [axis, sides]);
  const lanes = (Object.keys(NAMES) as Lane[]).filter((lane) => all.some((bar) => bar.lane === lane));
  const found = useMemo(() => trackerLanes(state.trackers, state.marks), [state.trackers, state.marks]);
  const said = lanes.length * ROW;
  const height = said + Math.max(found.length * ROW, 4);
  const x = (at: number) => (axis.times[at]! / axis.end) * STEPS;
  const here = axis.times[current] ?? 0;
  const last = axis.times.length - 1;
  const go = (event: KeyboardEvent) => {
    const at = target(event.key, axis, current);
    if (at === null) return;
    event.preventDefault();
    onGo(at);
  };
  return (
    <div class="wb-timeline">
      <div class="wb-lanes wb-small" aria-hidden="true">
        {lanes.map((lane) => (
          <span class={`wb-lane-${lane}`}>{NAMES[lane]}</span>
        ))}
        {found.map(({ name }) => (
          <span class="wb-lane-tracker" dir="auto" title={name}>
            {name}
          </span>
        ))}
      </div>
      <div
        class="wb-axis"
        role="slider"
        tabIndex={0}
        aria-label="Place in the call"
        aria-valuemin={0}
        aria-valuemax={Math.max(1, last)}
        aria-valuenow={current}
        aria-valuetext={spoken(axis, current, lines.get(current)?.speaker ?? null)}
        onKeyDown={go}
        onClick={(event) => {
          const area = event.currentTarget.getBoundingClientRect();
          onGo(placeAt(axis.times, ((event.clientX - area.left) / area.width) * axis.end));
        }}
      >
        <svg viewBox={`0 0 ${STEPS} ${height}`} style={{ height: `${height}px` }} preserveAspectRatio="none" aria-hidden="true">
          {all.map((bar) => (
            <rect class={`wb-bar-${bar.lane}`} x={bar.from} width={bar.to - bar.from} y={lanes.indexOf(bar.lane) * ROW + 2} height={ROW - 4} />
          ))}
          {found.map(({ places }, lane) =>
            places.map((at) => <rect class="wb-tick" x={Math.min(x(at), STEPS - 5)} width="5" y={said + lane * ROW + 2} height={ROW - 4} />),
          )}
          {(state.hits ?? []).map((at) => (
            <rect class="wb-tick-hit" x={x(at)} width="1.5" y="0" height={said} />
          ))}
          <rect class="wb-cursor" x={Math.min(x(current) || 0, STEPS - 3)} width="3" y="0" height={height} />
        </svg>
      </div>
      <p class="wb-ends wb-small wb-muted">
        <span>{axis.timed ? clock(0) : "Beginning"}</span>
        {axis.timed && <b>{clock(here)}</b>}
        <span>{axis.timed ? clock(axis.end) : "End"}</span>
      </p>
    </div>
  );
}

/** A lane for each tracker that found something here, with the places of what it found. */
export function trackerLanes(trackers: string[], marks: MarkView[]): { name: string; places: number[] }[] {
  const lanes = trackers.map((name) => ({ name, places: marks.filter((mark) => mark.tracker === name).map((mark) => mark.at) })).filter(({ places }) => places.length > 0);
  if (lanes.length <= MOST_LANES) return lanes;
  const others = lanes.splice(MOST_LANES - 1);
  return [...lanes, { name: plural(others.length, "other"), places: [...new Set(others.flatMap(({ places }) => places))] }];
}

/** Where a key leads: arrows by a sentence, Page Up and Page Down by a tenth of the call, Home and End to its ends. */
export function target(key: string, axis: Axis, current: number): number | null {
  const last = axis.times.length - 1;
  const tenth = (steps: number) => placeAt(axis.times, (axis.times[current] ?? 0) + (steps * axis.end) / 10);
  if (key === "ArrowRight" || key === "ArrowUp") return Math.min(last, current + 1);
  if (key === "ArrowLeft" || key === "ArrowDown") return Math.max(0, current - 1);
  if (key === "PageUp") return tenth(1);
  if (key === "PageDown") return tenth(-1);
  if (key === "Home") return 0;
  if (key === "End") return last;
  return null;
}

function spoken(axis: Axis, current: number, speaker: string | null): string {
  const where = `sentence ${current + 1} of ${axis.times.length}`;
  return [axis.timed ? clock(axis.times[current] ?? 0) : null, speaker, where].filter(Boolean).join(", ");
}
