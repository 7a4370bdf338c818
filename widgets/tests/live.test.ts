import { afterEach, beforeEach, expect, test, vi } from "vitest";
import live from "../live/index";
import { delay, type Find, hue, median, pieces } from "../live/marks";
import { DRAWN, initial, open, reduce } from "../live/reducer";
import type { Action, State } from "../live/types";
import type { LiveCallView, LiveEventView, LiveNews, LiveTurnView } from "../shared/protocol";
import { FakeModel, settle } from "./model";
import { el } from "./page";

const HOSTILE = "<img src=x onerror=alert(1)>";
const synced = { callKey: "", canReplay: true, pages: [], kernelError: "", notice: "" };
const call = (changes: Partial<LiveCallView> = {}): LiveCallView => ({
  ...{ key: "k1", conversation_id: "c1", title: "Renewal", account: null, began: "2026-03-02T09:30:00+00:00" },
  ...{ state: "live", speed: null, elapsed: 65, here: false, problem: "", ...changes },
});
const turn = (at: number, changes: Partial<LiveTurnView> = {}): LiveTurnView => ({ turn: at, party: "d", time: `0:0${at % 10}`, text: `Turn ${at}`, more: 0, final: true, ...changes });
const event = (changes: Partial<LiveEventView> = {}): LiveEventView => ({
  ...{ find: "t1 c1:0:0", kind: "found", tracker: "Price", sentence_id: "c1:0:0", turn: 0, start: 0, end: 6, text: "Turn 0" },
  ...{ time: "0:00", provisional: false, latency_ms: 30, ...changes },
});
let cursor = 0;
const news = (changes: Partial<LiveNews> = {}): LiveNews => ({
  ...{ cursor: ++cursor, more: false, call: call(), parties: [], turns: [], events: [], watching: null, later: null, end: null, damaged: 0 },
  ...changes,
});
const play = (state: State, ...actions: Action[]): State => actions.reduce(reduce, state);
const told = (changes: Partial<LiveNews>, now = 0): Action => ({ type: "news", key: "k1", news: news(changes), now });
const opened = (...more: Action[]): State => play(initial(synced), { type: "calls", calls: [call()], now: 0 }, ...more);
const find = (changes: Partial<LiveEventView> = {}): Find => ({ ...event(changes), gone: null });

test("spans are counted in characters, may overlap, and are looked for where a turn was corrected", () => {
  const cut = (text: string, ...finds: Find[]) => pieces(text, finds).map((piece) => [piece.text, piece.finds.length, piece.ends.length]);
  expect(cut("😀 too much. Yes.", find({ start: 2, end: 11, text: "too much." }))).toEqual([["😀 ", 0, 0], ["too much.", 1, 1], [" Yes.", 0, 0]]);
  const both = [find({ start: 0, end: 6, text: "abcdef" }), find({ start: 3, end: 9, text: "defghi" })];
  expect(cut("abcdefghi", ...both)).toEqual([["abc", 1, 0], ["def", 2, 1], ["ghi", 1, 1]]);
  expect(cut("Well, too much.", find({ start: 0, end: 9, text: "too much." }))).toEqual([["Well, ", 0, 0], ["too much.", 1, 1]]);
  expect(cut("Something else", find({ start: 0, end: 9, text: "too much." }))).toEqual([["Something else", 0, 0]]);
  expect(cut("abcdef", find({ start: 2, end: 900, text: "cde… (890 more characters)" }))).toEqual([["ab", 0, 0], ["cdef", 1, 1]]);
  expect(cut("", find({ text: "" }))).toEqual([]);
});

test("figures in words, and a colour for each", () => {
  expect([median([]), median([3, 1, 2]), median([4, 1])]).toEqual([null, 2, 2.5]);
  expect([delay(0.2), delay(34.6), delay(1234)]).toEqual(["under 1 ms", "35 ms", "1.2 s"]);
  expect(hue(["A", "B"], "B")).toBe(1);
});

test("without a choice the newest live call is shown, and kept as long as it goes on", () => {
  const calls = (...list: LiveCallView[]): Action => ({ type: "calls", calls: list, now: 0 });
  const ended = call({ key: "old", state: "ended", began: "2026-03-02T08:00:00+00:00" });
  const later = call({ key: "k2", began: "2026-03-02T10:00:00+00:00" });
  let state = play(initial(synced), calls(ended));
  expect(state.shown.key).toBe("old");
  state = play(state, calls(call(), ended));
  expect(state.shown.key).toBe("k1");
  state = play(state, calls(later, call()));
  expect(state.shown.key).toBe("k1");
  state = play(state, calls(later, call({ state: "ended" })));
  expect(state.shown.key).toBe("k2");
  state = play(state, { type: "choose", key: "old" });
  expect([state.shown.key, open(state)]).toEqual(["old", false]);
  expect(play(state, calls(ended)).shown.key).toBe("old");
});

