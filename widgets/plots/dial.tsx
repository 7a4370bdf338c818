import { plural } from "../shared/parts";
import type { DetailsView, SettingView } from "../shared/protocol";
import { toldInWords } from "../shared/words";
import { settingInWords } from "./words";

export type Shown = "now" | "setting" | "adds" | "drops";

interface Props {
  details: DetailsView | null;
  at: number | null;
  busy: boolean;
  canEdit: boolean;
  onMove: (at: number) => void;
  onKeep: (rule: string) => void;
  onLook: (shown: Shown, threshold: number, below?: number) => void;
}

const STOPS: [string, string][] = [
  ["precision>=0.9", "Few false leads"],
  ["balanced", "Balanced"],
  ["hit_rate>=0.9", "Miss nothing"],
];

/** The place of a rule's setting; -1 where there is none. */
export function placeOf(dial: SettingView[], rule: string): number {
  return dial.findIndex((setting) => setting.rule === rule || setting.also.includes(rule));
}

export function Dial({ details, at, busy, canEdit, onMove, onKeep, onLook }: Props) {
  if (!details) return <p class="wb-muted wb-small">Calculating what other settings would do…</p>;
  const kept = Math.max(0, placeOf(details.dial, details.rule));
  const place = Math.min(at ?? kept, details.dial.length - 1);
  const [setting, used] = [details.dial[place], details.dial[kept]];
  if (!setting || !used) return null;
  const words = settingInWords(setting);
  return (
    <section class="wb-stack wb-dial" aria-label="How strict it is">
      <h3>How strict should it be?</h3>
      <div class="wb-stops">
        {STOPS.map(([rule, name]) => {
          const stop = placeOf(details.dial, rule);
          return (
            <button type="button" class="wb-button wb-small" disabled={stop < 0} aria-pressed={stop === place} onClick={() => onMove(stop)}>
              {name}
            </button>
          );
        })}
      </div>
      <input
        type="range"
        min={0}
        max={details.dial.length - 1}
        step={1}
        value={place}
        aria-label="From few false leads to miss nothing"
        aria-valuetext={words}
        onInput={(event) => onMove(Number(event.currentTarget.value))}
      />
      <div class="wb-dial-body">
        <Curve dial={details.dial} place={place} kept={kept} />
        <div class="wb-dial-side">
          <p role="status">{words}</p>
          <p class="wb-small wb-muted">
            Precision {toldInWords(setting.quality.precision)} · Hit rate {toldInWords(setting.quality.hit_rate)}
          </p>
          <div class="wb-actions">
            {canEdit && (
              <button type="button" class="wb-button wb-primary" disabled={busy || place === kept} onClick={() => onKeep(setting.rule)}>
                {place === kept ? "In use" : "Use this setting"}
              </button>
            )}
            <button type="button" class="wb-button" disabled={busy} onClick={() => onLook("setting", setting.threshold)}>
              Show what it finds
            </button>
            {place > kept && (
              <button type="button" class="wb-button" disabled={busy} onClick={() => onLook("adds", setting.threshold, used.threshold)}>
                Only what it adds
              </button>
            )}
            {place < kept && (
              <button type="button" class="wb-button" disabled={busy} onClick={() => onLook("drops", used.threshold, setting.threshold)}>
                What it leaves out
              </button>
            )}
          </div>
        </div>
      </div>
      <Settings dial={details.dial} kept={kept} />
    </section>
  );
}

const SIZE = { width: 280, height: 220, left: 52, right: 26, top: 10, bottom: 42 };
const across = (share: number) => SIZE.left + share * (SIZE.width - SIZE.left - SIZE.right);
const up = (share: number) => SIZE.top + (1 - share) * (SIZE.height - SIZE.top - SIZE.bottom);

function Curve({ dial, place, kept }: { dial: SettingView[]; place: number; kept: number }) {
  const told = dial.filter((one) => one.precision && one.hit_rate);
  if (told.length < 2) return <p class="wb-muted wb-small">The curve appears once you have tagged enough sentences drawn at random.</p>;
  const spot = (one: SettingView): [number, number] => [across(one.hit_rate?.point ?? 0), up(one.precision?.point ?? 0)];
  const now = dial[place];
  const used = dial[kept];
  return (
    <svg class="wb-curve" viewBox={`0 0 ${SIZE.width} ${SIZE.height}`} role="img" aria-label="Precision against hit rate, one point per setting. The table below lists all of them.">
      {[0, 0.5, 1].map((tick) => (
        <g>
          <line class="wb-grid" x1={across(0)} x2={across(1)} y1={up(tick)} y2={up(tick)} />
          <text class="wb-tick" x={SIZE.left - 6} y={up(tick)} dy="0.35em" text-anchor="end">{`${tick * 100}%`}</text>
          <text class="wb-tick" x={across(tick)} y={SIZE.height - 24} text-anchor="middle">{`${tick * 100}%`}</text>
        </g>
      ))}
      <text class="wb-axis" x={across(0.5)} y={SIZE.height - 5} text-anchor="middle">
        Hit rate
      </text>
      <text class="wb-axis" transform={`translate(13 ${up(0.5)}) rotate(-90)`} text-anchor="middle">
        Precision
      </text>
      <g class="wb-corpus">
        <polyline class="wb-line" points={told.map((one) => spot(one).join(",")).join(" ")} />
        {told.map((one) => (
          <circle cx={spot(one)[0]} cy={spot(one)[1]} r="2.5" />
        ))}
        {used?.precision && used.hit_rate && <circle class="wb-ring" cx={spot(used)[0]} cy={spot(used)[1]} r="7" />}
        {now?.precision && now.hit_rate && (
          <>
            <path class="wb-whisker" d={`M${spot(now)[0]} ${up(now.precision.low)}V${up(now.precision.high)}M${across(now.hit_rate.low)} ${spot(now)[1]}H${across(now.hit_rate.high)}`} />
            <circle cx={spot(now)[0]} cy={spot(now)[1]} r="5" />
          </>
        )}
      </g>
    </svg>
  );
}

function Settings({ dial, kept }: { dial: SettingView[]; kept: number }) {
  return (
    <details>
      <summary>The settings as a table</summary>
      <div class="wb-scroll" tabIndex={0} role="region" aria-label="Settings from strict to generous">
        <table>
          <thead>
            <tr>
              <th scope="col">Finds</th>
              <th scope="col">Precision</th>
              <th scope="col">Hit rate</th>
            </tr>
          </thead>
          <tbody>
            {dial.map((one, place) => (
              <tr>
                <th scope="row">
                  {plural(one.found, "sentence")}
                  {place === kept && " (in use)"}
                </th>
                <td>{toldInWords(one.quality.precision)}</td>
                <td>{toldInWords(one.quality.hit_rate)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
