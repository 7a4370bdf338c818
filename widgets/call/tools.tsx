import { useLayoutEffect, useRef } from "preact/hooks";
import { clock } from "../shared/clock";
import { plural } from "../shared/parts";
import { LIMITS } from "../shared/protocol";
import { type Action, marked, type State } from "./reducer";

interface Props {
  state: State;
  dispatch: (action: Action) => void;
}

/** The search in the call. It takes the place of the browser's own, which sees only what is in the page. */
export function Search({ state, dispatch }: Props) {
  const { query, hits, current } = state;
  return (
    <div class="wb-row wb-search" role="search" aria-label="In this call">
      <input
        type="search"
        class="wb-input"
        aria-label="Search in this call"
        placeholder="Search in this call"
        maxLength={LIMITS.search}
        value={query}
        onInput={(event) => dispatch({ type: "query", query: event.currentTarget.value })}
        onKeyDown={(event) => {
          if (event.key === "Enter") dispatch({ type: "step", among: "hits", forward: !event.shiftKey });
          if (event.key === "Escape" && query) {
            event.preventDefault();
            event.stopPropagation();
            dispatch({ type: "query", query: "" });
          }
        }}
      />
      {query.trim() && (
        <Steps what="match" places={hits ?? []} at={current} onStep={(forward) => dispatch({ type: "step", among: "hits", forward })}>
          {hits === null ? "Searching…" : hits.length ? plural(hits.length, "sentence") : "Not in this call"}
        </Steps>
      )}
    </div>
  );
}

/** What the trackers find in this call, and the way from one to the next. */
export function Finds({ state, dispatch }: Props) {
  if (state.trackers.length === 0) return null;
  return (
    <div class="wb-row wb-finds">
      <ul class="wb-row wb-chips" aria-label="Marked by trackers">
        {state.trackers.map((name) => (
          <li>
            <span class="wb-diamond" aria-hidden="true">
              ◆
            </span>{" "}
            <span dir="auto">{name}</span> <b>{state.marks.filter((mark) => mark.tracker === name).length}</b>
          </li>
        ))}
      </ul>
      <Steps what="marked sentence" places={marked(state)} at={state.current} onStep={(forward) => dispatch({ type: "step", among: "marks", forward })}>
        {state.marks.length ? plural(marked(state).length, "marked sentence") : "Nothing marked in this call"}
      </Steps>
    </div>
  );
}

interface StepsProps {
  what: string;
  places: number[];
  at: number;
  onStep: (forward: boolean) => void;
  children: string;
}

function Steps({ what, places, at, onStep, children }: StepsProps) {
  const here = places.indexOf(at);
  return (
    <div class="wb-row wb-steps">
      <p class="wb-small wb-muted" role="status">
        {here >= 0 ? `${capital(what)} ${here + 1} of ${places.length}` : children}
      </p>
      <button type="button" class="wb-button" aria-label={`Previous ${what}`} disabled={places.length === 0} onClick={() => onStep(false)}>
        <span aria-hidden="true">↑</span>
      </button>
      <button type="button" class="wb-button" aria-label={`Next ${what}`} disabled={places.length === 0} onClick={() => onStep(true)}>
        <span aria-hidden="true">↓</span>
      </button>
    </div>
  );
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

interface SoundProps {
  state: State;
  onToggle: () => void;
  onAnswer: (yes: boolean) => void;
}

/** Plays and pauses the recording, asks before another host is contacted, or says why there is none to hear. */
export function Sound({ state, onToggle, onAnswer }: SoundProps) {
  const { call, playing, seconds, axis, asking } = state;
  if (!call) return null;
  if (!call.address) return call.unheard ? <p class="wb-small wb-muted" dir="auto">{call.unheard}</p> : null;
  return (
    <div class="wb-row wb-sound">
      <button type="button" class="wb-button" aria-keyshortcuts="Space" aria-pressed={playing} onClick={onToggle}>
        <span aria-hidden="true">{playing ? "❚❚" : "▶"}</span> {playing ? "Pause" : "Play"}
      </button>
      <span class="wb-small wb-muted wb-time">
        {clock(seconds)} of {clock(axis.end)}
      </span>
      {asking !== null && call.host && <Question host={call.host} onAnswer={onAnswer} />}
    </div>
  );
}

/** Takes the focus when it appears, and gives it back to where it was. */
function Question({ host, onAnswer }: { host: string; onAnswer: (yes: boolean) => void }) {
  const shown = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const before = document.activeElement;
    const box = shown.current;
    box?.querySelector("button")?.focus();
    return () => {
      if (box?.contains(document.activeElement) && before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <div class="wb-row wb-ask" role="group" aria-label="Play a recording from another host" ref={shown}>
      <p class="wb-small">
        This recording is stored at <b dir="ltr">{host}</b>. To play it, your browser will contact that host.
      </p>
      <button type="button" class="wb-button" onClick={() => onAnswer(true)}>
        Play from {host}
      </button>
      <button type="button" class="wb-button" onClick={() => onAnswer(false)}>
        Cancel
      </button>
    </div>
  );
}
