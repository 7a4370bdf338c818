import { expect, test } from "vitest";
import { optionsFor } from "../builder/choices";
import { nearestTo } from "../builder/closeness";
import builder from "../builder/index";
import { NO_SETTINGS } from "../builder/kinds";
import { dragged, span } from "../builder/part";
import { initial, reduce } from "../builder/reducer";
import { target } from "../builder/stepper";
import { missing, standing } from "../builder/steps";
import type { Action, State, Synced } from "../builder/types";
import { partsOf } from "../builder/word-list";
import { chipsOf, cleared, momentOf } from "../builder/words";
import type { CheckResult, FiltersForm, Hint, PartForm } from "../shared/protocol";
import { FakeModel, settle } from "./model";
import { el } from "./page";

const lists = { channels: [], directions: [], stages: [], outcomes: [], teams: [], accounts: [], languages: [], participants: [] };
const part: PartForm = { where: "anywhere", amount: 5, unit: "minutes" };
const plain: FiltersForm = { ...lists, side: "anyone", kinds: ["call"], scope: "external", part, title: "", started_from: null, started_before: null, fields: {} };
const facets = { ...lists, usual_s: 1800, fields: {}, counts: {} };
const synced: Synced = {
  form: { name: "", description: "", filters: plain, examples: ["One."] },
  saved: null,
  step: "concept",
  facets,
  drafts: [],
  kinds: ["example"],
  usual: NO_SETTINGS,
  trackerId: "",
  resumed: false,
  least: 5,
  most: 3,
  kernelError: "",
};
const hint = (values: Partial<Hint>): Hint => ({ field: "examples", index: null, level: "warning", message: "", other: null, parts: [], offer: "", ...values });
const checked = (...hints: Hint[]): CheckResult => ({ counts: { conversations: 9, calls: 9, sentences: 1 }, hints });
const after = (...actions: Action[]): State => actions.reduce(reduce, initial(synced));
const line = (text: string, serves = true) => ({ text, serves, message: serves ? "" : "Too general.", parts: [] });

test("examples stop at the most there may be, are there once, and say so", () => {
  const state = after({ type: "add", texts: ["Two. ", "One.", "Three.", "Four."] });
  expect(state.form.examples).toEqual(["One.", "Two.", "Three."]);
  expect(state.notice).toBe("2 examples added. Already in the list. 1 left out: 3 is the most.");
});

test("an example is split where it stands", () => {
  const state = after({ type: "add", texts: ["Two. And three."] }, { type: "split", index: 1, parts: ["Two.", "And three."] }, { type: "remove", index: 0 });
  expect(state.form.examples).toEqual(["Two.", "And three."]);
});

test("what serves is ticked while there is room; an old preview is passed over", () => {
  const lines = [line("a"), line("b", false), line("c"), line("d")];
  const state = after({ type: "bulk", text: "x" }, { type: "previewed", text: "x", lines });
  expect(state.bulk!.picked).toEqual([true, false, true, false]);
  const ticked = reduce(state, { type: "pick", at: 1, picked: true });
  expect(ticked.bulk!.picked).toEqual([true, true, true, false]);
  expect(reduce(ticked, { type: "previewed", text: "older", lines: [] })).toBe(ticked);
});

test("an old check or search does not replace a newer one's", () => {
  const state = after({ type: "edit", change: { name: "New" } }, { type: "query", text: "new" });
  expect(reduce(state, { type: "checked", form: synced.form, check: checked() }).check).toBeNull();
  const found = { sentences: [], meaning: true, pending: false, note: "", rare: null };
  expect(reduce(state, { type: "suggested", query: "old", found })).toBe(state);
  expect(reduce(state, { type: "suggested", query: "new", found }).search).toMatchObject({ asked: "new", found, busy: false });
});

test("news from the kernel leave what is typed, unless the form itself is new", () => {
  const typed = after({ type: "edit", change: { name: "Typed" } }, { type: "go", step: "where" });
  const news = reduce(typed, { type: "synced", synced: { ...synced, drafts: [{ id: "a", name: "A" }] } });
  expect([news.form.name, news.step, news.drafts.length]).toEqual(["Typed", "where", 1]);
  const other = reduce(news, { type: "synced", synced: { ...synced, form: { ...synced.form, name: "Kernel" }, step: "train" } });
  expect([other.form.name, other.step]).toEqual(["Kernel", "train"]);
});

