// Synced: the list, what was deleted, the open panel, the chosen tracker. All else is this view's own, or asked for.
import { follower, pause as wait } from "../shared/follow";
import { connect, type Mounted, messageOf, mount, type RenderProps } from "../shared/mount";
import type { ActResult, BroughtView, ChangesView, ExportedView, GoneView, ManagedView, PanelView, PlanView, ReadyMadeView, RunView, SightView, StandingView, TipView, VersionView } from "../shared/protocol";
import { save } from "../shared/save";
import { Store } from "../shared/store";
import { inLines, LOST, type Values } from "../shared/transport";
import { type Exchange, type Format, formatOf, textOf } from "./exchange";
import { actOf } from "./keys";
import { inUse } from "./publish";
import { initial, reduce } from "./reducer";
import { running, unread } from "./rows";
import type { Action, Acts, State, Synced, Which } from "./types";
import { Trackers } from "./view";
import { CHOSEN, DID, namesOf, publishedInWords } from "./words";

const TYPES: Record<Format, string> = { json: "application/json", csv: "text/csv;charset=utf-8" };
/** So many are published with one request, which then is answered in good time. */
const AT_ONCE = 10;
const PAUSE_MS = 250;
const POLL_MS = 1_000;
/** What publishing changes is worked out by the encoder's process, which may have to start. */
const LONG_MS = 180_000;
/** Until another widget has taken up what was chosen. */
const FOLLOW_MS = 600;

const byKind = inLines({ edits: ["act", "rename", "publish", "roll_back", "run", "choose", "dismiss", "add", "import"] });
/** What is told of one tracker does not wait for what is told of another. */
const line = (kind: string, { tracker_id: id }: Values): string => (["preview", "changes", "versions"].includes(kind) ? `${kind} ${String(id)}` : byKind(kind));

