import { Field, Hint, plural } from "../shared/parts";
import { PASTS, Plan } from "../shared/plan";
import { inCredits } from "../shared/words";
import { Credits, count } from "./credits";
import { Further } from "./further";
import { isDirty, lacking } from "./reducer";
import type { Acts, State } from "./types";

/** Its name, who answers, what it is expected to cost; and the buttons that keep it and put it to work. */
export function Publish({ state, acts }: { state: State; acts: Acts }) {
  const { form, check, busy, past, stream, email, endpoint, saved, stage, uid } = state;
  const { dispatch } = acts;
  const lacks = lacking(state, true);
  const blocked = check === null || lacks.length > 0 || busy !== "";
  const names = (check?.hints ?? []).filter((hint) => ["name", "description"].includes(hint.field) && (form.name || hint.level !== "error"));
  return (
    <div class="wb-stack wb-publishing">
      <div class="wb-naming">
        <Field label="Name">
          <input class="wb-input" dir="auto" value={form.name} placeholder="Asks for a discount" onInput={(event) => dispatch({ type: "edit", change: { name: event.currentTarget.value } })} />
        </Field>
        <Field label="Description">
          <input class="wb-input" dir="auto" value={form.description} onInput={(event) => dispatch({ type: "edit", change: { description: event.currentTarget.value } })} />
        </Field>
      </div>
      {names.map((hint) => (
        <Hint level={hint.level}>{hint.message}</Hint>
      ))}
      <Judge state={state} acts={acts} />
      <fieldset>
        <legend>Which calls should it look at?</legend>
        {PASTS.map(([label, value]) => (
          <label class="wb-radio">
            <input type="radio" name={`past-${uid}`} checked={past === value} onChange={() => dispatch({ type: "past", past: value })} />
            {label}
          </label>
        ))}
      </fieldset>
      <Plan past={past} of={planned(state)} ask={acts.plan} />
      <Cost state={state} />
      <label class="wb-radio">
        <input type="checkbox" checked={stream !== null} onChange={(event) => dispatch({ type: "stream", stream: event.currentTarget.checked ? form.name : null })} />
        Collect its calls in a stream, which can notify people
      </label>
      {stream !== null && (
        <div class="wb-naming">
          <Field label="Name of the stream">
            <input class="wb-input" dir="auto" value={stream} onInput={(event) => dispatch({ type: "stream", stream: event.currentTarget.value })} />
          </Field>
          <Field label="Notify by e-mail (optional)">
            <input class="wb-input" type="email" placeholder="name@example.org" value={email} onInput={(event) => dispatch({ type: "email", email: event.currentTarget.value })} />
          </Field>
        </div>
      )}
      {lacks.length > 0 && form.name !== "" && lacks.map((message) => <Hint level="error">{message}</Hint>)}
      <div class="wb-row wb-actions">
        <button type="button" class="wb-button" disabled={blocked || !isDirty(state)} onClick={acts.save}>
          {busy === "save" ? "Saving…" : saved && stage !== "draft" ? "Save changes, publish later" : "Save as a draft"}
        </button>
        <button type="button" class="wb-button wb-primary" disabled={blocked || (form.judge === "endpoint" && !endpoint)} onClick={acts.publish}>
          {busy === "publish" ? "Publishing…" : saved && stage !== "draft" ? "Publish again" : "Save and publish"}
        </button>
        <p class="wb-small" role="status" dir="auto">
          {state.notice || (!form.name ? "Give it a name first." : "")}
        </p>
      </div>
      {(state.found || state.run) && (
        <p class="wb-small" role="status" dir="auto">
          {state.found} {state.run}
        </p>
      )}
      {takesCredits(state) && <Credits state={state} acts={acts} />}
      <Further state={state} acts={acts} />
    </div>
  );
}

/** What the plan depends on beside the period: its name only where there is none. */
function planned({ form, stage, paused, run, check, notice }: State): string {
  return JSON.stringify([{ ...form, name: form.name.trim() !== "", description: "" }, stage, paused, run === "", check?.balance, notice]);
}

/** Whether credits matter here: the judge has a price, or an endpoint, which has one, can be chosen. */
function takesCredits({ check, endpoint, paused, form }: State): boolean {
  return endpoint || paused !== "" || form.judge === "endpoint" || (check?.cost ? !check.cost.free : false);
}

function Judge({ state, acts }: { state: State; acts: Acts }) {
  const { form, endpoint } = state;
  if (!endpoint && form.judge === "local")
    return <p class="wb-small wb-muted">A judge on this machine answers: it is free and needs no other service, but compares meaning only, so it is less accurate than a language model. None is set up.</p>;
  return (
    <Field label="Who answers">
      <select class="wb-input" value={form.judge} onChange={(event) => acts.dispatch({ type: "edit", change: { judge: event.currentTarget.value } })}>
        <option value="local">A judge on this machine (free, less accurate)</option>
        <option value="endpoint">The configured language model (uses credits)</option>
        {!["local", "endpoint"].includes(form.judge) && <option value={form.judge}>{form.judge}</option>}
      </select>
      {form.judge === "endpoint" && !endpoint && <Hint level="warning">No endpoint is set up in this kernel. Choose the judge on this machine, or set one up.</Hint>}
    </Field>
  );
}

/** What the chosen calls are expected to take, and what there is. */
function Cost({ state }: { state: State }) {
  const { check } = state;
  if (!check?.cost) return null;
  const { calls, credits, monthly, paid, free, enough } = check.cost;
  if (free) return <p class="wb-inset wb-cost">Expected cost: none. {calls > 0 && plural(calls, "past call matches.", "past calls match.")}</p>;
  return (
    <div class="wb-inset wb-cost">
      <p>
        Expected cost:{" "}
        {state.past && (
          <>
            <b>{inCredits(credits)}</b> for {plural(calls, "past call")}{paid > 0 && ` (${plural(paid, "is paid for", "are paid for")})`}, and{" "}
          </>
        )}
        about <b>{inCredits(monthly)} a month</b> for upcoming calls. There are <b>{count(check.balance)}</b>.
      </p>
      {check.balance <= 0 ? (
        <Hint level="warning">You have no credits, so it can't be published. Add some below.</Hint>
      ) : (
        !enough && <Hint level="warning">You don't have enough credits for all of them: the newest are read first, then the tracker is paused.</Hint>
      )}
    </div>
  );
}
