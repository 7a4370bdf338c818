import { afterEach, expect, test, vi } from "vitest";
import { paragraphs } from "../call/email";
import call from "../call/index";
import { isPlayable } from "../call/player";
import { type Action, initial, marked, reduce, type State } from "../call/reducer";
import { neighbour, pieces } from "../call/search";
import { target } from "../call/timeline";
import { axisOf, bars, placeAt } from "../call/times";
import { Heights, pagesOf } from "../call/windowing";
import { clock } from "../shared/clock";
import type { CallView } from "../shared/protocol";
import { FakeModel, settle } from "./model";
import { el } from "./page";

const place = { conversation_id: "c1", at: 3, visit: 1, finds: 0 };
const view = (changes: Partial<CallView> = {}): CallView => ({
  ...{ kind: "call", title: "Renewal", date: null, account: null, duration: 60, address: null, unheard: "", host: null, breaks: [] },
  parties: [{ name: "Cy", side: "customer", email: null }],
  starts: [0, 10, null, 30, 30, 50],
  sides: ["company", "customer", "customer", "company", "company", null],
  turns: [0, 1, 1, 2, 2, 3],
  ...changes,
});
const lines = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => ({ at: from + at, text: `Sentence ${from + at}`, more: 0, speaker: "Cy", time: null }));
const play = (state: State, ...actions: Action[]): State => actions.reduce(reduce, state);
const opened = (changes: Partial<CallView> = {}): State => play(initial(place, ""), { type: "opened", conversation: "c1", call: view(changes) });

test("sentences without a time of their own share the room up to the next", () => {
  expect(axisOf([0, 10, null, 30, 30, 50], 60)).toEqual({ times: [0, 10, 20, 30, 40, 50], end: 60, timed: true });
  expect(axisOf([null, 10, 5], null).times).toEqual([0, 10, 10.5]);
  expect(axisOf([null, null], 60)).toEqual({ times: [0, 1], end: 2, timed: false });
  expect(axisOf([], null).times).toEqual([]);
});

test("a time has its sentence", () => {
  const { times } = axisOf(view().starts, 60);
  expect([0, 9.9, 10, 45, 900, -1].map((time) => placeAt(times, time))).toEqual([0, 0, 1, 4, 5, 0]);
  expect([clock(7.9), clock(247), clock(3753)]).toEqual(["0:07", "4:07", "1:02:33"]);
});

test("neighbouring sentences of a side are one bar", () => {
  expect(bars(axisOf(view().starts, 60), view().sides, 60)).toEqual([
    { lane: "company", from: 0, to: 10 },
    { lane: "customer", from: 10, to: 30 },
    { lane: "company", from: 30, to: 50 },
    { lane: "other", from: 50, to: 60 },
  ]);
});

test("rows have places before they are measured, and better ones after", () => {
  const rows = new Heights(1000, 40);
  expect([rows.total, rows.top(10), rows.at(405), rows.at(-5), rows.at(1e9)]).toEqual([40_000, 400, 10, 0, 999]);
  expect([rows.set(5, 100), rows.set(5, 100.2)]).toEqual([true, false]);
  expect([rows.top(5), rows.top(6), rows.at(299)]).toEqual([200, 300, 5]);
  expect(rows.range(400, 80, 40)).toEqual([7, 12]);
  expect(new Heights(0, 40).range(0, 500, 100)).toEqual([0, 0]);
  expect(pagesOf(95, 201, 100)).toEqual([0, 1, 2]);
  expect(pagesOf(5, 5, 100)).toEqual([]);
});

test("what is searched for is text, not a pattern", () => {
  expect(pieces("It costs (TOO) much", "(too)  MUCH")).toEqual([{ text: "It costs ", hit: false }, { text: "(TOO) much", hit: true }]);
  expect(pieces("a.b", ".*")).toEqual([{ text: "a.b", hit: false }]);
  expect(pieces("5 / 3 \\ [x]", "/ 3 \\ [")[1]).toEqual({ text: "/ 3 \\ [", hit: true });
  expect(pieces("anything", "  ")).toEqual([{ text: "anything", hit: false }]);
  expect([neighbour([2, 5], 2, true), neighbour([2, 5], 5, true), neighbour([2, 5], 2, false), neighbour([], 2, true)]).toEqual([5, 2, 5, null]);
});

