import type { AskPlan } from "../shared/plan";
import type { CreditsView, FacetsView, PhraseView, PlanView, PublishedResult, QuestionCheck, QuestionForm, RefinementView, SampleView, SaveResult } from "../shared/protocol";
import { inLines } from "../shared/transport";
import { type Drawn, trait, type View, widget } from "../shared/widget";
import { initial, isDirty, reduce, same } from "./reducer";
import type { Action, State, Synced } from "./types";
import { Question } from "./view";

const PAUSE_MS = 300; // typing is looked at when it pauses
/** A hundred calls may be read, by a judge that has to start. */
const READ_MS = 600_000;
const STAND_MS = 2_000;

/** Opens what trains the question further, and leads there. */
function showFurther(root: HTMLElement): void {
  const further = root.querySelector<HTMLDetailsElement>(".wb-further");
  if (!further) return;
  further.open = true;
  further.scrollIntoView({ block: "nearest" });
  further.querySelector<HTMLElement>("input")?.focus();
}

function start(view: View<State, Action>): Drawn<State> {
  const { root, signal, store, dispatch, request, failed } = view;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let standing: ReturnType<typeof setTimeout> | undefined;
  let checking = false;

  const push = (): void => {
    if (!same(store.state.form, view.read("form"))) view.write("form", store.state.form);
  };
  const check = (): void => {
    const { form, past } = store.state;
    if (!form?.filters || checking) return; // the workspace could not be read; the error says so
    push();
    checking = true;
    request<QuestionCheck>("check", { form, past }).then(
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
    request("sample", { form, beyond }, { timeout: READ_MS }).then(() => {
      dispatch({ type: "done", notice: "", sampled: form });
      check(); // the balance may be another
    }, failed);
  };
  const refine = (): void => {
    dispatch({ type: "busy", what: "refine" });
    request<RefinementView[]>("refine", { form: store.state.form }, { timeout: READ_MS }).then((near) => dispatch({ type: "near", near }), failed);
  };
  const judge = (conversationId: string, right: boolean | null): void =>
    void request("judge", { conversation_id: conversationId, right }).catch(failed);
  const further = (): void => {
    const show = () => setTimeout(() => showFurther(root)); // once it is drawn
    if (store.state.saved) show();
    else save(show);
  };
  const save = (then?: () => void): void => {
    dispatch({ type: "busy", what: "save" });
    request<SaveResult>("save", { form: store.state.form }).then(({ notes }) => {
      const drafted = store.state.stage === "draft" || store.state.stage === "";
      const saved = drafted ? "Saved as a draft. You can change all of this later." : "Saved. The published version stays in use until you publish again.";
      dispatch({ type: "done", notice: [saved, notes].filter(Boolean).join(" ") });
      check();
      then?.();
    }, failed);
  };
  const publish = (): void => {
    const { form, past, stream, email } = store.state;
    dispatch({ type: "busy", what: "publish" });
    request<PublishedResult>("publish", { form, past, stream, email }, { timeout: READ_MS }).then(({ message }) => {
      dispatch({ type: "done", notice: `Published. ${message}` });
      check();
      stand();
    }, failed);
  };
  const plan: AskPlan = (past, signal) => request<PlanView>("plan", { form: store.state.form, past }, { timeout: READ_MS, signal });
  /** Follows the version in use while it reads past calls: it may be stopped by what is not the page's doing. */
  const stand = (): void => {
    request<boolean>("standing", {}).then((running) => {
      if (running && !signal.aborted) standing = setTimeout(stand, STAND_MS);
    }, () => undefined);
  };
  const train = (name: string): void => {
    dispatch({ type: "busy", what: "train" });
    request("train", { name }, { timeout: READ_MS }).then(() => {
      dispatch({ type: "done", notice: `Made “${name}”. Its first sentences are ready: choose Train in the table of trackers, or run TaggingCarousel(ws, "${name}").` });
    }, failed);
  };
  const credits = (): void => void request<CreditsView>("credits", {}).then((found) => dispatch({ type: "credits", credits: found }), failed);
  const topUp = (amount: number, note: string): void => {
    dispatch({ type: "busy", what: "credits" });
    request<CreditsView>("top_up", { amount, note }).then((found) => {
      dispatch({ type: "credits", credits: found });
      check();
    }, failed);
  };
  const open = (trackerId: string | null): void => {
    if (isDirty(store.state) && store.state.form.name && !window.confirm("Leave this question? Unsaved changes will be lost.")) return;
    request("open", { tracker_id: trackerId }).catch(failed);
  };
  const call = (conversationId: string, sentenceId: string): void =>
    void request("show_call", { conversation_id: conversationId, sentence_id: sentenceId }).catch(failed);

  store.subscribe((state, before) => {
    if (state.form === before.form && state.past === before.past) return;
    clearTimeout(timer);
    timer = setTimeout(check, PAUSE_MS);
  });
  signal.addEventListener("abort", () => [timer, standing].forEach(clearTimeout), { once: true });
  return {
    draw: (state) => (
      <Question state={state} acts={{ dispatch, sample, refine, judge, further, save: () => save(), publish, plan, open, call, train, credits, topUp }} />
    ),
    shown: () => {
      check();
      if (store.state.trackerId) stand();
    },
  };
}

export default widget<Synced, State, Action>({
  name: "question",
  traits: {
    form: trait<QuestionForm>("form"),
    saved: trait<QuestionForm | null>("saved"),
    sample: trait<SampleView | null>("sample", null),
    phrases: trait<Record<string, PhraseView[]>>("phrases", {}),
    facets: trait<FacetsView>("facets"),
    trackers: trait<Synced["trackers"]>("trackers", []),
    trackerId: trait<string>("tracker_id", ""),
    paused: trait<string>("paused", ""),
    stage: trait<string>("stage", ""),
    run: trait<string>("run", ""),
    found: trait<string>("found", ""),
    elsewhere: trait<string>("elsewhere", ""),
    endpoint: trait<boolean>("endpoint", false),
    kernelError: trait<string>("error", ""),
  },
  initial,
  reduce,
  synced: (synced) => ({ type: "synced", synced }),
  line: inLines({ edits: ["save", "publish", "train", "top_up", "open"] }),
  start,
});
