import { expect, test, vi } from "vitest";
import review from "../review/index";
import { keyOf } from "../review/keys";
import { type Action, answersOf, initial, open, reduce, type State, type Synced, tally, tallyInWords, worth } from "../review/reducer";
import type { Answer, ReviewView, RoundView } from "../shared/protocol";
import { cardsOf, FakeModel, settle } from "./model";
import { el } from "./page";
import { assessed } from "./trackers";

const measure = { heldout: 0.8, spread: 0.1, corpus: { low: 0.7, point: 0.8, high: 0.9, tells: true } };
const estimate: RoundView = { round: 4, tags: 100, yes: 30, review: false, wanted: null, rests_on: "", stale: "", precision: measure, hit_rate: measure, quality: assessed(measure.corpus, measure.corpus), words: ["In all calls: <b>8</b> of 10.", "On the tagged sentences: 8 of 10."] };

function viewOf(changes: Partial<ReviewView> = {}): ReviewView {
  const told = { estimate, found: { sentences: 120, calls: 60, of_calls: 500 }, basic_left: 0, answers: {}, fair: true };
  const quiet = { blocked: "", nothing: "", counted: null, fraction: 0, message: "", published: "", caveat: "" };
  return { phase: "idle", tracker: "Pricing", ...told, ...quiet, ...changes };
}

const kernel = (changes: Partial<ReviewView> = {}, own: Partial<Synced> = {}): Synced => ({
  cards: cardsOf(3),
  view: viewOf(changes),
  tuning: null,
  canEdit: true,
  canPublish: false,
  error: "",
  ...own,
});
const start = (answers: Record<string, Answer> = {}): State => initial(kernel({ answers }));
const play = (state: State, ...actions: Action[]): State => actions.reduce(reduce, state);
const judge = (id: string, answer: Answer, next = false): Action => ({ type: "judge", id, answer, next });

test("a judgement shows at once, is kept when it is stored, and taken back when it is not", () => {
  const sent = play(start(), judge("r1s0", "yes"));
  expect(answersOf(sent)).toEqual({ r1s0: "yes" });
  const stored = play(sent, { type: "synced", ...kernel({ answers: { r1s0: "yes" } }) }, { type: "judged", id: "r1s0", answer: "yes" });
  expect(stored.pending).toEqual({});
  expect(stored.spoken).toBe("Yes, saved. 1 of 1 judged is right (100%), 2 left");
  const failed = play(sent, judge("r1s1", "no"), { type: "failed", message: "Disk full.", id: "r1s0" });
  expect(answersOf(failed)).toEqual({ r1s1: "no" });
  expect(failed).toMatchObject({ error: "Disk full.", failedAt: "r1s0" });
});

test("a second thought is not undone by the reply to the first", () => {
  const twice = play(start(), judge("r1s0", "yes"), judge("r1s0", "no"), { type: "judged", id: "r1s0", answer: "yes" });
  expect(answersOf(twice)).toEqual({ r1s0: "no" });
});

test("keys go on to the next sentence, buttons stay", () => {
  expect(play(start(), judge("r1s0", "yes", true))).toMatchObject({ at: 1, steer: 1 });
  expect(play(start(), judge("r1s0", "yes"))).toMatchObject({ at: 0, steer: 0 });
  expect(play(start(), { type: "move", by: -1 }).at).toBe(0);
  expect(play(start(), { type: "move", by: 5 }).at).toBe(2);
});

test("undo leads back to the sentence", () => {
  const undone = play(start({ r1s2: "no" }), { type: "busy", what: "undo" }, { type: "synced", ...kernel() }, { type: "done", undone: "r1s2" });
  expect(undone).toMatchObject({ at: 2, steer: 1, busy: "" });
  expect(play(start(), { type: "done", undone: null }).spoken).toContain("no judgement");
});

test("the tally leaves out what is not sure", () => {
  expect(tallyInWords(tally(start()))).toBe("Nothing judged yet");
  expect(tallyInWords(tally(start({ r1s0: "yes", r1s1: "no", r1s2: "not_sure" })))).toBe("1 of 2 judged is right (50%), 1 not sure, all judged");
  expect(tallyInWords({ yes: 14, no: 2, notSure: 0, left: 4 })).toBe("14 of 16 judged are right (88%), 4 left");
  expect(tallyInWords({ yes: 0, no: 0, notSure: 1, left: 0 })).toBe("1 not sure, all judged");
});

