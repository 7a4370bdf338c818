import { connect, messageOf, mount, type RenderProps } from "../shared/mount";
import type { CardView, PlotsView } from "../shared/protocol";
import { Store } from "../shared/store";
import { LOST } from "../shared/transport";
import { reduce, shouldLook, type Action, type State } from "./reducer";
import { Plots } from "./view";

/** The first request may start the encoder. */
const OPEN_MS = 180_000;

function render(props: RenderProps): () => void {
  const { model } = props;
  const read = () => ({
    view: model.get("state") as PlotsView,
    surfaced: model.get("surfaced") as CardView[] | null,
    error: (model.get("error") as string) ?? "",
  });
  const store = new Store<State, Action>(reduce, { ...read(), looking: false, auditing: false, slow: false });
  const onSlow = (slow: boolean) => store.dispatch({ type: "slow", slow });
  const onLost = () => store.dispatch({ type: "failed", message: LOST });
  return mount(props, "plots", { onSlow, onLost }, (view) => {
    const { transport } = view;
    const failed = (error: unknown) => store.dispatch({ type: "failed", message: messageOf(error) });
    const look = () => {
      store.dispatch({ type: "look" });
      transport.request("surface", {}, OPEN_MS).then(() => store.dispatch({ type: "looked" }), failed);
    };
    const audit = () => {
      store.dispatch({ type: "audit" });
      transport.request("audit", {}, OPEN_MS).then(() => store.dispatch({ type: "audited" }), failed);
    };
    let opening = false;
    const open = () => {
      if (opening) return;
      opening = true;
      const done = () => {
        opening = false;
        store.dispatch({ type: "looked" });
      };
      transport.request("open", {}, OPEN_MS).then(done, (error) => {
        opening = false;
        failed(error);
      });
    };
    store.subscribe((state, before) => {
      if (state.view.phase === "opening" && before.view.phase !== "opening") open();
      if (shouldLook(state)) look();
    });
    connect<State, Action>(view, model, store, () => ({ type: "synced", ...read() }), (state) => (
      <Plots state={state} canAudit={model.get("can_audit") !== false} onLook={look} onAudit={audit} retry={open} />
    ));
    if (store.state.view.phase !== "nothing") open();
  });
}

export default { render };
