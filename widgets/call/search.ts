import { spans } from "../shared/fold";

export interface Piece {
  text: string;
  hit: boolean;
}

/** `text` cut where it holds `words`, folded; the kernel finds alike. */
export function pieces(text: string, words: string): Piece[] {
  const cut: Piece[] = [];
  let at = 0;
  for (const [start, end] of spans(text, words)) {
    cut.push({ text: text.slice(at, start), hit: false }, { text: text.slice(start, end), hit: true });
    at = end;
  }
  return [...cut, { text: text.slice(at), hit: false }].filter((piece) => piece.text);
}

/** The place after `at` in the rising `places`, or before it; round the end. Null where there is none. */
export function neighbour(places: number[], at: number, forward: boolean): number | null {
  const found = forward ? places.find((place) => place > at) : places.filter((place) => place < at).at(-1);
  return found ?? (forward ? places[0] : places.at(-1)) ?? null;
}
