// Synced: the list, what was deleted, the open panel, the chosen tracker. All else is this view's own, or asked for.
import { follower, pause as wait } from "../shared/follow";
import { oneAtATime } from "../shared/news";
import type { ManagedView, PanelView, TrackerRef } from "../shared/protocol";
import { save } from "../shared/save";
import { inLines, type Values } from "../shared/transport";
import { type Drawn, trait, type View, widget } from "../shared/widget";
import * as commands from "./commands";
import { actOf } from "./keys";
import { CLOSED, initial, reduce } from "./reducer";
import { running, runsElsewhere } from "./rows";
import type { Action, Acts, State, Synced } from "./types";
import { Trackers } from "./view";

const PAUSE_MS = 250;
/** Between two looks at what another kernel reads, which tells nothing here. */
const ELSEWHERE_MS = 5_000;
/** Until another widget has taken up what was chosen. */
const FOLLOW_MS = 600;

const byKind = inLines({ edits: ["act", "rename", "publish", "roll_back", "run", "choose", "dismiss", "add", "import"] });
/** What is told of one tracker does not wait for what is told of another. */
const line = (kind: string, { tracker_id: id }: Values): string => (["preview", "changes", "versions"].includes(kind) ? `${kind} ${String(id)}` : byKind(kind));

function start(view: View<State, Action>): Drawn<State> {
  const { signal, store, dispatch, request, failed } = view;
  const lead = (id: string, where: string) => void setTimeout(() => signal.aborted || leadTo(id, where), FOLLOW_MS);
  const known = { looking: false, lookFails: false, asked: new Set<string>(), planned: new Set<string>() };
  const context: commands.Context = { store, dispatch, request, signal, failed, save, lead, ...known };
  const acts: Acts = {
    dispatch,
    act: (what, ids) => void commands.act(context, what, ids),
    choose: (id, where) => void commands.choose(context, id, where),
    publish: (id, past, stream) => void commands.publish(context, id, past, stream),
    publishMany: (ids, past) => void commands.publishMany(context, ids, past),
    plan: (ids, past, until) => commands.plan(context, ids, past, until),
    rename: () => void commands.rename(context),
    sights: (id, which) => void commands.sights(context, id, which),
    call: (id, sight) => void commands.call(context, id, sight),
    roll: (id, version) => void commands.rollBack(context, id, version),
    run: (id, what) => void commands.run(context, id, what),
    dismiss: () => void commands.dismiss(context),
    refresh: () => void commands.open(context),
    askReady: () => void commands.askReady(context),
    add: (one, called, asExamples) => void commands.add(context, one, called, asExamples),
    importFile: (file) => void commands.importFile(context, file),
    importText: () => void commands.importText(context),
    download: (form, ids) => void commands.download(context, form, ids),
  };
  const progress = oneAtATime(() => commands.progress(context), failed);
  view.onNews((news) => {
    if (news ? news.news === "run" : running(store.state).length > 0) progress();
  });
  const elsewhere = () => runsElsewhere(store.state);
  const look = async () => {
    await wait(ELSEWHERE_MS);
    if (!signal.aborted && elsewhere()) await commands.progress(context);
  };
  const poll = follower(signal, elsewhere, look, failed);
  let pause: ReturnType<typeof setTimeout>;
  signal.addEventListener("abort", () => clearTimeout(pause), { once: true });

  store.subscribe((state, before) => {
    if (state.panel !== before.panel && !same(state.panel, view.read("panel") as PanelView)) view.write("panel", state.panel);
    if (state.renaming && state.renaming.text !== before.renaming?.text) {
      clearTimeout(pause);
      const { text } = state.renaming;
      pause = setTimeout(() => void commands.tips(context, text), PAUSE_MS);
    }
    void commands.look(context);
    void poll();
    void commands.fill(context);
  });
  return {
    draw: (state) => <Trackers state={state} acts={acts} />,
    resume: acts.refresh,
    shown: () => {
      watchKeys(view, acts);
      // Another cell, or another kernel, may have changed things while the person was away.
      document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && acts.refresh(), { signal });
      acts.refresh();
      void commands.fill(context);
    },
  };
}

/** Leads to the widget that shows the chosen tracker now, where there is one on the page. */
function leadTo(id: string, where: string): void {
  const target = document.querySelector<HTMLElement>(`.wb-${where}[data-tracker="${CSS.escape(id)}"]`);
  target?.scrollIntoView({ block: "nearest" });
  target?.focus({ preventScroll: true });
}

function same(a: PanelView, b: PanelView): boolean {
  return a.tracker_id === b?.tracker_id && a.what === b?.what;
}

function watchKeys({ root, signal, store, dispatch }: View<State, Action>, acts: Acts): void {
  root.addEventListener(
    "keydown",
    (event) => {
      const action = actOf(event, store.state);
      if (action === "undo") acts.act("restore", store.state.gone.map((one) => one.id));
      else if (action) dispatch(action);
      if (action) event.preventDefault();
    },
    { signal },
  );
}

export default widget<Synced, State, Action>({
  name: "table",
  role: "region",
  label: "Trackers",
  traits: {
    rows: trait<ManagedView[]>("rows", []),
    deleted: trait<ManagedView[]>("deleted", []),
    gone: trait<TrackerRef[]>("gone", []),
    panel: trait<PanelView>("panel", CLOSED),
    phase: trait<Synced["phase"]>("phase", "opening"),
    trackerId: trait<string>("tracker_id", ""),
    canEdit: trait<boolean>("can_edit", true),
    error: trait<string>("error", ""),
  },
  initial,
  reduce,
  synced: (synced) => ({ type: "synced", ...synced }),
  line,
  start,
});
