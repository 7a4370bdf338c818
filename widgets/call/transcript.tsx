import { useLayoutEffect, useReducer, useRef, useState } from "preact/hooks";
import { Line, type LineActions } from "./line";
import type { How, State } from "./reducer";
import { Heights } from "./windowing";

const GUESS = 46; // px, of a row that was not measured yet
const AROUND = 500; // px above and below the view that are drawn too
const EDGE = 12; // px that stay free when a row is brought into view

interface Props extends LineActions {
  state: State;
  onRange: (low: number, high: number) => void;
}

/**
 * The sentences, of which only those near the view are in the page. What a person looks at stays where it is when
 * rows around it turn out higher or lower than guessed: `anchor` is a row and how far below the upper edge it is.
 */
export function Transcript({ state, onRange, ...actions }: Props) {
  const { axis, current, move } = state;
  const count = axis.times.length;
  const box = useRef<HTMLDivElement>(null);
  const [heights] = useState(() => new Heights(count, GUESS));
  const [view, setView] = useState({ top: 0, height: 600 });
  const [, redraw] = useReducer((drawn: number, _: null) => drawn + 1, 0);
  const anchor = useRef({ at: 0, below: 0 });
  const written = useRef(0);
  const before = useRef({ move: -1, current: 0 });
  const focused = useRef(-1);

  const place = (): void => {
    const top = heights.top(anchor.current.at) - anchor.current.below;
    written.current = Math.max(0, Math.min(top, heights.total - box.current!.clientHeight));
    box.current!.scrollTop = written.current;
    look();
  };
  const look = (): void => {
    const { scrollTop: top, clientHeight: height } = box.current!;
    if (top !== view.top || height !== view.height) setView({ top, height });
  };
  const scrolled = (): void => {
    const { scrollTop } = box.current!;
    if (Math.abs(scrollTop - written.current) >= 2) {
      const at = heights.at(scrollTop);
      anchor.current = { at, below: heights.top(at) - scrollTop };
      written.current = scrollTop;
    }
    look();
  };
  const reveal = (how: How): void => {
    const height = box.current!.clientHeight;
    const below = heights.top(current) - box.current!.scrollTop;
    const room = height - heights.size(current) - EDGE;
    const lastTop = heights.top(before.current.current) - box.current!.scrollTop;
    if (how === "stay" || (how === "follow" && (lastTop < 0 || lastTop > height))) return;
    if (how !== "centre" && below >= EDGE && below <= room) return;
    const wanted = how === "centre" || Math.abs(below) > 2 * height ? height / 3 : below < EDGE ? EDGE : room;
    anchor.current = { at: current, below: Math.max(EDGE, wanted) };
    place();
  };

  useLayoutEffect(() => {
    if (move.count === before.current.move) return;
    reveal(before.current.move < 0 ? "centre" : move.how);
    before.current = { move: move.count, current };
    if (move.focus) box.current!.querySelector<HTMLElement>(`[data-at="${current}"]`)?.focus({ preventScroll: true });
  });
  useLayoutEffect(() => {
    const rows = [...box.current!.querySelectorAll<HTMLElement>("[data-at]")];
    const changed = rows.map((row) => heights.set(Number(row.dataset["at"]), row.offsetHeight));
    if (!changed.includes(true)) return;
    place();
    redraw(null);
  });
  useLayoutEffect(() => {
    const observer = new ResizeObserver(() => redraw(null));
    observer.observe(box.current!);
    return () => observer.disconnect();
  }, []);

  const [low, high] = heights.range(view.top, view.height, AROUND);
  useLayoutEffect(() => onRange(low, high), [low, high]);
  const drawn = new Set(Array.from({ length: high - low }, (_, at) => low + at));
  for (const kept of [current, focused.current]) if (kept >= 0 && kept < count) drawn.add(kept);
  return (
    <div
      class="wb-lines"
      ref={box}
      onScroll={scrolled}
      onFocusIn={(event) => (focused.current = Number((event.target as HTMLElement).closest<HTMLElement>("[data-at]")?.dataset["at"] ?? -1))}
      onFocusOut={() => (focused.current = -1)}
    >
      <div class="wb-all" role="list" aria-label="Transcript" style={{ height: `${heights.total}px` }}>
        {[...drawn].sort((a, b) => a - b).map((at) => (
          <Line key={at} at={at} top={heights.top(at)} state={state} {...actions} />
        ))}
      </div>
    </div>
  );
}
