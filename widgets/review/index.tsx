import { connect, type Mounted, messageOf, mount, type RenderProps } from "../shared/mount";
import type { Answer, CardView, PlanView, ReviewView, TuningView, UndoResult } from "../shared/protocol";
import { Store } from "../shared/store";
import { inLines, LOST } from "../shared/transport";
import { trainingFollower, tuningFollower } from "../shared/tuning";
import { type Key, keyOf } from "./keys";
import { type Action, type Busy, initial, open, reduce, type State } from "./reducer";
import { type Acts, Review } from "./view";

/** The first request may start the encoder. */
const OPEN_MS = 180_000;

function render(props: RenderProps): () => void {
  const { model } = props;
  const read = () => ({
    cards: model.get("cards") as CardView[],
    view: model.get("state") as ReviewView,
    tuning: (model.get("tuning") as TuningView | null) ?? null,
    canEdit: model.get("can_edit") !== false,
    canPublish: model.get("can_publish") === true,
    error: (model.get("error") as string) ?? "",
  });
  const store = new Store<State, Action>(reduce, initial(read()));
  const { dispatch } = store;
  const onSlow = (slow: boolean) => dispatch({ type: "slow", slow });
  const onLost = () => dispatch({ type: "failed", message: LOST });
  return mount(props, "review", { onSlow, onLost, line: inLines({ answers: ["judge", "undo", "count", "others"] }) }, (view) => {
    const { transport, signal } = view;
    const failed = (error: unknown) => dispatch({ type: "failed", message: messageOf(error) });
    const ask = (what: Busy, values: Record<string, unknown> = {}) => {
      dispatch({ type: "busy", what });
      transport.request(what, values, { timeout: OPEN_MS }).then(() => dispatch({ type: "done" }), failed);
    };
    const judge = (id: string, answer: Answer, next = false) => {
      dispatch({ type: "judge", id, answer, next });
      transport.request("judge", { sentence_id: id, answer }, { timeout: OPEN_MS }).then(
        () => dispatch({ type: "judged", id, answer }),
        (error) => dispatch({ type: "failed", message: messageOf(error), id }),
      );
    };
    const undo = () => {
      dispatch({ type: "busy", what: "undo" });
      transport.request<UndoResult>("undo").then(({ sentence_id }) => dispatch({ type: "done", undone: sentence_id }), failed);
    };
    const call = ({ conversation_id, sentence_id }: CardView) =>
      void transport
        .request("show_call", { conversation_id, sentence_id })
        .catch((error) => dispatch({ type: "failed", message: messageOf(error), id: sentence_id }));
    let opening = false;
    const reopen = () => {
      if (opening) return;
      opening = true;
      transport
        .request("open", {}, { timeout: OPEN_MS })
        .then(() => dispatch({ type: "done" }), failed)
        .finally(() => (opening = false));
    };
    const poll = trainingFollower(transport, signal, () => store.state.view.phase === "training", failed);
    const follow = tuningFollower(transport, signal, () => store.state.tuning?.running === true, failed);
    const acts: Acts = {
      judge,
      undo,
      call,
      at: (at) => dispatch({ type: "at", at }),
      widen: (id) => dispatch({ type: "widen", id }),
      count: () => ask("count"),
      others: () => ask("others"),
      publish: (past) => ask("publish", { past }),
      plan: (past, signal) => transport.request<PlanView>("plan", { past }, { timeout: OPEN_MS, signal }),
      stop: () => void transport.request("stop_tuning").catch(failed),
      retry: reopen,
    };
    store.subscribe((state, before) => {
      if (state.view.phase === "opening" && before.view.phase !== "opening") reopen();
      if (state.view.phase === "training") void poll();
      if (state.tuning?.running) void follow();
    });
    connect<State, Action>(view, model, store, () => ({ type: "synced", ...read() }), (state) => <Review state={state} acts={acts} />);
    watchKeys(view, store, acts, judge);
    if (store.state.view.phase !== "nothing") reopen();
    if (store.state.view.phase === "training") void poll();
  });
}

function watchKeys({ root, signal }: Mounted, store: Store<State, Action>, acts: Acts, judge: (id: string, answer: Answer, next: boolean) => void): void {
  const act = (key: Key): void => {
    const { state } = store;
    const card = state.cards[state.at];
    if (!card) return;
    if (key === "next") store.dispatch({ type: "move", by: 1 });
    else if (key === "previous") store.dispatch({ type: "move", by: -1 });
    else if (key === "more") acts.widen(card.sentence_id);
    else if (key === "call") acts.call(card);
    else if (!open(state)) return;
    else if (key === "undo") acts.undo();
    else judge(card.sentence_id, key, true);
  };
  root.addEventListener(
    "keydown",
    (event) => {
      const key = keyOf(event);
      if (key) {
        event.preventDefault();
        act(key);
      }
      // The page around has keys of its own: D twice would delete the notebook's cell.
      if (event.key !== "Tab" && !event.ctrlKey && !event.metaKey) event.stopPropagation();
    },
    { signal },
  );
}

export default { render };