test("what was said is marked however it is written", () => {
  const hits = (text: string, words: string) => pieces(text, words).filter((piece) => piece.hit).map((piece) => piece.text);
  expect(hits("Die Straße, die Strasse", "STRASSE")).toEqual(["Straße", "Strasse"]);
  expect(hits("ΟΔΟΣ und οδός", "οδος")).toEqual(["ΟΔΟΣ"]);
  expect(hits("İstanbul, ıstanbul, ISTANBUL", "istanbul")).toEqual(["İstanbul", "ıstanbul", "ISTANBUL"]);
  expect(hits("Das Cafe\u0301 öffnet, ein Cafe", "café")).toEqual(["Cafe\u0301"]);
  expect(hits("Das Café öffnet, ein Cafe", "cafe")).toEqual(["Cafe"]);
  expect(hits("この価格は高い", "価格")).toEqual(["価格"]);
  expect(hits("Ｃ＋＋ and C#", "c++")).toEqual(["Ｃ＋＋"]);
  expect(hits("Too high a price is high", 'price "too high"')).toEqual(["Too high", "price"]);
  expect(hits("The prices are high", "high price")).toEqual(["high"]);
});

test("text of another call is passed over", () => {
  const state = play(opened(), { type: "lines", conversation: "c2", lines: lines(0, 2) }, { type: "hits", conversation: "c2", query: "", hits: [1] });
  expect([state.lines.size, state.hits]).toEqual([0, null]);
});

test("signs count where they are typed, and spaces around an amount's sign do not", () => {
  const hits = (text: string, words: string) => pieces(text, words).filter((piece) => piece.hit).map((piece) => piece.text);
  expect(hits("20% off", "20 %")).toEqual(["20%"]);
  expect(hits("20\u202f% off", "20%")).toEqual(["20\u202f%"]);
  expect(hits("pay $ 40 now", "$40")).toEqual(["$ 40"]);
  expect(hits("pay $40 now", "now $ 40")).toEqual(["$40", "now"]);
  expect(hits("nur 5 € heute", "heute 5€")).toEqual(["5 €", "heute"]);
  expect(hits("C++ and C#", "C# C++")).toEqual(["C++", "C#"]);
  expect(hits("C++ here", "here C+")).toEqual(["here"]);
  expect(hits("AT&T is #1", "#1 at&t")).toEqual(["AT&T", "#1"]);
  expect(hits("pri\u200bce", "price")).toEqual(["pri\u200bce"]);
});

test("a search goes to the first match from here on, and only the newest search counts", () => {
  const start = play(opened(), { type: "visit", at: 3, focus: false }, { type: "query", query: "a" }, { type: "query", query: "ab" });
  expect(play(start, { type: "hits", conversation: "c1", query: "a", hits: [0] }).hits).toBeNull();
  const found = play(start, { type: "hits", conversation: "c1", query: "ab", hits: [1, 4] });
  expect(found.current).toBe(4);
  expect(play(found, { type: "step", among: "hits", forward: true }).current).toBe(1);
});

test("marks of several trackers are walked as one list", () => {
  const marks = [{ at: 4, tracker: "A", score: 1, version: 1 }, { at: 1, tracker: "B", score: 1, version: 2 }, { at: 4, tracker: "B", score: 1, version: null }];
  const state = play(opened(), { type: "marks", conversation: "c1", found: { trackers: ["A", "B"], marks } });
  expect(marked(state)).toEqual([1, 4]);
  expect(play(state, { type: "step", among: "marks", forward: false }).current).toBe(4);
});

test("the sentence that is heard is the current one, where times are known", () => {
  expect(play(opened(), { type: "heard", seconds: 31, playing: true }).current).toBe(3);
  expect(play(opened(), { type: "heard", seconds: 31, playing: false }).current).toBe(0);
  expect(play(opened({ starts: [null, null, null, null, null, null] }), { type: "heard", seconds: 31, playing: true }).current).toBe(0);
});

