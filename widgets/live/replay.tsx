import { useLayoutEffect, useState } from "preact/hooks";
import { clock } from "../shared/clock";
import { Field, plural } from "../shared/parts";
import { LIMITS, type RecordedView } from "../shared/protocol";
import type { Props } from "./types";

const SPEEDS = [1, 2, 5, 10, 20, 50, 100];
// Each instance on the page is a module of its own, so counting would give all of them the same number.
const unlike = (): string => Math.random().toString(36).slice(2, 10);

/** Chooses a recorded call, and how fast it is replayed. */
export function Replay({ state, acts }: Props) {
  const { recorded, words, picked, busy, speed } = state;
  const [group] = useState(unlike);
  useLayoutEffect(() => acts.search(), []);
  return (
    <section class="wb-panel wb-replay" aria-label="Replay a recorded call">
      <h3>Replay a recorded call</h3>
      <Field label="Words in its title">
        <input class="wb-input" type="search" dir="auto" maxLength={LIMITS.search} value={words} onInput={(event) => acts.dispatch({ type: "words", words: event.currentTarget.value })} />
      </Field>
      <p class="wb-hidden" role="status">
        {recorded && plural(recorded.length, "recorded call")}
      </p>
      {recorded?.length === 0 && <p class="wb-muted">{words.trim() ? "No recorded call has these words in its title." : "No recorded calls yet. Import some first."}</p>}
      {recorded && recorded.length > 0 && (
        <fieldset class="wb-recorded">
          <legend class="wb-hidden">Recorded call</legend>
          {recorded.map((one) => (
            <label class="wb-choice">
              <input type="radio" name={`recorded-${group}`} checked={one.conversation_id === picked} onChange={() => acts.dispatch({ type: "pick", picked: one.conversation_id })} />
              <span class="wb-one">
                <span dir="auto">{one.title || one.conversation_id}</span>
                <span class="wb-small wb-muted" dir="auto">
                  {facts(one)}
                </span>
              </span>
            </label>
          ))}
        </fieldset>
      )}
      <div class="wb-start">
        <Speed speed={speed} choose={(chosen) => acts.dispatch({ type: "speed", speed: chosen })} />
        <button type="button" class="wb-button wb-primary" disabled={!picked || busy !== ""} onClick={acts.replay}>
          {busy === "replay" ? "Starting…" : "Start"}
        </button>
      </div>
    </section>
  );
}

/** Speed and end of the replay that is shown, which runs in this kernel. */
export function Running({ state, acts }: Props) {
  return (
    <div class="wb-inset wb-running" role="group" aria-label="Replay">
      <Speed speed={state.shown.call?.speed ?? 1} choose={acts.speed} />
      <button type="button" class="wb-button" disabled={state.busy !== ""} onClick={acts.stop}>
        {state.busy === "stop" ? "Stopping…" : "Stop"}
      </button>
    </div>
  );
}

function Speed({ speed, choose }: { speed: number; choose: (speed: number) => void }) {
  const speeds = SPEEDS.includes(speed) ? SPEEDS : [...SPEEDS, speed].sort((a, b) => a - b);
  return (
    <label class="wb-speed">
      <span>Speed</span>
      <select class="wb-input" value={speed} onChange={(event) => choose(Number(event.currentTarget.value))}>
        {speeds.map((one) => (
          <option value={one}>{one}×</option>
        ))}
      </select>
    </label>
  );
}

function facts(one: RecordedView): string {
  return [one.account, one.date, one.duration ? clock(one.duration) : null, plural(one.turns, "turn")].filter(Boolean).join(" · ");
}
