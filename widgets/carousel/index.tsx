import { followWork } from "../shared/news";
import type { CardView, CarouselView, EvidenceResult, TuningView, UndoResult } from "../shared/protocol";
import { inLines, messageOf } from "../shared/transport";
import { type Drawn, LONG_MS, trait, type View, widget } from "../shared/widget";
import { keyOf } from "./keys";
import { type Action, initial, type Key, type Pending, reduce, type State, type Synced, unexplained } from "./reducer";
import { watchSwipes } from "./swipe";
import { Carousel } from "./view";

function start(view: View<State, Action>): Drawn<State> {
  const { root, signal, store, dispatch, request, failed } = view;
  root.tabIndex = 0;

  const press = (key: Key) => dispatch({ type: "key", key });
  const open = () => void request("open", {}, { timeout: LONG_MS }).catch(failed);
  const stop = () => void request("stop_tuning").catch(failed);
  const send = async ({ kind, ...values }: Pending) => {
    try {
      const result = await request<UndoResult | null>(kind, values);
      dispatch({ type: "stored", at: performance.now(), undone: result?.sentence_id ?? null });
      root.focus({ preventScroll: true });
    } catch (error) {
      failed(error);
    }
  };
  const goTo = ({ conversation_id, sentence_id }: CardView) =>
    void request("show_call", { conversation_id, sentence_id }).then(() => dispatch({ type: "called" }), failed);
  const explain = ({ sentence_id: sentenceId }: CardView) => {
    const told = (found: EvidenceResult["pieces"] | string) => dispatch({ type: "evidence", sentenceId, found });
    request<EvidenceResult>("evidence", { sentence_id: sentenceId }, { timeout: LONG_MS }).then(({ pieces }) => told(pieces), (error) => told(messageOf(error)));
  };
  const look = () => void request<CardView[]>("surface", {}, { timeout: LONG_MS }).then((cards) => dispatch({ type: "finds", cards }), failed);
  let explaining = "";
  const training = () => store.state.view.phase === "training";
  const progress = () => request("progress");
  followWork(view, "training", training, progress, ({ fraction, message }) => dispatch({ type: "trained", fraction, message }));
  const tuning = () => store.state.tuning?.running === true;
  followWork(view, "tuning", tuning, () => request("tuning"), ({ fraction, message }) => dispatch({ type: "tuned", fraction, message }));

  store.subscribe((state, before) => {
    if (state.pending && state.pending !== before.pending) void send(state.pending);
    if (state.call && state.call !== before.call) goTo(state.call);
    if (state.finds === "asked" && before.finds !== "asked") look();
    const asked = unexplained(state);
    if (asked && asked.sentence_id !== explaining) explain(asked);
    explaining = asked?.sentence_id ?? "";
    if (training() && before.view.phase !== "training") progress().catch(failed);
    if (state.view.phase === "idle" && before.view.phase !== "idle") open();
  });
  return {
    draw: (state) => (
      <Carousel state={state} press={press} retry={open} onStop={stop} setStraightOn={(on) => view.write("straight_on", on)} />
    ),
    shown: () => {
      watchKeys(view, press);
      watchFocus(view);
      watchSwipes(root, signal, press);
      if (store.state.view.phase !== "nothing") open();
      if (training()) progress().catch(failed);
    },
    resume: open,
  };
}

function watchKeys({ root, signal, store }: View<State, Action>, press: (key: Key) => void): void {
  root.addEventListener(
    "keydown",
    (event) => {
      const key = keyOf(event);
      if (key) {
        event.preventDefault();
        press(key);
      }
      if (event.key === "Escape" && store.state.panel) press("more");
    },
    { signal },
  );
}

function watchFocus({ root, signal, dispatch }: View<State, Action>): void {
  root.addEventListener("focusin", () => dispatch({ type: "focus", focused: true }), { signal });
  root.addEventListener(
    "focusout",
    (event) => dispatch({ type: "focus", focused: root.contains(event.relatedTarget as Node | null) }),
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

export default widget<Synced, State, Action>({
  name: "carousel",
  role: "group",
  label: "Tagging",
  traits: {
    cards: trait<CardView[]>("cards"),
    view: trait<CarouselView>("state"),
    tuning: trait<TuningView | null>("tuning", null),
    straightOn: trait<boolean>("straight_on", false),
    error: trait<string>("error", ""),
  },
  initial,
  reduce,
  synced: (synced) => ({ type: "synced", ...synced }),
  line: inLines({ answers: ["tag", "undo"] }),
  start,
});
