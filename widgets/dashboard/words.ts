import type { ColumnView, DashboardView } from "../shared/protocol";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
export const NONE = "–";

/** A share in [0, 1] as "62%", below ten with one decimal: "0.4%". */
export function percent(share: number): string {
  const value = share * 100;
  return `${number(value)}%`;
}

function number(value: number): string {
  return value !== 0 && Math.abs(value) < 9.95 ? value.toFixed(1).replace(/\.0$/, "") : String(Math.round(value));
}

/** [low, high] as "55–69%"; [low, point, high] as "62% (55–69%)". */
export function interval(ends: number[]): string {
  const [low, high] = [ends[0] ?? 0, ends.at(-1) ?? 0];
  const range = `${number(low * 100)}–${number(high * 100)}%`;
  return ends.length > 2 ? `${percent(ends[1] ?? 0)} (${range})` : range;
}

/** "2026-03-05T…" as "5 Mar 2026", "2026-03" as "Mar 2026"; anything else as it is. */
export function date(text: string): string {
  const parts = /^(\d{4})-(\d{2})(?:-(\d{2}))?/.exec(text);
  const month = MONTHS[Number(parts?.[2]) - 1];
  if (!parts || !month) return text;
  return `${parts[3] ? `${Number(parts[3])} ` : ""}${month} ${parts[1]}`;
}

export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (value: number) => String(value).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/** A cell as it is read. */
export function cell(value: unknown, kind: ColumnView["kind"]): string {
  if (value === null || value === undefined || value === "") return NONE;
  if (kind === "percent" && typeof value === "number") return percent(value);
  if (kind === "number" && typeof value === "number") return value.toLocaleString("en", { maximumFractionDigits: 2 });
  if (kind === "interval" && Array.isArray(value)) return interval(value as number[]);
  if (kind === "date") return date(String(value));
  return Array.isArray(value) ? value.join(", ") : String(value);
}

/** What a cell is sorted by; null comes last, whichever way. An interval by its middle. */
export function rank(value: unknown, kind: ColumnView["kind"]): number | string | null {
  if (value === null || value === undefined || value === "") return null;
  if (kind === "interval" && Array.isArray(value)) return value.length > 2 ? (value[1] as number) : ((value[0] as number) + (value[1] as number)) / 2;
  if (typeof value === "number") return value;
  return String(value);
}

/** A file's name from titles: letters and digits of any script, the rest as hyphens. */
export function fileName(titles: string[], ending: string): string {
  const plain = titles.join(" ").replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-+|-+$/g, "");
  return `${(plain || "dashboard").slice(0, 100)}.${ending}`;
}

export function progressInWords({ progress }: DashboardView): string {
  if (!progress) return "";
  const { label, done, total } = progress;
  return `${label || "Reading past calls"}: ${done.toLocaleString("en")} of ${total.toLocaleString("en")}; results so far are shown here.`;
}

export function time(moment: Date): string {
  return `${String(moment.getHours()).padStart(2, "0")}:${String(moment.getMinutes()).padStart(2, "0")}`;
}
