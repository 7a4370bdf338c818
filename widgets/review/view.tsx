import { useLayoutEffect, useRef } from "preact/hooks";
import { Bar, Empty, Hint, Loading, Problem, plural } from "../shared/parts";
import type { AskPlan } from "../shared/plan";
import type { Answer, CardView, ReviewView } from "../shared/protocol";
import { Badge, Measures } from "../shared/quality";
import { Tuning } from "../shared/tuning";
import { After } from "./after";
import { Item } from "./item";
import { Publish } from "./publish";
import { answersOf, COUNT, open, type State, tally, tallyInWords, worth } from "./reducer";

export interface Acts {
  judge: (id: string, answer: Answer) => void;
  at: (at: number) => void;
  widen: (id: string) => void;
  call: (card: CardView) => void;
  undo: () => void;
  count: () => void;
  others: () => void;
  publish: (past: string | null, stream: string | null) => void;
  plan: AskPlan;
  stop: () => void;
  retry: () => void;
  stopRun: () => void;
  see: () => void;
}

export function Review({ state, acts }: { state: State; acts: Acts }) {
  const { view, error } = state;
  return (
    <>
      <header class="wb-head">
        <h2 dir="auto">{view.tracker ? `Review: ${view.tracker}` : "Review"}</h2>
        <span class="wb-small wb-muted" role="status">
          {state.slow ? "Waiting for the kernel…" : view.phase === "opening" && view.estimate ? "Updating…" : ""}
        </span>
      </header>
      {error && !state.failedAt && <Problem message={error} retry={acts.retry} />}
      {view.phase === "untrained" ? <Untrained state={state} acts={acts} /> : view.estimate ? <Body state={state} acts={acts} /> : <Nothing view={view} />}
      <div class="wb-hidden" aria-live="polite">
        {state.spoken}
      </div>
    </>
  );
}

/** A tracker that finds by its definition alone: what it finds is to be read, not judged. */
function Untrained({ state, acts }: { state: State; acts: Acts }) {
  const { view, cards, canEdit, canPublish } = state;
  return (
    <>
      <div class="wb-stack wb-words">
        <p dir="auto">{view.message}</p>
        {view.found && (
          <p class="wb-finds">
            It finds <b>{plural(view.found.sentences, "sentence")}</b> in <b>{view.found.calls.toLocaleString("en")}</b> of {plural(view.found.of_calls, "call")} looked at.
          </p>
        )}
        <p class="wb-muted">There is no estimate of how often it is right, because nobody has answered sentences for it. Read some of what it finds.</p>
      </div>
      <section class="wb-stack wb-list" aria-label="What it finds now">
        <h3>What it finds now</h3>
        {cards.length > 0 ? <Items state={state} acts={acts} editable={false} /> : <p class="wb-muted">{view.nothing}</p>}
      </section>
      {canEdit && canPublish && <Publishing state={state} acts={acts} />}
    </>
  );
}

function Body({ state, acts }: { state: State; acts: Acts }) {
  const { view, canEdit, canPublish } = state;
  return (
    <>
      <Estimate view={view} />
      {state.tuning && <Tuning tuning={state.tuning} onStop={canEdit ? acts.stop : undefined} />}
      <section class="wb-stack wb-list" aria-label="What it finds now">
        <h3>What it finds now</h3>
        {state.cards.length > 0 ? (
          <>
            <Intro state={state} />
            <Items state={state} acts={acts} />
            {canEdit ? <Foot state={state} acts={acts} /> : <Others state={state} acts={acts} />}
          </>
        ) : (
          <div class="wb-empty">
            <h4>{view.found?.sentences ? "Nothing left to judge" : "It finds nothing yet"}</h4>
            <p class="wb-muted">{view.nothing}</p>
          </div>
        )}
      </section>
      {canEdit && canPublish && <Publishing state={state} acts={acts} />}
    </>
  );
}

/** Puts it to work, and shows what comes of that. */
function Publishing({ state, acts }: { state: State; acts: Acts }) {
  const { view, run, found, busy, canEdit } = state;
  return (
    <Publish key={view.tracker} view={view} busy={busy === "publish"} error={state.failedAt === "publish" ? state.error : ""} onPublish={acts.publish} plan={acts.plan}>
      {view.published && run && <After run={run} found={found} busy={busy !== ""} canEdit={canEdit} stop={acts.stopRun} see={acts.see} call={acts.call} />}
    </Publish>
  );
}

/** What is told of it, that of all calls first; and how much it would bring. */
function Estimate({ view }: { view: ReviewView }) {
  const { found, estimate, basic_left: left } = view;
  return (
    <div class="wb-stack wb-words">
      {found && found.sentences > 0 && (
        <p class="wb-finds">
          It finds <b>{plural(found.sentences, "sentence")}</b> in <b>{found.calls.toLocaleString("en")}</b> of {plural(found.of_calls, "call")} now.
        </p>
      )}
      {estimate && (
        <div class="wb-rated">
          <Badge quality={estimate.quality} />
          <Measures quality={estimate.quality} tags={estimate} />
        </div>
      )}
      {estimate?.words.map((text) => <p>{text}</p>)}
      {estimate?.rests_on && <p class="wb-muted">{estimate.rests_on}.</p>}
      {left > 0 && <Hint level="warning">Basic training has {plural(left, "round")} left: these figures will change.</Hint>}
    </div>
  );
}

