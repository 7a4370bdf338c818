import { hrefOf } from "../shared/address";
import { clock } from "../shared/clock";
import { time } from "../shared/moments";
import { plural } from "../shared/parts";
import type { LiveCallView } from "../shared/protocol";
import { delay, median } from "./marks";
import type { Props, State } from "./types";

/** Which call is shown, how it stands, and its figures. */
export function Head(props: Props) {
  const { state, acts } = props;
  const { call } = state.shown;
  const { calls, canReplay, opened } = state;
  return (
    <header class="wb-top">
      <div class="wb-title">
        <h2 dir="auto">{call ? nameOf(call) : "Live calls"}</h2>
        {/* It is there from the start: what comes into the page together with its words is not read out. */}
        <span role="status">{call && <Pill call={call} />}</span>
        <span class="wb-small wb-muted wb-slow">{state.slow ? "Waiting for the kernel…" : ""}</span>
        {canReplay && calls && calls.length > 0 && (
          <button type="button" class="wb-button wb-small" aria-expanded={opened} onClick={() => acts.dispatch({ type: "open", opened: !opened })}>
            Replay a call…
          </button>
        )}
      </div>
      {calls && calls.length > 0 && <Choice {...props} />}
      {call && <Figures state={state} linked={acts.linked} />}
      {call && <Ended {...props} />}
    </header>
  );
}

function nameOf(call: LiveCallView): string {
  return call.title || call.conversation_id;
}

const STATES = { live: "Live", left: "Disconnected: no new turns", ended: "Ended" };

function Pill({ call }: { call: LiveCallView }) {
  const replayed = call.state === "live" && call.speed !== null;
  return <span class={`wb-pill wb-pill-${replayed ? "replay" : call.state}`}>{replayed ? `Replay at ${call.speed}×` : STATES[call.state]}</span>;
}

function Choice({ state, acts }: Props) {
  const { calls, callKey } = state;
  const gone = callKey !== "" && !calls!.some((one) => one.key === callKey);
  return (
    <label class="wb-choose">
      <span class="wb-small wb-muted">Call</span>
      <select class="wb-input" value={callKey} onChange={(event) => acts.choose(event.currentTarget.value)}>
        <option value="">Newest call (automatic)</option>
        {gone && <option value={callKey}>The chosen call</option>}
        {calls!.map((one) => (
          <option value={one.key}>{optionOf(one)}</option>
        ))}
      </select>
    </label>
  );
}

function optionOf(call: LiveCallView): string {
  const stands = { live: call.speed === null ? "live" : "replay", left: "left", ended: "ended" }[call.state];
  return [nameOf(call), call.account, `${stands}, began ${time(call.began)}`].filter(Boolean).join(" · ");
}

/** How quick matching is tells those who set it up something, and readers nothing. */
function Figures({ state, linked }: { state: State; linked: boolean }) {
  const { shown } = state;
  const finds = [...shown.finds.values()].filter((find) => find.gone === null).length;
  const usual = median(shown.latencies);
  const last = shown.turns.filter((turn) => turn?.time).at(-1)?.time;
  const elapsed = shown.call!.elapsed === null ? last : clock(shown.call!.elapsed);
  const rows: [string, string, string?][] = [
    [shown.call!.state === "live" ? "Elapsed" : "Heard", elapsed ?? "–"],
    ["Turns", shown.turns.length.toLocaleString("en")],
    ["Finds", finds.toLocaleString("en")],
  ];
  if (!linked) rows.push(["Median latency", usual === null ? "–" : delay(usual), "From a turn's arrival to a match in it"]);
  return (
    <dl class="wb-figures">
      {rows.map(([name, value, why]) => (
        <div title={why}>
          <dt class="wb-small wb-muted">{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** What became of a call that has ended, and where it can be read. */
function Ended({ state, acts }: Props) {
  const { end, call } = state.shown;
  if (!end || !call) return null;
  const recorded = end.kept || call.speed !== null;
  const words = end.kept ? `Saved to the corpus, with ${plural(end.found, "find")}.` : call.speed !== null ? `The replay has ended: ${plural(end.found, "find")}.` : "It was not saved.";
  const linked = acts.linked && state.pages.some(({ page }) => page === "search");
  return (
    <p class="wb-ended">
      <span>{words}</span>
      {recorded && linked && (
        <a class="wb-go" href={hrefOf({ page: "search", label: "", query: { call: call.conversation_id } })}>
          Read the call
        </a>
      )}
      {recorded && !acts.linked && (
        <button type="button" class="wb-link" onClick={() => acts.show(call.conversation_id, null)}>
          Open in the call viewer
        </button>
      )}
    </p>
  );
}
