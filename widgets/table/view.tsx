import { type MutableRef, useLayoutEffect, useRef } from "preact/hooks";
import { Empty, Loading, Problem, plural } from "../shared/parts";
import { Deleted, Undo } from "./deleted";
import { type Section, sectionOf } from "./exchange";
import { Export } from "./export";
import { Import } from "./import";
import { PublishMany } from "./publish-many";
import { ReadyMade } from "./ready-made";
import { Row } from "./row";
import { COLUMNS, onPage, PAGE } from "./rows";
import { Marked, Tools } from "./tools";
import type { Acts, State } from "./types";

export function Trackers({ state, acts }: { state: State; acts: Acts }) {
  const here = useRef<HTMLDivElement>(null);
  useSteering(state, here);
  const { rows, deleted, gone, error, canEdit } = state;
  const section = sectionOf(state.panel);
  const marked = canEdit && Object.keys(state.picked).length > 0;
  return (
    <div class="wb-all" ref={here}>
      <header class="wb-head">
        <h2>Trackers</h2>
        <span class="wb-small wb-muted" role="status">
          {state.slow ? "Waiting for the kernel…" : state.phase === "opening" && rows.length > 0 ? "Updating…" : ""}
        </span>
        <Openers section={section} canEdit={canEdit} some={rows.length > 0} acts={acts} />
      </header>
      {error && <Problem message={error} retry={acts.refresh} />}
      {gone.length > 0 && canEdit && <Undo gone={gone} acts={acts} />}
      {state.notice && !(gone.length > 0 && state.notice.startsWith("Deleted")) && <Notice text={state.notice} onDismiss={() => acts.dispatch({ type: "notice", notice: "" })} />}
      {section === "ready_made" && canEdit && <ReadyMade state={state} acts={acts} />}
      {section === "import" && canEdit && <Import state={state} acts={acts} />}
      {section === "export" && rows.length > 0 && <Export state={state} acts={acts} />}
      {rows.length > 0 && <Tools state={state} acts={acts} />}
      {marked && <Marked state={state} acts={acts} />}
      {marked && section === "publish_many" && <PublishMany state={state} acts={acts} />}
      <Elsewhere state={state} acts={acts} />
      <List state={state} acts={acts} />
      {deleted.length > 0 && canEdit && <Deleted rows={deleted} busy={state.busy} errors={state.errors} acts={acts} />}
      <div class="wb-hidden" aria-live="polite">
        {state.slow ? "Waiting for the kernel." : state.spoken}
      </div>
    </div>
  );
}

/** What opens above the rows. */
function Openers({ section, canEdit, some, acts }: { section: Section | null; canEdit: boolean; some: boolean; acts: Acts }) {
  const button = (what: Section, label: string) => (
    <button type="button" class="wb-button wb-small" data-opens={what} aria-expanded={section === what} onClick={() => acts.dispatch({ type: "section", what })}>
      {label}
    </button>
  );
  return (
    <div class="wb-row wb-actions">
      {canEdit && button("ready_made", "Ready-made")}
      {canEdit && button("import", "Import")}
      {some && button("export", "Export")}
    </div>
  );
}

/** What failed in rows that are not on this page, each by its name. */
function Elsewhere({ state, acts }: { state: State; acts: Acts }) {
  const here = new Set(onPage(state).rows.map((row) => row.id));
  const failed = state.rows.filter((row) => state.errors[row.id] && !here.has(row.id));
  if (failed.length === 0) return null;
  return (
    <div class="wb-problem wb-elsewhere" role="alert">
      <div>
        <p>{plural(failed.length, "tracker")} on other pages failed:</p>
        <ul>
          {failed.map(({ id, name }) => (
            <li dir="auto">
              <b>
                <bdi>{name}</bdi>
              </b>
              : {state.errors[id]}
            </li>
          ))}
        </ul>
      </div>
      <button type="button" class="wb-link wb-small" onClick={() => acts.dispatch({ type: "excuse", ids: failed.map((row) => row.id) })}>
        Dismiss
      </button>
    </div>
  );
}

/** Takes the focus to where the last act leads; a person who has gone elsewhere meanwhile stays there. */
function useSteering({ steer, at, here, gently, from }: State, top: MutableRef<HTMLDivElement | null>): void {
  useLayoutEffect(() => {
    const root = top.current?.closest(".wb");
    const active = document.activeElement;
    const lost = active === document.body || active === root || active?.matches(":disabled") === true;
    if (steer === 0 || !root || !(lost || (!gently && root.contains(active)))) return;
    const row = root.querySelector<HTMLElement>(`tr[data-id="${CSS.escape(here)}"]`);
    const places = {
      row,
      name: root.querySelector<HTMLInputElement>(".wb-rename input"),
      panel: within(root, from, lost),
      top: root.querySelector<HTMLElement>(".wb-undo button, input[type=search]"),
      section: root.querySelector<HTMLElement>("[data-section] [data-first]"),
      opener: root.querySelector<HTMLElement>(`[data-opens="${from}"]`),
    };
    const place = places[at] ?? row;
    place?.focus();
    if (place instanceof HTMLInputElement && at === "name") place.select();
  }, [steer]);
}