function Intro({ state }: { state: State }) {
  const { view, cards, canEdit } = state;
  return (
    <>
      <p class="wb-muted">
        {cards.length < COUNT ? `${plural(cards.length, "sentence")}: everything it finds that nobody has judged.` : `${cards.length} sentences, drawn evenly from everything it finds.`} This
        is what it would find if it were in use today, and nothing else.
      </p>
      {canEdit && view.blocked && <Hint level="warning">{view.blocked}</Hint>}
      {canEdit && !view.blocked && (
        <p class="wb-small wb-muted wb-by-keys">
          Keys on a sentence: <kbd>Y</kbd> yes, <kbd>N</kbd> no, <kbd>U</kbd> not sure, <kbd>M</kbd> more around it, <kbd>G</kbd> go to call. Anywhere: <kbd>↓</kbd>{" "}
          <kbd>↑</kbd> or <kbd>J</kbd> <kbd>K</kbd> move, <kbd>Z</kbd> takes back.
        </p>
      )}
    </>
  );
}

function Items({ state, acts, editable = state.canEdit }: { state: State; acts: Acts; editable?: boolean }) {
  const list = useRef<HTMLDivElement>(null);
  const answers = answersOf(state);
  // Read before the page changes: sentences that are replaced take the focus away with them.
  const here = list.current?.closest(".wb")?.contains(document.activeElement) ?? false;
  useLayoutEffect(() => {
    // Only a person who is here already is led on; a page that loads keeps its place.
    if (state.steer > 0 && here) list.current?.querySelectorAll("article")[state.at]?.focus();
  }, [state.steer]);
  return (
    <div class="wb-items" role="feed" aria-label="Sentences that it finds" aria-busy={state.view.phase === "training"} ref={list}>
      {state.cards.map((card, at) => (
        <Item
          key={card.sentence_id}
          card={card}
          at={at}
          count={state.cards.length}
          here={at === state.at}
          wide={state.wide[card.sentence_id] === true}
          answer={answers[card.sentence_id]}
          editable={editable}
          open={open(state)}
          error={state.failedAt === card.sentence_id ? state.error : ""}
          onFocus={() => acts.at(at)}
          onJudge={(answer) => acts.judge(card.sentence_id, answer)}
          onWiden={() => acts.widen(card.sentence_id)}
          onCall={() => acts.call(card)}
        />
      ))}
    </div>
  );
}

/** How the judgements stand and what can be done with them; in its place, the training that they begin. */
function Foot({ state, acts }: { state: State; acts: Acts }) {
  const { view, busy } = state;
  const counts = tally(state);
  const begun = counts.yes + counts.no + counts.notSure > 0;
  if (view.phase === "training") {
    return (
      <div class="wb-foot">
        <p role="status">Learning from your judgements…</p>
        <Bar fraction={view.fraction} label="Learning from your judgements" />
        <p class="wb-small wb-muted">{view.message || "New sentences appear when it is done."}</p>
        {state.failedAt === "count" && <Problem message={state.error} retry={acts.retry} />}
      </div>
    );
  }
  return (
    <div class="wb-foot">
      <p class="wb-tally">{tallyInWords(counts)}</p>
      <div class="wb-row wb-actions">
        <button type="button" class={`wb-button ${begun && counts.left === 0 ? "wb-primary" : ""}`} disabled={!begun || busy !== ""} onClick={acts.count}>
          Submit these judgements
        </button>
        <button type="button" class="wb-button" aria-keyshortcuts="Z" disabled={!begun || busy !== ""} onClick={acts.undo}>
          Undo
        </button>
        <Others state={state} acts={acts} />
      </div>
      {["count", "undo", "others"].includes(state.failedAt) && <Problem message={state.error} retry={acts.retry} />}
      <p class="wb-small wb-muted">{begun ? worth(view, counts) : lastCount(view)}</p>
    </div>
  );
}

function Others({ state, acts }: { state: State; acts: Acts }) {
  const { view, cards, busy } = state;
  const begun = Object.keys(answersOf(state)).length > 0;
  if (cards.length < COUNT) return null;
  return (
    <button type="button" class="wb-button" disabled={begun || busy !== "" || view.phase !== "idle"} onClick={acts.others}>
      {busy === "others" ? "Looking…" : `Show ${COUNT} others`}
    </button>
  );
}

function lastCount({ counted, basic_left: left }: ReviewView): string {
  const next = "Judge all of them to improve the estimate for all your calls.";
  if (!counted) return left > 0 ? `${next} Reviews don't count towards basic training.` : next;
  const { yes, no, not_sure } = counted;
  return `Counted: ${yes} yes, ${no} no, ${not_sure} not sure. These are others. ${next}`;
}

function Nothing({ view }: { view: ReviewView }) {
  if (view.phase === "opening")
    return (
      <Loading>
        <p>Finding what it matches…</p>
        <p class="wb-muted wb-small">This can take a few seconds the first time in a session.</p>
      </Loading>
    );
  const none = view.phase === "nothing";
  return (
    <Empty title={none ? "No tracker yet" : "Nothing to review yet"}>
      <p class="wb-muted">
        {none
          ? "Choose or save a tracker above and tag its rounds to see what it finds here."
          : `Tag first: after ${plural(view.basic_left, "round")} of 25 sentences the basic training is done, and you see how well it does here, with 20 sentences that it finds.`}
      </p>
    </Empty>
  );
}
