// What the table does, apart from how it looks: each command tells the store how it went, and its promise when it is over.
import type { ActResult, BroughtView, ChangesView, ExportedView, PlanView, ReadyMadeView, RunView, SightView, StandingView, TipView, TrackerRef, VersionView } from "../shared/protocol";
import { messageOf } from "../shared/transport";
import { LONG_MS, type View } from "../shared/widget";
import { type Exchange, type Format, formatOf, textOf } from "./exchange";
import { inUse } from "./publish";
import { running, unread } from "./rows";
import type { Action, State, Which } from "./types";
import { CHOSEN, DID, namesOf, publishedInWords } from "./words";

const TYPES: Record<Format, string> = { json: "application/json", csv: "text/csv;charset=utf-8" };
/** So many are asked about, or published, with one request, which then is answered in good time. */
const AT_ONCE = 10;

/** What commands work on: the view, what only the page can do, and what they remember of each other. */
export interface Context extends Pick<View<State, Action>, "store" | "dispatch" | "request" | "signal" | "failed"> {
  save(content: Blob, name: string): void;
  /** Leads to the widget that shows a tracker. */
  lead(id: string, where: string): void;
  looking: boolean;
  /** Asking again at once would fail again. */
  lookFails: boolean;
  /** What open panels have asked for. */
  asked: Set<string>;
  /** The plan is quick and comes first; what would be found takes reading calls. */
  planned: Set<string>;
}

function nameOf({ store }: Context, id: string): string {
  return [...store.state.rows, ...store.state.deleted].find((row) => row.id === id)?.name ?? "";
}

function fail({ dispatch }: Context, ids: string[], error: unknown): void {
  dispatch({ type: "done", done: [], failed: Object.fromEntries(ids.map((id) => [id, messageOf(error)])), notice: "" });
}

/** Something done to one tracker: what goes wrong is told in its row. */
async function doTo(context: Context, id: string, what: string, work: Promise<unknown>, notice: string, close = false): Promise<void> {
  context.dispatch({ type: "busy", ids: [id], what });
  try {
    await work;
  } catch (error) {
    return fail(context, [id], error);
  }
  context.dispatch({ type: "done", done: [id], failed: {}, notice, close });
}

export async function open(context: Context): Promise<void> {
  context.lookFails = false;
  try {
    await context.request("open");
  } catch (error) {
    return context.failed(error);
  }
  await look(context);
}

/** Asks how those in view stand, until that is known of all of them. */
export async function look(context: Context): Promise<void> {
  const { store, signal } = context;
  if (context.looking || context.lookFails) return;
  context.looking = true;
  try {
    for (let ids = unread(store.state); ids.length > 0 && !signal.aborted; ids = unread(store.state))
      context.dispatch({ type: "looked", found: await context.request<StandingView[]>("look", { ids }, { timeout: LONG_MS }) });
  } catch (error) {
    context.lookFails = true;
    context.failed(error);
  } finally {
    context.looking = false;
  }
}

/** Asks how far the runs are that go on. */
export async function progress(context: Context): Promise<void> {
  const ids = running(context.store.state);
  context.dispatch({ type: "progressed", runs: await context.request<Record<string, RunView | null>>("progress", { ids }) });
}

export async function act(context: Context, what: string, ids: string[]): Promise<void> {
  const { store, dispatch } = context;
  const names = new Map(ids.map((id) => [id, nameOf(context, id)]));
  dispatch({ type: "busy", ids, what });
  let result: ActResult;
  try {
    result = await context.request<ActResult>("act", { what, ids }, { timeout: LONG_MS });
  } catch (error) {
    return fail(context, ids, error);
  }
  const { done, failed } = result;
  const notice = done.length > 0 ? `${DID[what] ?? "Done"}: ${namesOf(done.map((id) => names.get(id) ?? ""))}.` : "";
  const focus = what === "delete" || what === "restore" ? (store.state.rows.length > 0 ? "row" : "top") : undefined;
  if (what === "restore" && done[0]) dispatch({ type: "here", id: done[0] });
  dispatch({ type: "done", done, failed, notice, close: what === "deactivate", ...(focus && done.length > 0 ? { focus } : {}) });
}

