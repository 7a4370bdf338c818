import { followWork } from "../shared/news";
import { opener } from "../shared/opening";
import type { Answer, CardView, PlanView, PublishedRunView, ReviewView, TuningView, UndoResult } from "../shared/protocol";
import { inLines, messageOf } from "../shared/transport";
import { type Drawn, LONG_MS, trait, type View, widget } from "../shared/widget";
import { type Key, keyOf } from "./keys";
import { type Action, type Busy, initial, open, reduce, type State, type Synced } from "./reducer";
import { type Acts, Review } from "./view";

const STAND_MS = 1_000;

function start(view: View<State, Action>): Drawn<State> {
  const { signal, store, dispatch, request, failed } = view;
  const ask = (what: Busy, values: Record<string, unknown> = {}, then?: () => void) => {
    dispatch({ type: "busy", what });
    request(what, values, { timeout: LONG_MS }).then(() => {
      dispatch({ type: "done" });
      then?.();
    }, failed);
  };
  const judge = (id: string, answer: Answer, next = false) => {
    dispatch({ type: "judge", id, answer, next });
    request("judge", { sentence_id: id, answer }, { timeout: LONG_MS }).then(
      () => dispatch({ type: "judged", id, answer }),
      (error) => dispatch({ type: "failed", message: messageOf(error), id }),
    );
  };
  const undo = () => {
    dispatch({ type: "busy", what: "undo" });
    request<UndoResult>("undo").then(({ sentence_id }) => dispatch({ type: "done", undone: sentence_id }), failed);
  };
  const call = ({ conversation_id, sentence_id }: CardView) =>
    void request("show_call", { conversation_id, sentence_id })
      .catch((error) => dispatch({ type: "failed", message: messageOf(error), id: sentence_id }));
  const old = () => store.state.view.phase === "opening";
  const reopen = opener(() => request("open", {}, { timeout: LONG_MS }), old, () => dispatch({ type: "done" }), failed);
  const training = () => store.state.view.phase === "training";
  const progress = () => request("progress");
  followWork(view, "training", training, progress, ({ fraction, message }) => dispatch({ type: "trained", fraction, message }));
  const tuning = () => store.state.tuning?.running === true;
  followWork(view, "tuning", tuning, () => request("tuning"), ({ fraction, message }) => dispatch({ type: "tuned", fraction, message }));
  let standing: ReturnType<typeof setTimeout> | undefined;
  /** Follows the published version while it reads past calls. */
  const stand = (): void => {
    clearTimeout(standing);
    request<PublishedRunView | null>("standing").then((run) => {
      dispatch({ type: "run", run });
      if (run?.running && !signal.aborted && !view.lost) standing = setTimeout(stand, STAND_MS);
    }, failed);
  };
  signal.addEventListener("abort", () => clearTimeout(standing), { once: true });
  const acts: Acts = {
    judge,
    undo,
    call,
    at: (at) => dispatch({ type: "at", at }),
    widen: (id) => dispatch({ type: "widen", id }),
    count: () => ask("count"),
    others: () => ask("others"),
    publish: (past, stream) => ask("publish", { past, stream }, stand),
    plan: (past, signal) => request<PlanView>("plan", { past }, { timeout: LONG_MS, signal }),
    stop: () => void request("stop_tuning").catch(failed),
    retry: reopen,
    stopRun: () => void request("stop_run").then(stand, failed),
    see: () => void request<CardView[]>("found", {}, { timeout: LONG_MS }).then((cards) => dispatch({ type: "found", cards }), failed),
  };
  store.subscribe((_, before) => {
    if (old() && before.view.phase !== "opening") reopen();
    if (training() && before.view.phase !== "training") progress().catch(failed);
  });
  return {
    draw: (state) => <Review state={state} acts={acts} />,
    shown: () => {
      watchKeys(view, acts, judge);
      if (store.state.view.phase !== "nothing") reopen();
      if (training()) progress().catch(failed);
      if (store.state.view.published) stand();
    },
    resume: reopen,
  };
}

function watchKeys({ root, signal, store, dispatch }: View<State, Action>, acts: Acts, judge: (id: string, answer: Answer, next: boolean) => void): void {
  const act = (key: Key): void => {
    const { state } = store;
    const card = state.cards[state.at];
    if (!card) return;
    if (key === "next") dispatch({ type: "move", by: 1 });
    else if (key === "previous") dispatch({ type: "move", by: -1 });
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
    },
    { signal },
  );
}

export default widget<Synced, State, Action>({
  name: "review",
  traits: {
    cards: trait<CardView[]>("cards"),
    view: trait<ReviewView>("state"),
    tuning: trait<TuningView | null>("tuning", null),
    canEdit: trait<boolean>("can_edit", true),
    canPublish: trait<boolean>("can_publish", false),
    error: trait<string>("error", ""),
  },
  initial,
  reduce,
  synced: (synced) => ({ type: "synced", ...synced }),
  line: inLines({ answers: ["judge", "undo", "count", "others"] }),
  start,
});
