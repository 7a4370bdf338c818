import type { MonthsView } from "../shared/protocol";
import { Go } from "./go";
import type { Acts } from "./types";

const [WIDE, HIGH, EDGE] = [240, 64, 5];
const ARROWS = { up: "↑", down: "↓", level: "→", unknown: "" };

/** A small picture for each tracker, all on one scale, so that they can be compared at a glance. */
export function Months({ trackers, acts }: { trackers: MonthsView[]; acts: Acts }) {
  const top = topOf(trackers);
  return (
    <>
      <ul class="wb-months">
        {trackers.map((one) => (
          <li class="wb-tile">
            <p class="wb-months-name">{one.link ? <Go link={one.link} acts={acts} /> : <span dir="auto">{one.name}</span>}</p>
            <Picture tracker={one} top={top} />
            <p class="wb-small">
              <b class="wb-number">{one.now}</b> {ARROWS[one.change] && <span aria-hidden="true">{ARROWS[one.change]} </span>}
              <span class="wb-muted">{one.said}</span>
            </p>
          </li>
        ))}
      </ul>
      <p class="wb-small wb-muted">Each picture ends at {Math.round(top * 100)}% of calls.</p>
    </>
  );
}

/** Where the scale ends: a little above the highest month that can be told, on a round number. */
export function topOf(trackers: MonthsView[]): number {
  const months = trackers.flatMap((one) => one.months);
  const told = months.some((one) => one.share !== null && !one.few) ? months.filter((one) => !one.few) : months;
  const most = Math.max(0.01, ...told.map((one) => one.share ?? 0));
  const step = [0.02, 0.05, 0.1, 0.25, 0.5].find((one) => most <= 5 * one) ?? 1;
  return Math.min(1, Math.ceil((most - 1e-9) / step) * step);
}

function Picture({ tracker, top }: { tracker: MonthsView; top: number }) {
  const { months } = tracker;
  const x = (at: number) => EDGE + (at * (WIDE - 2 * EDGE)) / Math.max(1, months.length - 1);
  const y = (share: number) => HIGH - EDGE - (Math.min(share, top) / top) * (HIGH - 2 * EDGE);
  const told = months.flatMap((one, at) => (one.share === null || one.few ? [] : [`${x(at)},${y(one.share)}`]));
  return (
    <>
      <svg class="wb-months-picture" viewBox={`0 0 ${WIDE} ${HIGH}`} role="img" aria-label={`${tracker.name}. ${months.map((one) => one.said).join("; ")}`}>
        <line x1="0" x2={WIDE} y1={HIGH - EDGE} y2={HIGH - EDGE} class="wb-months-floor" />
        <polyline points={told.join(" ")} />
        {months.map(
          (one, at) =>
            one.share !== null && (
              <circle class={one.few ? "wb-few" : undefined} cx={x(at)} cy={y(one.share)} r="3">
                <title>{one.said}</title>
              </circle>
            ),
        )}
      </svg>
      <p class="wb-months-ends wb-small wb-muted" aria-hidden="true">
        <span>{months[0]?.label}</span>
        <span>{months.at(-1)?.label}</span>
      </p>
    </>
  );
}
