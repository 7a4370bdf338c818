import type { MeasureView, RoundView } from "../shared/protocol";
import { percent } from "../shared/words";

type Measure = "precision" | "hit_rate";

const SIZE = { width: 360, height: 210, left: 58, right: 10, top: 10, bottom: 40 };
const TICKS = [0, 0.25, 0.5, 0.75, 1];
const LEAST_ROUNDS = 4;

/** Places for the rounds along the chart, and for a share in [0, 1] up it. */
export function scales(count: number) {
  const steps = Math.max(LEAST_ROUNDS, count);
  const width = SIZE.width - SIZE.left - SIZE.right;
  const height = SIZE.height - SIZE.top - SIZE.bottom;
  return {
    steps,
    x: (round: number) => SIZE.left + ((round - 0.5) / steps) * width,
    y: (share: number) => SIZE.top + (1 - Math.min(1, Math.max(0, share))) * height,
  };
}

export function Chart({ measure, title, rounds }: { measure: Measure; title: string; rounds: RoundView[] }) {
  const last = rounds.at(-1)?.round ?? 0;
  const { x, y, steps } = scales(last);
  const every = Math.ceil(steps / 12); // labels of many rounds would run into one another
  const points = rounds.map((round) => ({ round: round.round, ...round[measure] }));
  return (
    <figure class="wb-chart">
      <figcaption>{title}</figcaption>
      <svg viewBox={`0 0 ${SIZE.width} ${SIZE.height}`} role="img" aria-label={spoken(title, points)}>
        {TICKS.map((tick) => (
          <g>
            <line class="wb-grid" x1={SIZE.left} x2={SIZE.width - SIZE.right} y1={y(tick)} y2={y(tick)} />
            <text class="wb-tick" x={SIZE.left - 6} y={y(tick)} dy="0.35em" text-anchor="end">
              {`${tick * 100}%`}
            </text>
          </g>
        ))}
        {Array.from({ length: steps }, (_, at) => at + 1)
          .filter((round) => (round - 1) % every === 0)
          .map((round) => (
            <text class="wb-tick" x={x(round)} y={SIZE.height - 22} text-anchor="middle">
              {round}
            </text>
          ))}
        <text class="wb-axis" x={(SIZE.left + SIZE.width - SIZE.right) / 2} y={SIZE.height - 4} text-anchor="middle">
          Round
        </text>
        <text class="wb-axis" transform={`translate(13 ${(SIZE.height - SIZE.bottom + SIZE.top) / 2}) rotate(-90)`} text-anchor="middle">
          {title}
        </text>
        <HeldOut points={points} x={x} y={y} />
        <InCorpus points={points} x={x} y={y} />
      </svg>
    </figure>
  );
}

type Point = MeasureView & { round: number };
interface Marks {
  points: Point[];
  x: (round: number) => number;
  y: (share: number) => number;
}

/** Pixels that keep the two estimates of a round apart. */
const sidestep = (points: Point[]): number => (points.some((point) => point.corpus) ? 5 : 0);

function HeldOut({ points, x, y }: Marks) {
  const told = points.filter((point) => point.heldout !== null);
  const aside = sidestep(points);
  const at = (point: Point): [number, number] => [x(point.round) - aside, y(point.heldout ?? 0)];
  const edge = (sign: number) => (point: Point) => `${at(point)[0]},${y((point.heldout ?? 0) + sign * (point.spread ?? 0))}`;
  const band = [...told.map(edge(1)), ...told.map(edge(-1)).reverse()].join(" ");
  return (
    <g class="wb-heldout">
      {told.length > 1 && <polygon class="wb-band" points={band} />}
      {told.length === 1 && told.map((point) => <Whisker x={at(point)[0]} from={y((point.heldout ?? 0) - (point.spread ?? 0))} to={y((point.heldout ?? 0) + (point.spread ?? 0))} />)}
      <polyline class="wb-line" points={told.map((point) => at(point).join(",")).join(" ")} />
      {told.map((point) => (
        <circle cx={at(point)[0]} cy={at(point)[1]} r="4">
          <title>{`Round ${point.round}, on your tags: ${percent(point.heldout)}, give or take ${percent(point.spread ?? 0)}`}</title>
        </circle>
      ))}
    </g>
  );
}

function InCorpus({ points, x, y }: Marks) {
  const aside = sidestep(points);
  return (
    <g class="wb-corpus">
      {points.map(({ round, corpus }) => {
        if (!corpus) return null;
        const [left, top] = [x(round) + aside, y(corpus.point)];
        return (
          <g class={corpus.tells ? "" : "wb-vague"}>
            <title>{`Round ${round}, in your calls: ${corpus.tells ? `${percent(corpus.point)}, 95% interval` : "too few answers to tell, between"} ${percent(corpus.low)} ${corpus.tells ? "to" : "and"} ${percent(corpus.high)}`}</title>
            <Whisker x={left} from={y(corpus.low)} to={y(corpus.high)} />
            <path d={`M${left} ${top - 6}l6 6l-6 6l-6 -6z`} />
          </g>
        );
      })}
    </g>
  );
}

function Whisker({ x, from, to }: { x: number; from: number; to: number }) {
  return <path class="wb-whisker" d={`M${x} ${from}V${to}M${x - 4} ${from}h8M${x - 4} ${to}h8`} />;
}

function spoken(title: string, points: Point[]): string {
  const last = points.at(-1);
  if (!last) return `${title}: no rounds yet`;
  const held = `on your tags ${percent(last.heldout)}`;
  const corpus = last.corpus?.tells ? `in your calls ${percent(last.corpus.point)}` : "in your calls not known yet";
  return `${title} after round ${last.round}: ${held}, ${corpus}. The table below lists all rounds.`;
}
