import { expect, test, vi } from "vitest";
import carousel from "../carousel/index";
import plots from "../plots/index";
import { cardsOf, carouselView, FakeModel, settle } from "./model";
import { el } from "./page";
import { assessed } from "./trackers";

const press = (key: string) => {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
  el.querySelector(".wb")!.dispatchEvent(event);
  return event;
};

test("the carousel asks for its cards, answers by key and keeps keys from the page", async () => {
  const model = new FakeModel({ cards: cardsOf(2), state: carouselView(), error: "" });
  const outside = vi.fn();
  document.body.addEventListener("keydown", outside);
  carousel.render({ model, el });
  expect(model.sent[0]).toMatchObject({ kind: "open" });
  model.reply(0, null);
  await settle();
  const event = press("y");
  await settle();
  expect(event.defaultPrevented).toBe(true);
  expect(outside).not.toHaveBeenCalled();
  expect(model.sent[1]).toMatchObject({ kind: "tag", sentence_id: "r1s0", answer: "yes" });
  model.sync({ state: carouselView({ answers: { r1s0: "yes" } }) });
  model.reply(1, null);
  await settle();
  expect(el.querySelector(".wb-sentence")!.textContent).toBe("Sentence 1");
  document.body.removeEventListener("keydown", outside);
});

test("transcript text is never markup", async () => {
  const [card] = cardsOf(1);
  const model = new FakeModel({ cards: [{ ...card, text: "<img src=x onerror=alert(1)>" }], state: carouselView(), error: "" });
  carousel.render({ model, el });
  await settle();
  expect(el.querySelector("img")).toBeNull();
  expect(el.querySelector(".wb-sentence")!.textContent).toContain("<img");
});

test("cards of the last round leave no trace in the next", async () => {
  const model = new FakeModel({ cards: cardsOf(3), state: carouselView(), error: "" });
  carousel.render({ model, el });
  (el.querySelector(".wb-choice") as HTMLElement).focus();
  model.sync({ state: carouselView({ phase: "training", answers: { r1s0: "yes" } }) });
  await settle();
  model.sync({ cards: cardsOf(3, 2), state: carouselView({ round: 2 }) });
  await settle();
  expect(el.querySelectorAll(".wb-dot").length).toBe(3);
});

test("the carousel opens calls, marks words and stops fine-tuning", async () => {
  const state = carouselView({ rounds_done: 1 });
  const model = new FakeModel({ cards: cardsOf(2), state, tuning: { running: true, fraction: 0.4, message: "" }, error: "" });
  carousel.render({ model, el });
  model.reply(0, null);
  await settle();
  press("g");
  expect(model.sent[1]).toMatchObject({ kind: "show_call", conversation_id: "c1", sentence_id: "r1s0" });
  model.reply(1, null);
  await settle();
  press("w");
  expect(model.sent[2]).toMatchObject({ kind: "evidence", sentence_id: "r1s0" });
  model.reply(2, { pieces: [{ text: "Sentence", speaks: "for" }, { text: " 0", speaks: "" }] });
  await settle();
  expect(el.querySelector(".wb-sentence mark")!.textContent).toBe("Sentence");
  expect(el.querySelector(".wb-counted")!.textContent).toBe("For a match: Sentence");
  button("Stop").click();
  expect(model.sent[3]).toMatchObject({ kind: "stop_tuning" });
});

test("what counts as a yes is at hand", async () => {
  const model = new FakeModel({ cards: cardsOf(1), state: carouselView({ about: "<b>Too dear</b>", examples: ["It costs too much."] }), error: "" });
  carousel.render({ model, el });
  model.reply(0, null);
  await settle();
  expect(el.querySelector(".wb-guide")!.textContent).toBe("What counts as a yes<b>Too dear</b>“It costs too much.”");
  model.sync({ state: carouselView() });
  await settle();
  expect(el.querySelector(".wb-guide")).toBeNull();
});

