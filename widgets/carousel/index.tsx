import { connect, messageOf, mount, type RenderProps } from "../shared/mount";
import type { CardView, CarouselView, UndoResult } from "../shared/protocol";
import { Store } from "../shared/store";
import { LOST } from "../shared/transport";
import { keyOf } from "./keys";
import { initial, reduce, type Action, type Pending, type State } from "./reducer";
import { Carousel } from "./view";

const POLL_MS = 120;
/** The first request may start the encoder. */
const OPEN_MS = 180_000;

function render(props: RenderProps): () => void {
  const { model } = props;
  const read = () => ({
    cards: model.get("cards") as CardView[],
    view: model.get("state") as CarouselView,
    error: (model.get("error") as string) ?? "",
  });
  const first = read();
  const store = new Store<State, Action>(reduce, initial(first.cards, first.view, first.error));
  const onSlow = (slow: boolean) => store.dispatch({ type: "slow", slow });
  const onLost = () => store.dispatch({ type: "failed", message: LOST });
  return mount(props, "carousel", { onSlow, onLost }, (view) => {
    const { root, signal, transport } = view;
    root.tabIndex = 0;
    root.setAttribute("role", "group");
    root.setAttribute("aria-label", "Tagging");

    const failed = (error: unknown) => store.dispatch({ type: "failed", message: messageOf(error) });
    const open = () => void transport.request("open", {}, OPEN_MS).catch(failed);
    const send = async (pending: Pending) => {
      const { kind, ...values } = pending;
      try {
        const result = await transport.request<UndoResult | null>(kind, values);
        store.dispatch({ type: "stored", undone: result?.sentence_id ?? null });
        root.focus({ preventScroll: true });
      } catch (error) {
        failed(error);
      }
    };
    let polling = false;
    const poll = async () => {
      if (polling) return;
      polling = true;
      try {
        while (!signal.aborted && store.state.view.phase === "training") {
          await transport.request("progress");
          await new Promise((resolve) => setTimeout(resolve, POLL_MS));
        }
      } catch (error) {
        failed(error);
      } finally {
        polling = false;
      }
    };

    store.subscribe((state, before) => {
      if (state.pending && state.pending !== before.pending) void send(state.pending);
      if (state.view.phase === "training") void poll();
      if (state.view.phase === "idle" && before.view.phase !== "idle") open();
    });
    connect<State, Action>(view, model, store, () => ({ type: "synced", ...read() }), (state) => (
      <Carousel state={state} dispatch={store.dispatch} retry={open} />
    ));

    root.addEventListener(
      "keydown",
      (event) => {
        const key = keyOf(event);
        if (key) {
          event.preventDefault();
          store.dispatch({ type: "key", key });
        }
        if (event.key === "Escape" && store.state.panel) store.dispatch({ type: "panel", open: false });
        // The page around has keys of its own: D twice would delete the notebook's cell.
        if (event.key !== "Tab" && !event.ctrlKey && !event.metaKey) event.stopPropagation();
      },
      { signal },
    );
    root.addEventListener("focusin", () => store.dispatch({ type: "focus", focused: true }), { signal });
    root.addEventListener(
      "focusout",
      (event) => store.dispatch({ type: "focus", focused: root.contains(event.relatedTarget as Node | null) }),
      { signal },
    );
    root.addEventListener(
      "click",
      (event) => {
        const inner = (event.target as HTMLElement).closest("button, a, summary, input");
        if (!inner && String(window.getSelection?.() ?? "") === "") root.focus({ preventScroll: true });
      },
      { signal },
    );
    if (first.view.phase !== "nothing") open();
  });
}

export default { render };
