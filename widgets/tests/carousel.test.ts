import { expect, test } from "vitest";
import carousel from "../carousel/index";
import { keyOf } from "../carousel/keys";
import { noted, pace, paceInWords } from "../carousel/pace";
import { type Action, answerOf, ended, initial, type Key, reduce, type State, shown, unexplained } from "../carousel/reducer";
import { swiped } from "../carousel/swipe";
import { cardsOf, carouselView, FakeModel, settle } from "./model";

const cards = cardsOf(3);
const kernel = (answers = {}, changes = {}) => ({ cards, view: carouselView({ answers, ...changes }), tuning: null, straightOn: false, error: "" });
const start = (answers = {}): State => initial(kernel(answers));
const key = (name: Key): Action => ({ type: "key", key: name });
const play = (state: State, ...actions: Action[]): State => actions.reduce(reduce, state);
const synced = (answers: State["view"]["answers"], changes = {}): Action => ({ type: "synced", ...kernel(answers, changes) });
const stored = (undone: string | null = null, at = 0): Action => ({ type: "stored", at, undone });

test("it resumes at the first sentence without an answer", () => {
  expect(start({ r1s0: "yes" }).index).toBe(1);
  expect(start({ r1s1: "yes" }).index).toBe(0);
});

test("the next card shows only when the answer is stored", () => {
  const sent = play(start(), key("yes"));
  expect(sent.pending).toEqual({ kind: "tag", sentence_id: "r1s0", answer: "yes" });
  expect(sent.index).toBe(0);
  expect(answerOf(sent)).toBe("yes");
  const after = play(sent, synced({ r1s0: "yes" }), stored());
  expect(after.index).toBe(1);
  expect(after.pending).toBeNull();
});

test("keys pressed meanwhile wait, in order, each for the card that comes then", () => {
  const sent = play(start(), key("yes"), key("no"), key("not_sure"));
  expect(sent.queue).toEqual(["no", "not_sure"]);
  const second = play(sent, synced({ r1s0: "yes" }), stored());
  expect(second.pending).toEqual({ kind: "tag", sentence_id: "r1s1", answer: "no" });
  const third = play(second, synced({ r1s0: "yes", r1s1: "no" }), stored());
  expect(third.pending).toEqual({ kind: "tag", sentence_id: "r1s2", answer: "not_sure" });
});

test("a failed answer drops what was pressed after it and stays on its card", () => {
  const failed = play(start(), key("yes"), key("no"), { type: "failed", message: "Disk full." });
  expect(failed).toMatchObject({ index: 0, queue: [], pending: null, error: "Disk full." });
});

test("undo returns to the card whose answer was taken back", () => {
  const sent = play(start({ r1s0: "yes", r1s1: "no" }), key("undo"));
  expect(sent.pending).toEqual({ kind: "undo" });
  expect(play(sent, synced({ r1s0: "yes" }), stored("r1s1")).index).toBe(1);
  expect(play(start(), key("undo")).pending).toBeNull();
});

test("looking back reaches every answer, and an answer there changes it", () => {
  const back = play(start({ r1s0: "yes", r1s1: "no" }), key("back"), key("back"), key("back"));
  expect(back.index).toBe(0);
  expect(play(back, key("forward")).index).toBe(1);
  expect(play(back, key("not_sure")).pending).toMatchObject({ sentence_id: "r1s0", answer: "not_sure" });
});

test("a skipped sentence comes back after the others", () => {
  const skipped = play(start(), key("forward"));
  expect(skipped.index).toBe(1);
  const second = play(skipped, key("yes"), synced({ r1s1: "yes" }), stored());
  expect(second.index).toBe(2);
  const back = play(second, key("yes"), synced({ r1s1: "yes", r1s2: "yes" }), stored());
  expect(back.index).toBe(0);
  expect(play(back, key("forward"))).toMatchObject({ index: 0, spoken: "This is the only one left." });
});

test("undo goes back through the whole round, however it was answered", () => {
  let state = start({ r1s0: "yes", r1s1: "no", r1s2: "yes" });
  for (const [gone, left] of [["r1s1", { r1s0: "yes", r1s2: "yes" }], ["r1s2", { r1s0: "yes" }], ["r1s0", {}]] as const)
    state = play(state, key("undo"), synced(left), stored(gone));
  expect(state).toMatchObject({ index: 0, pending: null });
  expect(play(state, key("undo")).pending).toBeNull();
});

test("a screen reader hears what was stored and the sentence that comes", () => {
  const after = play(start(), key("no"), synced({ r1s0: "no" }), stored());
  expect(after.spoken).toBe("No, saved. 2 of 3: Sentence 1");
  const next = play(after, { type: "synced", ...kernel(), cards: cardsOf(3, 2), view: carouselView({ round: 2 }) });
  expect(next.spoken).toBe("Round 2. 1 of 3: Sentence 0");
});

test("words are marked once something is learnt, and stay so from card to card", () => {
  expect(play(start(), key("words")).marking).toBe(false);
  const marking = play(initial(kernel({}, { rounds_done: 1 })), key("words"));
  expect(unexplained(marking)?.sentence_id).toBe("r1s0");
  const known = play(marking, { type: "evidence", sentenceId: "r1s0", found: [{ text: "Sentence 0", speaks: "for" }] });
  expect(unexplained(known)).toBeUndefined();
  const next = play(known, key("yes"), synced({ r1s0: "yes" }, { rounds_done: 1 }), stored());
  expect(unexplained(next)?.sentence_id).toBe("r1s1");
});

