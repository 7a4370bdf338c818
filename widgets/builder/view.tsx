import { Hint, Problem } from "../shared/parts";
import { Examples } from "./examples";
import { Filters } from "./filters";
import { hintsFor, isDirty, type Action, type State } from "./reducer";

interface Props {
  state: State;
  dispatch: (action: Action) => void;
  save: () => void;
  open: (trackerId: string | null) => void;
}

export function Builder({ state, dispatch, save, open }: Props) {
  const problem = state.error || state.kernelError;
  return (
    <>
      <Heading state={state} open={open} />
      {problem && <Problem message={problem} />}
      {state.form.filters && (
        <>
          <section class="wb-step">
            <h3>
              <span aria-hidden="true">1</span>
              Name it
            </h3>
            <Naming state={state} dispatch={dispatch} />
          </section>
          <section class="wb-step">
            <h3>
              <span aria-hidden="true">2</span>
              Where to listen
            </h3>
            <Filters state={state} dispatch={dispatch} />
          </section>
          <section class="wb-step">
            <h3>
              <span aria-hidden="true">3</span>
              Example sentences
            </h3>
            <Examples state={state} dispatch={dispatch} />
          </section>
          <Footer state={state} save={save} />
        </>
      )}
    </>
  );
}

function Heading({ state, open }: Pick<Props, "state" | "open">) {
  const { saved, drafts, trackerId } = state;
  const others = drafts.filter((draft) => draft.id !== trackerId);
  return (
    <header class="wb-top">
      <h2 dir="auto">{saved ? `${state.resumed ? "Continue" : "Tracker"}: ${saved.name}` : "New tracker"}</h2>
      <div class="wb-top-tools">
        {saved && (
          <button type="button" class="wb-button wb-small" onClick={() => open(null)}>
            Start a new one
          </button>
        )}
        {others.length > 0 && (
          <select
            class="wb-input wb-small"
            aria-label="Open another draft"
            value=""
            onChange={(event) => {
              const { value } = event.currentTarget;
              event.currentTarget.value = "";
              if (value) open(value);
            }}
          >
            <option value="">Open a draft…</option>
            {others.map((draft) => (
              <option value={draft.id}>{draft.name}</option>
            ))}
          </select>
        )}
      </div>
    </header>
  );
}

function Naming({ state, dispatch }: Pick<Props, "state" | "dispatch">) {
  const { form, check } = state;
  // An empty new form need not be scolded for having no name.
  const nameHints = hintsFor(state, "name").filter((hint) => hint.level !== "error" || form.name !== "");
  return (
    <div class="wb-naming">
      <label class="wb-field">
        <span>Name</span>
        <input
          class="wb-input"
          dir="auto"
          value={form.name}
          placeholder="Pricing objections"
          onInput={(event) => dispatch({ type: "edit", change: { name: event.currentTarget.value } })}
        />
        <div class="wb-hints" aria-live="polite">
          {nameHints.map((hint) => (
            <Hint level={hint.level}>{hint.message}</Hint>
          ))}
          {check && nameHints.length === 0 && form.name === "" && <p class="wb-muted wb-small">Short and telling: it stands wherever the tracker is seen.</p>}
        </div>
      </label>
      <label class="wb-field">
        <span>Description</span>
        <textarea
          class="wb-input"
          dir="auto"
          rows={2}
          value={form.description}
          placeholder="The customer says that our price is too high or asks for less."
          onInput={(event) => dispatch({ type: "edit", change: { description: event.currentTarget.value } })}
        />
        <div class="wb-hints" aria-live="polite">
          {hintsFor(state, "description").map((hint) => (
            <Hint level={hint.level}>{hint.message}</Hint>
          ))}
        </div>
      </label>
    </div>
  );
}

function Footer({ state, save }: Pick<Props, "state" | "save">) {
  const { check, saving, justSaved, saved } = state;
  const dirty = isDirty(state);
  const missing = check?.missing ?? [];
  const ready = check !== null && missing.length === 0 && dirty && !saving;
  return (
    <footer class="wb-foot">
      <button type="button" class="wb-button wb-primary" disabled={!ready} aria-describedby="wb-missing" onClick={save}>
        {saving ? "Saving…" : saved ? "Save changes" : "Create tracker"}
      </button>
      <p class="wb-small" id="wb-missing" role="status">
        {state.slow ? (
          "Waiting for the kernel…"
        ) : justSaved && !dirty ? (
          <b class="wb-good">✓ Saved. Go on to tagging below.</b>
        ) : missing.length > 0 ? (
          <span class="wb-muted">Before it can be saved: {missing.join(" ")}</span>
        ) : dirty ? (
          <span class="wb-muted">{saved ? "Changes are not saved yet." : "Ready to be created."}</span>
        ) : (
          <span class="wb-muted">All changes are saved.</span>
        )}
      </p>
    </footer>
  );
}
