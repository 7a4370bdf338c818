import type { Key } from "./reducer";

const KEYS: Record<string, Key> = {
  y: "yes",
  n: "no",
  u: "not_sure",
  z: "undo",
  backspace: "undo",
  arrowleft: "back",
  arrowright: "forward",
  s: "forward",
  m: "more",
  w: "words",
  g: "call",
};

/** What a key means; null where it is not ours, or where the person is typing or holds a modifier. */
export function keyOf(event: KeyboardEvent): Key | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  const target = event.target as HTMLElement | null;
  if (target?.closest?.("input, textarea, select")) return null;
  const key = KEYS[event.key.toLowerCase()] ?? null;
  // A key held down would answer cards that nobody has read; only looking through cards may repeat.
  return event.repeat && key !== "back" && key !== "forward" ? null : key;
}
