import type { AskPlan } from "../shared/plan";
import type { CheckResult, FacetsView, FindsResult, Form, PastedView, PlanView, PublishedResult, SaveResult, SettingsForm, Step, SuggestResult, TrackerRef } from "../shared/protocol";
import { inLines } from "../shared/transport";
import { type Drawn, trait, type View, widget } from "../shared/widget";
import { givenOf, NO_SETTINGS } from "./kinds";
import { findsBy, initial, isDirty, reduce, same } from "./reducer";
import type { Action, State, Synced } from "./types";
import { Builder } from "./view";

const PAUSE_MS = 250; // typing is looked at when it pauses
const AGAIN_MS = 700; // between two questions for a search that is not done

function start(view: View<State, Action>): Drawn<State> {
  const { signal, store, dispatch, request, failed } = view;
  const timers: Partial<Record<"check" | "preview" | "search" | "finds", ReturnType<typeof setTimeout>>> = {};
  const soon = (name: keyof typeof timers, work: () => void, pause = PAUSE_MS) => {
    clearTimeout(timers[name]);
    timers[name] = setTimeout(work, pause);
  };

  const push = (name: "form" | "step"): void => {
    if (!same(store.state[name], view.read(name))) view.write(name, store.state[name]);
  };
  let checking = false;
  const check = (): void => {
    const { form } = store.state;
    if (!form.filters || checking) return; // the workspace could not be read; the error says so
    push("form");
    checking = true;
    const done = (): void => {
      checking = false;
      if (store.state.form !== form) check(); // what was typed meanwhile, and only the last of it
    };
    request<CheckResult>("check", { form }).then(
      (result) => {
        dispatch({ type: "checked", form, check: result });
        done();
      },
      (error) => {
        checking = false;
        failed(error);
      },
    );
  };
  const preview = (): void => {
    const { bulk, form } = store.state;
    if (!bulk?.text.trim()) return;
    const { text } = bulk;
    request<PastedView[]>("preview", { pasted: text, examples: form.examples }).then((lines) => dispatch({ type: "previewed", text, lines }), failed);
  };
  const suggest = (): void => {
    clearTimeout(timers.search);
    const { search, form } = store.state;
    const { query } = search;
    const examples = givenOf(form).filter((text) => text.trim());
    if (!query.trim() && examples.length === 0) return;
    dispatch({ type: "suggesting" });
    request<SuggestResult>("suggest", { query: query.trim(), filters: form.filters, examples }).then((found) => {
      dispatch({ type: "suggested", query, found });
      if (found.pending && store.state.search.query === query) soon("search", suggest, AGAIN_MS);
    }, failed);
  };
  let finding = false;
  /** One question at a time; what was changed meanwhile is asked about next. */
  const find = (): void => {
    clearTimeout(timers.finds);
    const { form } = store.state;
    if (!form.filters || finding || findsBy(form) === "") return;
    finding = true;
    dispatch({ type: "finding" });
    request<FindsResult>("finds", { form }).then(
      (finds) => {
        finding = false;
        dispatch({ type: "found", form, finds });
        if (findsBy(store.state.form) !== findsBy(form)) find();
        else if (finds.pending) soon("finds", find, AGAIN_MS);
      },
      (error) => {
        finding = false;
        failed(error);
      },
    );
  };
  const call = (conversationId: string, sentenceId: string): void =>
    void request("show_call", { conversation_id: conversationId, sentence_id: sentenceId }).catch(failed);
  const publish = (past: string | null, stream: string | null): void => {
    clearTimeout(timers.check);
    dispatch({ type: "save" });
    request<PublishedResult>("publish", { form: store.state.form, past, stream }).then(({ message }) => {
      dispatch({ type: "published", message });
      check();
    }, failed);
  };
  const plan: AskPlan = (past, signal) => request<PlanView>("plan", { form: store.state.form, past }, { signal });
  const keyword = (): void => {
    const said = "These words come from your examples. Nothing is saved yet.";
    request("keyword", { form: store.state.form }).then(() => dispatch({ type: "notice", text: said }), failed);
  };
  const save = (): void => {
    clearTimeout(timers.check);
    dispatch({ type: "save" });
    request<SaveResult>("save", { form: store.state.form }).then(({ notes }) => {
      dispatch({ type: "saved" });
      if (notes) dispatch({ type: "notice", text: notes });
      check();
    }, failed);
  };
  const open = (trackerId: string | null): void => {
    const loses = isDirty(store.state) && givenOf(store.state.form).length > 0;
    if (loses && !window.confirm("Leave this tracker? Unsaved changes will be lost.")) return;
    clearTimeout(timers.check);
    request("open", { tracker_id: trackerId }).catch(failed);
  };

  store.subscribe((state, before) => {
    if (state.form !== before.form) soon("check", check);
    if (state.form !== before.form && findsBy(state.form) !== findsBy(before.form)) soon("finds", find);
    if (state.step !== before.step) push("step");
    if (state.bulk && state.bulk.text !== before.bulk?.text) soon("preview", preview);
    if (state.search.query !== before.search.query && state.search.query.trim()) soon("search", suggest, 2 * PAUSE_MS);
  });
  signal.addEventListener("abort", () => Object.values(timers).forEach(clearTimeout), { once: true });
  return {
    draw: (state) => (
      <Builder state={state} dispatch={dispatch} save={save} open={open} suggest={suggest} keyword={keyword} call={call} publish={publish} plan={plan} />
    ),
    shown: () => {
      check();
      find();
    },
  };
}

export default widget<Synced, State, Action>({
  name: "builder",
  traits: {
    form: trait<Form>("form"),
    saved: trait<Form | null>("saved"),
    step: trait<Step>("step", "concept"),
    facets: trait<FacetsView>("facets"),
    drafts: trait<TrackerRef[]>("drafts"),
    kinds: trait<string[]>("kinds", []),
    usual: trait<SettingsForm>("usual", NO_SETTINGS),
    trackerId: trait<string>("tracker_id"),
    resumed: trait<boolean>("resumed"),
    least: trait<number>("min_examples"),
    most: trait<number>("max_examples"),
    kernelError: trait<string>("error", ""),
  },
  initial,
  reduce,
  synced: (synced) => ({ type: "synced", synced }),
  line: inLines({ edits: ["save", "publish", "keyword", "open"] }),
  start,
});
