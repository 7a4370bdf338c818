import type { LiveEventView } from "../shared/protocol";

/** What a tracker found in one sentence. `gone` is when the page heard that it is withdrawn, in milliseconds. */
export interface Find extends LiveEventView {
  gone: number | null;
}

/** A part of a turn's text: the finds that it belongs to, and those that end with it. */
export interface Piece {
  text: string;
  finds: Find[];
  ends: Find[];
}

export const HUES = 8;

/** The number of a tracker's colour. */
export function hue(trackers: readonly string[], tracker: string): number {
  return Math.max(0, trackers.indexOf(tracker)) % HUES;
}

/**
 * Cuts a turn's text where finds begin and end. Their places are counted in characters, as the kernel does; a find
 * whose words are elsewhere by now, as the turn was corrected, is looked for.
 */
export function pieces(text: string, finds: readonly Find[]): Piece[] {
  const letters = Array.from(text);
  const spans = finds.flatMap((find) => {
    const span = located(letters, text, find);
    return span ? [{ ...span, find }] : [];
  });
  const cuts = [...new Set([0, letters.length, ...spans.flatMap(({ start, end }) => [start, end])])].sort((a, b) => a - b);
  return cuts.slice(0, -1).map((from, at) => {
    const to = cuts[at + 1]!;
    const around = spans.filter(({ start, end }) => start <= from && end >= to);
    return {
      text: letters.slice(from, to).join(""),
      finds: around.map(({ find }) => find),
      ends: around.filter(({ end }) => end === to).map(({ find }) => find),
    };
  });
}

function located(letters: string[], text: string, find: Find): { start: number; end: number } | null {
  const { start, end } = find;
  const there = letters.slice(start, end).join("");
  // What was too long to travel whole is taken to be where it is said to be.
  const same = there === find.text || (there !== "" && end - start !== Array.from(find.text).length);
  if (same) return { start, end: Math.min(end, letters.length) };
  const at = find.text ? text.indexOf(find.text) : -1;
  if (at < 0) return null;
  const from = Array.from(text.slice(0, at)).length;
  return { start: from, end: from + Array.from(find.text).length };
}

export function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Such as "35 ms" or "1.2 s". */
export function delay(milliseconds: number): string {
  if (milliseconds < 1) return "under 1 ms";
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}
