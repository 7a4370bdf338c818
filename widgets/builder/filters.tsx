import { Hint, plural } from "../shared/parts";
import type { PartForm } from "../shared/protocol";
import { Choice, Many } from "./choices";
import { extraFilters, hintsFor, type Action, type State } from "./reducer";

interface Props {
  state: State;
  dispatch: (action: Action) => void;
}

export const NAMES: Record<string, string> = {
  web_conference: "Web conference",
  telephony: "Telephone",
  inbound: "Inbound",
  outbound: "Outbound",
  conference: "Conference",
};

export function Filters({ state, dispatch }: Props) {
  const { form, facets } = state;
  const { filters } = form;
  const set = (change: Partial<typeof filters>) => dispatch({ type: "filter", change });
  const more = extraFilters(filters);
  return (
    <div class="wb-filters">
      <Choice
        label="Said by"
        value={filters.side}
        options={[
          ["company", "Your company"],
          ["customer", "Customers"],
          ["anyone", "Anyone"],
        ]}
        onChange={(side) => set({ side })}
      />
      <Choice
        label="Look in"
        value={filters.kinds.includes("email") ? (filters.kinds.includes("call") ? "both" : "email") : "call"}
        options={[
          ["call", "Calls"],
          ["both", "Calls and e-mails"],
        ]}
        onChange={(kind) => set({ kinds: kind === "both" ? ["call", "email"] : [kind] })}
      />
      <Choice
        label="Kind of meeting"
        value={filters.scope}
        options={[
          ["external", "External"],
          ["internal", "Internal"],
          ["any", "Both"],
        ]}
        onChange={(scope) => set({ scope })}
      />
      <Part part={filters.part} onChange={(part) => set({ part })} />
      {filters.kinds.includes("email") && <Hint level="tip">Training uses calls only; e-mails are searched once the tracker is in use.</Hint>}
      <details class="wb-more">
        <summary>{more > 0 ? `More filters (${more} set)` : "More filters"}</summary>
        <div class="wb-more-body">
          <Many label="Channel" options={facets.channels} names={NAMES} value={filters.channels} onChange={(channels) => set({ channels })} />
          <Many label="Direction" options={facets.directions} names={NAMES} value={filters.directions} onChange={(directions) => set({ directions })} />
          <Many label="Team" options={facets.teams} value={filters.teams} onChange={(teams) => set({ teams })} />
          <Many label="Deal stage" options={facets.stages} value={filters.stages} onChange={(stages) => set({ stages })} />
          <Many label="Account" options={facets.accounts} value={filters.accounts} onChange={(accounts) => set({ accounts })} />
          <Many label="Language" options={facets.languages} value={filters.languages} onChange={(languages) => set({ languages })} />
          <label class="wb-field">
            <span>Title has the words</span>
            <input class="wb-input" dir="auto" value={filters.title} onInput={(event) => set({ title: event.currentTarget.value })} />
          </label>
        </div>
      </details>
      <Matching state={state} />
    </div>
  );
}

function Part({ part, onChange }: { part: PartForm; onChange: (part: PartForm) => void }) {
  return (
    <fieldset class="wb-choice-row">
      <legend>Part of call</legend>
      <div class="wb-part">
        <select class="wb-input" aria-label="Part of call" value={part.where} onChange={(event) => onChange({ ...part, where: event.currentTarget.value as PartForm["where"] })}>
          <option value="anywhere">Anywhere</option>
          <option value="first">The first</option>
          <option value="last">The last</option>
        </select>
        {part.where !== "anywhere" && (
          <>
            <input
              class="wb-input"
              type="number"
              min={1}
              max={part.unit === "percent" ? 100 : 600}
              aria-label="How much"
              value={part.amount}
              onInput={(event) => onChange({ ...part, amount: Number(event.currentTarget.value) })}
            />
            <select class="wb-input" aria-label="Unit" value={part.unit} onChange={(event) => onChange({ ...part, unit: event.currentTarget.value as PartForm["unit"] })}>
              <option value="minutes">minutes</option>
              <option value="percent">percent</option>
            </select>
          </>
        )}
      </div>
    </fieldset>
  );
}

function Matching({ state }: { state: State }) {
  const counts = state.check?.counts;
  return (
    <div class="wb-matching" aria-live="polite">
      <p>
        {counts ? (
          <>
            <b>{plural(counts.calls, "call")}</b>
            {counts.conversations > counts.calls && ` and ${plural(counts.conversations - counts.calls, "e-mail")}`} with <b>{plural(counts.sentences, "sentence")}</b> match.
          </>
        ) : (
          <span class="wb-muted">Counting…</span>
        )}
      </p>
      {hintsFor(state, "corpus").map((hint) => (
        <Hint level={hint.level}>{hint.message}</Hint>
      ))}
    </div>
  );
}
