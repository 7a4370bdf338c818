import { useLayoutEffect, useRef } from "preact/hooks";
import { plural } from "../shared/parts";
import { count } from "./reducer";
import { Row } from "./turn";
import type { Props } from "./types";

const NEAR = 32; // px from the end that still count as being there
const NO_FINDS: never[] = [];

/**
 * The turns as they come. The newest one is kept in view until the person scrolls up; from then on what they look at
 * stays where it is, whatever comes or changes around it: `anchor` is a turn and how far below the upper edge it is.
 */
export function Transcript({ state, acts }: Props) {
  const { shown, from, follow, here } = state;
  const box = useRef<HTMLDivElement>(null);
  const anchor = useRef<{ turn: string; below: number } | null>(null);
  const visited = useRef(here?.visit ?? 0);
  const written = useRef(0); // where the box was last scrolled to from here

  const remember = () => {
    const top = box.current!.getBoundingClientRect().top;
    const row = rows(box.current!).find((one) => one.getBoundingClientRect().bottom > top);
    anchor.current = row ? { turn: row.dataset["turn"]!, below: row.getBoundingClientRect().top - top } : null;
  };
  const keep = () => {
    const view = box.current!;
    if (follow) {
      // The person has scrolled up, and the event that says so is still to come.
      if (view.scrollTop < written.current - 2 && !isAtEnd(view)) return;
      view.scrollTop = view.scrollHeight;
      written.current = view.scrollTop;
    } else if (anchor.current) {
      const row = rows(view).find((one) => one.dataset["turn"] === anchor.current!.turn);
      if (row) view.scrollTop += row.getBoundingClientRect().top - view.getBoundingClientRect().top - anchor.current.below;
    }
  };
  const scrolled = () => {
    const atEnd = isAtEnd(box.current!);
    if (atEnd) written.current = box.current!.scrollTop;
    remember();
    if (atEnd !== follow) acts.dispatch({ type: "follow", follow: atEnd });
  };

  useLayoutEffect(() => {
    if (here && here.visit !== visited.current) {
      visited.current = here.visit;
      const row = rows(box.current!).find((one) => one.dataset["turn"] === String(here.turn));
      row?.scrollIntoView({ block: "nearest" });
      row?.focus({ preventScroll: true });
      remember();
    } else keep();
  }, [shown.turns, shown.marks, shown.parties, from, follow, here]);
  useLayoutEffect(() => {
    const observer = new ResizeObserver(keep);
    observer.observe(box.current!);
    return () => observer.disconnect();
  }, [follow]);

  const toNewest = () => {
    written.current = 0;
    acts.dispatch({ type: "follow", follow: true });
  };

  const total = count(state);
  const fresh = Math.max(0, total - state.left);
  return (
    <section class="wb-pane" aria-label="Transcript">
      <h3>Transcript</h3>
      <div class="wb-frame">
        <div class="wb-lines" ref={box} tabIndex={0} role="group" aria-label="Turns" onScroll={scrolled}>
          {from > 0 && (
            <button type="button" class="wb-link wb-small wb-earlier" onClick={() => acts.dispatch({ type: "earlier" })}>
              Show earlier turns ({from.toLocaleString("en")})
            </button>
          )}
          {total === 0 && <p class="wb-muted wb-silent">Nothing has been said yet.</p>}
          <div role="list">
            {shown.turns.slice(from).map((turn, place) => {
              if (!turn) return null;
              const at = from + place;
              const before = place > 0 ? shown.turns[at - 1] : undefined;
              return (
                <Row
                  key={at}
                  turn={turn}
                  total={total}
                  finds={shown.marks.get(at) ?? NO_FINDS}
                  party={turn.party === null ? undefined : shown.parties.get(turn.party)}
                  goesOn={before !== undefined && turn.party !== null && before.party === turn.party}
                  trackers={shown.trackers}
                  from={here?.turn === at ? here.find : ""}
                  whole={acts.whole}
                />
              );
            })}
          </div>
        </div>
        {!follow && (
          <button type="button" class="wb-button wb-small wb-newest" onClick={toNewest}>
            Newest{fresh > 0 ? ` (${plural(fresh, "new turn")})` : ""} <span aria-hidden="true">↓</span>
          </button>
        )}
      </div>
    </section>
  );
}

function isAtEnd({ scrollTop, clientHeight, scrollHeight }: HTMLElement): boolean {
  return scrollHeight - scrollTop - clientHeight < NEAR;
}

function rows(box: HTMLElement): HTMLElement[] {
  return [...box.querySelectorAll<HTMLElement>("[data-turn]")];
}
