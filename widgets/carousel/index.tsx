import { connect, type Mounted, messageOf, mount, type RenderProps } from "../shared/mount";
import type { CardView, CarouselView, EvidenceResult, TuningView, UndoResult } from "../shared/protocol";
import { Store } from "../shared/store";
import { inLines, LOST } from "../shared/transport";
import { trainingFollower, tuningFollower } from "../shared/tuning";
import { keyOf } from "./keys";
import { type Action, initial, type Key, type Pending, reduce, type State, unexplained } from "./reducer";
import { watchSwipes } from "./swipe";
import { Carousel } from "./view";

/** The first request may start the encoder. */
const OPEN_MS = 180_000;

function render(props: RenderProps): () => void {
  const { model } = props;
  const read = () => ({
    cards: model.get("cards") as CardView[],
    view: model.get("state") as CarouselView,
    tuning: (model.get("tuning") as TuningView | null) ?? null,
    error: (model.get("error") as string) ?? "",
  });
  const store = new Store<State, Action>(reduce, initial(read()));
  const onSlow = (slow: boolean) => store.dispatch({ type: "slow", slow });
  const onLost = () => store.dispatch({ type: "failed", message: LOST });
  return mount(props, "carousel", { onSlow, onLost, line: inLines({ answers: ["tag", "undo"] }) }, (view) => {
    const { root, signal, transport } = view;
    root.tabIndex = 0;
    root.setAttribute("role", "group");
    root.setAttribute("aria-label", "Tagging");

    const failed = (error: unknown) => store.dispatch({ type: "failed", message: messageOf(error) });
    const press = (key: Key) => store.dispatch({ type: "key", key });
    const open = () => void transport.request("open", {}, { timeout: OPEN_MS }).catch(failed);
    const stop = () => void transport.request("stop_tuning").catch(failed);
    const send = async ({ kind, ...values }: Pending) => {
      try {
        const result = await transport.request<UndoResult | null>(kind, values);
        store.dispatch({ type: "stored", at: performance.now(), undone: result?.sentence_id ?? null });
        root.focus({ preventScroll: true });
      } catch (error) {
        failed(error);
      }
    };
    const goTo = ({ conversation_id, sentence_id }: CardView) =>
      void transport.request("show_call", { conversation_id, sentence_id }).then(() => store.dispatch({ type: "called" }), failed);
    const explain = ({ sentence_id: sentenceId }: CardView) => {
      const told = (found: EvidenceResult["pieces"] | string) => store.dispatch({ type: "evidence", sentenceId, found });
      transport.request<EvidenceResult>("evidence", { sentence_id: sentenceId }, { timeout: OPEN_MS }).then(({ pieces }) => told(pieces), (error) => told(messageOf(error)));
    };
    let explaining = "";
    const poll = trainingFollower(transport, signal, () => store.state.view.phase === "training", failed);
    const follow = tuningFollower(transport, signal, () => store.state.tuning?.running === true, failed);

    store.subscribe((state, before) => {
      if (state.pending && state.pending !== before.pending) void send(state.pending);
      if (state.call && state.call !== before.call) goTo(state.call);
      const asked = unexplained(state);
      if (asked && asked.sentence_id !== explaining) explain(asked);
      explaining = asked?.sentence_id ?? "";
      if (state.view.phase === "training") void poll();
      if (state.tuning?.running) void follow();
      if (state.view.phase === "idle" && before.view.phase !== "idle") open();
    });
    connect<State, Action>(view, model, store, () => ({ type: "synced", ...read() }), (state) => (
      <Carousel state={state} press={press} retry={open} onStop={stop} />
    ));
    watchKeys(view, store, press);
    watchFocus(view, store);
    watchSwipes(root, signal, press);
    if (store.state.view.phase !== "nothing") open();
  });
}

function watchKeys({ root, signal }: Mounted, store: Store<State, Action>, press: (key: Key) => void): void {
  root.addEventListener(
    "keydown",
    (event) => {
      const key = keyOf(event);
      if (key) {
        event.preventDefault();
        press(key);
      }
      if (event.key === "Escape" && store.state.panel) press("more");
      // The page around has keys of its own: D twice would delete the notebook's cell.
      if (event.key !== "Tab" && !event.ctrlKey && !event.metaKey) event.stopPropagation();
    },
    { signal },
  );
}

function watchFocus({ root, signal }: Mounted, store: Store<State, Action>): void {
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
}

export default { render };