test("keys on the time line", () => {
  const axis = axisOf(view().starts, 60);
  expect(["ArrowRight", "ArrowLeft", "Home", "End", "PageUp", "x"].map((key) => target(key, axis, 1))).toEqual([2, 0, 0, 5, 1, null]);
});

test("lines of an e-mail", () => {
  const call = view({ kind: "email", breaks: [2], turns: [0, 0, 0, 1] });
  expect(paragraphs({ call, axis: axisOf([null, null, null, null], null) })).toEqual([[0, 1], [2], [3]]);
});

test("only encrypted addresses and those of the page's own server are played", () => {
  const played = ["https://x.example/a.wav", "/files/a.wav", `${window.location.origin}/a.wav`];
  const refused = ["http://x.example/a.wav", "http://127.0.0.1:1/a.wav", "//x.example/a.wav", "javascript:alert(1)", "data:audio/wav,x", "file:///a.wav", "https://[", "blob:x"];
  expect(window.location.protocol).toBe("http:");
  expect([...played, ...refused].filter(isPlayable)).toEqual(played);
});

afterEach(() => {
  vi.restoreAllMocks();
});

const requests = (model: FakeModel) => model.sent.map((message) => message["kind"]);

test("it opens the call, asks for the text in view, and shows text as text", async () => {
  const model = new FakeModel({ place, error: "" });
  call.render({ model, el });
  model.reply(0, view());
  await settle();
  model.reply(1, { trackers: ["<i>Price</i>"], marks: [{ at: 3, tracker: "<i>Price</i>", score: 0.914, version: 2 }] });
  await settle();
  expect(requests(model)).toEqual(["open", "detections", "lines"]);
  expect(model.sent[2]).toMatchObject({ conversation_id: "c1", start: 0 });
  const hostile = [{ ...lines(0, 1)[0]!, text: "<img src=x onerror=alert(1)>", speaker: "<b>Cy" }, ...lines(1, 6)];
  model.reply(2, hostile);
  await settle();
  const rows = [...el.querySelectorAll('[role="listitem"]')];
  expect(rows.length).toBe(6);
  expect(el.querySelector("img, i, .wb-words b")).toBeNull();
  expect(rows[0]!.textContent).toContain("<img src=x onerror=alert(1)>");
  expect(rows[3]!.getAttribute("aria-current")).toBe("true");
  expect(rows[3]!.textContent).toContain("<i>Price</i> · 91% likely, found by version 2");
  expect(rows.map((row) => (row as HTMLElement).tabIndex)).toEqual([-1, -1, -1, 0, -1, -1]);
});

test("another visit moves the focus there, and Escape goes back", async () => {
  const button = document.createElement("button");
  el.append(button);
  button.focus();
  const model = new FakeModel({ place: { ...place, conversation_id: "", at: null, visit: 0 }, error: "" });
  call.render({ model, el });
  expect(el.textContent).toContain("No call open");
  model.sync({ place });
  model.reply(0, view());
  await settle();
  await settle();
  const row = el.querySelector<HTMLElement>('[data-at="3"]')!;
  expect(document.activeElement).toBe(row);
  row.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowDown", bubbles: true }));
  await settle();
  expect((document.activeElement as HTMLElement).dataset["at"]).toBe("4");
  document.activeElement!.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
  expect(document.activeElement).toBe(button);
});

test("Ctrl-F searches in the call and not in the page", async () => {
  const model = new FakeModel({ place, error: "" });
  call.render({ model, el });
  model.reply(0, view());
  await settle();
  const outside = vi.fn();
  document.body.addEventListener("keydown", outside, { once: true });
  const event = new KeyboardEvent("keydown", { key: "f", ctrlKey: true, bubbles: true, cancelable: true });
  el.querySelector(".wb-lines")!.dispatchEvent(event);
  expect([event.defaultPrevented, outside.mock.calls.length]).toEqual([true, 0]);
  expect((document.activeElement as HTMLInputElement).type).toBe("search");
});

test("an error is shown and can be tried again", async () => {
  const model = new FakeModel({ place, error: "" });
  call.render({ model, el });
  model.reply(0, null, { kind: "ConversationNotFound", message: "The workspace has no conversation 'c1'." });
  await settle();
  expect(el.querySelector('[role="alert"]')!.textContent).toContain("has no conversation");
  el.querySelector<HTMLButtonElement>(".wb-problem button")!.click();
  expect(requests(model)).toEqual(["open", "open"]);
});

