// @vitest-environment node
// Commands need no page: they are told of here by what they ask the kernel, and by what the store then holds.
import { expect, test, vi } from "vitest";
import { Store } from "../shared/store";
import { RequestError } from "../shared/transport";
import * as commands from "../table/commands";
import { reduce } from "../table/reducer";
import type { Action, State } from "../table/types";
import { row, some, standing, start } from "./trackers";

type Answer = (values: Record<string, unknown>) => unknown;

function context(answers: Record<string, Answer>, state = start()) {
  const asked: [string, Record<string, unknown>][] = [];
  const request = async (kind: string, values: Record<string, unknown> = {}) => {
    asked.push([kind, values]);
    const answer = answers[kind];
    if (!answer) throw new RequestError("BadRequest", `Nobody answers ${kind}.`);
    return answer(values);
  };
  const store = new Store<State, Action>(reduce, state);
  const made: commands.Context = {
    store: store as commands.Context["store"],
    dispatch: store.dispatch,
    request: request as commands.Context["request"],
    signal: new AbortController().signal,
    failed: (error) => store.dispatch({ type: "failed", message: String(error) }),
    save: vi.fn(),
    lead: vi.fn(),
    looking: false,
    lookFails: false,
    asked: new Set(),
    planned: new Set(),
  };
  return Object.assign(made, { seen: asked, kinds: () => asked.map(([kind]) => kind) });
}

const refuse = (message: string): Answer => () => {
  throw new RequestError("WorkbenchError", message);
};
const looks: Answer = ({ ids }) => (ids as string[]).map((id) => standing(Number(id.slice(1))));

test("opening reads the list and then how those in view stand, until all is known", async () => {
  const table = context({ open: () => null, look: ({ ids }) => [standing(Number((ids as string[])[0]!.slice(1)))] });
  await commands.open(table);
  expect(table.kinds()).toEqual(["open", "look", "look", "look"]);
  expect(Object.keys(table.store.state.standing).sort()).toEqual(["t0", "t1", "t2"]);
});

test("where looking fails it is told once, and tried again only when the list is opened anew", async () => {
  const table = context({ open: () => null });
  await commands.look(table);
  await commands.look(table);
  expect(table.kinds()).toEqual(["look"]);
  expect(table.store.state.error).toContain("Nobody answers look.");
  await commands.open(table);
  expect(table.kinds()).toEqual(["look", "open", "look"]);
});

test("two that look at once ask once", async () => {
  const table = context({ look: looks });
  await Promise.all([commands.look(table), commands.look(table)]);
  expect(table.kinds()).toEqual(["look"]);
});

test("an act tells what it did by name, and what failed in its row", async () => {
  const table = context({ act: () => ({ done: ["t0"], failed: { t1: "It is a draft." } }) });
  await commands.act(table, "pause", ["t0", "t1"]);
  expect(table.store.state).toMatchObject({ notice: "Paused: “Tracker 0”.", errors: { t1: "It is a draft." }, busy: {} });
});

test.each([
  ["act", (table: commands.Context) => commands.act(table, "pause", ["t1"])],
  ["publish", (table: commands.Context) => commands.publish(table, "t1", null)],
  ["roll_back", (table: commands.Context) => commands.rollBack(table, "t1", 2)],
  ["run", (table: commands.Context) => commands.run(table, "t1", "cancel")],
  ["choose", (table: commands.Context) => commands.choose(table, "t1", "review")],
  ["changes", (table: commands.Context) => commands.sights(table, "t1", "gained")],
  ["show_call", (table: commands.Context) => commands.call(table, "t1", { conversation_id: "c", sentence_id: "s" } as never)],
  ["act", (table: commands.Context) => commands.publishMany(table, ["t1"], null)],
] as const)("%s that fails is told in its row, and nothing stays busy", async (kind, command) => {
  const table = context({ [kind]: refuse("Not now.") });
  await command(table);
  expect(table.store.state).toMatchObject({ errors: { t1: "Not now." }, busy: {}, notice: "" });
  expect(table.lead).not.toHaveBeenCalled();
});

