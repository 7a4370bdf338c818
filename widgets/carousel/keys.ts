import { meaningOf } from "../shared/keys";
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
  enter: "next",
  f: "finds",
};

/** What a key asks for. */
export function keyOf(event: KeyboardEvent): Key | null {
  // Enter presses the button that has the focus.
  if (event.key === "Enter" && (event.target as HTMLElement | null)?.closest?.("button, a, summary")) return null;
  const key = meaningOf(event, KEYS);
  // A key held down would answer cards that nobody has read; only looking through cards may repeat.
  return event.repeat && key !== "back" && key !== "forward" ? null : key;
}
