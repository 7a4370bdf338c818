import { Choice } from "../builder/choices";
import { Field, Hint } from "../shared/parts";
import { LIMITS, type RefinementView } from "../shared/protocol";
import type { Acts, State } from "./types";

interface Props {
  state: State;
  acts: Acts;
}

const OWN = "own topic";

/** The question: of three sections, or written freely; and what counts as a yes. */
export function Ask({ state, acts }: Props) {
  const { form, check, freeing } = state;
  const { dispatch } = acts;
  const edited = form.free || form.sections["details"] !== undefined;
  const details = form.free ? form.details : (form.sections["details"] ?? check?.details ?? "");
  const errors = (check?.hints ?? []).filter((hint) => hint.field === "question");
  return (
    <div class="wb-stack wb-ask">
      <Choice
        label="How do you want to ask?"
        value={form.free || freeing ? "free" : "built"}
        options={[
          ["built", "With set phrases"],
          ["free", "In my own words"],
        ]}
        onChange={(how) => dispatch({ type: "free", free: how === "free" })}
      />
      {form.free ? <Free state={state} acts={acts} /> : <Sections state={state} acts={acts} />}
      <Field label="What counts and what doesn't">
        <textarea class="wb-input" dir="auto" rows={3} value={details} onInput={(event) => dispatch({ type: "details", text: event.currentTarget.value })} />
      </Field>
      {!form.free && (
        <p class="wb-small wb-muted">
          {edited ? "Edited by you. " : "Filled in from the phrases. Edit it as you like. "}
          {edited && (
            <button type="button" class="wb-link wb-small" onClick={() => dispatch({ type: "details", text: null })}>
              Fill in again
            </button>
          )}
        </p>
      )}
      {errors.map((hint) => (
        <Hint level={hint.level}>{hint.message}</Hint>
      ))}
      {!form.free && check && errors.length === 0 && (
        <p class="wb-asked" role="status" dir="auto">
          <b>{check.question}</b>
        </p>
      )}
      <Refinements state={state} acts={acts} />
    </div>
  );
}

function Sections({ state, acts }: Props) {
  const { sections } = state.form;
  const own = sections["topic"] !== undefined && !sections["about"];
  const pick = (name: string, label: string, value: string, more: [string, string][] = []) => (
    <Field label={label}>
      <select class="wb-input" value={value} onChange={(event) => choose(name, event.currentTarget.value)}>
        {!value && <option value="">Choose…</option>}
        {(state.phrases[name] ?? []).map((one) => (
          <option value={one.key}>{one.phrase}</option>
        ))}
        {more.map(([key, text]) => (
          <option value={key}>{text}</option>
        ))}
      </select>
    </Field>
  );
  const choose = (name: string, value: string) => acts.dispatch(value === OWN ? { type: "section", name: "topic", value: "" } : { type: "section", name, value });
  return (
    <div class="wb-sections">
      {pick("who", "Did…", sections["who"] ?? "")}
      {pick("what", "do what", sections["what"] ?? "")}
      {pick("about", "about what", own ? OWN : (sections["about"] ?? ""), [[OWN, "own topic…"]])}
      {own && (
        <Field label="Own topic">
          <input
            class="wb-input"
            dir="auto"
            maxLength={LIMITS.topic}
            placeholder="the delivery date"
            value={sections["topic"]}
            onInput={(event) => acts.dispatch({ type: "section", name: "topic", value: event.currentTarget.value })}
          />
        </Field>
      )}
    </div>
  );
}

function Free({ state, acts }: Props) {
  return (
    <Field label="A question that a call answers with yes or no">
      <input
        class="wb-input"
        dir="auto"
        maxLength={LIMITS.question}
        placeholder="Did the customer ask for a discount?"
        value={state.form.question}
        onInput={(event) => acts.dispatch({ type: "edit", change: { question: event.currentTarget.value } })}
      />
    </Field>
  );
}

function Refinements({ state, acts }: Props) {
  const known = state.check?.refinements ?? [];
  const near = state.near.filter((one) => !known.some((other) => other.message === one.message));
  return (
    <div class="wb-stack wb-refine" aria-live="polite">
      {[...known, ...near].map((one) => (
        <Suggestion one={one} acts={acts} />
      ))}
      <p>
        <button type="button" class="wb-button wb-small" disabled={state.busy !== "" || !state.check?.cost} onClick={acts.refine}>
          {state.busy === "refine" ? "Looking…" : "Look in my calls for suggestions"}
        </button>
      </p>
    </div>
  );
}

/** Something that calls say near the question: a person says whether it counts. */
function Said({ text, acts }: { text: string; acts: Acts }) {
  const say = (counts: boolean) => acts.dispatch({ type: "says", text, counts });
  return (
    <div class="wb-suggested">
      <Hint level="tip">
        <bdi>Calls say “{text}”</bdi>
      </Hint>
      <div class="wb-row" role="group" aria-label={text}>
        <button type="button" class="wb-button wb-small" onClick={() => say(true)}>
          Counts
        </button>
        <button type="button" class="wb-button wb-small" onClick={() => say(false)}>
          Does not count
        </button>
      </div>
    </div>
  );
}

function Suggestion({ one, acts }: { one: RefinementView; acts: Acts }) {
  if (one.text !== null) return <Said text={one.text} acts={acts} />;
  const what = one.question !== null ? one.question : one.side ? "Listen to that side" : one.details !== null ? "Add it to the details" : "";
  return (
    <div class="wb-suggested">
      <Hint level="tip">
        <bdi>{one.message}</bdi>
      </Hint>
      {what && (
        <button type="button" class="wb-link wb-small" onClick={() => acts.dispatch({ type: "take", one })}>
          <bdi>{one.question !== null ? `Ask: ${what}` : what}</bdi>
        </button>
      )}
    </div>
  );
}
