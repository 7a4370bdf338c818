import { followWork } from "../shared/news";
import { opener } from "../shared/opening";
import type { Answer, CardView, DetailsView, PlotsView, TuningView } from "../shared/protocol";
import { inLines } from "../shared/transport";
import { type Drawn, LONG_MS, trait, type View, widget } from "../shared/widget";
import type { Shown } from "./dial";
import { type Action, initial, reduce, type State, type Synced, shouldDetail, shouldLook } from "./reducer";
import { Plots } from "./view";

function start(view: View<State, Action>): Drawn<State> {
  const { store, dispatch, request, failed } = view;
  const look = (shown: Shown = "now", threshold: number | null = null, below: number | null = null) => {
    dispatch({ type: "look", shown });
    request("surface", { threshold, below }, { timeout: LONG_MS }).then(() => dispatch({ type: "looked" }), failed);
  };
  const detail = (kind: "details" | "keep" | "correct", values: Record<string, unknown> = {}) => {
    dispatch({ type: "detail" });
    request(kind, values, { timeout: LONG_MS }).then(() => dispatch({ type: "detailed" }), failed);
  };
  const stop = () => void request("stop_tuning").catch(failed);
  const tuning = () => store.state.tuning?.running === true;
  followWork(view, "tuning", tuning, () => request("tuning"), ({ fraction, message }) => dispatch({ type: "tuned", fraction, message }));
  const audit = () => {
    dispatch({ type: "audit" });
    request("audit", {}, { timeout: LONG_MS }).then(() => dispatch({ type: "audited" }), failed);
  };
  const old = () => store.state.view.phase === "opening";
  const open = opener(() => request("open", {}, { timeout: LONG_MS }), old, () => dispatch({ type: "looked" }), failed);
  store.subscribe((state, before) => {
    if (old() && before.view.phase !== "opening") open();
    if (shouldLook(state)) look();
    if (shouldDetail(state)) detail("details");
  });
  return {
    draw: (state) => (
      <Plots
        state={state}
        canEdit={state.canEdit}
        onLook={look}
        onAudit={audit}
        onMove={(at) => dispatch({ type: "move", at })}
        onKeep={(rule) => detail("keep", { rule })}
        onCorrect={(sentence_id: string, answer: Answer) => detail("correct", { sentence_id, answer })}
        onStop={stop}
        retry={open}
      />
    ),
    shown: () => {
      if (store.state.view.phase !== "nothing") open();
    },
    resume: open,
  };
}

export default widget<Synced, State, Action>({
  name: "plots",
  traits: {
    view: trait<PlotsView>("state"),
    surfaced: trait<CardView[] | null>("surfaced"),
    details: trait<DetailsView | null>("details", null),
    tuning: trait<TuningView | null>("tuning", null),
    canEdit: trait<boolean>("can_edit", true),
    error: trait<string>("error", ""),
  },
  initial,
  reduce,
  synced: (synced) => ({ type: "synced", ...synced }),
  line: inLines({ details: ["details", "keep", "correct"] }),
  start,
});