test("each step says how it stands", () => {
  const named = after({ type: "edit", change: { name: "Pricing" } });
  const state = { ...named, check: checked(hint({ level: "error", message: "Add 4 more examples." }), hint({ field: "corpus", offer: "keyword" })) };
  expect(standing(state, "concept").mark).toBe("done");
  expect(standing(state, "where")).toEqual({ mark: "attention", words: "9 calls, 1 note" });
  expect(standing(state, "examples")).toEqual({ mark: "open", words: "1 of 5" });
  expect(standing(state, "train").words).toBe("Not yet");
  expect(missing(state).map((one) => one.message)).toEqual(["Add 4 more examples."]);
  expect(standing({ ...state, check: { counts: { conversations: 0, calls: 0, sentences: 0 }, hints: [] } }, "where").words).toBe("Nothing matches");
});

test("keys lead from step to step and not past the ends", () => {
  expect([target("ArrowRight", 0), target("ArrowLeft", 0), target("End", 1), target("ArrowDown", 3), target("a", 1)]).toEqual([1, 0, 3, 3, null]);
});

test("every filter that is set has a chip that takes it off", () => {
  const set: FiltersForm = {
    ...plain,
    side: "customer",
    kinds: ["call", "email"],
    scope: "any",
    part: { where: "last", amount: 10, unit: "percent" },
    teams: ["A", "B", "C", "D", "E"],
    languages: ["de"],
    outcomes: ["won"],
    participants: ["ann"],
    title: "QBR",
    started_from: "2026-03-01T00:00:00",
    started_before: momentOf("2026-04-01"),
    fields: { call_type: "demo", recorded: null, crm: { whole: "9007199254740993" }, region: ["north", 3, null] },
  };
  const texts = chipsOf(set).map((chip) => chip.text);
  expect(texts).toContain("The last 10% of the call");
  expect(texts).toContain("Team: A, B, C and 2 more");
  expect(texts).toContain("Language: German");
  expect(texts).toContain("From 1 Mar 2026");
  expect(texts).toContain("Recorded: not recorded");
  expect(texts).toContain("Crm: 9007199254740993");
  expect(texts).toContain("Region: north, 3, not recorded");
  let left = set;
  for (let count = texts.length; count > 0; count--) {
    left = { ...left, ...chipsOf(left)[0]!.clear };
    expect(chipsOf(left).length).toBe(count - 1);
  }
  expect({ ...set, ...cleared(set) }).toEqual(plain);
});

test("a step that was never shown is not done", () => {
  const state = reduce(initial({ ...synced, form: { ...synced.form, name: "Price" } }), { type: "checked", form: synced.form, check: null as never });
  const known = { ...state, check: { counts: { conversations: 9, calls: 9, sentences: 9 }, hints: [] } };
  expect(standing(known, "where")).toEqual({ mark: "open", words: "9 calls" });
  const seen = reduce(reduce(known, { type: "go", step: "where" }), { type: "go", step: "concept" });
  expect(standing(seen, "where").mark).toBe("done");
  expect(standing({ ...known, saved: known.form }, "where").mark).toBe("done");
});

test("a list of values closes by Escape, and says how many conversations have each", async () => {
  opened({ step: "where", facets: { ...facets, teams: ["North", "South"], counts: { teams: { North: 12, South: 3 } } } });
  await settle();
  const list = [...el.querySelectorAll<HTMLDetailsElement>(".wb-lists details")].find((one) => one.textContent!.includes("Team"))!;
  list.open = true;
  list.dispatchEvent(new Event("toggle"));
  await settle();
  expect([...list.querySelectorAll(".wb-options label")].map((one) => one.textContent)).toEqual(["North12", "South3"]);
  list.querySelector("input")!.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
  await settle();
  expect(list.open).toBe(false);
});

test("the part of a call as a picture", () => {
  const first: PartForm = { where: "first", amount: 6, unit: "minutes" };
  expect(span(part, 1800)).toEqual([0, 1]);
  expect(span(first, 1800)).toEqual([0, 0.2]);
  expect(span({ ...first, where: "last", amount: 90 }, 1800)).toEqual([0, 1]);
  expect(span({ ...first, where: "last", amount: 25, unit: "percent" }, null)).toEqual([0.75, 1]);
  expect(span(first, null)).toEqual([0, 0.25]);
  expect(span({ ...first, amount: Number.NaN }, 1800)).toEqual([0, 0]);
  expect([dragged(first, 0.5, 30), dragged({ ...first, where: "last" }, 1, 30), dragged({ ...first, unit: "percent" }, 0.33, 30)]).toEqual([15, 1, 35]);
});

