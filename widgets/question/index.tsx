import { connect, messageOf, mount, type RenderProps } from "../shared/mount";
import type { AskPlan } from "../shared/plan";
import type { CreditsView, FacetsView, PhraseView, PlanView, PublishedResult, QuestionCheck, QuestionForm, RefinementView, SampleView, SaveResult } from "../shared/protocol";
import { Store } from "../shared/store";
import { inLines, LOST } from "../shared/transport";
import { initial, isDirty, reduce, same } from "./reducer";
import type { Action, State, Synced } from "./types";
import { Question } from "./view";

const PAUSE_MS = 300; // typing is looked at when it pauses
/** A hundred calls may be read, by a judge that has to start. */
const LONG_MS = 600_000;
const STAND_MS = 2_000;

function render(props: RenderProps): () => void {
  const { model } = props;
  const read = (): Synced => ({
    form: model.get("form") as QuestionForm,
    saved: model.get("saved") as QuestionForm | null,
    sample: (model.get("sample") as SampleView | null) ?? null,
    phrases: (model.get("phrases") as Record<string, PhraseView[]>) ?? {},
    facets: model.get("facets") as FacetsView,
    trackers: (model.get("trackers") as Synced["trackers"]) ?? [],
    trackerId: (model.get("tracker_id") as string) ?? "",
    paused: (model.get("paused") as string) ?? "",
    stage: (model.get("stage") as string) ?? "",
    run: (model.get("run") as string) ?? "",
    found: (model.get("found") as string) ?? "",
    elsewhere: (model.get("elsewhere") as string) ?? "",
    endpoint: model.get("endpoint") === true,
    kernelError: (model.get("error") as string) ?? "",
  });
  const store = new Store<State, Action>(reduce, initial(read()));
  const { dispatch } = store;
  const onSlow = (slow: boolean) => dispatch({ type: "slow", slow });
  const onLost = () => dispatch({ type: "failed", message: LOST });
  return mount(props, "question", { onSlow, onLost, line: inLines({ edits: ["save", "publish", "train", "top_up", "open"] }) }, (view) => {
    const { signal, transport } = view;
    const failed = (error: unknown) => dispatch({ type: "failed", message: messageOf(error) });
    let timer: ReturnType<typeof setTimeout> | undefined;
    let standing: ReturnType<typeof setTimeout> | undefined;
    let checking = false;

    const push = (): void => {
      if (same(store.state.form, model.get("form"))) return;
      model.set("form", store.state.form);
      model.save_changes();
    };
    const check = (): void => {
      const { form, past } = store.state;
      if (!form?.filters || checking) return; // the workspace could not be read; the error says so
      push();
      checking = true;
      transport.request<QuestionCheck>("check", { form, past }).then(
        (found) => {
          checking = false;
          dispatch({ type: "checked", form, check: found });
          if (store.state.form !== form || store.state.past !== past) check(); // what was changed meanwhile
        },
        (error) => {
          checking = false;
          failed(error);
        },
      );
    };
    const sample = (beyond: number): void => {
      const { form } = store.state;
      dispatch({ type: "busy", what: "sample" });
      transport.request("sample", { form, beyond }, { timeout: LONG_MS }).then(() => {
        dispatch({ type: "done", notice: "", sampled: form });
        check(); // the balance may be another
      }, failed);
    };
    const refine = (): void => {
      dispatch({ type: "busy", what: "refine" });
      transport.request<RefinementView[]>("refine", { form: store.state.form }, { timeout: LONG_MS }).then((near) => dispatch({ type: "near", near }), failed);
    };
    const save = (): void => {
      dispatch({ type: "busy", what: "save" });
      transport.request<SaveResult>("save", { form: store.state.form }).then(({ notes }) => {
        const drafted = store.state.stage === "draft" || store.state.stage === "";
        const saved = drafted ? "Saved as a draft. You can change all of this later." : "Saved. The published version stays in use until you publish again.";
        dispatch({ type: "done", notice: [saved, notes].filter(Boolean).join(" ") });
        check();
      }, failed);
    };
    const publish = (): void => {
      const { form, past, stream, email } = store.state;
      dispatch({ type: "busy", what: "publish" });
      transport.request<PublishedResult>("publish", { form, past, stream, email }, { timeout: LONG_MS }).then(({ message }) => {
        dispatch({ type: "done", notice: `Published. ${message}` });
        check();
        stand();
      }, failed);
    };
    const plan: AskPlan = (past, signal) => transport.request<PlanView>("plan", { form: store.state.form, past }, { timeout: LONG_MS, signal });
    /** Follows the version in use while it reads past calls: it may be stopped by what is not the page's doing. */
    const stand = (): void => {
      transport.request<boolean>("standing", {}).then((running) => {
        if (running && !signal.aborted) standing = setTimeout(stand, STAND_MS);
      }, () => undefined);
    };
    const train = (name: string): void => {
      dispatch({ type: "busy", what: "train" });
      transport.request("train", { name }, { timeout: LONG_MS }).then(() => {
        dispatch({ type: "done", notice: `Made “${name}”. Its first sentences are ready: choose Train in the table of trackers, or run TaggingCarousel(ws, "${name}").` });
      }, failed);
    };
    const credits = (): void => void transport.request<CreditsView>("credits", {}).then((found) => dispatch({ type: "credits", credits: found }), failed);
    const topUp = (amount: number, note: string): void => {
      dispatch({ type: "busy", what: "credits" });
      transport.request<CreditsView>("top_up", { amount, note }).then((found) => {
        dispatch({ type: "credits", credits: found });
        check();
      }, failed);
    };
    const open = (trackerId: string | null): void => {
      if (isDirty(store.state) && store.state.form.name && !window.confirm("Leave this question? Unsaved changes will be lost.")) return;
      transport.request("open", { tracker_id: trackerId }).catch(failed);
    };
    const call = (conversationId: string, sentenceId: string): void =>
      void transport.request("show_call", { conversation_id: conversationId, sentence_id: sentenceId }).catch(failed);

    store.subscribe((state, before) => {
      if (state.form === before.form && state.past === before.past) return;
      clearTimeout(timer);
      timer = setTimeout(check, PAUSE_MS);
    });
    signal.addEventListener("abort", () => [timer, standing].forEach(clearTimeout), { once: true });
    connect<State, Action>(view, model, store, () => ({ type: "synced", synced: read() }), (state) => (
      <Question state={state} acts={{ dispatch, sample, refine, save, publish, plan, open, call, train, credits, topUp }} />
    ));
    // The page's shortcuts must not see what is typed here.
    view.root.addEventListener("keydown", (event) => !event.ctrlKey && !event.metaKey && event.stopPropagation(), { signal });
    check();
    if (store.state.trackerId) stand();
  });
}

export default { render };
