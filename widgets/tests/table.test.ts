import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { EstimateView, ManagedView, RunView, StandingView } from "../shared/protocol";
import table from "../table/index";
import { actOf } from "../table/keys";
import { CLOSED, initial, reduce, type Action, type State, type Synced } from "../table/reducer";
import { onPage, PAGE, running, shownIds, unread } from "../table/rows";
import { namesOf, ruleInWords, runInBrief, runInWords } from "../table/words";
import { FakeModel, settle } from "./model";

const row = (number: number, changes: Partial<ManagedView> = {}): ManagedView => ({
  id: `t${number}`,
  name: `Tracker ${number}`,
  description: "",
  kind: "example",
  state: "active",
  created: `2026-01-${String(1 + (number % 28)).padStart(2, "0")}T00:00:00+00:00`,
  stamp: 1,
  ...changes,
});
const share = (point: number, tells = true): EstimateView => {
  const measure = { heldout: point, spread: 0.1, corpus: { low: point - 0.1, point, high: point + 0.1, tells } };
  return { tags: 100, precision: measure, hit_rate: measure };
};
const run = (state: RunView["state"], changes: Partial<RunView> = {}): RunView => ({ state, done: 30, total: 120, found: 5, fraction: 0.25, message: "", last_run: null, past: "1 month", ...changes });
const standing = (number: number, changes: Partial<StandingView> = {}): StandingView => ({ id: `t${number}`, stamp: 1, version: 1, unpublished: [], estimate: null, run: null, error: "", ...changes });
const kernel = (rows: ManagedView[], changes: Partial<Synced> = {}): Synced => ({ rows, deleted: [], gone: [], panel: CLOSED, phase: "idle", trackerId: "", canEdit: true, error: "", ...changes });
const some = (count: number) => Array.from({ length: count }, (_, number) => row(number));
const play = (state: State, ...actions: Action[]) => actions.reduce(reduce, state);
const start = (rows = some(3), changes: Partial<Synced> = {}) => initial(kernel(rows, changes));

test("the newest comes first, a column's head sorts by it and turns it round", () => {
  expect(shownIds(start())).toEqual(["t2", "t1", "t0"]);
  const named = play(start([row(0, { name: "Item 10" }), row(1, { name: "Item 9" }), row(2, { name: "äpfel" })]), { type: "sort", key: "name" });
  expect(shownIds(named)).toEqual(["t2", "t1", "t0"]);
  expect(shownIds(play(named, { type: "sort", key: "name" }))).toEqual(["t0", "t1", "t2"]);
});

test("what can't be told comes last, whichever way it is sorted", () => {
  const found = [standing(0, { estimate: share(0.5) }), standing(1, { estimate: share(0.9, false) }), standing(2, { estimate: share(0.8) })];
  const best = play(start(), { type: "looked", found }, { type: "sort", key: "estimate" });
  expect(shownIds(best)).toEqual(["t2", "t0", "t1"]);
  expect(shownIds(play(best, { type: "sort", key: "estimate" }))).toEqual(["t0", "t2", "t1"]);
});

test("search goes by name, whatever the case and the accents; the choice by state joins it", () => {
  const rows = [row(0, { name: "Preisgespräche" }), row(1, { name: "Pricing", state: "paused" }), row(2, { name: "Next steps" })];
  const found = play(start(rows), { type: "search", query: "GESPRACHE" });
  expect(shownIds(found)).toEqual(["t0"]);
  expect(found.spoken).toBe("1 tracker.");
  expect(shownIds(play(start(rows), { type: "only", only: "paused" }))).toEqual(["t1"]);
});

test("a thousand show in pages; how they stand is asked for those in view, or for all where the order needs it", () => {
  const many = start(some(1_000));
  expect(onPage(many)).toMatchObject({ count: 1_000, pages: 20 });
  expect(unread(many)).toEqual(onPage(many).rows.map((one) => one.id));
  const read = play(many, { type: "looked", found: onPage(many).rows.map((one) => standing(Number(one.id.slice(1)))) });
  expect(unread(read)).toEqual([]);
  const rest = unread(play(read, { type: "sort", key: "estimate" }));
  expect(rest.length > 0 && rest.length <= PAGE).toBe(true);
  const last = play(many, { type: "page", page: 19 });
  expect(onPage(play(last, { type: "search", query: "Tracker 99" })).rows).toHaveLength(11);
  expect(play(last, { type: "synced", ...kernel(some(3)) }).page).toBe(0);
});

