import { connect, messageOf, mount, type RenderProps } from "../shared/mount";
import type { MetricAsked, MetricCheck, MetricCost, MetricForm, MetricShown, MetricTrend, NamedView } from "../shared/protocol";
import { Store } from "../shared/store";
import { inLines, LOST } from "../shared/transport";
import { initial, isDirty, reduce, same } from "./reducer";
import type { Action, State, Synced } from "./types";
import { Metrics } from "./view";

const PAUSE_MS = 300; // typing is looked at when it pauses
// Each instance on the page is a module of its own, so counting would give all of them the same number.
const unlike = (): string => Math.random().toString(36).slice(2, 10);

function render(props: RenderProps): () => void {
  const { model } = props;
  const read = (): Synced => ({
    form: model.get("form") as MetricForm,
    saved: model.get("saved") as MetricForm | null,
    metrics: (model.get("metrics") as NamedView[]) ?? [],
    trackers: (model.get("trackers") as NamedView[]) ?? [],
    metricId: (model.get("metric_id") as string) ?? "",
    shown: (model.get("shown") as MetricShown | null) ?? null,
    endpoint: (model.get("endpoint") as boolean) ?? false,
    kernelError: (model.get("error") as string) ?? "",
  });
  const store = new Store<State, Action>(reduce, initial(read(), unlike()));
  const onSlow = (slow: boolean) => store.dispatch({ type: "slow", slow });
  const onLost = () => store.dispatch({ type: "failed", message: LOST });
  return mount(props, "metrics", { onSlow, onLost, line: inLines({ edits: ["save", "delete", "open"] }) }, (view) => {
    const { signal, transport } = view;
    const failed = (error: unknown) => store.dispatch({ type: "failed", message: messageOf(error) });
    let timer: ReturnType<typeof setTimeout> | undefined;
    let checking = false;

    const push = (): void => {
      if (same(store.state.form, model.get("form"))) return;
      model.set("form", store.state.form);
      model.save_changes();
    };
    const check = (): void => {
      const { form } = store.state;
      if (!form?.source || checking) return; // the workspace could not be read; the error says so
      push();
      checking = true;
      transport.request<MetricCheck>("check", { form }).then(
        (found) => {
          checking = false;
          store.dispatch({ type: "checked", form, check: found });
          if (store.state.form !== form) check(); // what was typed meanwhile, and only the last of it
        },
        (error) => {
          checking = false;
          failed(error);
        },
      );
    };
    const trend = (): void => {
      transport.request<MetricTrend | null>("trend").then((found) => store.dispatch({ type: "trend", trend: found }), failed);
    };
    const cost = (): void => {
      const { judge } = store.state;
      transport.request<MetricCost | null>("cost", { judge }).then((found) => store.state.judge === judge && store.dispatch({ type: "cost", cost: found }), failed);
    };
    const ask = async (): Promise<void> => {
      const { judge, metricId } = store.state;
      store.dispatch({ type: "asking" });
      try {
        for (let beyond = -1; ; ) {
          const asked = await transport.request<MetricAsked>("ask", { judge, beyond });
          if (store.state.metricId !== metricId || signal.aborted) return; // another one was opened meanwhile
          store.dispatch({ type: "asked", asked });
          if (asked.left === 0 || asked.stopped || store.state.run?.stopping || asked.last <= beyond) break;
          beyond = asked.last;
        }
        store.dispatch({ type: "done", notice: "" });
      } catch (error) {
        failed(error);
      }
      cost();
      trend();
    };
    const preview = (): void => {
      if (store.state.shown) store.dispatch({ type: "draw" });
      const { form, seed, judge } = store.state;
      store.dispatch({ type: "busy", what: "preview" });
      transport.request("preview", { form, seed, judge }).then(() => store.dispatch({ type: "done", notice: "" }), failed);
    };
    const save = (): void => {
      clearTimeout(timer);
      store.dispatch({ type: "busy", what: "save" });
      transport.request("save", { form: store.state.form }).then(() => {
        store.dispatch({ type: "done", notice: "Saved." });
        trend();
        cost();
      }, failed);
    };
    const remove = (): void => {
      store.dispatch({ type: "busy", what: "delete" });
      transport.request("delete").then(() => store.dispatch({ type: "done", notice: "Metric deleted." }), failed);
    };
    const open = (metricId: string | null): void => {
      const typed = isDirty(store.state) && (store.state.saved !== null || store.state.form.name !== "");
      if (typed && !window.confirm("Leave this metric? Unsaved changes will be lost.")) return;
      clearTimeout(timer);
      transport.request("open", { metric_id: metricId }).then(() => {
        trend();
        cost();
      }, failed);
    };
    const show = (conversationId: string, sentenceId: string | null): void => {
      transport.request("show_call", { conversation_id: conversationId, sentence_id: sentenceId }).catch(failed);
    };

    store.subscribe((state, before) => {
      if (state.judge !== before.judge && state.cost === null) cost();
      if (state.form === before.form) return;
      clearTimeout(timer);
      timer = setTimeout(check, PAUSE_MS);
    });
    signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
    connect<State, Action>(view, model, store, () => ({ type: "synced", synced: read() }), (state) => (
      <Metrics state={state} dispatch={store.dispatch} acts={{ save, preview, ask: () => void ask(), open, remove, show }} />
    ));
    // The page's shortcuts must not see what is typed here.
    view.root.addEventListener("keydown", (event) => !event.ctrlKey && !event.metaKey && event.stopPropagation(), { signal });
    check();
    trend();
    cost();
  });
}

export default { render };
