import { following } from "../shared/focus";
import type { Form, KindName, SettingsForm } from "../shared/protocol";
import type { Action, State } from "./types";

export const NO_SETTINGS: SettingsForm = { words: [], exclude: [], match: "inflected", vocabulary: [], closeness: 0.4 };

const KINDS: readonly [KindName, string, string][] = [
  ["example", "Examples", "Best for an idea that people express in many ways: it learns from your answers. Needs about 500 calls."],
  ["keyword", "Keywords", "For exact words, such as a product name. Works immediately, on any number of calls."],
  ["phrase", "Phrases", "For the same meaning in other words, from a few phrases. Works immediately, but less reliably than examples."],
];

export function kindOf(form: Form): KindName {
  return form.kind ?? "example";
}

export function settingsOf(form: Form): SettingsForm {
  return form.settings ?? NO_SETTINGS;
}

/** What the tracker finds by, as far as it is a list: what suggestions are added to. */
export function givenOf(form: Form): string[] {
  const kind = kindOf(form);
  return kind === "example" ? form.examples : kind === "phrase" ? settingsOf(form).vocabulary : settingsOf(form).words;
}

/** Which kind of tracker a new one is to be, with a sentence on when to take which. */
export function Kinds({ state, dispatch }: { state: State; dispatch: (action: Action) => void }) {
  const offered = KINDS.filter(([kind]) => state.kinds.includes(kind));
  const chosen = kindOf(state.form);
  if (offered.length < 2) return null;
  if (state.saved) {
    const [, name] = KINDS.find(([kind]) => kind === chosen) ?? KINDS[0]!;
    return <p class="wb-small wb-muted">It finds by: {name.toLowerCase()}. For another kind, start a new tracker.</p>;
  }
  return (
    <fieldset class="wb-stack wb-kinds">
      <legend>How should it find sentences?</legend>
      <div class="wb-kind-cards">
        {offered.map(([kind, name, when]) => (
          <label class="wb-kind-card">
            <input type="radio" name={`kind-${state.uid}`} checked={kind === chosen} onChange={() => dispatch({ type: "kind", kind })} />
            <span>
              <b>{name}</b>
              <span class="wb-small wb-muted">{when}</span>
            </span>
          </label>
        ))}
      </div>
      {state.kinds.includes("question") && (
        <p class="wb-small wb-muted">
          To ask something about a whole call, such as “Did the customer agree to a next step?”, use a question.{" "}
          <button type="button" class="wb-link wb-small" onClick={(event) => toQuestions(event.currentTarget, dispatch)}>
            Go to the question builder
          </button>
        </p>
      )}
      <p class="wb-small wb-muted" role="status">
        {state.notice}
      </p>
    </fieldset>
  );
}

/** The question's builder in the page, or how to have one. */
export function toQuestions(from: Element, dispatch: (action: Action) => void): void {
  const there = following(from, ".wb-question");
  if (!there) {
    dispatch({ type: "notice", text: "Run a cell with QuestionBuilder(ws) to build one." });
    return;
  }
  there.scrollIntoView({ block: "center" });
  there.focus({ preventScroll: true });
}
