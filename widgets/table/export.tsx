import { useState } from "preact/hooks";
import { Problem, plural } from "../shared/parts";
import type { Format } from "./exchange";
import { Section } from "./section";
import type { Acts, State } from "./types";

const FORMATS: [Format, string][] = [
  ["csv", "CSV, to read and edit in a spreadsheet"],
  ["json", "JSON, for programs and the REST API"],
];

/** Definitions as a file that the browser saves. */
export function Export({ state, acts }: { state: State; acts: Acts }) {
  const { exporting, exportError } = state.exchange;
  const marked = Object.keys(state.picked);
  const [form, setForm] = useState<Format>("csv");
  const [all, setAll] = useState(false);
  // Radio buttons of one name exclude each other across the whole page, where another view of this widget may be.
  const [name] = useState(() => `export-${Math.random().toString(36).slice(2)}`);
  const only = marked.length > 0 && !all ? marked : null;
  const count = only?.length ?? state.rows.length;
  return (
    <Section what="export" title="Export definitions" acts={acts}>
      <p class="wb-muted">Names, descriptions, filters, settings and examples. Answers, trained models, versions and matches are not included.</p>
      {marked.length > 0 && (
        <fieldset>
          <legend>Which</legend>
          <label class="wb-radio">
            <input type="radio" name={`${name}-which`} checked={!all} onChange={() => setAll(false)} />
            The {marked.length.toLocaleString("en")} marked
          </label>
          <label class="wb-radio">
            <input type="radio" name={`${name}-which`} checked={all} onChange={() => setAll(true)} />
            All {state.rows.length.toLocaleString("en")}
          </label>
        </fieldset>
      )}
      <fieldset>
        <legend>As</legend>
        {FORMATS.map(([value, label]) => (
          <label class="wb-radio">
            <input type="radio" name={`${name}-form`} checked={form === value} onChange={() => setForm(value)} />
            {label}
          </label>
        ))}
      </fieldset>
      <div class="wb-row wb-actions">
        <button type="button" class="wb-button wb-primary" disabled={count === 0} aria-disabled={exporting} onClick={() => acts.download(form, only)}>
          {exporting ? "Fetching…" : `Download ${plural(count, "tracker")}`}
        </button>
      </div>
      {exportError && <Problem message={exportError} />}
    </Section>
  );
}
