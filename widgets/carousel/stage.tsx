import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

/** Beyond this a tall card may move what is below it. */
const MOST_PX = 520;

/**
 * Holds the cards, and keeps the height of the tallest so far: the buttons below stay under the pointer, and nothing
 * on the page jumps from card to card. Another width begins again.
 */
export function Stage({ grows, most = MOST_PX, children }: { grows: boolean; most?: number; children: ComponentChildren }) {
  const stage = useRef<HTMLDivElement>(null);
  const width = useRef(0);
  useLayoutEffect(() => {
    const node = stage.current;
    if (!node || !grows) return;
    if (node.offsetWidth !== width.current) node.style.minHeight = "";
    width.current = node.offsetWidth;
    node.style.minHeight = `${Math.min(most, node.offsetHeight)}px`;
  });
  return (
    <div class="wb-stage" ref={stage}>
      {children}
    </div>
  );
}