test("a row that changed is looked at anew, and what was told of it is forgotten", () => {
  const read = play(start(), { type: "looked", found: [0, 1, 2].map((n) => standing(n)) }, { type: "versions", id: "t1", versions: [] }, { type: "versions", id: "t0", versions: [] });
  const changed = play(read, { type: "synced", ...kernel([row(0), row(1, { stamp: 2 }), row(2)]) });
  expect(unread(changed)).toEqual(["t1"]);
  expect(Object.keys(changed.versions)).toEqual(["t0"]);
});

test("a deletion leaves the focus with the next row, and closes what was open under it", () => {
  const open = play(start(), { type: "panel", id: "t1", what: "actions" });
  expect(open).toMatchObject({ here: "t1", at: "panel", panel: { tracker_id: "t1", what: "actions" } });
  const gone = play(open, { type: "busy", ids: ["t1"], what: "delete" }, { type: "synced", ...kernel([row(0), row(2)], { panel: open.panel }) });
  expect(gone).toMatchObject({ here: "t0", panel: CLOSED });
  const last = play(gone, { type: "here", id: "t0" }, { type: "synced", ...kernel([row(2)]) });
  expect(last.here).toBe("t2");
});

test("what fails is told with its row; the others are done and no longer marked", () => {
  const marked = play(start(), { type: "pick", ids: ["t0", "t1"], on: true }, { type: "busy", ids: ["t0", "t1"], what: "pause" });
  const done = play(marked, { type: "done", done: ["t0"], failed: { t1: "It is a draft." }, notice: "Paused: “Tracker 0”." });
  expect(done.errors).toEqual({ t1: "It is a draft." });
  expect(done.picked).toEqual({ t1: true });
  expect(done.busy).toEqual({});
  expect(done.spoken).toBe("Paused: “Tracker 0”. 1 failed; each says why.");
  expect(play(done, { type: "excuse", id: "t1" }).errors).toEqual({});
});

test("a run is followed while it runs, and its end is told", () => {
  const going = play(start(), { type: "looked", found: [standing(0, { run: run("running") }), standing(1), standing(2)] });
  expect(running(going)).toEqual(["t0"]);
  const over = play(going, { type: "progressed", runs: { t0: run("done", { done: 120, fraction: 1 }) } });
  expect(running(over)).toEqual([]);
  expect(over.spoken).toContain("Tracker 0");
});

test("a name is typed anew; an error keeps it open, tips to older letters are passed over", () => {
  const typing = play(start(), { type: "rename", id: "t1" }, { type: "renaming", text: "Pri" }, { type: "tips", text: "Pr", tips: [{ level: "tip", message: "Short." }] });
  expect(typing.renaming).toMatchObject({ id: "t1", text: "Pri", tips: [] });
  const wrong = play(typing, { type: "renamed", id: "t1", error: "Taken." });
  expect(wrong.renaming?.error).toBe("Taken.");
  expect(play(wrong, { type: "renamed", id: "t1" })).toMatchObject({ renaming: null, at: "row", here: "t1" });
  expect(play(start(some(1), { canEdit: false }), { type: "rename", id: "t0" }).renaming).toBeNull();
});

test("words", () => {
  expect([ruleInWords("balanced"), ruleInWords("precision>=0.9"), ruleInWords("hit_rate>=0.85")]).toEqual(["Balanced", "Few false leads: precision at least 90 %", "Miss nothing: hit rate at least 85 %"]);
  expect(runInWords(run("interrupted"))).toBe("Interrupted after 30 of 120 past calls, 5 sentences found");
  expect([runInBrief(run("running")), runInBrief(run("cancelled")), runInBrief(run("done", { found: 0 }))]).toEqual(["25\u00a0%, 5 found", "Cancelled at 25\u00a0%", "0 found"]);
  expect([namesOf(["A"]), namesOf(["A", "B"])]).toEqual(["“A”", "2 trackers"]);
});

let el: HTMLElement;
beforeEach(() => {
  el = document.createElement("div");
  document.body.append(el);
});
afterEach(() => {
  el.remove();
  vi.useRealTimers();
});

const button = (name: string) => [...el.querySelectorAll("button")].find((one) => one.textContent?.startsWith(name))!;
const press = (key: string, target: Element = document.activeElement!) => target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
const kinds = (model: FakeModel) => model.sent.map((message) => message["kind"]);

async function shown(changes: object = {}, rows = some(3)): Promise<FakeModel> {
  const model = new FakeModel({ rows, deleted: [], gone: [], panel: CLOSED, phase: "idle", tracker_id: "", can_edit: true, error: "", ...changes });
  table.render({ model, el });
  model.reply(0, null);
  await settle();
  model.reply(1, rows.map((one) => standing(Number(one.id.slice(1)))));
  await settle();
  return model;
}

