import { expect, test } from "vitest";
import { initial, reduce } from "../question/reducer";
import type { Action, State, Synced } from "../question/types";
import type { FiltersForm, QuestionCheck, QuestionForm } from "../shared/protocol";

const filters = { side: "customer" } as FiltersForm;
const form: QuestionForm = { name: "", description: "", filters, sections: { who: "customer", what: "ask_for", about: "discount" }, free: false, question: "", details: "", judge: "local", least: 0.5 };
const synced = { form, saved: null, sample: null, phrases: {}, facets: {}, trackers: [], trackerId: "", paused: "", stage: "", run: "", found: "", elsewhere: "", endpoint: false, kernelError: "" } as unknown as Synced;
const check = { question: "Did the customer ask for a discount?", details: "Money off.", hints: [], refinements: [] } as unknown as QuestionCheck;
const after = (state: State, ...actions: Action[]): State => actions.reduce(reduce, state);
const known = after(initial(synced), { type: "checked", form, check });

test("free text begins with what the sections made, and the way back finds them as they were", () => {
  const free = after(known, { type: "free", free: true });
  expect(free.form).toMatchObject({ free: true, question: check.question, details: "Money off.", sections: form.sections });
  const back = after(free, { type: "edit", change: { question: "Mine?" } }, { type: "free", free: false });
  expect(back.form).toMatchObject({ free: false, sections: form.sections });
});

test("a switch in the midst of a change waits for what the kernel makes of it", () => {
  const waiting = after(known, { type: "section", name: "about", value: "price" }, { type: "free", free: true });
  expect([waiting.form.free, waiting.freeing]).toEqual([false, true]);
  const done = after(waiting, { type: "checked", form: waiting.form, check: { ...check, question: "Did the customer ask for the price?" } });
  expect(done.form).toMatchObject({ free: true, question: "Did the customer ask for the price?" });
});

test("an own topic stands in place of a set one; the side follows who is asked about; details can be filled in again", () => {
  const own = after(known, { type: "section", name: "topic", value: "rain" }, { type: "section", name: "who", value: "company" }, { type: "details", text: "Wet." });
  expect(own.form.sections).toEqual({ who: "company", what: "ask_for", topic: "rain", details: "Wet." });
  expect(own.form.filters.side).toBe("company");
  expect(after(own, { type: "details", text: null }).form.sections["details"]).toBeUndefined();
});

test("a refinement that is taken goes where it belongs", () => {
  const none = { message: "", question: null, details: null, side: null, text: null };
  expect(after(known, { type: "take", one: { ...none, question: "Did they?" } }).form).toMatchObject({ free: true, question: "Did they?", details: "Money off." });
  expect(after(known, { type: "take", one: { ...none, details: "More." } }).form.sections["details"]).toBe("More.");
  expect(after(known, { type: "take", one: { ...none, side: "company" } }).form.filters.side).toBe("company");
});

test("what calls say counts or does not, by a press", () => {
  const near = [{ message: "", question: null, details: null, side: null, text: "a “better” price" }];
  const told = after(known, { type: "near", near });
  const counts = after(told, { type: "says", text: "a “better” price", counts: true });
  expect(counts.form.sections["details"]).toBe("Money off. Counts: “a better price”.");
  expect(counts.near).toEqual([]);
  const free = after(told, { type: "free", free: true }, { type: "says", text: "a “better” price", counts: false });
  expect(free.form.details).toBe("Money off. Does not count: a better price");
});

test("credits that were asked for end the wait for them, and no other", () => {
  const credits = { balance: 5, spent: 0, entries: [], more: 0 };
  const waiting = after(known, { type: "busy", what: "credits" }, { type: "credits", credits });
  expect([waiting.credits, waiting.busy]).toEqual([credits, ""]);
  expect(after(known, { type: "busy", what: "sample" }, { type: "credits", credits }).busy).toBe("sample");
});

test("another tracker begins without the other's address and credits", () => {
  const told = after(known, { type: "email", email: "ann@example.org" });
  expect(told.email).toBe("ann@example.org");
  expect(after(told, { type: "synced", synced: { ...synced, trackerId: "t2" } }).email).toBe("");
});