test("the focus stays in the carousel when what had it goes away", async () => {
  const model = new FakeModel({ cards: cardsOf(2), state: carouselView({ answers: { r1s0: "yes" } }), error: "" });
  carousel.render({ model, el });
  model.reply(0, null);
  await settle();
  for (const [name, change] of [["Undo", {}], ["Go to call", { phase: "training", answers: { r1s0: "yes", r1s1: "no" } }]] as const) {
    [...el.querySelectorAll("button")].find((one) => one.textContent!.startsWith(name))!.focus();
    model.sync({ state: carouselView(change) });
    await settle();
    expect(document.activeElement).toBe(el.querySelector(".wb"));
  }
});

test("two views of one model both show the answer; one that is closed listens no more", async () => {
  const model = new FakeModel({ cards: cardsOf(2), state: carouselView(), error: "" });
  const closeFirst = carousel.render({ model, el });
  const closeSecond = carousel.render({ model, el });
  model.sync({ state: carouselView({ answers: { r1s0: "yes" } }) });
  await settle();
  expect([...el.querySelectorAll(".wb-sentence")].map((node) => node.textContent)).toEqual(["Sentence 1", "Sentence 1"]);
  closeFirst();
  closeSecond();
  expect(model.listening).toBe(0);
  expect(el.childElementCount).toBe(0);
});

test("the plots say what they can't tell, and ask again when told that something changed", async () => {
  const measure = { heldout: 0.8, spread: 0.1, corpus: null };
  const view = { phase: "idle", tracker: "Pricing", rounds: [{ round: 1, tags: 25, yes: 6, wanted: null, precision: measure, hit_rate: { ...measure, heldout: null }, quality: assessed(null, null), words: ["In all calls: how well it does is not known yet.", "On the tagged sentences: of 10 that it finds, 8 are right."] }], basic_rounds: 4, message: "" };
  const details = { dial: [], rule: "balanced", advice: [], fell: [] };
  const model = new FakeModel({ state: view, surfaced: null, details, error: "" });
  plots.render({ model, el });
  model.reply(0, null);
  await settle();
  expect(el.textContent).toContain("On the tagged sentences: of 10 that it finds, 8 are right.");
  expect(el.querySelector(".wb-rated")!.textContent).toBe("Not measuredPrecisionCan't tell yetHit rateCan't tell yet");
  expect(el.querySelector("table")!.textContent).toContain("Can't tell yet");
  const audit = [...el.querySelectorAll("button")].find((button) => button.textContent === "Audit 25 sentences")!;
  audit.click();
  await settle();
  expect(audit.disabled).toBe(true);
  model.reply(1, null);
  model.sync({ state: { ...view, phase: "opening" } });
  await settle();
  expect(audit.disabled).toBe(false);
  expect(model.sent.map((message) => message["kind"])).toEqual(["open", "audit", "open"]);
});

const near = (point: number) => ({ low: point - 0.1, point, high: point + 0.1, tells: true });
const setting = (found: number, precision: number, hit_rate: number, rule: string) => ({ threshold: -found, found, precision: near(precision), hit_rate: near(hit_rate), quality: assessed(near(precision), near(hit_rate), { sentence: `About ${10 * precision} are right.` }), rule, also: [] });
const button = (name: string) => [...el.querySelectorAll("button")].find((one) => one.textContent === name)!;

function detailed(changes: object = {}) {
  const measure = { heldout: 0.8, spread: 0.1, corpus: null };
  const round = { round: 1, tags: 25, yes: 6, wanted: 0, precision: measure, hit_rate: measure, quality: assessed(null, null), words: [] };
  const state = { phase: "idle", tracker: "Pricing", rounds: [round], basic_rounds: 4, message: "" };
  const dial = [setting(10, 0.9, 0.4, "precision>=0.9"), setting(40, 0.7, 0.6, "balanced"), setting(900, 0.2, 0.9, "hit_rate>=0.93")];
  return { state, surfaced: null, details: { dial, rule: "balanced", advice: [], fell: [], ...changes }, error: "" };
}

