import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { Text } from "../call/line";
import { SideBadge } from "../shared/parts";
import { type ContextView, type HitView, LIMITS } from "../shared/protocol";
import { Go } from "./go";
import type { Acts, State, Wrong } from "./types";
import { clock, date } from "./words";

interface Props {
  hits: HitView[];
  /** Words to mark, as they were typed. */
  marked: string;
  state: State;
  acts: Acts;
  heading: string;
}

export function Hits({ hits, marked, state, acts, heading }: Props) {
  return (
    <ul class="wb-hits" aria-label={heading}>
      {hits.map((hit) => (
        <Hit key={hit.sentence_id} hit={hit} marked={marked} wrong={state.wrong[hit.sentence_id]} problem={state.calls[hit.sentence_id] ?? ""} acts={acts} />
      ))}
    </ul>
  );
}

function Hit({ hit, marked, wrong, problem, acts }: { hit: HitView; marked: string; wrong: Wrong | undefined; problem: string; acts: Acts }) {
  const asks = useRef<HTMLButtonElement>(null);
  const [wide, widen] = useState(false);
  const close = () => {
    acts.dispatch({ type: "wrong", hit: hit.sentence_id, change: null });
    asks.current?.focus();
  };
  return (
    <li class="wb-panel wb-hit">
      {wide && <Lines lines={hit.before} />}
      <p class="wb-sentence" dir="auto">
        <Text text={hit.text} words={marked} />
      </p>
      {wide && <Lines lines={hit.after} />}
      <div class="wb-hit-about">
        <Who hit={hit} />
        {hit.trackers.length > 0 && (
          <ul class="wb-chips" aria-label="Found by">
            {hit.trackers.map((one) => (
              <li class="wb-chip wb-small" title={`${one.name}, ${one.version === null ? "draft" : `version ${one.version}`}: a score of ${one.score.toFixed(2)}, of at most 1`}>
                <bdi>{one.name}</bdi> <span class="wb-number">{one.score.toFixed(2)}</span>
              </li>
            ))}
          </ul>
        )}
        <div class="wb-actions" data-picture="no">
          {hit.before.length + hit.after.length > 0 && (
            <button type="button" class="wb-link wb-small" aria-expanded={wide} onClick={() => widen(!wide)}>
              {wide ? "Less" : "Context"}
            </button>
          )}
          {hit.link ? (
            <Go link={hit.link} acts={acts}>
              Go to call
            </Go>
          ) : (
            <button type="button" class="wb-link wb-small" onClick={() => acts.call(hit)}>
              Go to call
            </button>
          )}
          {hit.trackers.length > 0 && wrong?.stage !== "done" && (
            <button ref={asks} type="button" class="wb-link wb-small" aria-expanded={Boolean(wrong)} onClick={() => (wrong ? close() : acts.dispatch({ type: "wrong", hit: hit.sentence_id, change: { tracker: hit.trackers[0]?.id ?? "" } }))}>
              Wrong hit
            </button>
          )}
        </div>
      </div>
      {problem && (
        <p class="wb-small wb-wrong" role="alert">
          {problem}
        </p>
      )}
      {wrong && wrong.stage !== "done" && <Note hit={hit} wrong={wrong} acts={acts} close={close} />}
      <p class="wb-small wb-thanks" role="status">
        {wrong?.stage === "done" && <Thanks tracker={hit.trackers.find((one) => one.id === wrong.tracker)?.name ?? "it"} by={wrong.by} />}
      </p>
    </li>
  );
}

function Thanks({ tracker, by }: { tracker: string; by: string }) {
  return (
    <>
      Thank you. It goes to the people who train “<bdi>{tracker}</bdi>”
      {by && (
        <>
          , from <bdi>{by}</bdi>
        </>
      )}
      .
    </>
  );
}

function Lines({ lines }: { lines: ContextView[] }) {
  return (
    <>
      {lines.map((line) => (
        <p class="wb-context wb-small">
          {line.speaker && <bdi class="wb-speaker">{line.speaker}: </bdi>}
          <span dir="auto">{line.text}</span>
        </p>
      ))}
    </>
  );
}

function Who({ hit }: { hit: HitView }) {
  const when = [hit.started && date(hit.started), hit.start_s !== null && `at ${clock(hit.start_s)}`].filter(Boolean).join(", ");
  return (
    <p class="wb-who wb-small wb-muted">
      {hit.speaker && <bdi>{hit.speaker}</bdi>}
      <SideBadge side={hit.side} />
      {hit.title && <bdi>{hit.title}</bdi>}
      {when && <span class="wb-time">{when}</span>}
    </p>
  );
}

interface NoteProps {
  hit: HitView;
  wrong: Wrong;
  acts: Acts;
  close: () => void;
}

function Note({ hit, wrong, acts, close }: NoteProps) {
  const first = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => first.current?.focus(), []);
  const change = (part: Partial<Wrong>) => acts.dispatch({ type: "wrong", hit: hit.sentence_id, change: part });
  const send = (event: Event) => {
    event.preventDefault();
    acts.wrong(hit);
  };
  return (
    <form
      class="wb-note-form"
      data-picture="no"
      onSubmit={send}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        close();
      }}
    >
      {hit.trackers.length > 1 && (
        <label class="wb-field">
          <span class="wb-small">Which tracker is wrong?</span>
          <select class="wb-input" value={wrong.tracker} onChange={(event) => change({ tracker: event.currentTarget.value })}>
            {hit.trackers.map((one) => (
              <option value={one.id}>{one.name}</option>
            ))}
          </select>
        </label>
      )}
      <label class="wb-field">
        <span class="wb-small">What is wrong with it? (Optional)</span>
        <input ref={first} class="wb-input" type="text" maxLength={LIMITS.note} dir="auto" value={wrong.note} onInput={(event) => change({ note: event.currentTarget.value })} />
      </label>
      <div class="wb-actions">
        <button type="submit" class="wb-button wb-small" disabled={wrong.stage === "sending"}>
          {wrong.stage === "sending" ? "Sending…" : "Report as wrong"}
        </button>
        <button type="button" class="wb-link wb-small" onClick={close}>
          Cancel
        </button>
      </div>
      {wrong.error && (
        <p class="wb-small wb-wrong" role="alert">
          {wrong.error}
        </p>
      )}
    </form>
  );
}