function render(props: RenderProps): () => void {
  const { model } = props;
  const read = (): Synced => ({
    rows: (model.get("rows") as ManagedView[]) ?? [],
    deleted: (model.get("deleted") as ManagedView[]) ?? [],
    gone: (model.get("gone") as GoneView[]) ?? [],
    panel: (model.get("panel") as PanelView) ?? { tracker_id: "", what: "" },
    phase: (model.get("phase") as Synced["phase"]) ?? "opening",
    trackerId: (model.get("tracker_id") as string) ?? "",
    canEdit: model.get("can_edit") !== false,
    error: (model.get("error") as string) ?? "",
  });
  const store = new Store<State, Action>(reduce, initial(read()));
  const { dispatch } = store;
  const onSlow = (slow: boolean) => dispatch({ type: "slow", slow });
  const onLost = () => dispatch({ type: "failed", message: LOST });
  return mount(props, "table", { onSlow, onLost, line }, (view) => {
    const { transport, signal, root } = view;
    root.setAttribute("role", "region");
    root.setAttribute("aria-label", "Trackers");
    const failed = (error: unknown) => dispatch({ type: "failed", message: messageOf(error) });
    const nameOf = (id: string) => [...store.state.rows, ...store.state.deleted].find((row) => row.id === id)?.name ?? "";

    let lookFails = false;
    const open = () => {
      lookFails = false;
      transport.request("open").then(() => look(), failed);
    };
    let looking = false;
    const look = async () => {
      if (looking || lookFails) return;
      looking = true;
      try {
        for (let ids = unread(store.state); ids.length > 0 && !signal.aborted; ids = unread(store.state))
          dispatch({ type: "looked", found: await transport.request<StandingView[]>("look", { ids }, { timeout: LONG_MS }) });
      } catch (error) {
        lookFails = true; // asking again at once would fail again
        failed(error);
      } finally {
        looking = false;
      }
    };
    const progress = async () => {
      const ids = running(store.state);
      await wait(POLL_MS);
      if (!signal.aborted) dispatch({ type: "progressed", runs: await transport.request<Record<string, RunView | null>>("progress", { ids }) });
    };
    const poll = follower(signal, () => running(store.state).length > 0, progress, failed);

    /** Something done to one tracker: what goes wrong is told in its row. */
    const one = (id: string, what: string, work: Promise<unknown>, notice: string, close = false) => {
      dispatch({ type: "busy", ids: [id], what });
      work.then(
        () => dispatch({ type: "done", done: [id], failed: {}, notice, close }),
        (error) => dispatch({ type: "done", done: [], failed: { [id]: messageOf(error) }, notice: "" }),
      );
    };
    const act = (what: string, ids: string[]) => {
      const names = new Map(ids.map((id) => [id, nameOf(id)]));
      dispatch({ type: "busy", ids, what });
      transport.request<ActResult>("act", { what, ids }, { timeout: LONG_MS }).then(
        ({ done, failed }) => {
          const said = done.length > 0 ? `${DID[what] ?? "Done"}: ${namesOf(done.map((id) => names.get(id) ?? ""))}.` : "";
          const focus = what === "delete" || what === "restore" ? (store.state.rows.length > 0 ? "row" : "top") : undefined;
          if (what === "restore" && done[0]) dispatch({ type: "here", id: done[0] });
          dispatch({ type: "done", done, failed, notice: said, close: what === "deactivate", ...(focus && done.length > 0 ? { focus } : {}) });
        },
        (error) => dispatch({ type: "done", done: [], failed: Object.fromEntries(ids.map((id) => [id, messageOf(error)])), notice: "" }),
      );
    };
    /** Some at a time: what was published stays so, whatever becomes of the rest. */
    const publishMany = async (ids: string[], past: string | null) => {
      dispatch({ type: "busy", ids, what: "publish" });
      const done: string[] = [];
      const failed: Record<string, string> = {};
      for (let at = 0; at < ids.length; at += AT_ONCE) {
        const some = ids.slice(at, at + AT_ONCE);
        try {
          const answer = await transport.request<ActResult>("act", { what: "publish", ids: some, past }, { timeout: LONG_MS });
          done.push(...answer.done);
          Object.assign(failed, answer.failed);
        } catch (error) {
          for (const id of some) failed[id] = messageOf(error);
        }
      }
      const said = done.length > 0 ? `Published: ${namesOf(done.map(nameOf))}. ${publishedInWords(past, done.length > 1)}` : "";
      dispatch({ type: "done", done, failed, notice: said, close: true });
    };
    const exchange = (change: Partial<Exchange>, spoken?: string) => dispatch({ type: "exchange", change, ...(spoken ? { spoken } : {}) });
    const askReady = () => {
      exchange({ readyError: "" });
      transport.request<ReadyMadeView[]>("ready_made").then(
        (ready) => exchange({ ready }),
        (error) => exchange({ readyError: messageOf(error) }),
      );
    };
    const add = ({ key, name }: ReadyMadeView, called: string, trained: boolean) => {
      if (store.state.exchange.adding) return;
      const { [key]: _, ...problems } = store.state.exchange.problems;
      exchange({ adding: key, problems });
      transport.request<GoneView>("add", { key, called, as_examples: trained }).then(
        (made) => {
          const { [key]: __, ...names } = store.state.exchange.names;
          const next = trained ? "You can train it now." : "You can publish it now.";
          exchange({ adding: "", names, added: { ...store.state.exchange.added, [key]: { ...made, trained } } }, `Added “${made.name}”, a draft. ${next}`);
        },
        (error) => exchange({ adding: "", names: { ...store.state.exchange.names, [key]: called }, problems: { ...store.state.exchange.problems, [key]: messageOf(error) } }, `${name} was not added.`),
      );
    };
    const bring = (text: string, form: Format, keep: Partial<Exchange>) =>
      transport.request<BroughtView>("import", { text, form }, { timeout: LONG_MS }).then((brought) => {
        const said = `${brought.made_count} made, ${brought.refused_count} left out.`;
        exchange({ ...keep, brought, reading: "" }, said);
      });
    const importing = (reading: string, work: () => Promise<void>) => {
      if (store.state.exchange.reading) return;
      exchange({ reading, brought: null, importError: "" });
      work().catch((error) => exchange({ reading: "", importError: messageOf(error) }));
    };
    const importFile = (file: File) => importing(`“${file.name}”`, () => textOf(file).then(({ text, form }) => bring(text, form, {})));
    const importText = () => {
      const { pasted } = store.state.exchange;
      if (pasted.trim()) importing("what is pasted", () => bring(pasted, formatOf(pasted), { pasted: "" }));
    };
    const download = (form: Format, ids: string[] | null) => {
      if (store.state.exchange.exporting) return;
      exchange({ exporting: true, exportError: "" });
      transport.request<ExportedView>("export", { form, ids }, { timeout: LONG_MS }).then(
        ({ text, name }) => {
          save(new Blob([text], { type: TYPES[form] }), name);
          exchange({ exporting: false }, `Saved as ${name}.`);
        },
        (error) => exchange({ exporting: false, exportError: messageOf(error) }),
      );
    };
    const choose = (id: string, where: string) => {
      const name = nameOf(id);
      one(id, "choose", transport.request("choose", { tracker_id: id }).then(() => setTimeout(() => lead(id, where), FOLLOW_MS)), `“${name}” is chosen. ${CHOSEN[where] ?? ""}`.trim());
    };
    /** To the widget that shows the chosen tracker now, where there is one on the page. */
    const lead = (id: string, where: string) => {
      const target = document.querySelector<HTMLElement>(`.wb-${where}[data-tracker="${CSS.escape(id)}"]`);
      if (!target || signal.aborted) return;
      target.scrollIntoView({ block: "nearest" });
      target.focus({ preventScroll: true });
    };
    const publish = (id: string, past: string | null) => {
      const said = `Published “${nameOf(id)}”. ${publishedInWords(past, false)}`;
      one(id, "publish", transport.request("publish", { tracker_id: id, past }, { timeout: LONG_MS }), said, true);
    };
    const plan = async (ids: string[], past: string | null, until: AbortSignal) => {
      const plans: Record<string, PlanView> = {};
      try {
        for (let at = 0; at < ids.length && !signal.aborted; at += AT_ONCE)
          Object.assign(plans, await transport.request<Record<string, PlanView>>("plan", { ids: ids.slice(at, at + AT_ONCE), past }, { timeout: LONG_MS, signal: until }));
        return plans;
      } finally {
        if (!until.aborted) {
          for (const id of ids) planned.add(id);
          fill();
        }
      }
    };
    const rename = () => {
      const { renaming } = store.state;
      if (!renaming) return;
      const { id, text } = renaming;
      if (text.trim() === nameOf(id)) return dispatch({ type: "renamed", id });
      dispatch({ type: "busy", ids: [id], what: "rename" });
      transport.request("rename", { tracker_id: id, name: text }).then(
        () => dispatch({ type: "renamed", id }),
        (error) => dispatch({ type: "renamed", id, error: messageOf(error) }),
      );
    };
    const sights = (id: string, which: Which) => {
      const preview = store.state.previews[id];
      if (preview?.open === which || preview?.sights[which]) return dispatch({ type: "sights", id, which, sights: null });
      transport.request<SightView[]>("changes", { tracker_id: id, which }).then(
        (found) => dispatch({ type: "sights", id, which, sights: found }),
        (error) => dispatch({ type: "done", done: [], failed: { [id]: messageOf(error) }, notice: "" }),
      );
    };
    const call = (id: string, { conversation_id, sentence_id }: SightView) =>
      void transport
        .request("show_call", { conversation_id, sentence_id })
        .catch((error) => dispatch({ type: "done", done: [], failed: { [id]: messageOf(error) }, notice: "" }));

    /** What an open panel shows is asked for when it opens, and anew when its tracker has changed. */
    const asked = new Set<string>();
    const planned = new Set<string>(); // the plan is quick and comes first; what would be found takes reading calls
    const fill = () => {
      const { rows, panel, previews, versions, standing, exchange: known } = store.state;
      if (panel.what === "ready_made" && !known.ready && !known.readyError && store.state.canEdit && !asked.has("ready made")) {
        asked.add("ready made");
        askReady();
      }
      const id = panel.tracker_id;
      const key = `${id} ${panel.what}`;
      const row = rows.find((one) => one.id === id);
      if (!row) return;
      const wanted = panel.what === "publish" ? planned.has(id) && inUse(row, standing[id]) !== null && !previews[id] : panel.what === "versions" && !versions[id];
      if (!wanted || asked.has(key)) return;
      asked.add(key);
      const values = { tracker_id: id };
      const answered =
        panel.what === "publish"
          ? transport.request<ChangesView>("preview", values, { timeout: LONG_MS }).then(
              (changes) => dispatch({ type: "previewed", id, changes }),
              (error) => dispatch({ type: "previewed", id, changes: null, error: messageOf(error) }),
            )
          : transport.request<VersionView[]>("versions", values).then(
              (found) => dispatch({ type: "versions", id, versions: found }),
              (error) => dispatch({ type: "done", done: [], failed: { [id]: messageOf(error) }, notice: "" }),
            );
      void answered.finally(() => asked.delete(key));
    };
    let pause: ReturnType<typeof setTimeout>;
    const tips = (text: string) => transport.request<TipView[]>("tips", { name: text }).then((found) => dispatch({ type: "tips", text, tips: found }), failed);
    signal.addEventListener("abort", () => clearTimeout(pause), { once: true });

    const acts: Acts = {
      dispatch,
      act,
      choose,
      publish,
      plan,
      rename,
      sights,
      call,
      roll: (id, version) => one(id, "roll back", transport.request("roll_back", { tracker_id: id, version }, { timeout: LONG_MS }), `“${nameOf(id)}” is back at version ${version}.`),
      run: (id, what) => one(id, what, transport.request("run", { tracker_id: id, what }), what === "cancel" ? "Cancelled. Matches found so far are kept." : "Continuing with past calls."),
      dismiss: () => void transport.request("dismiss").then(() => dispatch({ type: "notice", notice: "" }), failed),
      refresh: open,
      askReady,
      add,
      importFile,
      importText,
      download,
      publishMany: (ids, past) => void publishMany(ids, past),
    };
    store.subscribe((state, before) => {
      if (state.panel !== before.panel && !same(state.panel, model.get("panel") as PanelView)) {
        model.set("panel", state.panel);
        model.save_changes();
      }
      if (state.renaming && state.renaming.text !== before.renaming?.text) {
        clearTimeout(pause);
        const { text } = state.renaming;
        pause = setTimeout(() => void tips(text), PAUSE_MS);
      }
      void look();
      void poll();
      fill();
    });
    connect<State, Action>(view, model, store, () => ({ type: "synced", ...read() }), (state) => <Trackers state={state} acts={acts} />);
    watchKeys(view, store, acts);
    // Another cell, or another kernel, may have changed things while the person was away.
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && open(), { signal });
    open();
    fill();
  });
}

function same(a: PanelView, b: PanelView): boolean {
  return a.tracker_id === b?.tracker_id && a.what === b?.what;
}

function watchKeys({ root, signal }: Mounted, store: Store<State, Action>, acts: Acts): void {
  root.addEventListener(
    "keydown",
    (event) => {
      const action = actOf(event, store.state);
      if (action === "undo") acts.act("restore", store.state.gone.map((one) => one.id));
      else if (action) store.dispatch(action);
      if (action) event.preventDefault();
      // The page around has keys of its own: D twice would delete the notebook's cell.
      if (event.key !== "Tab" && !event.ctrlKey && !event.metaKey) event.stopPropagation();
    },
    { signal },
  );
}

export default { render };
