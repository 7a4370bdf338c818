import { Field } from "../shared/parts";
import type { MetricSource, NamedView } from "../shared/protocol";
import { Judge } from "./ask";
import { Choice } from "./definition";
import { trackerOf, withCase } from "./reducer";
import type { Props } from "./types";

const SOURCES: [MetricSource, string][] = [
  ["trackers", "From trackers"],
  ["question", "From a question"],
  ["code", "Logged from code"],
];
const SIDES: [string, string][] = [
  ["anyone", "anyone"],
  ["company", "the company"],
  ["customer", "the customer"],
];

export function Source(props: Props) {
  const { state, dispatch } = props;
  const { source } = state.form;
  return (
    <section class="wb-part" aria-label="Where its values come from">
      <h3>Where its values come from</h3>
      <fieldset class="wb-field">
        <legend class="wb-hidden">Source</legend>
        <div class="wb-row wb-choices">
          {SOURCES.map(([type, label]) => (
            <Choice name={`metric-source-${state.group}`} checked={source.type === type} choose={() => dispatch({ type: "source", change: { type } })}>
              {label}
            </Choice>
          ))}
        </div>
      </fieldset>
      {source.type === "trackers" && <Rule {...props} />}
      {source.type === "question" && <Question {...props} />}
      {source.type === "code" && <Code {...props} />}
    </section>
  );
}

function Rule(props: Props) {
  const { state, dispatch } = props;
  const { source, kind } = state.form;
  const { trackers } = state;
  if (trackers.length === 0) return <p class="wb-muted">No trackers yet. Create one first, or log the values from code.</p>;
  return (
    <>
      {kind === "boolean" ? <Required {...props} /> : <Cases {...props} />}
      <div class="wb-naming">
        <Pick
          label="It applies to calls where this finds something"
          trackers={trackers}
          value={source.applies}
          none="It applies to every call"
          choose={(applies) => dispatch({ type: "source", change: { applies } })}
        />
        <Side {...props} label="Only what is said by" />
      </div>
    </>
  );
}

function Required({ state, dispatch }: Props) {
  const { source } = state.form;
  const toggle = (id: string, on: boolean) => dispatch({ type: "source", change: { required: on ? [...source.required, id] : source.required.filter((one) => one !== id) } });
  return (
    <>
      <fieldset class="wb-field">
        <legend>It is true for calls where these find something</legend>
        <div class="wb-trackers">
          {state.trackers.map((one) => (
            <label class="wb-choice">
              <input type="checkbox" checked={source.required.includes(one.id)} onChange={(event) => toggle(one.id, event.currentTarget.checked)} />
              <span dir="auto">
                {one.name}
                {one.note && <span class="wb-muted wb-small"> ({one.note})</span>}
              </span>
            </label>
          ))}
        </div>
      </fieldset>
      {source.required.length > 1 && (
        <fieldset class="wb-field">
          <legend>How many of them</legend>
          <div class="wb-row wb-choices">
            <Choice name={`metric-match-${state.group}`} checked={source.match === "all"} choose={() => dispatch({ type: "source", change: { match: "all" } })}>
              All of them; only some is partial
            </Choice>
            <Choice name={`metric-match-${state.group}`} checked={source.match === "any"} choose={() => dispatch({ type: "source", change: { match: "any" } })}>
              One is enough
            </Choice>
          </div>
        </fieldset>
      )}
    </>
  );
}

function Cases({ state, dispatch }: Props) {
  const { source, categories } = state.form;
  const names = [...new Set(categories.map((one) => one.trim()).filter(Boolean))];
  if (names.length === 0) return <p class="wb-muted">Name the categories first.</p>;
  return (
    <>
      <p class="wb-muted wb-small">The first category whose tracker finds something counts, in this order.</p>
      <div class="wb-naming">
        {names.map((name) => (
          <Pick
            label={name}
            trackers={state.trackers}
            value={trackerOf(source, name)}
            none="No tracker"
            choose={(tracker) => dispatch({ type: "source", change: { cases: withCase(source, names, name, tracker) } })}
          />
        ))}
        <Field label="If none of them finds anything">
          <select class="wb-input" value={source.otherwise} onChange={(event) => dispatch({ type: "source", change: { otherwise: event.currentTarget.value } })}>
            <option value="">It does not apply</option>
            {names.map((name) => (
              <option value={name}>{name}</option>
            ))}
          </select>
        </Field>
      </div>
    </>
  );
}

function Pick({ label, trackers, value, none, choose }: { label: string; trackers: NamedView[]; value: string; none: string; choose: (id: string) => void }) {
  return (
    <label class="wb-field">
      <span dir="auto">{label}</span>
      <select class="wb-input" value={value} onChange={(event) => choose(event.currentTarget.value)}>
        <option value="">{none}</option>
        {trackers.map((one) => (
          <option value={one.id}>{one.note ? `${one.name} (${one.note})` : one.name}</option>
        ))}
      </select>
    </label>
  );
}

function Side({ state, dispatch, label }: Props & { label: string }) {
  const { side } = state.form.source;
  return (
    <Field label={label}>
      <select class="wb-input" value={side} onChange={(event) => dispatch({ type: "source", change: { side: event.currentTarget.value as typeof side } })}>
        {SIDES.map(([value, words]) => (
          <option value={value}>{words}</option>
        ))}
      </select>
    </Field>
  );
}

function Question(props: Props) {
  const { state, dispatch } = props;
  return (
    <div class="wb-naming">
      <Field label="Question about the call">
        <textarea
          class="wb-input"
          dir="auto"
          rows={2}
          value={state.form.source.question}
          placeholder="Did the agent confirm who is calling?"
          onInput={(event) => dispatch({ type: "source", change: { question: event.currentTarget.value } })}
        />
      </Field>
      <div class="wb-field">
        <Side {...props} label="Answered from what this side says" />
        <Judge {...props} />
      </div>
    </div>
  );
}

function Code({ state }: Props) {
  const code = state.check?.snippet ?? "";
  return (
    <div class="wb-field">
      <p class="wb-muted wb-small">Log a value for each call, and events as they happen:</p>
      <pre class="wb-code" role="group" tabIndex={0} aria-label="Code that logs a value">
        <code>{code}</code>
      </pre>
      <button type="button" class="wb-button wb-small" onClick={() => void navigator.clipboard?.writeText(code)}>
        Copy
      </button>
    </div>
  );
}
