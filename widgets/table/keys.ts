import { sectionOf } from "./exchange";
import { CLOSED } from "./reducer";
import { onPage } from "./rows";
import type { Action, State } from "./types";

/** What a key does, given where the focus is; null where it is not ours. */
export function actOf(event: KeyboardEvent, state: State): Action | "undo" | null {
  if (event.altKey || event.ctrlKey || event.metaKey) return null;
  const target = event.target as HTMLElement | null;
  if (event.key === "Escape") return escaped(target, state);
  if (event.key === "F2") return state.here && state.canEdit && target?.closest("[data-id], [data-panel]") ? { type: "rename", id: state.here } : null;
  if (target?.closest("input:not([type=checkbox]), textarea, select, [data-panel], [data-section]")) return null;
  const onRow = target?.matches("tr[data-id]") ?? false;
  switch (event.key) {
    case "ArrowDown":
      return target?.closest("[data-id]") ? { type: "move", by: 1 } : null;
    case "ArrowUp":
      return target?.closest("[data-id]") ? { type: "move", by: -1 } : null;
    case "Home":
      return onRow ? { type: "move", by: -onPage(state).rows.length } : null;
    case "End":
      return onRow ? { type: "move", by: onPage(state).rows.length } : null;
    case "Enter":
      return onRow ? { type: "panel", id: state.here, what: state.panel.tracker_id === state.here ? "" : "actions" } : null;
    case " ":
      return onRow && state.canEdit ? { type: "pick", ids: [state.here], on: !state.picked[state.here] } : onRow ? { type: "here", id: state.here } : null;
    case "z":
      return state.gone.length > 0 && state.canEdit ? "undo" : null;
    default:
      return null;
  }
}

/** One step back: out of a question to the actions, out of these to the row. */
function escaped(target: HTMLElement | null, state: State): Action | null {
  if (state.renaming) return { type: "renamed", id: "" };
  if (target?.matches("input[type=search]")) return state.query ? { type: "search", query: "" } : null;
  const { tracker_id: id, what } = state.panel;
  const section = sectionOf(state.panel);
  if (section) return { type: "section", what: section };
  if (state.panel === CLOSED || !id) return null;
  return { type: "panel", id, what: what === "actions" ? "" : "actions" };
}