test("text that did not come is asked for again, and what is in view stays there", async () => {
  const model = new FakeModel({ place, error: "" });
  call.render({ model, el });
  model.reply(0, view());
  await settle();
  model.reply(1, null, { kind: "OSError", message: "The disk is away." });
  model.reply(2, null, { kind: "OSError", message: "The disk is away." });
  await settle();
  el.querySelector<HTMLElement>('[data-at="3"]')!.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowDown", bubbles: true }));
  el.querySelector<HTMLButtonElement>(".wb-problem button")!.click();
  await settle();
  expect(requests(model)).toEqual(["open", "detections", "lines", "detections", "lines"]);
  model.reply(4, lines(0, 6));
  await settle();
  expect(el.querySelector(".wb-waiting")).toBeNull();
  expect(el.querySelector('[role="alert"]')).toBeNull();
  expect(el.querySelector('[aria-current="true"]')!.getAttribute("data-at")).toBe("4");
});

/** A call whose recording another host holds; what its audio element was told. */
async function recorded(host: string): Promise<{ played: string[]; press: (label: string) => Promise<void>; question: () => Element | null }> {
  const played: string[] = [];
  vi.spyOn(HTMLMediaElement.prototype, "load").mockImplementation(() => undefined);
  vi.spyOn(HTMLMediaElement.prototype, "pause").mockImplementation(() => undefined);
  vi.spyOn(HTMLMediaElement.prototype, "src", "set").mockImplementation((address) => void played.push(`load ${address}`));
  vi.spyOn(HTMLMediaElement.prototype, "play").mockImplementation(() => Promise.resolve(void played.push("play")));
  const model = new FakeModel({ place, error: "" });
  call.render({ model, el });
  model.reply(0, view({ address: `https://${host}/a.wav`, host }));
  await settle();
  model.reply(1, { trackers: [], marks: [] });
  model.reply(2, lines(0, 6));
  await settle();
  const press = async (label: string) => {
    const button = [...el.querySelectorAll("button")].find((one) => one.textContent?.includes(label))!;
    button.focus(); // as a browser does
    button.click();
    await settle();
  };
  return { played, press, question: () => el.querySelector(".wb-ask") };
}

test("another host is contacted only once a person has agreed to it, however playing was asked for", async () => {
  const { played, press, question } = await recorded("one.example");
  expect(question()).toBeNull();
  await press("Play");
  expect(question()?.textContent).toContain("one.example");
  expect(document.activeElement?.textContent).toBe("Play from one.example");
  await press("Cancel");
  expect(question()).toBeNull();
  expect(document.activeElement?.getAttribute("aria-keyshortcuts")).toBe("Space");
  const row = el.querySelector<HTMLElement>('[data-at="3"]')!;
  row.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
  await settle();
  expect(question()).not.toBeNull();
  question()!.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
  await settle();
  expect(question()).toBeNull();
  row.dispatchEvent(new KeyboardEvent("keydown", { key: " ", bubbles: true }));
  row.querySelector<HTMLButtonElement>(".wb-when")!.click();
  await settle();
  expect(played).toEqual([]);
  await press("Play from one.example");
  expect(played).toEqual(["load https://one.example/a.wav", "play"]);
  expect(question()).toBeNull();
  await press("Play");
  expect(played).toEqual(["load https://one.example/a.wav", "play", "play"]);
});

test("who has agreed is not asked again for that host, but for another", async () => {
  const first = await recorded("two.example");
  await first.press("Play");
  await first.press("Play from two.example");
  el.replaceChildren();
  vi.restoreAllMocks();
  const again = await recorded("two.example");
  expect(again.played).toEqual(["load https://two.example/a.wav"]); // with preload="none": nothing is asked for yet
  await again.press("Play");
  expect(again.question()).toBeNull();
  el.replaceChildren();
  vi.restoreAllMocks();
  const other = await recorded("three.example");
  await other.press("Play");
  expect(other.question()?.textContent).toContain("three.example");
  expect(other.played).toEqual([]);
});
