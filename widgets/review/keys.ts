import { meaningOf } from "../shared/keys";
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

/** What a key asks for. A judgement needs the focus on its sentence: anywhere else nobody could tell which is meant. */
export function keyOf(event: KeyboardEvent): Key | null {
  const key = meaningOf(event, KEYS);
  if (key === "next" || key === "previous") return key;
  if (event.repeat || (key !== "undo" && !(event.target as HTMLElement | null)?.closest?.("article"))) return null;
  return key;
}