test("the pace is that of the newest answers; a pause is no answer", () => {
  const view = carouselView();
  expect(paceInWords([0, 5_000, 10_000], cards, view)).toBe("");
  const times = [0, 5_000, 9_000, 900_000, 906_000, 911_000].reduce(noted, [] as number[]);
  expect(pace(times)).toBe(5_000);
  expect(paceInWords(times, cards, view)).toBe("5 seconds a sentence, less than a minute left in this round");
  expect(paceInWords(times, cardsOf(25), view)).toContain("about 2 minutes left");
  expect(paceInWords(times, cards, carouselView({ answers: { r1s0: "yes", r1s1: "yes", r1s2: "no" } }))).toBe("");
});

test("a swipe answers when it goes far enough", () => {
  expect([swiped(100, 300), swiped(-100, 300), swiped(60, 120), swiped(100, 600), swiped(0, 300)]).toEqual(["yes", "no", null, null, null]);
});

test("a new round begins at its first card and forgets waiting keys", () => {
  const busy = play(start(), key("yes"), key("no"));
  const fresh = play(busy, { type: "synced", ...kernel(), cards: cardsOf(3, 2), view: carouselView({ round: 2 }) });
  expect(fresh.queue).toEqual([]);
  expect(shown(fresh)?.sentence_id).toBe("r2s0");
});

const change = { before: null, now: null, said: "too few answers to tell" };
const end = { round: 1, yes: 2, no: 1, not_sure: 0, precision: change, hit_rate: change, advice: [] };
const secondRound = (changes = {}): Action => ({ type: "synced", ...kernel(), cards: cardsOf(3, 2), view: carouselView({ round: 2, ended: end }), ...changes });

test("the end of a round stands before the next one until Enter is pressed", () => {
  const over = play(start(), secondRound());
  expect(ended(over)).toEqual(end);
  expect(over.spoken).toContain("Round 1 is done: 2 yes, 1 no, 0 not sure. Precision: too few answers to tell.");
  expect(play(over, key("yes"))).toMatchObject({ pending: null, spoken: "Press Enter for the next round." });
  const on = play(over, key("next"));
  expect(ended(on)).toBeNull();
  expect(on.spoken).toBe("Round 2. 1 of 3: Sentence 0");
  expect(play(on, key("yes")).pending).toMatchObject({ sentence_id: "r2s0", answer: "yes" });
});

test("Enter while it trains, or the setting, goes straight on", () => {
  const training = initial(kernel({ r1s0: "yes" }, { phase: "training" }));
  expect(ended(play(training, key("next"), secondRound()))).toBeNull();
  expect(ended(play(training, secondRound({ straightOn: true })))).toBeNull();
  expect(ended(play(training, secondRound()))).toEqual(end);
});

test("the end of the last round stays, and has no next one", () => {
  const exhausted: Action = { type: "synced", ...kernel(), cards: [], view: carouselView({ phase: "exhausted", ended: end }) };
  const over = play(start(), exhausted);
  expect(ended(over)).toEqual(end);
  expect(ended(play(over, key("next")))).toEqual(end);
});

test("what the tracker finds is asked for once, at the end of a round", async () => {
  const el = document.createElement("div");
  document.body.append(el);
  const model = new FakeModel({ cards: cardsOf(2, 2), state: carouselView({ round: 2, ended: end }), tuning: null, error: "" });
  carousel.render({ model, el });
  await settle();
  expect(el.querySelector(".wb-round-end h3")!.textContent).toBe("Round 1 is done");
  const root = el.querySelector(".wb")!;
  for (const _ of [1, 2]) root.dispatchEvent(new KeyboardEvent("keydown", { key: "f", bubbles: true }));
  expect(model.sent.map((message) => message["kind"])).toEqual(["open", "surface"]);
  model.reply(1, cardsOf(2, 9));
  await settle();
  expect([...el.querySelectorAll(".wb-end-finds li")].map((one) => one.textContent)).toEqual(["Sentence 0 Dana · A call", "Sentence 1 Dana · A call"]);
  root.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
  await settle();
  expect(el.querySelector(".wb-sentence")!.textContent).toBe("Sentence 0");
  el.remove();
});

test("while it trains, keys answer nothing", () => {
  const training = initial(kernel({ r1s0: "yes" }, { phase: "training" }));
  expect(play(training, key("yes"))).toMatchObject({ pending: null, queue: [] });
  expect(play(training, key("undo")).pending).toEqual({ kind: "undo" });
});

test("keys", () => {
  const pressed = (name: string, more = {}) => keyOf(new KeyboardEvent("keydown", { key: name, ...more }));
  expect(["y", "N", "u", "z", "Backspace", "ArrowLeft", "q"].map((name) => pressed(name))).toEqual(["yes", "no", "not_sure", "undo", "undo", "back", null]);
  expect(pressed("z", { ctrlKey: true })).toBeNull();
  expect(pressed("y", { repeat: true })).toBeNull();
});

test("training is asked about when it begins and when it is over, and news between show without a question", async () => {
  const el = document.createElement("div");
  document.body.append(el);
  const model = new FakeModel({ cards: cardsOf(2), state: carouselView({ phase: "training", summary: null }), tuning: null, error: "" });
  carousel.render({ model, el });
  const asked = () => model.sent.map((message) => message["kind"]);
  expect(asked()).toEqual(["open", "progress"]);
  model.reply(0, null);
  model.reply(1, null);
  model.emit("msg:custom", { news: "training", tracker_id: "t1", fraction: 0.4, message: "Estimating", done: false });
  await settle();
  expect(el.querySelector('[role="progressbar"]')!.getAttribute("aria-valuenow")).toBe("40");
  expect(el.textContent).toContain("Estimating");
  expect(asked()).toEqual(["open", "progress"]);
  model.emit("msg:custom", { news: "training", tracker_id: "t1", fraction: 1, message: "Done", done: true });
  expect(asked()).toEqual(["open", "progress", "progress"]);
  el.remove();
});
