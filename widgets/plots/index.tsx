import { connect, messageOf, mount, type RenderProps } from "../shared/mount";
import type { Answer, CardView, DetailsView, PlotsView, TuningView } from "../shared/protocol";
import { Store } from "../shared/store";
import { inLines, LOST } from "../shared/transport";
import { tuningFollower } from "../shared/tuning";
import type { Shown } from "./dial";
import { type Action, reduce, type State, shouldDetail, shouldLook } from "./reducer";
import { Plots } from "./view";

/** The first request may start the encoder. */
const OPEN_MS = 180_000;

function render(props: RenderProps): () => void {
  const { model } = props;
  const read = () => ({
    view: model.get("state") as PlotsView,
    surfaced: model.get("surfaced") as CardView[] | null,
    details: (model.get("details") as DetailsView | null) ?? null,
    tuning: (model.get("tuning") as TuningView | null) ?? null,
    error: (model.get("error") as string) ?? "",
  });
  const store = new Store<State, Action>(reduce, {
    ...read(),
    looking: false,
    auditing: false,
    detailing: false,
    at: null,
    shown: "now",
    slow: false,
  });
  const onSlow = (slow: boolean) => store.dispatch({ type: "slow", slow });
  const onLost = () => store.dispatch({ type: "failed", message: LOST });
  return mount(props, "plots", { onSlow, onLost, line: inLines({ details: ["details", "keep", "correct"] }) }, (view) => {
    const { transport, signal } = view;
    const failed = (error: unknown) => store.dispatch({ type: "failed", message: messageOf(error) });
    const look = (shown: Shown = "now", threshold: number | null = null, below: number | null = null) => {
      store.dispatch({ type: "look", shown });
      transport.request("surface", { threshold, below }, { timeout: OPEN_MS }).then(() => store.dispatch({ type: "looked" }), failed);
    };
    const detail = (kind: "details" | "keep" | "correct", values: Record<string, unknown> = {}) => {
      store.dispatch({ type: "detail" });
      transport.request(kind, values, { timeout: OPEN_MS }).then(() => store.dispatch({ type: "detailed" }), failed);
    };
    const stop = () => void transport.request("stop_tuning").catch(failed);
    const follow = tuningFollower(transport, signal, () => store.state.tuning?.running === true, failed);
    const audit = () => {
      store.dispatch({ type: "audit" });
      transport.request("audit", {}, { timeout: OPEN_MS }).then(() => store.dispatch({ type: "audited" }), failed);
    };
    let opening = false;
    const open = () => {
      if (opening) return;
      opening = true;
      const done = () => {
        opening = false;
        store.dispatch({ type: "looked" });
      };
      transport.request("open", {}, { timeout: OPEN_MS }).then(done, (error) => {
        opening = false;
        failed(error);
      });
    };
    store.subscribe((state, before) => {
      if (state.view.phase === "opening" && before.view.phase !== "opening") open();
      if (shouldLook(state)) look();
      if (shouldDetail(state)) detail("details");
      if (state.tuning?.running) void follow();
    });
    connect<State, Action>(view, model, store, () => ({ type: "synced", ...read() }), (state) => (
      <Plots
        state={state}
        canEdit={model.get("can_edit") !== false}
        onLook={look}
        onAudit={audit}
        onMove={(at) => store.dispatch({ type: "move", at })}
        onKeep={(rule) => detail("keep", { rule })}
        onCorrect={(sentence_id: string, answer: Answer) => detail("correct", { sentence_id, answer })}
        onStop={stop}
        retry={open}
      />
    ));
    if (store.state.view.phase !== "nothing") open();
  });
}

export default { render };
