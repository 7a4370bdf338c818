import type { PartForm } from "../shared/protocol";
import { partInWords } from "./words";

const WIDTH = 400;
const HEIGHT = 16;

interface Props {
  part: PartForm;
  /** A call's usual length in seconds; null where none is known. */
  usual: number | null;
  onChange: (part: PartForm) => void;
}

/** Which part of a call counts, with a picture of it. */
export function Part({ part, usual, onChange }: Props) {
  return (
    <fieldset class="wb-choice-row wb-part-row">
      <legend>Part of call</legend>
      <div class="wb-row wb-part">
        <select class="wb-input" aria-label="Part of call" value={part.where} onChange={(event) => onChange({ ...part, where: event.currentTarget.value as PartForm["where"] })}>
          <option value="anywhere">Anywhere</option>
          <option value="first">The first</option>
          <option value="last">The last</option>
        </select>
        {part.where !== "anywhere" && (
          <>
            <input
              class="wb-input"
              type="number"
              min={1}
              max={part.unit === "percent" ? 100 : 600}
              aria-label="How much"
              value={part.amount}
              onInput={(event) => onChange({ ...part, amount: Number(event.currentTarget.value) })}
            />
            <select
              class="wb-input"
              aria-label="Unit"
              value={part.unit}
              onChange={(event) => onChange(inUnit(part, event.currentTarget.value as PartForm["unit"], usual))}
            >
              <option value="minutes">minutes</option>
              <option value="percent">percent</option>
            </select>
          </>
        )}
      </div>
      <Picture part={part} usual={usual} onChange={onChange} />
    </fieldset>
  );
}

function Picture({ part, usual, onChange }: Props) {
  const [from, to] = span(part, usual);
  const minutes = lengthOf(part, usual) / 60;
  const drag = (event: PointerEvent & { currentTarget: SVGSVGElement }) => {
    if (part.where === "anywhere" || event.buttons !== 1) return;
    const area = event.currentTarget.getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (event.clientX - area.left) / area.width));
    const amount = dragged(part, share, minutes);
    if (amount !== part.amount) onChange({ ...part, amount });
  };
  const edge = part.where === "first" ? to : from;
  return (
    <div class="wb-picture">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`A call, in which ${partInWords(part)} counts`}
        class={part.where === "anywhere" ? "" : "wb-draggable"}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          drag(event);
        }}
        onPointerMove={drag}
      >
        <rect class="wb-part-ground" x="0" y="4" width={WIDTH} height={HEIGHT - 8} />
        <rect class="wb-part-in" x={from * WIDTH} y="4" width={(to - from) * WIDTH} height={HEIGHT - 8} />
        {part.where !== "anywhere" && <rect class="wb-part-edge" x={Math.min(WIDTH - 3, Math.max(0, edge * WIDTH - 1.5))} y="0" width="3" height={HEIGHT} />}
      </svg>
      <p class="wb-ends wb-small wb-muted">
        <span>Beginning</span>
        <span>{part.unit === "minutes" && usual !== null ? `End (the median call takes ${Math.round(minutes)} min)` : "End"}</span>
      </p>
    </div>
  );
}

/** Where in the picture the part lies, as shares of the call. */
export function span(part: PartForm, usual: number | null): [number, number] {
  if (part.where === "anywhere") return [0, 1];
  const share = part.unit === "percent" ? part.amount / 100 : (part.amount * 60) / lengthOf(part, usual);
  const size = Math.min(1, Math.max(0, share || 0));
  return part.where === "first" ? [0, size] : [1 - size, 1];
}

/** The amount that a place in the picture stands for: whole minutes, or steps of 5%. */
export function dragged(part: PartForm, at: number, minutes: number): number {
  const share = part.where === "first" ? at : 1 - at;
  return part.unit === "percent" ? Math.max(5, Math.round(share * 20) * 5) : Math.max(1, Math.round(share * minutes));
}

/** The same part in another unit, as near as the usual call tells. */
function inUnit(part: PartForm, unit: PartForm["unit"], usual: number | null): PartForm {
  if (unit === part.unit) return part;
  const minutes = lengthOf(part, usual) / 60;
  const amount = unit === "percent" ? Math.min(100, Math.round((part.amount / minutes) * 20) * 5) : Math.round((part.amount / 100) * minutes);
  return { ...part, unit, amount: Math.max(unit === "percent" ? 5 : 1, amount) };
}

/** Seconds that the picture is long. Without a usual length it is drawn four times as long as the part. */
function lengthOf(part: PartForm, usual: number | null): number {
  return usual && usual > 0 ? usual : part.unit === "minutes" ? Math.max(1, part.amount) * 240 : 1_800;
}
