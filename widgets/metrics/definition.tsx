import type { ComponentChildren } from "preact";
import { Field, Hint } from "../shared/parts";
import type { MetricForm } from "../shared/protocol";
import { hintsFor } from "./reducer";
import type { Props, State } from "./types";

type Text = "definition" | "success" | "failure" | "partial" | "applies_when";

const TEXTS: [Text, string, string, number][] = [
  ["definition", "Definition", "The caller gave a name and a date of birth, and the agent confirmed that both match.", 3],
  ["success", "What counts as success", "The agent says that both details match the account.", 2],
  ["failure", "What does not count", "The caller cannot give both, or they do not match.", 2],
  ["partial", "What is partial", "One of the two was given, the other could not be confirmed.", 2],
  ["applies_when", "When it applies", "Once the caller asks for something that needs the account.", 2],
];

export function Hints({ state, field, blank = false }: { state: State; field: string; blank?: boolean }) {
  // What was not begun need not be scolded for being empty.
  const hints = hintsFor(state, field).filter((hint) => !blank || hint.level !== "error");
  return (
    <div class="wb-hints" aria-live="polite">
      {hints.map((hint) => (
        <Hint level={hint.level}>{hint.message}</Hint>
      ))}
    </div>
  );
}

export function Definition({ state, dispatch }: Props) {
  const { form } = state;
  const categorical = form.kind === "categorical";
  const texts = TEXTS.filter(([name]) => !categorical || name === "definition" || name === "applies_when");
  const edit = (change: Partial<MetricForm>) => dispatch({ type: "edit", change });
  return (
    <section class="wb-part" aria-label="What it measures">
      <h3>What it measures</h3>
      <div class="wb-naming">
        <Hinted label="Name" hints={<Hints state={state} field="name" blank={form.name === ""} />}>
          <input class="wb-input" dir="auto" value={form.name} placeholder="Auth: verified" onInput={(event) => edit({ name: event.currentTarget.value })} />
        </Hinted>
        <fieldset class="wb-field">
          <legend>Kind</legend>
          <div class="wb-row wb-choices">
            <Choice name={`metric-kind-${state.group}`} checked={!categorical} choose={() => edit({ kind: "boolean" })}>
              True or false
            </Choice>
            <Choice name={`metric-kind-${state.group}`} checked={categorical} choose={() => edit({ kind: "categorical" })}>
              One of several categories
            </Choice>
          </div>
        </fieldset>
      </div>
      {categorical && (
        <Hinted label="Categories, one per line" hints={<Hints state={state} field="categories" blank={form.categories.length === 0} />}>
          <textarea
            class="wb-input"
            dir="auto"
            rows={4}
            value={form.categories.join("\n")}
            placeholder={"Sales\nSupport\nOther"}
            onInput={(event) => edit({ categories: event.currentTarget.value === "" ? [] : event.currentTarget.value.split("\n") })}
          />
        </Hinted>
      )}
      {texts.map(([name, label, placeholder, rows]) => (
        <Hinted label={label} hints={<Hints state={state} field={name} />}>
          <textarea class="wb-input" dir="auto" rows={rows} value={form[name]} placeholder={placeholder} onInput={(event) => edit({ [name]: event.currentTarget.value })} />
        </Hinted>
      ))}
    </section>
  );
}

function Hinted({ label, hints, children }: { label: string; hints: ComponentChildren; children: ComponentChildren }) {
  return (
    <div class="wb-field">
      <Field label={label}>
        {children}
      </Field>
      {hints}
    </div>
  );
}

export function Choice({ name, checked, choose, children }: { name: string; checked: boolean; choose: () => void; children: ComponentChildren }) {
  return (
    <label class="wb-choice">
      <input type="radio" name={name} checked={checked} onChange={choose} />
      <span>{children}</span>
    </label>
  );
}