test("the dial says what a setting brings, shows what it adds, and keeps it", async () => {
  const model = new FakeModel(detailed());
  plots.render({ model, el });
  model.reply(0, null);
  await settle();
  expect(button("In use").disabled).toBe(true);
  expect(button("Miss nothing").disabled).toBe(true);
  const dial = el.querySelector("input[type=range]") as HTMLInputElement;
  expect(dial.getAttribute("aria-valuetext")).toBe("It finds 40 sentences in your calls. About 7 are right.");
  expect(el.querySelector(".wb-dial")!.textContent).toContain("Precision 70% (60–80) · Hit rate 60% (50–70)");
  dial.value = "2";
  dial.dispatchEvent(new Event("input", { bubbles: true }));
  await settle();
  expect(el.querySelector(".wb-dial")!.textContent).toContain("It finds 900 sentences");
  button("Only what it adds").click();
  expect(model.sent.at(-1)).toMatchObject({ kind: "surface", threshold: -900, below: -40 });
  model.reply(model.sent.length - 1, null);
  await settle();
  expect(el.querySelector(".wb-surfaced h3")!.textContent).toBe("What this setting adds");
  button("Use this setting").click();
  expect(model.sent.at(-1)).toMatchObject({ kind: "keep", rule: "hit_rate>=0.93" });
});

test("where people differ each says what, and any answer settles it", async () => {
  const [card] = cardsOf(1);
  const people = { kind: "people", message: "Anna and Ben agree on 21 of 24.", groups: [[card]], answers: { r1s0: "not_sure" } };
  const model = new FakeModel(detailed({ advice: [{ ...people, notes: { r1s0: "Anna: yes, Ben: <b>no</b>" } }] }));
  const close = plots.render({ model, el });
  model.reply(0, null);
  await settle();
  expect(el.textContent).toContain("Anna: yes, Ben: <b>no</b>");
  expect(button("Not sure").getAttribute("aria-pressed")).toBe("false");
  button("Not sure").click();
  expect(model.sent.at(-1)).toMatchObject({ kind: "correct", sentence_id: "r1s0", answer: "not_sure" });
  close?.();
});

test("an answer that looks like a slip can be corrected; readers only see it", async () => {
  const [card] = cardsOf(1);
  const advice = [{ kind: "doubtful", message: "1 answer looks like a slip.", groups: [[card]], answers: { r1s0: "no" }, notes: {} }];
  const model = new FakeModel(detailed({ advice }));
  const close = plots.render({ model, el });
  model.reply(0, null);
  await settle();
  expect(button("No").getAttribute("aria-pressed")).toBe("true");
  button("No").click();
  expect(model.sent.length).toBe(1);
  button("Yes").click();
  expect(model.sent.at(-1)).toMatchObject({ kind: "correct", sentence_id: "r1s0", answer: "yes" });
  close();
  plots.render({ model: new FakeModel({ ...detailed({ advice }), can_edit: false }), el });
  await settle();
  expect(button("Yes").disabled).toBe(true);
  expect(button("In use")).toBeUndefined();
});

test("fine-tuning shows how far it is, and can be stopped", async () => {
  const model = new FakeModel({ ...detailed(), tuning: { running: true, fraction: 0.4, message: "" } });
  plots.render({ model, el });
  model.reply(0, null);
  await settle();
  expect(el.querySelector('[role="progressbar"]')!.getAttribute("aria-valuenow")).toBe("40");
  button("Stop").click();
  expect(model.sent.at(-1)).toMatchObject({ kind: "stop_tuning" });
  model.sync({ tuning: { running: false, fraction: 1, message: "The tracker stays as it was." } });
  await settle();
  expect(el.textContent).toContain("The tracker stays as it was.");
  expect(el.querySelector('[role="progressbar"]')).toBeNull();
});