test("long lists draw a hundred, chosen ones first", () => {
  const options = Array.from({ length: 3000 }, (_, at) => `Account ${at}`);
  const same = (one: string) => one;
  const { shown, more } = optionsFor(options, ["Account 2999", "Gone"], ["Account 2999"], "", same);
  expect(shown.slice(0, 3)).toEqual(["Account 2999", "Gone", "Account 0"]);
  expect([shown.length, more]).toEqual([100, 2901]);
  expect(optionsFor(options, [], [], "account 2998", same)).toEqual({ shown: ["Account 2998"], more: 0 });
});

function opened(changes: Record<string, unknown> = {}): FakeModel {
  const { form, saved, drafts, kinds, resumed } = synced;
  const traits = { form, saved, drafts, kinds, resumed, facets, step: "examples", tracker_id: "", min_examples: 5, max_examples: 100, error: "" };
  const model = new FakeModel({ ...traits, ...changes });
  builder.render({ model, el });
  return model;
}
const sent = (model: FakeModel, kind: string) => model.sent.filter((message) => message["kind"] === kind);
const answer = async (model: FakeModel, result: unknown) => {
  model.reply(model.sent.length - 1, result);
  await settle();
};
const button = (name: string) => [...el.querySelectorAll("button")].find((one) => (one.getAttribute("aria-label") ?? one.textContent) === name)!;
function type(selector: string, text: string): HTMLInputElement {
  const field = el.querySelector(selector) as HTMLInputElement;
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  return field;
}
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

test("the builder checks when typing pauses, and what is typed meanwhile once more", async () => {
  const model = opened();
  const entry = type('.wb-add input[aria-label^="Add"]', "Too expensive for us.");
  await settle();
  entry.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
  await pause(300);
  expect(el.querySelectorAll(".wb-list li").length).toBe(2);
  expect(sent(model, "check").length).toBe(1);
  await answer(model, checked());
  expect(sent(model, "check").length).toBe(2);
  expect(model.sent.at(-1)).toMatchObject({ form: { examples: ["One.", "Too expensive for us."] } });
  expect((model.get("form") as { examples: string[] }).examples.length).toBe(2);
});

test("the step that is opened is kept, and the summary leads to what is missing", async () => {
  const model = opened({ step: "concept" });
  await answer(model, checked(hint({ level: "error", message: "Add 4 more examples." })));
  button("Next: Where to look").click();
  await settle();
  expect(model.get("step")).toBe("where");
  expect(el.querySelector(".wb-matching")!.textContent).toContain("9 calls and 1 sentence match");
  (el.querySelector('[data-step="train"]') as HTMLElement).click();
  await settle();
  expect(button("Create tracker").disabled).toBe(true);
  expect(el.querySelector(".wb-notes")!.textContent).toContain("Add 4 more examples.");
  (el.querySelector(".wb-notes button") as HTMLElement).click();
  await settle();
  expect(el.querySelector('[aria-current="step"]')!.textContent).toContain("Examples");
});

test("hints come with their remedies", async () => {
  const form = { ...synced.form, examples: ["One.", "It costs. We can't.", "One!"] };
  const model = opened({ form });
  const parts = ["It costs.", "We can't."];
  await answer(model, checked(hint({ index: 1, parts }), hint({ index: 2, other: 0 })));
  button("Go to example 1").click();
  await settle();
  expect(document.activeElement).toBe(el.querySelector(".wb-list textarea"));
  button("Split in two: example 2").click();
  await settle();
  expect([...el.querySelectorAll<HTMLTextAreaElement>(".wb-list textarea")].map((one) => one.value)).toEqual(["One.", ...parts, "One!"]);
});

