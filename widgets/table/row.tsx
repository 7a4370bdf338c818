import { Problem } from "../shared/parts";
import type { ManagedView } from "../shared/protocol";
import { State as Badge, Quality, Run, Version } from "./cells";
import { Panel } from "./panel";
import { Rename } from "./rename";
import type { Acts, State } from "./types";
import { day, kindName, kindPicture } from "./words";

interface Props {
  row: ManagedView;
  index: number;
  columns: number;
  state: State;
  acts: Acts;
}

/** Names of more characters may be cut: they show whole where the keyboard is. */
const CLAMPED = 48;

/** A tracker. Of all rows only the one in use is in the tab order, with what can be pressed in it. */
export function Row({ row, index, columns, state, acts }: Props) {
  const { id, name, description } = row;
  const { dispatch } = acts;
  const stop = state.here === id ? 0 : -1;
  const standing = state.standing[id];
  const open = state.panel.tracker_id === id;
  const error = state.errors[id] || standing?.error;
  const renaming = state.renaming?.id === id ? state.renaming : null;
  const chosen = state.trackerId === id;
  const below = { columns, stop };
  const version = <Version standing={standing} stage={row.state} stop={stop} canEdit={state.canEdit} onOpen={() => dispatch({ type: "panel", id, what: "publish" })} />;
  const about = [name.length > CLAMPED ? name : "", description].filter(Boolean).join(": ");
  return (
    <>
      <tr
        role="row"
        data-id={id}
        tabIndex={stop}
        aria-rowindex={index}
        aria-current={chosen ? "true" : undefined}
        class={`${open ? "wb-open" : ""} ${state.picked[id] ? "wb-picked" : ""}`}
        onFocusCapture={() => dispatch({ type: "here", id })}
      >
        {state.canEdit && (
          <td role="cell" class="wb-mark-cell">
            {row.state !== "unreadable" && <label class="wb-check">
              <input
                type="checkbox"
                tabIndex={stop}
                aria-label={`Mark ${name}`}
                checked={state.picked[id] === true}
                onChange={(event) => dispatch({ type: "pick", ids: [id], on: event.currentTarget.checked })}
              />
            </label>}
          </td>
        )}
        <th role="rowheader" scope="row" class="wb-col-name">
          {renaming ? (
            <Rename renaming={renaming} busy={state.busy[id] === "rename"} acts={acts} />
          ) : (
            <div class="wb-name" title={description ? `${name}\n${description}` : name}>
              <b class="wb-clamp" dir="auto">
                {name}
              </b>
              <span class="wb-kind wb-small wb-muted">
                {chosen && <span class="wb-chosen">Chosen</span>}
                <span class="wb-kind-mark" aria-hidden="true">
                  {kindPicture(row.kind)}
                </span>
                {kindName(row.kind)}
              </span>
              {about && (
                <span class="wb-about" dir="auto">
                  {about}
                </span>
              )}
            </div>
          )}
        </th>
        <td role="cell" class="wb-col-state" data-label="State">
          <Badge stage={row.state} paused={row.paused} />
          {standing?.version != null && <div class="wb-beside">{version}</div>}
        </td>
        <td role="cell" class="wb-col-version" data-label="Version">
          {version}
        </td>
        <td role="cell" class="wb-col-estimate" data-label="Quality">
          <Quality standing={standing} kind={row.kind} />
        </td>
        <td role="cell" class="wb-col-run" data-label="Last run">
          <Run name={name} stage={row.state} paused={row.paused} standing={standing} stop={stop} canEdit={state.canEdit} busy={Boolean(state.busy[id])} onRun={(what) => acts.run(id, what)} />
        </td>
        <td role="cell" class="wb-col-created" data-label="Created">
          {row.created && day(row.created)}
        </td>
        <td role="cell" class="wb-col-acts">
          {row.state !== "unreadable" && (
            <button
              type="button"
              class="wb-button wb-small"
              tabIndex={stop}
              aria-expanded={open}
              aria-label={`${state.canEdit ? "Actions" : "Details"}: ${name}`}
              onClick={() => dispatch({ type: "panel", id, what: open ? "" : "actions" })}
            >
              <span class="wb-acts-word">{state.canEdit ? "Actions" : "Details"}</span>
              <span aria-hidden="true">{open ? "▴" : "▾"}</span>
            </button>
          )}
        </td>
      </tr>
      {error && !open && (
        <tr role="row" class="wb-below" aria-rowindex={index}>
          <td role="cell" colSpan={below.columns}>
            <RowProblem id={id} error={error} acts={acts} state={state} />
          </td>
        </tr>
      )}
      {open && (
        <tr role="row" class="wb-below" aria-rowindex={index}>
          <td role="cell" colSpan={below.columns} data-panel={id}>
            {error && <RowProblem id={id} error={error} acts={acts} state={state} />}
            <Panel row={row} standing={standing} state={state} acts={acts} />
          </td>
        </tr>
      )}
    </>
  );
}

function RowProblem({ id, error, acts, state }: { id: string; error: string; acts: Acts; state: State }) {
  return (
    <div class="wb-row wb-row-problem">
      <Problem message={error} retry={state.errors[id] ? undefined : acts.refresh} />
      {state.errors[id] && (
        <button type="button" class="wb-link wb-small" onClick={() => acts.dispatch({ type: "excuse", ids: [id] })}>
          Dismiss
        </button>
      )}
    </div>
  );
}
