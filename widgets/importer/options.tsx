import { useState } from "preact/hooks";
import { plural } from "../shared/parts";
import { Clock } from "./clock";
import { counts, held, people } from "./reducer";
import type { Acts, OnChange, State } from "./types";

const CHANGES: [OnChange, string, string][] = [
  ["replace", "Replace it", "the new content takes its place; answers follow the sentences that stay"],
  ["keep", "Keep it", "the earlier content stays as it is"],
  ["reject", "Leave it out and tell me", "the report lists it"],
];
const KINDS: Record<string, string> = {
  email: "E-mail addresses",
  iban: "Bank account numbers (IBAN)",
  card: "Card numbers",
  phone: "Phone numbers",
  name: "Names",
  participants: "Names in the list of participants, too",
};

/** How it is imported, and the button that does it. */
export function Options({ state, acts }: { state: State; acts: Acts }) {
  // Radio buttons of one name exclude each other in the whole page.
  const [name] = useState(() => `wb-change-${Math.random().toString(36).slice(2)}`);
  const { view, onChange } = state;
  const redact = state.redact ?? view.redact;
  const wait = held(state);
  const toggle = (kind: string) => acts.redact(redact.includes(kind) ? redact.filter((one) => one !== kind) : [...redact, kind]);
  return (
    <section class="wb-stack wb-part" aria-label="How to import">
      <fieldset class="wb-options" disabled={wait}>
        <legend>A call that is here already with other content</legend>
        {CHANGES.map(([value, words, more]) => (
          <label class="wb-radio">
            <input type="radio" name={name} checked={onChange === value} onChange={() => acts.onChange(value)} />
            <span>
              {words} <span class="wb-small wb-muted">{more}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <details class="wb-redaction">
        <summary>{redact.length > 0 ? `Redacts ${plural(redact.length, "kind")} of details before anything is stored` : "Redact details before anything is stored (none now)"}</summary>
        <fieldset class="wb-options wb-kinds" disabled={wait} aria-label="What is replaced by placeholders">
          {view.kinds.map((kind) => (
            <label class="wb-radio">
              <input type="checkbox" checked={redact.includes(kind)} onChange={() => toggle(kind)} />
              <span>{KINDS[kind] ?? kind}</span>
            </label>
          ))}
        </fieldset>
        <p class="wb-small wb-muted">They are replaced by placeholders such as [PHONE], in titles and texts. What is redacted can't be brought back from the workspace.</p>
      </details>
      <Clock key={view.zone} zone={view.zone} workspaceZone={view.workspace_zone} wait={wait} onChange={acts.zone} onTyped={acts.zoneTyped} />
      <Press state={state} acts={acts} />
    </section>
  );
}

function Press({ state, acts }: { state: State; acts: Acts }) {
  const { files, busy, zoneWrong } = state;
  const { calls, refused } = counts(files);
  const from = files.filter((one) => one.conversations > 0).length;
  const sideless = people(files).filter((one) => one.side === "").length;
  const notes = [zoneWrong && "Give a time zone first.", refused > 0 && `${plural(refused, "file")} can't be read and ${refused === 1 ? "is" : "are"} left out.`, sideless > 0 && `${plural(sideless, "speaker")} without a side.`].filter(Boolean);
  return (
    <div class="wb-row wb-foot">
      <button type="button" class="wb-button wb-primary" disabled={held(state) || calls === 0 || zoneWrong || busy === "bring"} onClick={acts.bring}>
        Import {plural(calls, "call")} from {plural(from, "file")}
      </button>
      <span class="wb-small wb-muted">{notes.join(" ")}</span>
    </div>
  );
}
