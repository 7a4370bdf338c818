import { connect, messageOf, mount, type RenderProps } from "../shared/mount";
import type { FacetsView, PhraseView, PublishedResult, QuestionCheck, QuestionForm, RefinementView, SampleView } from "../shared/protocol";
import { Store } from "../shared/store";
import { LOST } from "../shared/transport";
import { initial, isDirty, reduce, same, type Action, type State, type Synced } from "./reducer";
import { Question } from "./view";

const PAUSE_MS = 300; // typing is looked at when it pauses
/** A hundred calls may be read, by a judge that has to start. */
const LONG_MS = 600_000;

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
    elsewhere: (model.get("elsewhere") as string) ?? "",
    endpoint: model.get("endpoint") === true,
    kernelError: (model.get("error") as string) ?? "",
  });
  const store = new Store<State, Action>(reduce, initial(read()));
  const { dispatch } = store;
  const onSlow = (slow: boolean) => dispatch({ type: "slow", slow });
  const onLost = () => dispatch({ type: "failed", message: LOST });
  return mount(props, "question", { onSlow, onLost }, (view) => {
    const { signal, transport } = view;
    const failed = (error: unknown) => dispatch({ type: "failed", message: messageOf(error) });
    let timer: ReturnType<typeof setTimeout> | undefined;
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
      transport.request("sample", { form, beyond }, LONG_MS).then(() => {
        dispatch({ type: "done", notice: "", sampled: form });
        check(); // the balance may be another
      }, failed);
    };
    const refine = (): void => {
      dispatch({ type: "busy", what: "refine" });
      transport.request<RefinementView[]>("refine", { form: store.state.form }, LONG_MS).then((near) => dispatch({ type: "near", near }), failed);
    };
    const save = (): void => {
      dispatch({ type: "busy", what: "save" });
      transport.request("save", { form: store.state.form }).then(() => {
        dispatch({ type: "done", notice: "Saved as a draft; all of this can be changed later." });
        check();
      }, failed);
    };
    const publish = (): void => {
      const { form, past, stream } = store.state;
      dispatch({ type: "busy", what: "publish" });
      transport.request<PublishedResult>("publish", { form, past, stream }, LONG_MS).then(({ message }) => {
        dispatch({ type: "done", notice: `Published. ${message}` });
        check();
      }, failed);
    };
    const open = (trackerId: string | null): void => {
      if (isDirty(store.state) && store.state.form.name && !window.confirm("Leave this question? What is not saved is lost.")) return;
      transport.request("open", { tracker_id: trackerId }).catch(failed);
    };
    const call = (conversationId: string, sentenceId: string): void =>
      void transport.request("show_call", { conversation_id: conversationId, sentence_id: sentenceId }).catch(failed);

    store.subscribe((state, before) => {
      if (state.form === before.form && state.past === before.past) return;
      clearTimeout(timer);
      timer = setTimeout(check, PAUSE_MS);
    });
    signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
    connect<State, Action>(view, model, store, () => ({ type: "synced", synced: read() }), (state) => (
      <Question state={state} acts={{ dispatch, sample, refine, save, publish, open, call }} />
    ));
    // The page's shortcuts must not see what is typed here.
    view.root.addEventListener("keydown", (event) => !event.ctrlKey && !event.metaKey && event.stopPropagation(), { signal });
    check();
  });
}

export default { render };
