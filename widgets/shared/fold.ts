// What is compared of two texts, as `workbench/domain/words.py` does it: the kernel finds, the page marks what it found.

// biome-ignore lint/suspicious/noMisleadingCharacterClass: each of these is meant by itself, joiners and selectors too
const UNSEEN = /[\u0080-\u0084\u0086-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200d-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]/gu;
const UNSPACED = /[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u9fff\uf900-\ufaff\u{20000}-\u{3ffff}]/u;

/** Without case, decomposed: "STRASSE" for "Straße", and one i for the dotted and the dotless one of Turkish. */
export function fold(text: string): string {
  return cased(cased(text.replace(UNSEEN, "")))
    .replace(/i([\u0300-\u0306\u0308-\u036f]*)\u0307/gu, "i$1")
    .replace(/[’ʼ＇]/gu, "'")
    .replace(/٪/gu, "%");
}

// Between a number and its share or currency, where white space says nothing.
const AMOUNT = /(?<=\p{N})(?=[%‰‱]|\\?\p{Sc})|(?<=\p{Sc})(?=\p{N})/gu;

/** Where in `text` stands what was typed, or else each of its words, in order: [start, end), never overlapping. */
export function spans(text: string, typed: string): [number, number][] {
  const { folded, starts, places } = pieced(text);
  const at = (offset: number) => {
    let low = 0;
    while (low + 1 < starts.length && starts[low + 1]! <= offset) low++;
    return low;
  };
  const found = (wanted: string, whole: boolean) => {
    const pattern = amounts(fold(wanted).trim()).split(/\s+/u).filter(Boolean).map(escaped).join("\\s+").replace(AMOUNT, "\\s*");
    if (!pattern) return [];
    return [...folded.matchAll(new RegExp(pattern, "gu"))]
      .filter((match) => stands(folded, match.index, match.index + match[0].length, whole))
      .map((match): [number, number] => [places[at(match.index)]!, places[at(match.index + match[0].length - 1) + 1]!]);
  };
  const all = found(typed, false);
  return all.length ? all : apart(terms(typed).flatMap((term) => found(term, true)));
}

function cased(text: string): string {
  return [...text.normalize("NFD").normalize("NFKD")]
    .map((sign) => sign.toUpperCase().toLowerCase())
    .join("")
    .normalize("NFKD");
}

/** The text folded letter by letter with its marks, and where each of these starts: folded, and in the text. */
function pieced(text: string): { folded: string; starts: number[]; places: number[] } {
  const [starts, places] = [[] as number[], [] as number[]];
  let folded = "";
  for (const { 0: piece, index } of text.matchAll(/\P{M}?[\p{M}\u00ad\u200d]*/gu)) {
    if (!piece) continue;
    starts.push(folded.length);
    places.push(index);
    folded += fold(piece);
  }
  places.push(text.length);
  return { folded, starts, places };
}

/** A letter without the marks that follow is another one; in scripts without spaces, part of a text is a word. */
function stands(text: string, start: number, end: number, whole: boolean): boolean {
  const before = /.$/su.exec(text.slice(0, start).slice(-2))?.[0] ?? "";
  const next = String.fromCodePoint(text.codePointAt(end) ?? 32);
  if (/\p{M}/u.test(next)) return false;
  const last = text.charAt(end - 1);
  if (whole && /[\p{S}#%&*@/\\§‰‱]/u.test(last) && next === last) return false; // "C+" is not "C++"
  const inside = (sign: string, edge: string) => /[\p{L}\p{N}\p{M}]/u.test(sign) && !UNSPACED.test(sign) && !UNSPACED.test(edge);
  return !whole || !(inside(before, text.charAt(start)) || inside(next, text.charAt(end - 1)));
}

/** Words, and what stands in quotes, without what ends or opens a sentence. */
function terms(typed: string): string[] {
  return [...amounts(typed).matchAll(/["“„«]([^"”“»]*)["”“»]?|[^\s"“„«]+/gu)]
    .map((match) => (match[1] ?? match[0]).replace(/^[,;:!?()[\]{}'’…]+|[.,;:!?()[\]{}'’…]+$/gu, ""))
    .filter(Boolean);
}

/** Amounts such as "$ 40" without the space. */
function amounts(typed: string): string {
  return typed.replace(/(?<=\p{N})\s+(?=[%‰‱]|\p{Sc}(?!\s*\p{N}))|(?<=\p{Sc})\s+(?=\p{N})/gu, "");
}

function apart(found: [number, number][]): [number, number][] {
  let last = 0;
  return found
    .sort((x, y) => x[0] - y[0] || y[1] - x[1])
    .filter(([start, end]) => {
      if (start < last) return false;
      last = end;
      return true;
    });
}

function escaped(word: string): string {
  return word.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
