import type { ComponentChildren } from "preact";
import { Choice } from "../builder/choices";
import { Filters } from "../builder/filters";
import { Counts } from "../builder/matching";
import type { State as BuilderState } from "../builder/types";
import { chipsOf } from "../builder/words";
import { Hint, OpenOther, Problem } from "../shared/parts";
import { inCredits } from "../shared/words";
import { Ask } from "./ask";
import { count } from "./credits";
import { Preview } from "./preview";
import { Publish } from "./publish";
import type { Acts, State } from "./types";

/** A question from its words to its use: each part below the other, for all of them fit on a page. */
export function Question({ state, acts }: { state: State; acts: Acts }) {
  const { form } = state;
  const problem = state.error || state.kernelError;
  return (
    <>
      <Heading state={state} acts={acts} />
      {problem && <Problem message={problem} />}
      {state.elsewhere && (
        <p class="wb-small wb-muted">
          <bdi>{state.elsewhere}</bdi> doesn't ask a question; open it in the tracker builder. You can start a new question here.
        </p>
      )}
      {state.paused && (
        <Hint level="warning">
          Paused: {state.paused}. What it found is kept. {state.paused.includes("cap") ? "Raise the cap with ws.credits.cap()" : "Add credits at the bottom of this page"}, then publish it again.
        </Hint>
      )}
      {form?.filters && (
        <>
          <Part title="The question">
            <Ask state={state} acts={acts} />
          </Part>
          <Part title="Where to look">
            <Where state={state} acts={acts} />
          </Part>
          <Part title="Try it on random calls">
            <Preview state={state} acts={acts} />
          </Part>
          <Part title="Save and publish">
            <Publish state={state} acts={acts} />
          </Part>
        </>
      )}
    </>
  );
}

function Part({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section class="wb-stack wb-part-of" aria-label={title}>
      <h3>{title}</h3>
      {children}
    </section>
  );
}

const STAGES: Record<string, string> = { draft: "Draft", active: "In use", paused: "Paused", deactivated: "Not in use" };

function Heading({ state, acts }: { state: State; acts: Acts }) {
  const others = state.trackers.filter((one) => one.id !== state.trackerId);
  return (
    <header class="wb-row wb-top">
      <h2 dir="auto">{state.saved ? `Question: ${state.saved.name}` : "New question"}</h2>
      <div class="wb-row wb-top-tools">
        <span class="wb-small wb-muted" role="status">
          {state.slow ? "Waiting for the kernel…" : state.stage ? STAGES[state.stage] ?? state.stage : ""}
        </span>
        <OpenOther what="question" saved={state.saved !== null} others={others} open={acts.open} />
      </div>
    </header>
  );
}

/** What looking there is expected to take, said where it is chosen. */
function Expected({ state }: { state: State }) {
  const cost = state.check?.cost;
  if (!cost) return null;
  if (cost.free) return <p class="wb-small wb-muted">Looking there takes no credits.</p>;
  return (
    <p class="wb-small">
      Looking there takes about <b>{inCredits(cost.monthly)} a month</b> for upcoming calls{state.past && cost.calls > 0 && <> and {count(cost.credits)} for past ones</>}.
    </p>
  );
}

/** The builder's filters: they need its form and counts, and change nothing else. */
function Where({ state, acts }: { state: State; acts: Acts }) {
  const { form, facets, check } = state;
  const like = { form: { name: form.name, description: "", filters: form.filters, examples: [] }, facets, check, kinds: [] } as unknown as BuilderState;
  const chips = chipsOf(form.filters).map((chip) => chip.text);
  return (
    <>
      <p role="status">{check?.counts ? <Counts counts={check.counts} /> : <span class="wb-muted">{check ? "Nothing to count yet." : "Counting…"}</span>}</p>
      <p class="wb-small wb-muted">
        <bdi>{chips.length > 0 ? chips.join(" · ") : "Everything anyone says in external calls"}</bdi>
      </p>
      <Choice
        label="Who it listens to"
        value={form.filters.side}
        options={[
          ["company", "Our rep"],
          ["customer", "Customer"],
          ["anyone", "Any party"],
        ]}
        onChange={(side) => acts.dispatch({ type: "filter", change: { side } })}
      />
      <Expected state={state} />
      <details>
        <summary class="wb-small">Change where it looks: calls or e-mails, filters, part of a call</summary>
        <Filters state={like} dispatch={(action) => action.type === "filter" && acts.dispatch(action)} keyword={() => undefined} training={false} />
      </details>
    </>
  );
}