/** Some at a time: what was published stays so, whatever becomes of the rest. */
export async function publishMany(context: Context, ids: string[], past: string | null): Promise<void> {
  context.dispatch({ type: "busy", ids, what: "publish" });
  const done: string[] = [];
  const failed: Record<string, string> = {};
  for (let at = 0; at < ids.length; at += AT_ONCE) {
    const some = ids.slice(at, at + AT_ONCE);
    try {
      const answer = await context.request<ActResult>("act", { what: "publish", ids: some, past }, { timeout: LONG_MS });
      done.push(...answer.done);
      Object.assign(failed, answer.failed);
    } catch (error) {
      for (const id of some) failed[id] = messageOf(error);
    }
  }
  const names = done.map((id) => nameOf(context, id));
  const notice = done.length > 0 ? `Published: ${namesOf(names)}. ${publishedInWords(past, done.length > 1)}` : "";
  context.dispatch({ type: "done", done, failed, notice, close: true });
}

export function publish(context: Context, id: string, past: string | null, stream: string | null = null): Promise<void> {
  const notice = `Published “${nameOf(context, id)}”. ${publishedInWords(past, false)}`;
  return doTo(context, id, "publish", context.request("publish", { tracker_id: id, past, stream }, { timeout: LONG_MS }), notice, true);
}

/** What publishing each of these would do. */
export async function plan(context: Context, ids: string[], past: string | null, until: AbortSignal): Promise<Record<string, PlanView>> {
  const plans: Record<string, PlanView> = {};
  try {
    for (let at = 0; at < ids.length && !context.signal.aborted; at += AT_ONCE)
      Object.assign(plans, await context.request<Record<string, PlanView>>("plan", { ids: ids.slice(at, at + AT_ONCE), past }, { timeout: LONG_MS, signal: until }));
    return plans;
  } finally {
    if (!until.aborted) {
      for (const id of ids) context.planned.add(id);
      void fill(context);
    }
  }
}

export function rollBack(context: Context, id: string, version: number): Promise<void> {
  return doTo(context, id, "roll back", context.request("roll_back", { tracker_id: id, version }, { timeout: LONG_MS }), `“${nameOf(context, id)}” is back at version ${version}.`);
}

/** Cancels reading the past, or goes on with it. */
export function run(context: Context, id: string, what: "cancel" | "resume"): Promise<void> {
  return doTo(context, id, what, context.request("run", { tracker_id: id, what }), what === "cancel" ? "Cancelled. Matches found so far are kept." : "Continuing with past calls.");
}

/** Shows a tracker in the widgets that follow the table, and leads there. */
export function choose(context: Context, id: string, where: string): Promise<void> {
  const work = context.request("choose", { tracker_id: id }).then(() => context.lead(id, where));
  return doTo(context, id, "choose", work, `“${nameOf(context, id)}” is chosen. ${CHOSEN[where] ?? ""}`.trim());
}

export async function rename(context: Context): Promise<void> {
  const { store, dispatch } = context;
  if (!store.state.renaming) return;
  const { id, text } = store.state.renaming;
  if (text.trim() === nameOf(context, id)) return dispatch({ type: "renamed", id });
  dispatch({ type: "busy", ids: [id], what: "rename" });
  try {
    await context.request("rename", { tracker_id: id, name: text });
    dispatch({ type: "renamed", id });
  } catch (error) {
    dispatch({ type: "renamed", id, error: messageOf(error) });
  }
}

export async function tips(context: Context, text: string): Promise<void> {
  try {
    context.dispatch({ type: "tips", text, tips: await context.request<TipView[]>("tips", { name: text }) });
  } catch (error) {
    context.failed(error);
  }
}

/** Shows the sentences that were counted, or hides them. */
export async function sights(context: Context, id: string, which: Which): Promise<void> {
  const preview = context.store.state.previews[id];
  if (preview?.open === which || preview?.sights[which]) return context.dispatch({ type: "sights", id, which, sights: null });
  try {
    context.dispatch({ type: "sights", id, which, sights: await context.request<SightView[]>("changes", { tracker_id: id, which }) });
  } catch (error) {
    fail(context, [id], error);
  }
}

export async function call(context: Context, id: string, { conversation_id, sentence_id }: SightView): Promise<void> {
  await context.request("show_call", { conversation_id, sentence_id }).catch((error) => fail(context, [id], error));
}

export async function dismiss(context: Context): Promise<void> {
  try {
    await context.request("dismiss");
    context.dispatch({ type: "notice", notice: "" });
  } catch (error) {
    context.failed(error);
  }
}

