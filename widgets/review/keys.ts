import type { Answer } from "../shared/protocol";

export type Key = Answer | "next" | "previous" | "undo" | "more" | "call";

const KEYS: Record<string, Key> = {
  y: "yes",
  n: "no",
  u: "not_sure",
  z: "undo",
  backspace: "undo",
  arrowdown: "next",
  j: "next",
  arrowup: "previous",
  k: "previous",
  m: "more",
  g: "call",
};

/**
 * What a key means; null where it is not ours, or where the person is typing or holds a modifier. A judgement needs the
 * focus on its sentence: anywhere else nobody could tell which one is meant.
 */
export function keyOf(event: KeyboardEvent): Key | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  const target = event.target as HTMLElement | null;
  if (target?.closest?.("input, textarea, select")) return null;
  const key = KEYS[event.key.toLowerCase()] ?? null;
  if (key === "next" || key === "previous") return key;
  if (event.repeat || (key !== "undo" && !target?.closest?.("article"))) return null;
  return key;
}
