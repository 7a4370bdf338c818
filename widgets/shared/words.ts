import type { Answer, MeasureView, RoundView } from "./protocol";

export const LABEL: Record<Answer, string> = { yes: "Yes", no: "No", not_sure: "Not sure" };
export const CANT_TELL = "Can't tell yet";

export function percent(value: number | null): string {
  return value === null ? CANT_TELL : `${Math.round(value * 100)}%`;
}

const ofTen = (value: number): number => Math.round(value * 10);

/** "7" or "6 to 9": an interval in tenths, for reading aloud. */
function range(low: number, high: number): string {
  const [from, to] = [Math.floor(low * 10 + 0.05), Math.ceil(high * 10 - 0.05)];
  return from === to ? String(from) : `${from} to ${to}`;
}

/** What the newest estimates say, in one or two sentences each. The unbiased one comes first. */
export function inWords(round: RoundView): string[] {
  const { precision, hit_rate } = round;
  const out: string[] = [];
  const corpus = sentence(told(precision), told(hit_rate));
  if (corpus) out.push(`In your calls: ${corpus}${spread(precision, hit_rate)}`);
  const held = sentence(precision.heldout, hit_rate.heldout);
  if (held) out.push(`On the sentences you tagged: ${held}`);
  const open = [precision, hit_rate].flatMap((measure, at) => (told(measure) === null ? [at === 0 ? "precision" : "hit rate"] : []));
  if (open.length > 0) out.push(`Its ${open.join(" and ")} in all your calls ${open.length > 1 ? "are" : "is"} not known yet.`);
  return out;
}

/** The corpus estimate where its interval is narrow enough to be told as a number. */
function told(measure: MeasureView): number | null {
  return measure.corpus?.tells ? measure.corpus.point : null;
}

/** Precision and hit rate in tenths, without a capital; empty where neither can be told. */
export function sentence(precision: number | null, hitRate: number | null): string {
  const finds = precision === null ? "" : `of 10 sentences it finds, about ${ofTen(precision)} ${ofTen(precision) === 1 ? "is" : "are"} right`;
  const misses = hitRate === null ? "" : `it finds about ${ofTen(hitRate)} of every 10 that exist`;
  const both = [finds, misses].filter(Boolean).join("; ");
  return both && `${both}.`;
}

function spread(precision: MeasureView, hitRate: MeasureView): string {
  const parts: string[] = [];
  if (precision.corpus?.tells) parts.push(`${range(precision.corpus.low, precision.corpus.high)} right`);
  if (hitRate.corpus?.tells) parts.push(`${range(hitRate.corpus.low, hitRate.corpus.high)} found`);
  return parts.length > 0 ? ` Likely ranges: ${parts.join(", ")}.` : "";
}

/** Says "1 credit", "2.5 credits": rounded first, so that 0.99 is 1 credit. */
export function inCredits(value: number, digits = 1): string {
  const said = value.toLocaleString("en", { maximumFractionDigits: digits });
  return `${said} ${said === "1" ? "credit" : "credits"}`;
}