test("a correction replaces the turn, and what a correction withdraws is marked no more", () => {
  const guess = turn(0, { final: false });
  let state = opened(told({ watching: ["Price", "Boss"] }), told({ turns: [guess], events: [event({ provisional: true })] }));
  expect([state.shown.turns.length, state.shown.marks.get(0)?.length, state.shown.trackers]).toEqual([1, 1, ["Price", "Boss"]]);
  expect(state.shown.said.text).toBe("");
  state = play(state, told({ turns: [turn(0, { text: "Other" })], events: [event({ kind: "withdrawn" })] }, 5_000));
  expect([state.shown.turns[0]!.text, state.shown.marks.get(0), state.shown.finds.get("t1 c1:0:0")!.gone]).toEqual(["Other", [], 5_000]);
  state = play(state, told({ events: [event({ find: "t1 c1:1:0", turn: 1 }), event({ kind: "found" })] }, 6_000));
  expect([...state.shown.finds.keys()]).toEqual(["t1 c1:1:0", "t1 c1:0:0"]);
});

test("finds are told when they are sure, in batches, and not those of before", () => {
  let state = opened(told({ events: [event()] }, 10_000));
  expect(state.shown.said.text).toBe("");
  state = play(state, told({ events: [event({ find: "2", provisional: true })] }, 11_000));
  expect(state.shown.said.text).toBe("");
  state = play(state, told({ events: [event({ find: "2", kind: "confirmed" })] }, 12_000));
  expect(state.shown.said.text).toBe("Price found: Turn 0");
  state = play(state, told({ events: [event({ find: "3" })] }, 13_000), told({ events: [event({ find: "4", tracker: "Boss" })] }, 14_000));
  expect(state.shown.said.text).toBe("Price found: Turn 0");
  expect(play(state, told({}, 16_000)).shown.said.text).toBe("2 new matches: Price, Boss");
});

test("only the end of a long call is drawn, until the person scrolls up", () => {
  const many = Array.from({ length: 1_000 }, (_, at) => turn(at));
  let state = opened(told({ turns: many }));
  expect([state.from, state.follow]).toEqual([1_000 - DRAWN, true]);
  state = play(state, { type: "follow", follow: false }, told({ turns: [turn(1_000)] }));
  expect([state.from, state.left]).toEqual([1_000 - DRAWN, 1_000]);
  expect(play(state, { type: "earlier" }).from).toBe(1_000 - 2 * DRAWN);
  expect(play(state, { type: "go", turn: 100, find: "x" }).from).toBe(80);
  expect(play(state, { type: "follow", follow: true }).from).toBe(1_001 - DRAWN);
});

test("nothing new draws nothing, and a journal begun anew is read anew", () => {
  const state = opened(told({ turns: [turn(0)] }));
  const again: LiveNews = { ...news({ call: call({ elapsed: 65.3 }) }), cursor: state.shown.cursor };
  expect(play(state, { type: "news", key: "k1", news: again, now: 1 })).toBe(state);
  const anew = play(state, told({ call: call({ began: "2026-03-02T11:00:00+00:00" }) }));
  expect([anew.shown.cursor, anew.shown.turns.length, open(anew)]).toEqual([0, 0, true]);
});

test("lines that cannot be read are counted, and begin anew with another call", () => {
  let state = opened(told({ damaged: 2 }), told({ damaged: 1 }), told({}));
  expect(state.shown.damaged).toBe(3);
  state = play(state, { type: "calls", calls: [call(), call({ key: "k2" })], now: 0 }, { type: "choose", key: "k2" });
  expect(state.shown.damaged).toBe(0);
});

test("what cannot be read is told as text", async () => {
  const { stop } = await shown({ notice: `Left out: ${HOSTILE}` }, []);
  expect(el.querySelector(".wb-left-out")!.textContent).toBe(`Left out: ${HOSTILE}`);
  expect(el.querySelector("img")).toBeNull();
  stop();
});

test("a call that ended is asked about no more, until somebody takes it up again", () => {
  let state = opened(told({ call: call({ state: "ended" }), end: { kept: true, found: 2 } }), { type: "calls", calls: [call({ state: "ended" })], now: 0 });
  expect([open(state), state.shown.end]).toEqual([false, { kept: true, found: 2 }]);
  state = play(state, { type: "calls", calls: [call()], now: 0 });
  expect(open(state)).toBe(true);
  expect(play(state, told({})).shown.end).toBeNull();
});

beforeEach(() => {
  vi.stubGlobal("ResizeObserver", class { observe() {} disconnect() {} });
});
afterEach(() => {
  vi.unstubAllGlobals();
});
const kinds = (model: FakeModel) => model.sent.map((message) => message["kind"]);
const shown = async (values: Record<string, unknown>, calls: LiveCallView[]) => {
  const model = new FakeModel({ call_key: "", can_replay: true, pages: [], error: "", ...values });
  const stop = live.render({ model, el });
  await settle();
  model.reply(0, calls);
  await settle();
  return { model, stop };
};
const button = (words: string) => [...el.querySelectorAll("button")].find((one) => one.textContent!.includes(words))!;

