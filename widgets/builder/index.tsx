import { connect, messageOf, mount, type RenderProps } from "../shared/mount";
import type { AskPlan } from "../shared/plan";
import type { CheckResult, DraftView, FacetsView, FindsResult, Form, PastedView, PlanView, PublishedResult, SaveResult, SettingsForm, Step, SuggestResult } from "../shared/protocol";
import { Store } from "../shared/store";
import { inLines, LOST } from "../shared/transport";
import { givenOf, NO_SETTINGS } from "./kinds";
import { findsBy, initial, isDirty, reduce, same } from "./reducer";
import type { Action, State, Synced } from "./types";
import { Builder } from "./view";

const PAUSE_MS = 250; // typing is looked at when it pauses
const AGAIN_MS = 700; // between two questions for a search that is not done

function render(props: RenderProps): () => void {
  const { model } = props;
  const read = (): Synced => ({
    form: model.get("form") as Form,
    saved: model.get("saved") as Form | null,
    step: (model.get("step") as Step) ?? "concept",
    facets: model.get("facets") as FacetsView,
    drafts: model.get("drafts") as DraftView[],
    kinds: (model.get("kinds") as string[]) ?? [],
    usual: (model.get("usual") as SettingsForm) ?? NO_SETTINGS,
    trackerId: model.get("tracker_id") as string,
    resumed: model.get("resumed") as boolean,
    least: model.get("min_examples") as number,
    most: model.get("max_examples") as number,
    kernelError: (model.get("error") as string) ?? "",
  });
  const store = new Store<State, Action>(reduce, initial(read()));
  const onSlow = (slow: boolean) => store.dispatch({ type: "slow", slow });
  const onLost = () => store.dispatch({ type: "failed", message: LOST });
  return mount(props, "builder", { onSlow, onLost, line: inLines({ edits: ["save", "publish", "keyword", "open"] }) }, (view) => {
    const { signal, transport } = view;
    const failed = (error: unknown) => store.dispatch({ type: "failed", message: messageOf(error) });
    const timers: Partial<Record<"check" | "preview" | "search" | "finds", ReturnType<typeof setTimeout>>> = {};
    const soon = (name: keyof typeof timers, work: () => void, pause = PAUSE_MS) => {
      clearTimeout(timers[name]);
      timers[name] = setTimeout(work, pause);
    };

    const push = (name: "form" | "step"): void => {
      if (same(store.state[name], model.get(name))) return;
      model.set(name, store.state[name]);
      model.save_changes();
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
      transport.request<CheckResult>("check", { form }).then(
        (result) => {
          store.dispatch({ type: "checked", form, check: result });
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
      transport.request<PastedView[]>("preview", { pasted: text, examples: form.examples }).then((lines) => store.dispatch({ type: "previewed", text, lines }), failed);
    };
    const suggest = (): void => {
      clearTimeout(timers.search);
      const { search, form } = store.state;
      const { query } = search;
      const examples = givenOf(form).filter((text) => text.trim());
      if (!query.trim() && examples.length === 0) return;
      store.dispatch({ type: "suggesting" });
      transport.request<SuggestResult>("suggest", { query: query.trim(), filters: form.filters, examples }).then((found) => {
        store.dispatch({ type: "suggested", query, found });
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
      store.dispatch({ type: "finding" });
      transport.request<FindsResult>("finds", { form }).then(
        (finds) => {
          finding = false;
          store.dispatch({ type: "found", form, finds });
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
      void transport.request("show_call", { conversation_id: conversationId, sentence_id: sentenceId }).catch(failed);
    const publish = (past: string | null, stream: string | null): void => {
      clearTimeout(timers.check);
      store.dispatch({ type: "save" });
      transport.request<PublishedResult>("publish", { form: store.state.form, past, stream }).then(({ message }) => {
        store.dispatch({ type: "published", message });
        check();
      }, failed);
    };
    const plan: AskPlan = (past, signal) => transport.request<PlanView>("plan", { form: store.state.form, past }, { signal });
    const keyword = (): void => {
      const said = "These words come from your examples. Nothing is saved yet.";
      transport.request("keyword", { form: store.state.form }).then(() => store.dispatch({ type: "notice", text: said }), failed);
    };
    const save = (): void => {
      clearTimeout(timers.check);
      store.dispatch({ type: "save" });
      transport.request<SaveResult>("save", { form: store.state.form }).then(({ notes }) => {
        store.dispatch({ type: "saved" });
        if (notes) store.dispatch({ type: "notice", text: notes });
        check();
      }, failed);
    };
    const open = (trackerId: string | null): void => {
      const loses = isDirty(store.state) && givenOf(store.state.form).length > 0;
      if (loses && !window.confirm("Leave this tracker? Unsaved changes will be lost.")) return;
      clearTimeout(timers.check);
      transport.request("open", { tracker_id: trackerId }).catch(failed);
    };

    store.subscribe((state, before) => {
      if (state.form !== before.form) soon("check", check);
      if (state.form !== before.form && findsBy(state.form) !== findsBy(before.form)) soon("finds", find);
      if (state.step !== before.step) push("step");
      if (state.bulk && state.bulk.text !== before.bulk?.text) soon("preview", preview);
      if (state.search.query !== before.search.query && state.search.query.trim()) soon("search", suggest, 2 * PAUSE_MS);
    });
    signal.addEventListener("abort", () => Object.values(timers).forEach(clearTimeout), { once: true });
    connect<State, Action>(view, model, store, () => ({ type: "synced", synced: read() }), (state) => (
      <Builder state={state} dispatch={store.dispatch} save={save} open={open} suggest={suggest} keyword={keyword} call={call} publish={publish} plan={plan} />
    ));
    // The page's shortcuts must not see what is typed here.
    view.root.addEventListener("keydown", (event) => !event.ctrlKey && !event.metaKey && event.stopPropagation(), { signal });
    check();
    find();
  });
}

export default { render };
