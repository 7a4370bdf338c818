import type { ComponentChildren } from "preact";
import { focusSoon, following } from "../shared/focus";
import { Hint, plural } from "../shared/parts";
import type { Hint as HintView, KindName, Step } from "../shared/protocol";
import { CorpusHint, Counts } from "./matching";
import { filled, isDirty } from "./reducer";
import { missing, nameOf, stepOf, warnings } from "./steps";
import type { Action, State } from "./types";
import { chipsOf } from "./words";

interface Props {
  state: State;
  dispatch: (action: Action) => void;
  go: (step: Step) => void;
  keyword: () => void;
}

const SHOWN = 3; // examples that the summary quotes
const NOTED = 5; // notes under one heading

/** What the tracker will be, what it lacks, and the button that makes it. */
export function Train({ state, dispatch, go, keyword }: Props) {
  const { form, check, search } = state;
  const lacks = missing(state);
  const chips = chipsOf(form.filters);
  const texts = form.examples.filter((text) => text.trim());
  const visit = (step: Step) => (event: { currentTarget: EventTarget | null }) => {
    focusSoon(event.currentTarget, ".wb-step h3");
    go(step);
  };
  return (
    <div class="wb-train">
      <dl class="wb-summary">
        <Row step="concept" visit={visit}>
          <p>{form.name.trim() ? <b dir="auto">{form.name}</b> : <span class="wb-muted">No name yet</span>}</p>
          {form.description.trim() && (
            <p class="wb-small wb-muted" dir="auto">
              {form.description}
            </p>
          )}
        </Row>
        <Row step="where" visit={visit}>
          <p>{check?.counts ? <Counts counts={check.counts} /> : <span class="wb-muted">{check ? "Nothing to count yet." : "Counting…"}</span>}</p>
          <p class="wb-small wb-muted">
            <bdi>{chips.length > 0 ? chips.map((chip) => chip.text).join(" · ") : "Everything anyone says in external calls"}</bdi>
          </p>
        </Row>
        <Row step="examples" visit={visit}>
          <p>
            <b>{plural(filled(form), "sentence")}</b>
            {filled(form) < state.least && ` of at least ${state.least}`}
          </p>
          {texts.slice(0, SHOWN).map((text) => (
            <p class="wb-small wb-muted wb-quoted" dir="auto">
              {text}
            </p>
          ))}
          {texts.length > SHOWN && <p class="wb-small wb-muted">and {texts.length - SHOWN} more</p>}
        </Row>
      </dl>
      <Notes hints={lacks} title="Before you can save" visit={visit} />
      <Notes hints={warnings(state).filter((hint) => !hint.offer)} title="Worth a look" visit={visit} />
      {[...warnings(state).filter((hint) => hint.offer), ...(search.found?.rare ? [search.found.rare] : [])].map((hint) => (
        <CorpusHint hint={hint} kinds={state.kinds} keyword={keyword} />
      ))}
      <div class="wb-row wb-save">
        <Outcome state={state} dispatch={dispatch} />
      </div>
    </div>
  );
}

export function Row({ step, kind, visit, children }: { step: Step; kind?: KindName; visit: (step: Step) => (event: { currentTarget: EventTarget | null }) => void; children: ComponentChildren }) {
  return (
    <div>
      <dt>{nameOf(step, kind)}</dt>
      <dd>{children}</dd>
      <dd>
        <button type="button" class="wb-link wb-small" aria-label={`Change: ${nameOf(step, kind)}`} onClick={visit(step)}>
          Change
        </button>
      </dd>
    </div>
  );
}

export function Notes({ hints, title, kind, visit }: { hints: HintView[]; title: string; kind?: KindName; visit: (step: Step) => (event: { currentTarget: EventTarget | null }) => void }) {
  if (hints.length === 0) return null;
  return (
    <div class="wb-notes">
      <h4>{title}</h4>
      <ul>
        {hints.slice(0, NOTED).map((hint) => (
          <li>
            <Hint level={hint.level}>
              {hint.field === "examples" && hint.index !== null && hint.other === null && `Example ${hint.index + 1}: `}
              {hint.message}
            </Hint>
            <button type="button" class="wb-link wb-small" onClick={visit(stepOf(hint))}>
              {nameOf(stepOf(hint), kind)}
            </button>
          </li>
        ))}
        {hints.length > NOTED && <li class="wb-small wb-muted">and {hints.length - NOTED} more like these</li>}
      </ul>
    </div>
  );
}

/** What has come of it, and what comes next. */
function Outcome({ state, dispatch }: Pick<Props, "state" | "dispatch">) {
  const { saved, justSaved, saving } = state;
  const clean = saved !== null && !isDirty(state);
  const tag = (event: { currentTarget: EventTarget | null }) => {
    const carousel = following(event.currentTarget as Element, ".wb-carousel");
    if (!carousel) return dispatch({ type: "notice", text: "Run the cell with TaggingCarousel(ws, tracker=builder) to see the sentences to tag." });
    carousel.scrollIntoView({ block: "center" });
    carousel.focus({ preventScroll: true });
  };
  return (
    <>
      {clean && !saving && (
        <button type="button" class={`wb-button ${justSaved ? "wb-primary" : ""}`} onClick={tag}>
          Continue to tagging
        </button>
      )}
      <p class="wb-small" role="status">
        {state.notice ? (
          <span class="wb-muted">{state.notice}</span>
        ) : clean && justSaved ? (
          <>
            <b class="wb-good">✓ Saved.</b> Next: answer rounds of 25 sentences with yes, no or not sure.
          </>
        ) : clean ? (
          <span class="wb-muted">All changes are saved.</span>
        ) : saved ? (
          <span class="wb-muted">Changes are not saved yet.</span>
        ) : (
          <span class="wb-muted">It stays a draft until you publish it. You can change all of this later.</span>
        )}
      </p>
    </>
  );
}
