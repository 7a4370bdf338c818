import { connect, messageOf, mount, type RenderProps } from "../shared/mount";
import type { CheckResult, DraftView, FacetsView, Form } from "../shared/protocol";
import { Store } from "../shared/store";
import { LOST } from "../shared/transport";
import { initial, isDirty, reduce, same, type Action, type State, type Synced } from "./reducer";
import { Builder } from "./view";

const PAUSE_MS = 250; // typing is checked when it pauses

function render(props: RenderProps): () => void {
  const { model } = props;
  const read = (): Synced => ({
    form: model.get("form") as Form,
    saved: model.get("saved") as Form | null,
    facets: model.get("facets") as FacetsView,
    drafts: model.get("drafts") as DraftView[],
    trackerId: model.get("tracker_id") as string,
    resumed: model.get("resumed") as boolean,
    least: model.get("min_examples") as number,
    most: model.get("max_examples") as number,
    kernelError: (model.get("error") as string) ?? "",
  });
  const store = new Store<State, Action>(reduce, initial(read()));
  const onSlow = (slow: boolean) => store.dispatch({ type: "slow", slow });
  const onLost = () => store.dispatch({ type: "failed", message: LOST });
  return mount(props, "builder", { onSlow, onLost }, (view) => {
    const { signal, transport } = view;
    const failed = (error: unknown) => store.dispatch({ type: "failed", message: messageOf(error) });
    let timer: ReturnType<typeof setTimeout> | undefined;

    const check = () => {
      const { form } = store.state;
      if (!form.filters) return; // the workspace could not be read; the error says so
      if (!same(form, model.get("form"))) {
        model.set("form", form);
        model.save_changes();
      }
      transport.request<CheckResult>("check", { form }).then((result) => store.dispatch({ type: "checked", form, check: result }), failed);
    };
    const checkSoon = () => {
      clearTimeout(timer);
      timer = setTimeout(check, PAUSE_MS);
    };
    const save = () => {
      clearTimeout(timer);
      store.dispatch({ type: "save" });
      transport.request("save", { form: store.state.form }).then(() => {
        store.dispatch({ type: "saved" });
        check();
      }, failed);
    };
    const open = (trackerId: string | null) => {
      const loses = isDirty(store.state) && store.state.form.examples.length > 0;
      if (loses && !window.confirm("Leave this tracker? What is not saved is lost.")) return;
      clearTimeout(timer);
      transport.request("open", { tracker_id: trackerId }).catch(failed);
    };

    store.subscribe((state, before) => {
      if (state.form !== before.form) checkSoon();
    });
    signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
    connect<State, Action>(view, model, store, () => ({ type: "synced", synced: read() }), (state) => (
      <Builder state={state} dispatch={store.dispatch} save={save} open={open} />
    ));
    // The page's shortcuts must not see what is typed here.
    view.root.addEventListener("keydown", (event) => !event.ctrlKey && !event.metaKey && event.stopPropagation(), { signal });
    check();
  });
}

export default { render };
