import { Bar, plural, Problem } from "../shared/parts";
import { Card } from "./card";
import { Answers } from "./answers";
import { Progress } from "./progress";
import type { Action, State } from "./reducer";
import { shown } from "./reducer";

interface Props {
  state: State;
  dispatch: (action: Action) => void;
  retry: () => void;
}

export function Carousel({ state, dispatch, retry }: Props) {
  const { view, error } = state;
  return (
    <>
      <header class="wb-head">
        <h2 dir="auto">{view.tracker || "Tagging"}</h2>
        <span class="wb-saved wb-small" role="status">
          {state.slow ? "Waiting for the kernel…" : state.pending ? "Saving…" : Object.keys(view.answers).length > 0 ? "✓ Saved" : ""}
        </span>
      </header>
      {error && <Problem message={error} retry={view.phase === "failed" || state.cards.length === 0 || /lost/.test(error) ? retry : undefined} />}
      <Body state={state} dispatch={dispatch} />
      <div class="wb-hidden" aria-live="polite">
        {state.spoken}
      </div>
    </>
  );
}

function Body({ state, dispatch }: Omit<Props, "retry">) {
  const { view } = state;
  if (view.phase === "nothing")
    return <Empty title="No tracker yet">Save a tracker above, and its first sentences show here.</Empty>;
  if (view.phase === "exhausted")
    return <Empty title="Nothing left to tag">{view.message || "Every sentence that passes the filters has an answer."}</Empty>;
  if (view.phase === "training") return <Training state={state} dispatch={dispatch} />;
  const card = shown(state);
  if (!card) {
    if (state.error) return <Empty title="No sentences to show">See the message above.</Empty>;
    return (
      <div class="wb-loading" role="status">
        <p>Looking for sentences to ask about…</p>
        <p class="wb-muted wb-small">The first time in a session this can take some seconds.</p>
      </div>
    );
  }
  return (
    <>
      <LastRound state={state} />
      <Progress state={state} />
      <Card key={card.sentence_id} card={card} panel={state.panel} onPanel={(open) => dispatch({ type: "panel", open })} />
      <Answers state={state} dispatch={dispatch} />
    </>
  );
}

function Empty({ title, children }: { title: string; children: string }) {
  return (
    <div class="wb-empty">
      <h3>{title}</h3>
      <p class="wb-muted">{children}</p>
    </div>
  );
}

/** What the round before brought, until the new round has its first answer. */
function LastRound({ state }: { state: State }) {
  const { summary, answers, rounds_done, basic_rounds } = state.view;
  if (Object.keys(answers).length > 0 || rounds_done === 0) return null;
  const done = rounds_done === basic_rounds;
  return (
    <p class="wb-note" role="status">
      {summary && summary.round === rounds_done && `Round ${summary.round} done: ${summary.yes} yes, ${summary.no} no, ${summary.not_sure} not sure. `}
      {done && "Basic training is done: see the estimate below. More rounds are welcome."}
      {!done && rounds_done < basic_rounds && `${plural(basic_rounds - rounds_done, "round")} to go until the basic training is done.`}
      {rounds_done > basic_rounds && "Further rounds should make the estimate better; look at it below."}
    </p>
  );
}

function Training({ state, dispatch }: Omit<Props, "retry">) {
  const { summary, fraction, message } = state.view;
  return (
    <div class="wb-training">
      <h3>Round {summary?.round ?? state.view.round} is answered</h3>
      {summary && (
        <ul class="wb-counts" aria-label="Your answers">
          <li class="wb-yes">
            <b>{summary.yes}</b> yes
          </li>
          <li class="wb-no">
            <b>{summary.no}</b> no
          </li>
          <li class="wb-not_sure">
            <b>{summary.not_sure}</b> not sure
          </li>
        </ul>
      )}
      <div class="wb-learning">
        <p role="status">Learning from your answers…</p>
        <Bar fraction={fraction} label="Learning from your answers" />
        <p class="wb-muted wb-small" dir="auto">
          {message || "The next round begins by itself."}
        </p>
      </div>
      <button type="button" class="wb-link" disabled={state.pending !== null} onClick={() => dispatch({ type: "key", key: "undo" })}>
        Undo the last answer
      </button>
    </div>
  );
}