test("only a whole set that nobody chose tells of all calls", () => {
  const all = { yes: 3, no: 0, notSure: 0, left: 0 };
  expect(worth({ fair: true, basic_left: 0 }, all)).toContain("improve the estimate");
  expect(worth({ fair: true, basic_left: 0 }, { ...all, left: 1 })).toContain("You chose which ones");
  expect(worth({ fair: false, basic_left: 0 }, all)).toContain("You skipped other sentences");
});

test("nothing can be judged by readers, while it trains, or while another round is under way", () => {
  expect(open(start())).toBe(true);
  expect(open(initial(kernel({}, { canEdit: false })))).toBe(false);
  expect(open(initial(kernel({ phase: "training" })))).toBe(false);
  expect(open(initial(kernel({ phase: "failed" })))).toBe(false);
  expect(open(initial(kernel({ blocked: "Round 5 …" })))).toBe(false);
});

test("other sentences begin anew, and a failed button says so where it is", () => {
  const judged = play(start(), judge("r1s1", "yes", true), { type: "widen", id: "r1s1" });
  const fresh = play(judged, { type: "synced", ...kernel(), cards: cardsOf(3, 2) });
  expect(fresh).toMatchObject({ at: 0, pending: {}, wide: {}, steer: 2 });
  const failed = play(start(), { type: "busy", what: "others" }, { type: "failed", message: "No." });
  expect(failed).toMatchObject({ busy: "", failedAt: "others" });
});

test("keys judge only where a sentence has the focus", () => {
  document.body.innerHTML = "<article><button>Yes</button></article><input><p>x</p>";
  const pressed = (key: string, on: string, more = {}) => {
    let found: unknown = "none";
    const node = document.querySelector(on)!;
    node.addEventListener("keydown", (event) => (found = keyOf(event as KeyboardEvent)), { once: true });
    node.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, ...more }));
    return found;
  };
  expect(["y", "N", "u", "m", "g", "j", "ArrowUp", "z"].map((key) => pressed(key, "button"))).toEqual(["yes", "no", "not_sure", "more", "call", "next", "previous", "undo"]);
  expect(["y", "j", "Z"].map((key) => pressed(key, "p"))).toEqual([null, "next", "undo"]);
  expect(pressed("j", "input")).toBeNull();
  expect(pressed("y", "button", { repeat: true })).toBeNull();
  expect(pressed("z", "button", { ctrlKey: true })).toBeNull();
  document.body.innerHTML = "";
});

const modelOf = (changes: Partial<ReviewView> = {}, own: Record<string, unknown> = {}) =>
  new FakeModel({ cards: cardsOf(3), state: viewOf(changes), error: "", tuning: null, can_edit: true, can_publish: true, ...own });
const button = (text: string) => [...el.querySelectorAll("button")].find((one) => one.textContent!.includes(text))!;

test("no judgement is lost while the review brings itself up to date", async () => {
  const model = modelOf();
  review.render({ model, el });
  model.reply(0, null);
  await settle();
  const first = el.querySelector("article")!;
  first.focus();
  model.sync({ state: viewOf({ phase: "opening" }) });
  await settle();
  first.dispatchEvent(new KeyboardEvent("keydown", { key: "y", bubbles: true, cancelable: true }));
  await settle();
  expect(model.sent.map(({ kind }) => kind)).toEqual(["open", "open", "judge"]);
  expect(el.querySelector('[aria-pressed="true"]')!.textContent).toContain("Yes");
});

test("a change that comes before the reply to the last one is asked for too", async () => {
  const model = modelOf();
  review.render({ model, el });
  model.sync({ state: viewOf({ phase: "opening" }) });
  await settle();
  expect(model.sent.map(({ kind }) => kind)).toEqual(["open"]);
  model.reply(0, null);
  await settle();
  expect(model.sent.map(({ kind }) => kind)).toEqual(["open", "open"]);
  model.sync({ state: viewOf() });
  model.reply(1, null);
  await settle();
  expect(model.sent.length).toBe(2);
});

test("the focus goes on to sentences that replace the one it was on", async () => {
  const model = modelOf();
  review.render({ model, el });
  model.reply(0, null);
  await settle();
  el.querySelector("article")!.focus();
  model.sync({ cards: cardsOf(3, 2) });
  await settle();
  expect(document.activeElement).toBe(el.querySelector("article"));
});

