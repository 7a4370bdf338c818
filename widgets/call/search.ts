export interface Piece {
  text: string;
  hit: boolean;
}

/** `text` cut where it holds `words`, whatever their case and the white space between; the kernel matches alike. */
export function pieces(text: string, words: string): Piece[] {
  const pattern = words.trim().split(/\s+/).filter(Boolean).map(escaped).join("\\s+");
  if (!pattern) return [{ text, hit: false }];
  return text
    .split(new RegExp(`(${pattern})`, "giu"))
    .map((part, at) => ({ text: part, hit: at % 2 === 1 }))
    .filter((piece) => piece.text);
}

/** The place after `at` in the rising `places`, or before it; round the end. Null where there is none. */
export function neighbour(places: number[], at: number, forward: boolean): number | null {
  const found = forward ? places.find((place) => place > at) : places.filter((place) => place < at).at(-1);
  return found ?? (forward ? places[0] : places.at(-1)) ?? null;
}

function escaped(word: string): string {
  return word.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
