import type { ComponentChildren } from "preact";
import { Hint } from "../shared/parts";
import type { ManagedView, StandingView, Panel as What } from "../shared/protocol";
import { Publish } from "./publish";
import type { Acts, State } from "./types";
import { Versions } from "./versions";
import { runInWords } from "./words";

interface Props {
  row: ManagedView;
  standing: StandingView | undefined;
  state: State;
  acts: Acts;
}

/** What can be done with a tracker, and below it what the last press has opened. */
export function Panel({ row, standing, state, acts }: Props) {
  const { id } = row;
  const { what } = state.panel;
  return (
    <div class="wb-opened" role="group" aria-label={`${state.canEdit ? "Actions" : "Details"}: ${row.name}`}>
      {row.description && (
        <p class="wb-muted" dir="auto">
          {row.description}
        </p>
      )}
      {standing?.run?.state === "failed" && (
        <Hint level="error">
          {runInWords(standing.run)}. <bdi>{standing.run.message}</bdi>
        </Hint>
      )}
      <Actions row={row} standing={standing} state={state} acts={acts} />
      {what === "publish" && state.canEdit && <Publish row={row} standing={standing} state={state} acts={acts} />}
      {what === "versions" && <Versions versions={state.versions[id]} canEdit={state.canEdit} busy={Boolean(state.busy[id])} onRoll={(version) => acts.roll(id, version)} />}
      {what === "deactivate" && state.canEdit && <Deactivate row={row} busy={Boolean(state.busy[id])} acts={acts} />}
    </div>
  );
}

function Actions({ row, standing, state, acts }: Props) {
  const { id, state: stage } = row;
  const trained = row.kind === "example";
  const busy = Boolean(state.busy[id]);
  const published = (standing?.version ?? null) !== null;
  const changed = (standing?.unpublished.length ?? 0) > 0;
  const button = (label: string, onClick: () => void, more: { opens?: What; first?: boolean; danger?: boolean } = {}) => (
    <button
      type="button"
      class={`wb-button wb-small ${more.danger ? "wb-danger" : ""}`}
      disabled={busy}
      data-first={more.first && state.panel.what === "actions" ? "" : undefined}
      data-opens={more.opens}
      aria-expanded={more.opens ? state.panel.what === more.opens : undefined}
      onClick={onClick}
    >
      {label}
    </button>
  );
  const opens = (label: string, what: What) =>
    button(label, () => acts.dispatch({ type: "panel", id, what: state.panel.what === what ? "actions" : what }), { opens: what });
  const versions = published && opens("Versions", "versions");
  if (!state.canEdit)
    return (
      <Bar>
        {button("Show", () => acts.choose(id, "review"), { first: true })}
        {versions}
      </Bar>
    );
  return (
    <Bar>
      {trained && button(standing?.estimate ? "Train more" : "Train", () => acts.choose(id, "carousel"), { first: true })}
      {button("Edit", () => acts.choose(id, row.kind === "question" ? "question" : "builder"), { first: !trained })}
      {!trained && row.kind !== "question" && button("See matches", () => acts.choose(id, "review"))}
      {button("Rename", () => acts.dispatch({ type: "rename", id }))}
      {opens(changed ? "Publish changes…" : published ? "Publish again…" : "Publish…", "publish")}
      {versions}
      {stage === "active" && button("Pause", () => acts.act("pause", [id]))}
      {stage === "paused" && !row.paused && button("Resume", () => acts.act("resume", [id]))}
      {(stage === "active" || stage === "paused") && opens("Deactivate…", "deactivate")}
      {button("Delete", () => acts.act("delete", [id]), { danger: true })}
    </Bar>
  );
}

function Bar({ children }: { children: ComponentChildren }) {
  return <div class="wb-row wb-actions">{children}</div>;
}

function Deactivate({ row, busy, acts }: { row: ManagedView; busy: boolean; acts: Acts }) {
  return (
    <section class="wb-stack wb-panel wb-sub" aria-label="Deactivate">
      <h3 dir="auto">Deactivate “{row.name}”?</h3>
      <p class="wb-muted">It stops reading new calls. Its matches and versions are kept. To use it again, publish it again.</p>
      <div class="wb-row wb-actions">
        <button type="button" class="wb-button wb-small wb-danger" disabled={busy} data-first="" onClick={() => acts.act("deactivate", [row.id])}>
          {busy ? "Deactivating…" : "Deactivate"}
        </button>
        <button type="button" class="wb-button wb-small" onClick={() => acts.dispatch({ type: "panel", id: row.id, what: "actions" })}>
          Keep it
        </button>
      </div>
    </section>
  );
}