test("a review by keyboard: judge, go on, count, follow the training", async () => {
  const model = modelOf();
  review.render({ model, el });
  model.reply(0, null);
  await settle();
  const first = el.querySelector("article")!;
  first.focus();
  first.dispatchEvent(new KeyboardEvent("keydown", { key: "y", bubbles: true, cancelable: true }));
  await settle();
  expect(model.sent[1]).toMatchObject({ kind: "judge", sentence_id: "r1s0", answer: "yes" });
  expect(document.activeElement).toBe(el.querySelectorAll("article")[1]);
  model.sync({ state: viewOf({ answers: { r1s0: "yes" } }) });
  model.reply(1, null);
  await settle();
  expect(el.querySelector('[aria-pressed="true"]')!.textContent).toContain("Yes");
  button("Submit these").click();
  await settle();
  expect(model.sent[2]).toMatchObject({ kind: "count" });
  model.sync({ state: viewOf({ phase: "training", answers: { r1s0: "yes" }, fraction: 0.3 }) });
  model.reply(2, null);
  await settle();
  expect(el.querySelector('[role="progressbar"]')!.getAttribute("aria-valuenow")).toBe("30");
  expect(model.sent[3]).toMatchObject({ kind: "progress" });
});

test("publishing asks how far back", async () => {
  const model = modelOf();
  review.render({ model, el });
  model.reply(0, null);
  await settle();
  const [, , three] = el.querySelectorAll<HTMLInputElement>('input[type="radio"]');
  await vi.waitFor(() => expect(el.querySelector(".wb-plan")!.textContent).toBe("Plan of it for null."));
  model.plan = () => ({ result: null, error: { kind: "WorkbenchError", message: "<b>Gone</b>" } });
  three!.click();
  await settle();
  expect(el.querySelector(".wb-plan")!.textContent).toContain("Counting which calls are read");
  await vi.waitFor(() => expect(el.querySelector(".wb-plan")!.textContent).toContain("Could not work out what publishing would do: <b>Gone</b>"));
  button("Publish").click();
  expect(model.sent[1]).toMatchObject({ kind: "publish", past: "3 months" });
  model.reply(1, null, { kind: "WorkbenchError", message: "Not now." });
  await settle();
  expect(el.querySelector(".wb-publish [role=alert]")!.textContent).toBe("Not now.");
});

test("after publishing, past calls are followed and what was found is seen", async () => {
  const model = modelOf({ published: "Published. It runs automatically." });
  review.render({ model, el });
  expect(model.sent.map((message) => message["kind"])).toEqual(["open", "standing"]);
  model.reply(0, null);
  model.reply(1, { running: true, done: 4, total: 10, found: 3, stopped: "" });
  await settle();
  expect(el.querySelector(".wb-after")!.textContent).toContain("Reading past calls: 4 of 10");
  expect(button("Publish again").className).not.toContain("wb-primary");
  button("Cancel").click();
  model.reply(2, null);
  await settle();
  expect(model.sent.map((message) => message["kind"]).slice(2)).toEqual(["stop_run", "standing"]);
  model.reply(3, { running: false, done: 4, total: 10, found: 3, stopped: "You stopped it." });
  await settle();
  expect(el.querySelector(".wb-after")!.textContent).toContain("4 of 10 past calls were read. You stopped it.");
  button("See them").click();
  model.reply(4, cardsOf(2));
  await settle();
  expect([...el.querySelectorAll(".wb-found p[dir]")].map((one) => one.textContent)).toEqual(["Sentence 0", "Sentence 1"]);
  expect(el.querySelector(".wb-found")!.textContent).toContain("and 1 more");
});

test("readers see the sentences and no button that changes anything; transcripts are text", async () => {
  const [card] = cardsOf(1);
  const model = modelOf({}, { can_edit: false, cards: [{ ...card, text: "<img src=x onerror=alert(1)>" }] });
  review.render({ model, el });
  await settle();
  expect(el.querySelector("img")).toBeNull();
  expect([...el.querySelectorAll("button")].map((one) => one.textContent)).toEqual(["Show more", "Go to call"]);
});

test("before training it explains, and does not ask for judgements", async () => {
  const model = modelOf({ estimate: null, found: null, basic_left: 4 }, { cards: [] });
  review.render({ model, el });
  await settle();
  expect(el.textContent).toContain("after 4 rounds of 25 sentences");
});