test("many are published ten at a time, and a part that fails loses no other", async () => {
  let part = 0;
  const answer: Answer = (values) => {
    if (part++ === 0) throw new RequestError("Lost", "Lost.");
    return { done: values["ids"], failed: {} };
  };
  const table = context({ act: answer }, start(some(23)));
  await commands.publishMany(table, some(23).map((one) => one.id), "1 month");
  expect(table.seen.map(([, values]) => (values["ids"] as string[]).length)).toEqual([10, 10, 3]);
  expect(Object.keys(table.store.state.errors)).toHaveLength(10);
  expect(table.store.state.notice).toContain("Published: 13 trackers.");
});

test("a name that stays as it is asks nothing; one that is taken stays open with the reason", async () => {
  const named = { rename: refuse("It is taken.") };
  const typing = (text: string) => reduce(reduce(start(), { type: "rename", id: "t1" }), { type: "renaming", text });
  const same = context(named, typing(" Tracker 1 "));
  await commands.rename(same);
  expect([same.kinds(), same.store.state.renaming]).toEqual([[], null]);
  const taken = context(named, typing("Tracker 2"));
  await commands.rename(taken);
  expect(taken.store.state.renaming).toMatchObject({ text: "Tracker 2", error: "It is taken." });
});

test("choosing leads to the widget that was asked for", async () => {
  const table = context({ choose: () => null });
  await commands.choose(table, "t1", "review");
  expect(table.lead).toHaveBeenCalledWith("t1", "review");
  expect(table.store.state.notice).toContain("“Tracker 1” is chosen.");
});

test("a plan that is given up is not taken for one that was told", async () => {
  const given = new AbortController();
  const table = context({ plan: ({ ids }) => Object.fromEntries((ids as string[]).map((id) => [id, id])) });
  given.abort();
  await commands.plan(table, ["t1"], null, given.signal);
  expect(table.planned.size).toBe(0);
  await commands.plan(table, some(12).map((one) => one.id), null, new AbortController().signal);
  expect(table.seen.map(([, values]) => (values["ids"] as string[]).length)).toEqual([1, 10, 2]);
  expect(table.planned.size).toBe(12);
});

test("a panel asks for what it shows once, and tells where that can't be told", async () => {
  const open = reduce(start(), { type: "panel", id: "t1", what: "versions" });
  const table = context({ versions: refuse("Unreadable.") }, open);
  await Promise.all([commands.fill(table), commands.fill(table)]);
  expect(table.kinds()).toEqual(["versions"]);
  expect(table.store.state.errors).toEqual({ t1: "Unreadable." });
});

test("what is exported is saved; while it is, no second one is made", async () => {
  const table = context({ export: () => ({ text: "[]", name: "trackers.json" }) });
  await Promise.all([commands.download(table, "json", null), commands.download(table, "json", null)]);
  expect(table.kinds()).toEqual(["export"]);
  expect(table.save).toHaveBeenCalledWith(expect.any(Blob), "trackers.json");
});

test("a file that is no text is told, and the kernel is not asked", async () => {
  const table = context({});
  await commands.importFile(table, new File([new Uint8Array([255, 254, 0])], "list.json"));
  expect(table.store.state.exchange).toMatchObject({ reading: "", importError: expect.stringContaining("UTF-8") });
  expect(table.seen).toEqual([]);
});

test("one that is added is known by its key; one that is not keeps the name that was typed", async () => {
  const ready = { key: "budget", name: "Budget" } as never;
  const table = context({ add: () => ({ id: "t9", name: "Budget 2" }) }, start([row(9)]));
  await commands.add(table, ready, "Budget 2", false);
  expect(table.store.state.exchange.added).toEqual({ budget: { id: "t9", name: "Budget 2", trained: false } });
  const taken = context({ add: refuse("It is taken.") });
  await commands.add(taken, ready, "Budget", false);
  expect(taken.store.state.exchange).toMatchObject({ adding: "", names: { budget: "Budget" }, problems: { budget: "It is taken." } });
});
