import type { MetricAsked, MetricCheck, MetricCost, MetricForm, MetricShown, MetricTrend, NamedView } from "../shared/protocol";
import { inLines } from "../shared/transport";
import { type Drawn, trait, type View, widget } from "../shared/widget";
import { initial, isDirty, reduce, same } from "./reducer";
import type { Action, State, Synced } from "./types";
import { Metrics } from "./view";

const PAUSE_MS = 300; // typing is looked at when it pauses
// Each instance on the page is a module of its own, so counting would give all of them the same number.
const unlike = (): string => Math.random().toString(36).slice(2, 10);

function start(view: View<State, Action>): Drawn<State> {
  const { signal, store, dispatch, request, failed } = view;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let checking = false;

  const push = (): void => {
    if (!same(store.state.form, view.read("form"))) view.write("form", store.state.form);
  };
  const check = (): void => {
    const { form } = store.state;
    if (!form?.source || checking) return; // the workspace could not be read; the error says so
    push();
    checking = true;
    request<MetricCheck>("check", { form }).then(
      (found) => {
        checking = false;
        dispatch({ type: "checked", form, check: found });
        if (store.state.form !== form) check(); // what was typed meanwhile, and only the last of it
      },
      (error) => {
        checking = false;
        failed(error);
      },
    );
  };
  const trend = (): void => {
    request<MetricTrend | null>("trend").then((found) => dispatch({ type: "trend", trend: found }), failed);
  };
  const cost = (): void => {
    const { judge } = store.state;
    request<MetricCost | null>("cost", { judge }).then((found) => store.state.judge === judge && dispatch({ type: "cost", cost: found }), failed);
  };
  const ask = async (): Promise<void> => {
    const { judge, metricId } = store.state;
    dispatch({ type: "asking" });
    try {
      for (let beyond = -1; ; ) {
        const asked = await request<MetricAsked>("ask", { judge, beyond });
        if (store.state.metricId !== metricId || signal.aborted) return; // another one was opened meanwhile
        dispatch({ type: "asked", asked });
        if (asked.left === 0 || asked.stopped || store.state.run?.stopping || asked.last <= beyond) break;
        beyond = asked.last;
      }
      dispatch({ type: "done", notice: "" });
    } catch (error) {
      failed(error);
    }
    cost();
    trend();
  };
  const preview = (): void => {
    if (store.state.shown) dispatch({ type: "draw" });
    const { form, seed, judge } = store.state;
    dispatch({ type: "busy", what: "preview" });
    request("preview", { form, seed, judge }).then(() => dispatch({ type: "done", notice: "" }), failed);
  };
  const save = (): void => {
    clearTimeout(timer);
    dispatch({ type: "busy", what: "save" });
    request("save", { form: store.state.form }).then(() => {
      dispatch({ type: "done", notice: "Saved." });
      trend();
      cost();
    }, failed);
  };
  const remove = (): void => {
    dispatch({ type: "busy", what: "delete" });
    request("delete").then(() => dispatch({ type: "done", notice: "Metric deleted." }), failed);
  };
  const open = (metricId: string | null): void => {
    const typed = isDirty(store.state) && (store.state.saved !== null || store.state.form.name !== "");
    if (typed && !window.confirm("Leave this metric? Unsaved changes will be lost.")) return;
    clearTimeout(timer);
    request("open", { metric_id: metricId }).then(() => {
      trend();
      cost();
    }, failed);
  };
  const show = (conversationId: string, sentenceId: string | null): void => {
    request("show_call", { conversation_id: conversationId, sentence_id: sentenceId }).catch(failed);
  };

  store.subscribe((state, before) => {
    if (state.judge !== before.judge && state.cost === null) cost();
    if (state.form === before.form) return;
    clearTimeout(timer);
    timer = setTimeout(check, PAUSE_MS);
  });
  signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
  return {
    draw: (state) => (
      <Metrics state={state} dispatch={dispatch} acts={{ save, preview, ask: () => void ask(), open, remove, show }} />
    ),
    shown: () => {
      check();
      trend();
      cost();
    },
  };
}

export default widget<Synced, State, Action>({
  name: "metrics",
  traits: {
    form: trait<MetricForm>("form"),
    saved: trait<MetricForm | null>("saved"),
    metrics: trait<NamedView[]>("metrics", []),
    trackers: trait<NamedView[]>("trackers", []),
    metricId: trait<string>("metric_id", ""),
    shown: trait<MetricShown | null>("shown", null),
    endpoint: trait<boolean>("endpoint", false),
    kernelError: trait<string>("error", ""),
  },
  initial: (synced) => initial(synced, unlike()),
  reduce,
  synced: (synced) => ({ type: "synced", synced }),
  line: inLines({ edits: ["save", "delete", "open"] }),
  start,
});
