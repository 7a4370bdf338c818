import { Problem } from "../shared/parts";
import { Ask } from "./ask";
import { Calls } from "./calls";
import { Definition } from "./definition";
import { isDirty } from "./reducer";
import { Source } from "./source";
import { Trend } from "./trend";
import type { Props } from "./types";

export function Metrics(props: Props) {
  const { state } = props;
  const problem = state.error || state.kernelError;
  return (
    <>
      <Heading {...props} />
      {problem && <Problem message={problem} />}
      {state.form?.source && (
        <>
          <Definition {...props} />
          <Source {...props} />
          <Calls {...props} />
          <Ask {...props} />
          <Trend trend={state.trend} saved={state.saved !== null} />
          <Foot {...props} />
        </>
      )}
    </>
  );
}

function Heading({ state, acts }: Props) {
  const { saved, metrics, metricId } = state;
  const others = metrics.filter((one) => one.id !== metricId);
  return (
    <header class="wb-row wb-top">
      <h2 dir="auto">{saved ? `Metric: ${saved.name}` : "New metric"}</h2>
      <div class="wb-row wb-top-tools">
        {saved && (
          <button type="button" class="wb-button wb-small" onClick={() => acts.open(null)}>
            Start a new one
          </button>
        )}
        {others.length > 0 && (
          <select
            class="wb-input wb-small"
            aria-label="Open a metric"
            onChange={(event) => {
              const { value } = event.currentTarget;
              event.currentTarget.value = "";
              acts.open(value);
            }}
          >
            <option value="">Open…</option>
            {others.map((one) => (
              <option value={one.id}>{one.name}</option>
            ))}
          </select>
        )}
      </div>
    </header>
  );
}

function Foot({ state, dispatch, acts }: Props) {
  const { saved, busy, asking, notice, check } = state;
  const dirty = isDirty(state);
  const broken = check?.hints.some((hint) => hint.level === "error") ?? false;
  return (
    <footer class="wb-row wb-foot">
      <button type="button" class="wb-button wb-primary" disabled={!dirty || broken || busy !== ""} onClick={acts.save}>
        {busy === "save" ? "Saving…" : saved ? "Save changes" : "Save metric"}
      </button>
      {saved && !asking && (
        <button type="button" class="wb-button" disabled={busy !== ""} onClick={() => dispatch({ type: "ask", asking: true })}>
          Delete
        </button>
      )}
      {saved && asking && (
        <span class="wb-row wb-asking" role="group" aria-label="Delete this metric?">
          <span>Delete it and everything logged to it?</span>
          <button type="button" class="wb-button" onClick={acts.remove}>
            Yes, delete
          </button>
          <button type="button" class="wb-button" onClick={() => dispatch({ type: "ask", asking: false })}>
            Keep it
          </button>
        </span>
      )}
      <span class="wb-muted wb-small" role="status">
        {state.slow ? "The kernel is busy…" : notice || (broken ? "Fix the problems above to save it." : dirty && saved ? "Not saved yet." : "")}
      </span>
    </footer>
  );
}