/** In what is open under a row: what the person opened, or the button that closed it; else the focus stays. */
function within(root: Element, from: string, lost: boolean): HTMLElement | null {
  const find = (what: string) => root.querySelector<HTMLElement>(`[data-panel] ${what}`);
  const active = document.activeElement;
  if (from) return find(`[data-opens="${from}"]`);
  const stays = !lost && active instanceof HTMLElement && active.closest("[data-panel]") ? active : null;
  return find("[data-first]") ?? stays ?? find("[data-opens][aria-expanded=true]") ?? find("button:not(:disabled)");
}

function Notice({ text, onDismiss }: { text: string; onDismiss: () => void }) {
  return (
    <div class="wb-notice">
      <p dir="auto">{text}</p>
      <button type="button" class="wb-link" onClick={onDismiss}>
        Dismiss
      </button>
    </div>
  );
}

/** Rows that are shown without scrolling in a box of their own. */
const MOST_WHOLE = 25;

function List({ state, acts }: { state: State; acts: Acts }) {
  const { rows, count, pages } = onPage(state);
  if (state.rows.length === 0) return <NoTrackers state={state} acts={acts} />;
  if (count === 0) return <NoneMatch state={state} acts={acts} />;
  const columns = COLUMNS.length + (state.canEdit ? 2 : 1);
  return (
    <>
      <div class={`wb-scroll${rows.length > MOST_WHOLE ? " wb-long" : ""}`}>
        <table role="table" aria-label="Trackers" aria-rowcount={count + 1} aria-busy={state.phase === "opening"}>
          <Head state={state} acts={acts} ids={rows.filter((row) => row.state !== "unreadable").map((row) => row.id)} />
          <tbody role="rowgroup">
            {rows.map((row, at) => (
              <Row key={row.id} row={row} index={state.page * PAGE + at + 2} columns={columns} state={state} acts={acts} />
            ))}
          </tbody>
        </table>
      </div>
      {pages > 1 && <Pager state={state} acts={acts} count={count} pages={pages} />}
    </>
  );
}

function Head({ state, acts, ids }: { state: State; acts: Acts; ids: string[] }) {
  const { sort, picked, canEdit } = state;
  const marked = ids.filter((id) => picked[id]).length;
  return (
    <thead role="rowgroup">
      <tr role="row" aria-rowindex={1}>
        {canEdit && (
          <th role="columnheader" class="wb-mark-cell">
            <label class="wb-check">
              <input
                type="checkbox"
                aria-label="Mark all on this page"
                checked={marked > 0 && marked === ids.length}
                ref={(box) => {
                  if (box) box.indeterminate = marked > 0 && marked < ids.length;
                }}
                onChange={(event) => acts.dispatch({ type: "pick", ids, on: event.currentTarget.checked })}
              />
            </label>
          </th>
        )}
        {COLUMNS.map(({ key, label }) => {
          const here = sort.key === key;
          return (
            <th role="columnheader" scope="col" class={`wb-col-${key}`} aria-sort={here ? (sort.down ? "descending" : "ascending") : "none"}>
              <button type="button" onClick={() => acts.dispatch({ type: "sort", key })}>
                {label}
                <span class="wb-arrow" aria-hidden="true">
                  {here ? (sort.down ? "▼" : "▲") : ""}
                </span>
              </button>
            </th>
          );
        })}
        <th role="columnheader" class="wb-col-acts">
          <span class="wb-hidden">Actions</span>
        </th>
      </tr>
    </thead>
  );
}

function Pager({ state, acts, count, pages }: { state: State; acts: Acts; count: number; pages: number }) {
  const { page } = state;
  const turn = (to: number) => acts.dispatch({ type: "page", page: to });
  return (
    <nav class="wb-row wb-pager" aria-label="Pages of trackers">
      <button type="button" class="wb-button wb-small" disabled={page === 0} onClick={() => turn(page - 1)}>
        Previous
      </button>
      <span class="wb-small wb-muted" role="status">
        {page * PAGE + 1} to {Math.min(count, (page + 1) * PAGE)} of {plural(count, "tracker")}
      </span>
      <button type="button" class="wb-button wb-small" disabled={page >= pages - 1} onClick={() => turn(page + 1)}>
        Next
      </button>
    </nav>
  );
}

function NoneMatch({ state, acts }: { state: State; acts: Acts }) {
  const reading = state.only === "changed" && state.rows.some((row) => row.state === "active" && state.standing[row.id]?.stamp !== row.stamp);
  const clear = () => {
    acts.dispatch({ type: "only", only: "all" });
    acts.dispatch({ type: "search", query: "" });
  };
  return (
    <Empty title={reading ? "Checking for unpublished changes…" : "No tracker matches"}>
      <button type="button" class="wb-link" onClick={clear}>
        Show all {plural(state.rows.length, "tracker")}
      </button>
    </Empty>
  );
}

function NoTrackers({ state, acts }: { state: State; acts: Acts }) {
  if (state.phase === "opening")
    return (
      <Loading>
        <p>Loading trackers…</p>
      </Loading>
    );
  return (
    <Empty title={state.phase === "failed" ? "Could not load the trackers" : "No tracker yet"}>
      <p class="wb-muted">{state.phase === "failed" ? "See the message above." : state.canEdit ? "Save one in the builder to see it here, or start with a ready-made one: it needs no training and no minimum number of calls." : "Trackers appear here once they are created."}</p>
      {state.phase === "idle" && state.canEdit && sectionOf(state.panel) !== "ready_made" && (
        <button type="button" class="wb-button wb-primary" onClick={() => acts.dispatch({ type: "section", what: "ready_made" })}>
          See the ready-made trackers
        </button>
      )}
    </Empty>
  );
}
