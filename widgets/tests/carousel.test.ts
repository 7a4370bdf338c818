import { expect, test } from "vitest";
import { keyOf } from "../carousel/keys";
import { answerOf, initial, reduce, shown, type Action, type State } from "../carousel/reducer";
import { cardsOf, carouselView } from "./model";

const cards = cardsOf(3);
const start = (answers = {}): State => initial(cards, carouselView({ answers }), "");
const play = (state: State, ...actions: Action[]): State => actions.reduce(reduce, state);
const synced = (answers: State["view"]["answers"], changes = {}): Action => ({ type: "synced", cards, view: carouselView({ answers, ...changes }), error: "" });

test("it resumes at the first sentence without an answer", () => {
  expect(start({ r1s0: "yes" }).index).toBe(1);
  expect(start({ r1s1: "yes" }).index).toBe(0);
});

test("the next card shows only when the answer is stored", () => {
  const sent = play(start(), { type: "key", key: "yes" });
  expect(sent.pending).toEqual({ kind: "tag", sentence_id: "r1s0", answer: "yes" });
  expect(sent.index).toBe(0);
  expect(answerOf(sent)).toBe("yes");
  const after = play(sent, synced({ r1s0: "yes" }), { type: "stored" });
  expect(after.index).toBe(1);
  expect(after.pending).toBeNull();
});

test("keys pressed meanwhile wait, in order, each for the card that comes then", () => {
  const sent = play(start(), { type: "key", key: "yes" }, { type: "key", key: "no" }, { type: "key", key: "not_sure" });
  expect(sent.queue).toEqual(["no", "not_sure"]);
  const second = play(sent, synced({ r1s0: "yes" }), { type: "stored" });
  expect(second.pending).toEqual({ kind: "tag", sentence_id: "r1s1", answer: "no" });
  const third = play(second, synced({ r1s0: "yes", r1s1: "no" }), { type: "stored" });
  expect(third.pending).toEqual({ kind: "tag", sentence_id: "r1s2", answer: "not_sure" });
});

test("a failed answer drops what was pressed after it and stays on its card", () => {
  const failed = play(start(), { type: "key", key: "yes" }, { type: "key", key: "no" }, { type: "failed", message: "Disk full." });
  expect(failed).toMatchObject({ index: 0, queue: [], pending: null, error: "Disk full." });
});

test("undo returns to the card whose answer was taken back", () => {
  const sent = play(start({ r1s0: "yes", r1s1: "no" }), { type: "key", key: "undo" });
  expect(sent.pending).toEqual({ kind: "undo" });
  expect(play(sent, synced({ r1s0: "yes" }), { type: "stored", undone: "r1s1" }).index).toBe(1);
  expect(play(start(), { type: "key", key: "undo" }).pending).toBeNull();
});

test("looking back stays within what was answered, and an answer there changes it", () => {
  const back = play(start({ r1s0: "yes" }), { type: "key", key: "back" }, { type: "key", key: "back" });
  expect(back.index).toBe(0);
  expect(play(back, { type: "key", key: "forward" }, { type: "key", key: "forward" }).index).toBe(1);
  expect(play(back, { type: "key", key: "no" }).pending).toMatchObject({ sentence_id: "r1s0", answer: "no" });
});

test("a new round begins at its first card and forgets waiting keys", () => {
  const busy = play(start(), { type: "key", key: "yes" }, { type: "key", key: "no" });
  const fresh = play(busy, { type: "synced", cards: cardsOf(3, 2), view: carouselView({ round: 2 }), error: "" });
  expect(fresh.queue).toEqual([]);
  expect(shown(fresh)?.sentence_id).toBe("r2s0");
});

test("while it trains, keys answer nothing", () => {
  const training = initial(cards, carouselView({ phase: "training", answers: { r1s0: "yes" } }), "");
  expect(play(training, { type: "key", key: "yes" })).toMatchObject({ pending: null, queue: [] });
  expect(play(training, { type: "key", key: "undo" }).pending).toEqual({ kind: "undo" });
});

test("keys", () => {
  const key = (name: string, more = {}) => keyOf(new KeyboardEvent("keydown", { key: name, ...more }));
  expect(["y", "N", "u", "z", "Backspace", "ArrowLeft", "q"].map((name) => key(name))).toEqual(["yes", "no", "not_sure", "undo", "undo", "back", null]);
  expect(key("z", { ctrlKey: true })).toBeNull();
  expect(key("y", { repeat: true })).toBeNull();
});
