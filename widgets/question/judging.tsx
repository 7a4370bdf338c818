import { Hint, plural } from "../shared/parts";
import type { AskedCallView, SampleView } from "../shared/protocol";
import { lacking } from "./reducer";
import type { Acts, State } from "./types";

/** The threshold that a question begins with. */
const USUAL = 0.5;
/** From so many judgements on, a result that is mostly wrong is called so. */
const ENOUGH = 5;

/** Whether the result of a call is right: a person's word, which another press takes back. */
export function Verdict({ call, judged, acts }: { call: AskedCallView; judged: boolean | undefined; acts: Acts }) {
  const button = (right: boolean, mark: string, name: string) => (
    <button
      type="button"
      class={`wb-button wb-small wb-verdict ${right ? "wb-right" : "wb-wrong"}`}
      aria-label={name}
      title={name}
      aria-pressed={judged === right}
      onClick={() => acts.judge(call.conversation_id, judged === right ? null : right)}
    >
      {mark}
    </button>
  );
  return (
    <div class="wb-row wb-verdicts" role="group" aria-label={`Is the result right? ${call.title}`}>
      {button(true, "✓", "Right")}
      {button(false, "×", "Wrong")}
    </div>
  );
}

/** How far the results can be trusted, beside them: who judged, what a person says of them, and what would help. */
export function Trust({ state, sample, acts }: { state: State; sample: SampleView; acts: Acts }) {
  const said = Object.values(sample.judged);
  const right = said.filter(Boolean).length;
  const local = state.form.judge === "local";
  const poor = said.length >= ENOUGH && right < 0.7 * said.length;
  if (!local && said.length === 0) return <p class="wb-small wb-muted">Mark some results as right or wrong to see how far you can trust the rest.</p>;
  return (
    <div class="wb-stack wb-inset wb-trust">
      {local && (
        <Hint level="warning">The judge on this machine compares meaning only, so some of these are wrong. Mark a few as right or wrong to see how far you can trust the rest.</Hint>
      )}
      {said.length > 0 && (
        <p role="status">
          Of {said.length} you judged, <b>{right}</b> {right === 1 ? "was" : "were"} right.
        </p>
      )}
      <Tune state={state} sample={sample} acts={acts} />
      {(local || poor) && <Better state={state} acts={acts} />}
    </div>
  );
}

/** A threshold that fits the judgements, in the words of those who gave them. */
function Tune({ state, sample: { tuned, judged }, acts }: { state: State; sample: SampleView; acts: Acts }) {
  const { least } = state.form;
  const wrong = Object.values(judged).filter((one) => !one).length;
  const set = (value: number) => acts.dispatch({ type: "edit", change: { least: value } });
  if (tuned && tuned.least !== least)
    return (
      <div class="wb-row">
        <p>
          A {tuned.least > least ? "stricter" : "looser"} threshold ({tuned.least.toLocaleString("en")}) keeps {plural(tuned.right_kept, "right one")} and drops {tuned.wrong_dropped} of {wrong} wrong.
        </p>
        <button type="button" class="wb-button wb-small" onClick={() => set(tuned.least)}>
          Use it
        </button>
      </div>
    );
  if (least === USUAL) return null;
  return (
    <p class="wb-small wb-muted">
      Threshold: {least.toLocaleString("en")}, set by your judgements. Try it again to see what it finds.{" "}
      <button type="button" class="wb-link wb-small" onClick={() => set(USUAL)}>
        Back to {USUAL}
      </button>
    </p>
  );
}

/** What is less often wrong: a language model, or a tracker that learns from examples. */
function Better({ state, acts }: { state: State; acts: Acts }) {
  const { form, endpoint, saved } = state;
  const nameless = lacking(state, true).length > 0;
  return (
    <div class="wb-row wb-better">
      <span class="wb-small wb-muted">More accurate:</span>
      {form.judge === "local" && endpoint && (
        <button type="button" class="wb-button wb-small" onClick={() => acts.dispatch({ type: "edit", change: { judge: "endpoint" } })}>
          Ask the language model
        </button>
      )}
      <button type="button" class="wb-button wb-small" disabled={state.busy !== "" || (!saved && nameless)} onClick={acts.further}>
        Train it with examples
      </button>
      <span class="wb-small wb-muted">
        {!saved && nameless && "Give it a name below first. "}
        {form.judge === "local" && !endpoint && "Or have a language model answer: set WORKBENCH_JUDGE_URL and WORKBENCH_JUDGE_MODEL, then restart the kernel."}
      </span>
    </div>
  );
}