test("all text is text, and a find leads to its turn and back", async () => {
  const { model, stop } = await shown({}, [call({ title: HOSTILE })]);
  expect(kinds(model)).toEqual(["calls", "follow"]);
  const turns = [turn(0, { text: HOSTILE }), turn(1, { party: "nobody", final: false })];
  const events = [event({ tracker: HOSTILE, text: HOSTILE, end: HOSTILE.length })];
  model.reply(1, news({ call: call({ title: HOSTILE }), parties: [{ id: "d", name: HOSTILE, side: "customer" }], turns, events, watching: [HOSTILE], later: [{ tracker: HOSTILE, reason: HOSTILE }] }));
  await settle();
  expect(el.querySelector("img")).toBeNull();
  expect(el.querySelector("mark")!.textContent).toBe(HOSTILE);
  expect(el.querySelectorAll(".wb-turn")[1]!.textContent).toContain("still a guess");
  expect(el.querySelector(".wb-pill")!.textContent).toBe("Live");
  const find = el.querySelector<HTMLElement>("[data-find]")!;
  find.click();
  await settle();
  expect((document.activeElement as HTMLElement).dataset["turn"]).toBe("0");
  document.activeElement!.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
  expect(document.activeElement).toBe(find);
  stop();
});

test("a replay is chosen, started, made faster and stopped", async () => {
  const { model, stop } = await shown({}, []);
  expect(el.textContent).toContain("ws.live");
  expect(kinds(model)).toEqual(["calls", "recorded"]);
  const recorded = ["c1", "c2"].map((id) => ({ conversation_id: id, title: `Call ${id}`, account: null, date: null, duration: 60, turns: 9 }));
  model.reply(1, recorded);
  await settle();
  el.querySelectorAll<HTMLInputElement>("input[type=radio]")[1]!.click();
  await settle();
  button("Start").click();
  expect(model.sent[2]).toMatchObject({ kind: "replay", conversation_id: "c2", speed: 10 });
  model.sync({ call_key: "k1" });
  model.reply(2, "k1");
  await settle();
  const replay = call({ speed: 10, here: true, elapsed: null });
  model.reply(3, [replay]);
  await settle();
  expect(kinds(model).slice(3)).toEqual(["calls", "follow"]);
  model.reply(4, news({ call: replay, turns: [turn(0)] }));
  await settle();
  expect(el.querySelector(".wb-pill")!.textContent).toBe("Replay at 10×");
  const speed = el.querySelector<HTMLSelectElement>(".wb-running select")!;
  speed.value = "100";
  speed.dispatchEvent(new Event("change"));
  expect(model.sent[5]).toMatchObject({ kind: "speed", key: "k1", speed: 100 });
  model.reply(5, null);
  await settle();
  button("Stop").click();
  model.reply(6, news({ call: replay })); // requests go one at a time
  await settle();
  expect(model.sent[7]).toMatchObject({ kind: "stop", key: "k1" });
  stop();
});

test("who only reads is offered no replay", async () => {
  const { model, stop } = await shown({ can_replay: false }, []);
  expect(kinds(model)).toEqual(["calls"]);
  expect(button("Start")).toBeUndefined();
  expect(el.textContent).toContain("appears here automatically");
  stop();
});

test("a kernel that takes long to answer is asked less often", async () => {
  vi.useFakeTimers();
  const model = new FakeModel({ call_key: "", can_replay: false, pages: [], error: "" });
  const stop = live.render({ model, el });
  await vi.advanceTimersByTimeAsync(0);
  model.reply(0, [call()]);
  await vi.advanceTimersByTimeAsync(0);
  model.reply(1, news());
  await vi.advanceTimersByTimeAsync(300);
  expect(kinds(model)).toEqual(["calls", "follow", "follow"]);
  await vi.advanceTimersByTimeAsync(1_000);
  model.reply(2, news());
  await vi.advanceTimersByTimeAsync(3_900);
  expect(kinds(model).length).toBe(3);
  await vi.advanceTimersByTimeAsync(200);
  expect(kinds(model).length).toBe(4);
  stop();
  vi.useRealTimers();
});

test("a kernel that answers with an error is asked again, and the error goes away", async () => {
  vi.useFakeTimers();
  const model = new FakeModel({ call_key: "", can_replay: false, pages: [], error: "" });
  const stop = live.render({ model, el });
  await vi.advanceTimersByTimeAsync(0);
  model.reply(0, null, { kind: "OSError", message: "The disk is away." });
  await vi.advanceTimersByTimeAsync(0);
  expect(el.querySelector("[role=alert]")!.textContent).toContain("The disk is away.");
  await vi.advanceTimersByTimeAsync(1_100);
  expect(kinds(model)).toEqual(["calls", "calls"]);
  model.reply(1, []);
  await vi.advanceTimersByTimeAsync(0);
  expect(el.querySelector("[role=alert]")).toBeNull();
  stop();
  expect(model.listening).toBe(0);
  vi.useRealTimers();
});
