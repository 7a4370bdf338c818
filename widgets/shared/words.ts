import type { Answer, IntervalView } from "./protocol";

export const LABEL: Record<Answer, string> = { yes: "Yes", no: "No", not_sure: "Not sure" };
export const CANT_TELL = "Can't tell yet";

export function percent(value: number | null): string {
  return value === null ? CANT_TELL : `${Math.round(value * 100)}%`;
}

/** "82% (74–88)". */
export function shareInWords({ low, point, high }: IntervalView): string {
  return `${percent(point)} (${Math.round(low * 100)}–${Math.round(high * 100)})`;
}

/** The same of what may not be told. */
export function toldInWords(share: IntervalView | null): string {
  return share ? shareInWords(share) : CANT_TELL;
}

/** Says "1 credit", "2.5 credits": rounded first, so that 0.99 is 1 credit. */
export function inCredits(value: number, digits = 1): string {
  const said = value.toLocaleString("en", { maximumFractionDigits: digits });
  return `${said} ${said === "1" ? "credit" : "credits"}`;
}