test("what is pasted is looked at by the kernel, and only what is ticked goes in", async () => {
  const model = opened();
  await answer(model, checked());
  button("Paste many").click();
  await settle();
  type(".wb-bulk textarea", "<b>bold</b>\nYes.");
  await pause(300);
  expect(model.sent.at(-1)).toMatchObject({ kind: "preview", pasted: "<b>bold</b>\nYes.", examples: ["One."] });
  await answer(model, [line("<b>bold</b>"), line("Yes.", false)]);
  expect(el.querySelector(".wb-preview b")).toBeNull();
  expect(el.querySelector(".wb-preview")!.textContent).toContain("Too general.");
  button("Add 1 sentence").click();
  await settle();
  expect(el.querySelectorAll(".wb-list li").length).toBe(2);
});

test("sentences are found by words first and by meaning when that is there", async () => {
  const model = opened();
  await answer(model, checked());
  button("Find some like the examples").click();
  expect(model.sent.at(-1)).toMatchObject({ kind: "suggest", query: "", examples: ["One."] });
  const one = { sentence_id: "a:0:0", text: "Too dear.", speaker: "Dana", side: "customer", title: "A call", date: "2 Mar 2026" };
  const found = { sentences: [one], meaning: false, pending: true, note: "", rare: null };
  await answer(model, found);
  expect(el.querySelector(".wb-find")!.textContent).toContain("search by meaning is starting");
  await pause(800);
  expect(sent(model, "suggest").length).toBe(2);
  await answer(model, { ...found, pending: false, meaning: true, rare: hint({ message: "May be rare.", offer: "keyword" }) });
  expect(el.querySelector(".wb-find")!.textContent).toContain("1 sentence by meaning");
  expect(el.querySelector(".wb-find")!.textContent).toContain("May be rare.");
  expect(button("Make a keyword tracker instead")).toBeUndefined();
  button("Add: Too dear.").click();
  await settle();
  expect(button("Added: Too dear.").getAttribute("aria-disabled")).toBe("true");
  expect(el.querySelectorAll(".wb-list li").length).toBe(2);
});

test("a keyword tracker is a click away where there are such", async () => {
  const model = opened({ kinds: ["example", "keyword"], step: "where" });
  await answer(model, checked(hint({ field: "corpus", message: "12 calls match.", offer: "keyword" })));
  button("Make a keyword tracker instead").click();
  expect(model.sent.at(-1)).toMatchObject({ kind: "keyword", form: { name: "" } });
});

test("words go where they belong, each once, and another kind keeps what was typed", () => {
  const words: Action = { type: "add", list: "words", texts: ["price", "Price", "fee"] };
  const state = after({ type: "kind", kind: "keyword" }, words, { type: "drop", list: "words", index: 0 }, { type: "add", list: "exclude", texts: ["fee list"] });
  expect(state.form.settings).toMatchObject({ words: ["fee"], exclude: ["fee list"], match: "inflected" });
  const phrase = after({ type: "kind", kind: "keyword" }, words, { type: "kind", kind: "phrase" }, { type: "add", texts: ["Too dear."] }, { type: "kind", kind: "example" });
  expect(phrase.form.settings).toMatchObject({ words: ["price", "fee"], vocabulary: ["Too dear."] });
  expect(phrase.form.examples).toEqual(["One."]);
});

test("what is pasted is cut at lines and, among words, at commas", () => {
  expect(partsOf("price, fee\n too  dear ;", true)).toEqual(["price", "fee", "too dear"]);
  expect(partsOf("Well, no.\nYes.", false)).toEqual(["Well, no.", "Yes."]);
});

test("the dial stands at the setting that is nearest", () => {
  const settings = [0.3, 0.35, 0.62].map((closeness) => ({ closeness, sentences: 1, calls: 1, above: [], below: [] }));
  expect([nearestTo(settings, 0.6), nearestTo(settings, 0.31), nearestTo([], 0.5)]).toEqual([2, 0, -1]);
});

test("finds of what was asked before are passed over, unless only the closeness was moved", () => {
  const finds = { sentences: 3, calls: 2, looked_at: 9, of_calls: 9, words: [], shown: [], settings: [], hints: [], pending: false, note: "" };
  const asked = after({ type: "kind", kind: "phrase" }, { type: "add", texts: ["Too dear."] });
  const found: Action = { type: "found", form: asked.form, finds };
  expect(reduce(reduce(asked, { type: "set", change: { closeness: 0.7 } }), found).finds).toBe(finds);
  expect(reduce(reduce(asked, { type: "add", texts: ["No."] }), found).finds).toBeNull();
});
