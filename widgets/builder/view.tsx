import { focusSoon } from "../shared/focus";
import { OpenOther, Problem } from "../shared/parts";
import type { AskPlan } from "../shared/plan";
import type { Step } from "../shared/protocol";
import { Concept } from "./concept";
import { Examples } from "./examples";
import { Filters } from "./filters";
import { Give } from "./give";
import { kindOf, toQuestions } from "./kinds";
import { Preview } from "./preview";
import { isDirty } from "./reducer";
import { Stepper } from "./stepper";
import { beside, missing, nameOf, stepsOf } from "./steps";
import { Train } from "./train";
import type { Action, State } from "./types";

interface Props {
  state: State;
  dispatch: (action: Action) => void;
  save: () => void;
  open: (trackerId: string | null) => void;
  suggest: () => void;
  keyword: () => void;
  call: (conversationId: string, sentenceId: string) => void;
  publish: (past: string | null, stream: string | null) => void;
  plan: AskPlan;
}

const HEADINGS: Record<Step, string> = {
  concept: "Name the concept",
  where: "Where to look",
  examples: "Example sentences",
  train: "Check, save and train",
  words: "Words and phrases",
  preview: "Preview, save and publish",
};

export function Builder({ state, dispatch, save, open, suggest, keyword, call, publish, plan }: Props) {
  const { step } = state;
  const kind = kindOf(state.form);
  const steps = stepsOf(kind);
  const problem = state.error || state.kernelError;
  const go = (to: Step) => dispatch({ type: "go", step: to });
  return (
    <>
      <Heading state={state} open={open} />
      {problem && <Problem message={problem} />}
      {kind === "question" && <Asked state={state} dispatch={dispatch} />}
      {state.form.filters && kind !== "question" && (
        <>
          <Stepper state={state} go={go} />
          <section class="wb-step" aria-label={`Step ${steps.findIndex(([one]) => one === step) + 1} of ${steps.length}: ${nameOf(step, kind)}`}>
            <h3 tabIndex={-1}>{HEADINGS[step]}</h3>
            {step === "concept" && <Concept state={state} dispatch={dispatch} />}
            {step === "where" && <Filters state={state} dispatch={dispatch} keyword={keyword} training={kind === "example"} />}
            {step === "examples" && <Examples state={state} dispatch={dispatch} suggest={suggest} keyword={keyword} />}
            {step === "words" && <Give state={state} dispatch={dispatch} suggest={suggest} keyword={keyword} call={call} />}
            {step === "preview" && <Preview state={state} dispatch={dispatch} go={go} call={call} publish={publish} plan={plan} />}
            {step === "train" && <Train state={state} dispatch={dispatch} go={go} keyword={keyword} />}
          </section>
          <Foot state={state} go={go} save={save} />
        </>
      )}
    </>
  );
}

/** A tracker that asks a question is built elsewhere. */
function Asked({ state, dispatch }: Pick<Props, "state" | "dispatch">) {
  return (
    <div>
      <h3 dir="auto">{state.form.name} asks a question</h3>
      <p class="wb-muted">
        <button type="button" class="wb-link" onClick={(event) => toQuestions(event.currentTarget, dispatch)}>
          Go to the question builder
        </button>
      </p>
      <p class="wb-small wb-muted" role="status">
        {state.notice}
      </p>
    </div>
  );
}

function Heading({ state, open }: Pick<Props, "state" | "open">) {
  const { saved, drafts, trackerId } = state;
  const others = drafts.filter((draft) => draft.id !== trackerId);
  return (
    <header class="wb-row wb-top">
      <h2 dir="auto">{saved ? `${state.resumed ? "Continue" : "Tracker"}: ${saved.name}` : "New tracker"}</h2>
      <div class="wb-row wb-top-tools">
        <OpenOther what="draft" saved={saved !== null} others={others} open={open} />
      </div>
    </header>
  );
}

/** What is saved of it; the last step of a tracker of examples says that itself. */
function standingOf(state: State, more: boolean): string {
  if (!more && kindOf(state.form) === "example") return "";
  if (!state.saved) return more ? "" : "Nothing is saved yet.";
  return isDirty(state) ? "Changes are not saved yet." : "All changes are saved.";
}

function Foot({ state, go, save }: { state: State; go: (step: Step) => void; save: () => void }) {
  const { step, saved, saving, slow } = state;
  const kind = kindOf(state.form);
  const back = beside(step, -1, kind);
  const next = beside(step, 1, kind);
  const dirty = isDirty(state);
  const move = (to: Step) => (event: { currentTarget: EventTarget | null }) => {
    focusSoon(event.currentTarget, ".wb-step h3");
    go(to);
  };
  return (
    <footer class="wb-row wb-foot">
      {back && (
        <button type="button" class="wb-button" onClick={move(back)}>
          Back
        </button>
      )}
      <p class="wb-small wb-muted" role="status">
        {slow ? "Waiting for the kernel…" : saving ? "Saving…" : standingOf(state, next !== null)}
      </p>
      {(next ? saved && dirty : true) && (
        <button type="button" class={`wb-button ${next || kind !== "example" || !dirty ? "" : "wb-primary"}`} disabled={saving || state.check === null || missing(state).length > 0 || !dirty} onClick={save}>
          {saved ? "Save changes" : kind === "example" ? "Create tracker" : "Save as a draft"}
        </button>
      )}
      {next && (
        <button type="button" class="wb-button wb-primary" onClick={move(next)}>
          Next: {nameOf(next, kind)}
        </button>
      )}
    </footer>
  );
}