function exchange({ dispatch }: Context, change: Partial<Exchange>, spoken?: string): void {
  dispatch({ type: "exchange", change, ...(spoken ? { spoken } : {}) });
}

export async function askReady(context: Context): Promise<void> {
  exchange(context, { readyError: "" });
  try {
    exchange(context, { ready: await context.request<ReadyMadeView[]>("ready_made") });
  } catch (error) {
    exchange(context, { readyError: messageOf(error) });
  }
}

/** Adds a ready-made tracker under the name `called`; with `trained` one that is trained further. */
export async function add(context: Context, { key, name }: ReadyMadeView, called: string, trained: boolean): Promise<void> {
  const known = () => context.store.state.exchange;
  if (known().adding) return;
  const { [key]: _, ...problems } = known().problems;
  exchange(context, { adding: key, problems });
  try {
    const made = await context.request<TrackerRef>("add", { key, called, as_examples: trained });
    const { [key]: __, ...names } = known().names;
    const next = trained ? "You can train it now." : "You can publish it now.";
    exchange(context, { adding: "", names, added: { ...known().added, [key]: { ...made, trained } } }, `Added “${made.name}”, a draft. ${next}`);
  } catch (error) {
    exchange(context, { adding: "", names: { ...known().names, [key]: called }, problems: { ...known().problems, [key]: messageOf(error) } }, `${name} was not added.`);
  }
}

function bring({ request }: Context, text: string, form: Format): Promise<BroughtView> {
  return request("import", { text, form }, { timeout: LONG_MS });
}

async function importing(context: Context, reading: string, work: () => Promise<BroughtView>, keep: Partial<Exchange>): Promise<void> {
  if (context.store.state.exchange.reading) return;
  exchange(context, { reading, brought: null, importError: "" });
  try {
    const brought = await work();
    exchange(context, { ...keep, brought, reading: "" }, `${brought.made_count} made, ${brought.refused_count} left out.`);
  } catch (error) {
    exchange(context, { reading: "", importError: messageOf(error) });
  }
}

export function importFile(context: Context, file: File): Promise<void> {
  return importing(context, `“${file.name}”`, () => textOf(file).then(({ text, form }) => bring(context, text, form)), {});
}

export async function importText(context: Context): Promise<void> {
  const { pasted } = context.store.state.exchange;
  if (pasted.trim()) await importing(context, "what is pasted", () => bring(context, pasted, formatOf(pasted)), { pasted: "" });
}

/** Saves definitions as a file: of these trackers, or of all. */
export async function download(context: Context, form: Format, ids: string[] | null): Promise<void> {
  if (context.store.state.exchange.exporting) return;
  exchange(context, { exporting: true, exportError: "" });
  try {
    const { text, name } = await context.request<ExportedView>("export", { form, ids }, { timeout: LONG_MS });
    context.save(new Blob([text], { type: TYPES[form] }), name);
    exchange(context, { exporting: false }, `Saved as ${name}.`);
  } catch (error) {
    exchange(context, { exporting: false, exportError: messageOf(error) });
  }
}

/** What an open panel shows is asked for when it opens, and again when its tracker has changed. */
export async function fill(context: Context): Promise<void> {
  const { asked, planned, dispatch, store } = context;
  const { rows, panel, previews, versions, standing, exchange: known, canEdit } = store.state;
  if (panel.what === "ready_made" && !known.ready && !known.readyError && canEdit && !asked.has("ready made")) {
    asked.add("ready made");
    await askReady(context);
    return;
  }
  const id = panel.tracker_id;
  const key = `${id} ${panel.what}`;
  const row = rows.find((one) => one.id === id);
  if (!row || asked.has(key)) return;
  const previewed = panel.what === "publish" && planned.has(id) && inUse(row, standing[id]) !== null && !previews[id];
  const listed = panel.what === "versions" && !versions[id];
  if (!previewed && !listed) return;
  asked.add(key);
  try {
    if (previewed) dispatch({ type: "previewed", id, changes: await context.request<ChangesView>("preview", { tracker_id: id }, { timeout: LONG_MS }) });
    else dispatch({ type: "versions", id, versions: await context.request<VersionView[]>("versions", { tracker_id: id }) });
  } catch (error) {
    if (previewed) dispatch({ type: "previewed", id, changes: null, error: messageOf(error) });
    else fail(context, [id], error);
  } finally {
    asked.delete(key);
  }
}