test("arrows go from row to row, Enter opens its actions, Escape goes back", async () => {
  const model = await shown();
  expect(kinds(model)).toEqual(["open", "look"]);
  const rows = [...el.querySelectorAll<HTMLElement>("tr[data-id]")];
  rows[0]!.focus();
  press("ArrowDown");
  await settle();
  expect(document.activeElement).toBe(rows[1]);
  expect(rows.map((one) => one.tabIndex)).toEqual([-1, 0, -1]);
  press("Enter");
  await settle();
  expect(document.activeElement!.textContent).toBe("Train");
  expect(model.get("panel")).toEqual({ tracker_id: "t1", what: "actions" });
  press("Escape");
  await settle();
  expect(document.activeElement).toBe(rows[1]);
});

test("a deletion is asked of the kernel, told in words, and Z takes it back", async () => {
  const model = await shown({ panel: { tracker_id: "t1", what: "actions" } });
  button("Delete").click();
  expect(model.sent.at(-1)).toMatchObject({ kind: "act", what: "delete", ids: ["t1"] });
  model.sync({ rows: [row(0), row(2)], deleted: [row(1, { state: "deleted" })], gone: [{ id: "t1", name: "Tracker 1" }] });
  model.reply(model.sent.length - 1, { done: ["t1"], failed: {} });
  await settle();
  expect(el.querySelector(".wb-undo")!.textContent).toContain("Deleted “Tracker 1”.");
  expect(el.querySelector("[aria-live]")!.textContent).toBe("Deleted: “Tracker 1”.");
  expect((document.activeElement as HTMLElement).dataset["id"]).toBe("t0");
  press("z");
  expect(model.sent.at(-1)).toMatchObject({ kind: "act", what: "restore", ids: ["t1"] });
});

test("publishing says what would change, shows it, and asks how far back", async () => {
  const model = await shown({ panel: { tracker_id: "t2", what: "publish" } });
  expect(model.sent.at(-1)).toMatchObject({ kind: "preview", tracker_id: "t2" });
  model.reply(model.sent.length - 1, { gained: 3, lost: 0, kept: 9, estimate: null });
  await settle();
  expect(el.querySelector(".wb-changes")!.textContent).toContain("+3 found newly");
  button("Look at them").click();
  expect(model.sent.at(-1)).toMatchObject({ kind: "changes", which: "gained" });
  model.reply(model.sent.length - 1, [{ conversation_id: "c", sentence_id: "s", text: "<b>x</b>", before: [], after: [], speaker: null, side: null, time: null, title: null, date: null }]);
  await settle();
  expect(el.querySelector(".wb-sights")!.textContent).toContain("<b>x</b>");
  button("Go to call").click();
  expect(model.sent.at(-1)).toMatchObject({ kind: "show_call", conversation_id: "c", sentence_id: "s" });
  model.reply(model.sent.length - 1, null, { kind: "WorkbenchError", message: "No call viewer is open." });
  await settle();
  expect(el.querySelector('[role="alert"]')!.textContent).toBe("No call viewer is open.");
  [...el.querySelectorAll<HTMLInputElement>("input[type=radio]")][2]!.click();
  await settle();
  [...el.querySelectorAll<HTMLButtonElement>(".wb-primary")].at(-1)!.click();
  expect(model.sent.at(-1)).toMatchObject({ kind: "publish", tracker_id: "t2", past: "3 months" });
});

test("people who only read see versions and choose, nothing else", async () => {
  const model = await shown({ can_edit: false, panel: { tracker_id: "t0", what: "actions" } });
  const names = [...el.querySelectorAll("[data-panel] button")].map((one) => one.textContent);
  expect(names).toEqual(["Show", "Versions"]);
  expect(el.querySelector("input[type=checkbox]")).toBeNull();
  button("Show").click();
  expect(model.sent.at(-1)).toMatchObject({ kind: "choose", tracker_id: "t0" });
});

test("keys of the page stay with the page where something is typed", () => {
  const input = document.createElement("input");
  const event = (key: string) => Object.defineProperty(new KeyboardEvent("keydown", { key }), "target", { value: input }) as KeyboardEvent;
  const gone = start(some(2), { gone: [{ id: "t9", name: "Gone" }] });
  expect(actOf(event("z"), gone)).toBeNull();
  expect(actOf(event("ArrowDown"), gone)).toBeNull();
});
