import { plural } from "../shared/parts";
import { publishable, sectionOf } from "./exchange";
import { COLUMNS, onPage } from "./rows";
import type { Acts, Only, SortKey, State } from "./types";


const ONLY: [Only, string][] = [
  ["all", "All states"],
  ["draft", "Draft"],
  ["active", "Active"],
  ["changed", "Active, unpublished changes"],
  ["paused", "Paused"],
  ["deactivated", "Deactivated"],
];

/** Search, choice by state, and where rows are cards, the order. */
export function Tools({ state, acts }: { state: State; acts: Acts }) {
  const { rows, query, only, sort } = state;
  const count = (state: Only) => rows.filter((row) => row.state === state).length;
  const label = ([value, text]: [Only, string]) => (value === "all" || value === "changed" ? text : `${text} (${count(value)})`);
  const choices = ONLY.filter(([value]) => ["all", only].includes(value) || (value === "changed" ? count("active") > 0 : count(value) > 0));
  const shown = onPage(state).count;
  return (
    <div class="wb-row wb-tools" role="search" aria-label="Find trackers">
      <input
        type="search"
        class="wb-input"
        aria-label="Search by name"
        placeholder="Search by name"
        dir="auto"
        value={query}
        onInput={(event) => acts.dispatch({ type: "search", query: event.currentTarget.value })}
      />
      <select class="wb-input" aria-label="State" value={only} onChange={(event) => acts.dispatch({ type: "only", only: event.currentTarget.value as Only })}>
        {choices.map((choice) => (
          <option value={choice[0]}>{label(choice)}</option>
        ))}
      </select>
      <select class="wb-input wb-order" aria-label="Order by" value={sort.key} onChange={(event) => acts.dispatch({ type: "sort", key: event.currentTarget.value as SortKey })}>
        {COLUMNS.map(({ key, label }) => (
          <option value={key}>By {label.toLowerCase()}</option>
        ))}
      </select>
      <span class="wb-small wb-muted">{shown < rows.length ? `${shown.toLocaleString("en")} of ${plural(rows.length, "tracker")}` : plural(rows.length, "tracker")}</span>
      <button type="button" class="wb-link wb-small" onClick={acts.refresh}>
        Refresh
      </button>
    </div>
  );
}

/** What can be done with all that are marked. */
export function Marked({ state, acts }: { state: State; acts: Acts }) {
  const ids = Object.keys(state.picked);
  const busy = ids.some((id) => state.busy[id]);
  const of = (stage: string) => state.rows.filter((row) => state.picked[row.id] && row.state === stage && !row.paused).map((row) => row.id);
  const [active, paused] = [of("active"), of("paused")];
  const ready = publishable(state.rows.filter((row) => state.picked[row.id]), state.standing).ids;
  return (
    <div class="wb-row wb-marked" role="group" aria-label="Actions for marked trackers">
      <b>{ids.length} marked</b>
      {ready.length > 0 && (
        <button
          type="button"
          class="wb-button wb-small"
          disabled={busy}
          data-opens="publish_many"
          aria-expanded={sectionOf(state.panel) === "publish_many"}
          onClick={() => acts.dispatch({ type: "section", what: "publish_many" })}
        >
          Publish {ready.length}…
        </button>
      )}
      {active.length > 0 && (
        <button type="button" class="wb-button wb-small" disabled={busy} onClick={() => acts.act("pause", active)}>
          Pause {active.length}
        </button>
      )}
      {paused.length > 0 && (
        <button type="button" class="wb-button wb-small" disabled={busy} onClick={() => acts.act("resume", paused)}>
          Resume {paused.length}
        </button>
      )}
      <button type="button" class="wb-button wb-small wb-danger" disabled={busy} onClick={() => acts.act("delete", ids)}>
        Delete {ids.length}
      </button>
      <button type="button" class="wb-link wb-small" onClick={() => acts.dispatch({ type: "pick", ids, on: false })}>
        Clear marks
      </button>
    </div>
  );
}
