import { Bar, Field, Hint, plural } from "../shared/parts";
import { inCredits } from "../shared/words";
import { isDirty } from "./reducer";
import type { Props, State } from "./types";

/** Who answers the question: only asked where there is a choice. */
export function Judge({ state, dispatch }: Props) {
  if (!state.endpoint)
    return <p class="wb-muted wb-small">A judge on this machine answers: it is free, and compares meaning only. No language model is set up.</p>;
  return (
    <Field label="Who answers">
      <select class="wb-input" value={state.judge} onChange={(event) => dispatch({ type: "judge", judge: event.currentTarget.value as State["judge"] })}>
        <option value="local">A judge on this machine (free, less accurate)</option>
        <option value="endpoint">The configured language model (uses credits)</option>
      </select>
    </Field>
  );
}

/** Puts the question to all calls that are not judged yet, some at a time, so that it can be stopped. */
export function Ask({ state, dispatch, acts }: Props) {
  if (state.form.source.type !== "question") return null;
  if (state.saved === null || isDirty(state)) return <p class="wb-muted wb-small">Save the metric to ask the question of all calls.</p>;
  const { cost, run, busy } = state;
  return (
    <section class="wb-part" aria-label="All calls">
      <h3>All calls</h3>
      {run && <Bar fraction={run.total > 0 ? 1 - run.left / run.total : 1} label="Calls asked about" />}
      <p role="status" class="wb-muted wb-small">
        {run ? told(run) : cost && waiting(state)}
      </p>
      {cost && !cost.enough && <Hint level="warning">You don't have enough credits for all of them. Add some with ws.credits.top_up().</Hint>}
      <div class="wb-row wb-choices">
        {busy === "ask" ? (
          <button type="button" class="wb-button" onClick={() => dispatch({ type: "stop" })} disabled={run?.stopping ?? false}>
            {run?.stopping ? "Stopping…" : "Stop"}
          </button>
        ) : (
          cost !== null &&
          cost.calls > 0 && (
            <button type="button" class="wb-button" disabled={busy !== ""} onClick={acts.ask}>
              Ask about {plural(cost.calls, "call")}
            </button>
          )
        )}
      </div>
    </section>
  );
}

function waiting({ cost }: State): string {
  if (!cost) return "";
  if (cost.calls === 0) return "All calls are judged.";
  return `${plural(cost.calls, "call")} not judged yet. ${cost.free ? "Asking is free." : `Asking takes about ${inCredits(cost.credits)}.`}`;
}

function told(run: NonNullable<State["run"]>): string {
  const failed = run.failed > 0 ? ` ${plural(run.failed, "call")} could not be judged; you can ask about them again.` : "";
  const stopped = run.stopped ? ` It stopped: ${run.stopped}.` : "";
  return `${plural(run.judged, "call")} judged of ${run.total.toLocaleString("en")}.${failed}${stopped}`;
}
