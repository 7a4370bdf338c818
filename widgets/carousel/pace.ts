import type { CardView, CarouselView } from "../shared/protocol";

const KEPT = 12;
const LEAST = 4;
/** A longer pause was not spent thinking about a sentence. */
const PAUSE_MS = 60_000;

/** The moments (milliseconds) at which answers were stored, with the newest. */
export function noted(times: number[], now: number): number[] {
  return [...times, now].slice(-KEPT);
}

/** Milliseconds that an answer takes, the median of the newest; null while too few are known. */
export function pace(times: number[]): number | null {
  const taken = times.slice(1).map((time, at) => time - (times[at] ?? 0));
  const steady = taken.filter((one) => one < PAUSE_MS).sort((a, b) => a - b);
  return steady.length < LEAST ? null : (steady[Math.floor(steady.length / 2)] ?? null);
}

/** "5 seconds a sentence, about 2 minutes left in this round"; empty while that cannot be told. */
export function paceInWords(times: number[], cards: CardView[], view: CarouselView): string {
  const each = pace(times);
  const open = cards.filter((card) => !view.answers[card.sentence_id]).length;
  if (each === null || open === 0) return "";
  const seconds = Math.max(1, Math.round(each / 1000));
  const minutes = Math.round((each * open) / 60_000);
  const left = minutes < 1 ? "less than a minute" : minutes === 1 ? "about a minute" : `about ${minutes} minutes`;
  return `${seconds} ${seconds === 1 ? "second" : "seconds"} a sentence, ${left} left in this round`;
}
