import { expect, test } from "vitest";
import metrics from "../metrics/index";
import { initial, reduce, trackerOf, withCase } from "../metrics/reducer";
import type { State, Synced } from "../metrics/types";
import type { MetricForm } from "../shared/protocol";
import { FakeModel, settle } from "./model";
import { el } from "./page";

const form: MetricForm = {
  name: "Auth: verified",
  kind: "boolean",
  categories: [],
  definition: "",
  success: "",
  failure: "",
  partial: "",
  applies_when: "",
  source: { type: "trackers", required: [], match: "all", cases: [], otherwise: "", applies: "", side: "anyone", part: { where: "anywhere", amount: 5, unit: "minutes" }, question: "" },
};
const synced = (changes: Partial<Synced> = {}): Synced => ({ form, saved: null, metrics: [], trackers: [], metricId: "", shown: null, endpoint: false, kernelError: "", ...changes });
const after = (state: State, ...actions: Parameters<typeof reduce>[1][]): State => actions.reduce(reduce, state);

test("what is typed stays when the kernel says something else", () => {
  const typed = after(initial(synced()), { type: "edit", change: { name: "Auth: done" } });
  const told = after(typed, { type: "synced", synced: synced({ metrics: [{ id: "m", name: "Other", note: "" }] }) });
  expect(told.form.name).toBe("Auth: done");
  expect(told.metrics).toHaveLength(1);
  const opened = after(told, { type: "synced", synced: synced({ metricId: "m", form: { ...form, name: "Other" } }) });
  expect(opened.form.name).toBe("Other");
});

test("hints of an older form are passed over", () => {
  const typed = after(initial(synced()), { type: "edit", change: { name: "x" } });
  expect(after(typed, { type: "checked", form, check: { hints: [], snippet: "" } }).check).toBeNull();
});

test("categories keep their trackers", () => {
  const source = { ...form.source, cases: [["a", "t1"]] };
  expect(trackerOf(source, "a")).toBe("t1");
  expect(withCase(source, ["b", "a"], "b", "t2")).toEqual([
    ["b", "t2"],
    ["a", "t1"],
  ]);
  expect(withCase(source, ["a"], "a", "")).toEqual([]);
});

test("a transcript is text, and a look at calls is asked for with the form", async () => {
  const hostile = "<img src=x onerror=alert(1)>";
  const quotes = [{ sentence_id: "c:0:0", text: hostile, speaker: hostile, side: "customer", time: "0:01" }];
  const calls = [{ conversation_id: "c", title: hostile, date: null, value: hostile, tone: "" as const, why: "", quotes }];
  const shown = { form, preview: { calls, counts: { [hostile]: 1 } } };
  const model = new FakeModel({ form, saved: form, metrics: [], trackers: [], metric_id: "m", shown, error: "" });
  metrics.render({ model, el });
  await settle();
  expect(el.querySelector("img")).toBeNull();
  expect(el.querySelector(".wb-quote")!.textContent).toContain("<img");
  expect(model.sent[0]).toMatchObject({ kind: "check" });
  model.reply(0, { hints: [], snippet: "" });
  await settle();
  model.reply(1, null);
  await settle();
  model.reply(2, null);
  await settle();
  (el.querySelector("[aria-label=Preview] button") as HTMLElement).click();
  await settle();
  expect(model.sent[3]).toMatchObject({ kind: "preview", seed: 1, form: { name: "Auth: verified" } });
});

test("a question is put to all calls a part at a time, until somebody stops it", async () => {
  const asks: MetricForm = { ...form, source: { ...form.source, type: "question", question: "Did they pay?" } };
  const model = new FakeModel({ form: asks, saved: asks, metrics: [], trackers: [], metric_id: "m", shown: null, endpoint: false, error: "" });
  metrics.render({ model, el });
  await settle();
  const reply = async (at: number, result: unknown): Promise<void> => {
    model.reply(at, result);
    await settle();
  };
  await reply(0, { hints: [], snippet: "" });
  await reply(1, null);
  await reply(2, { calls: 80, credits: 0, free: true, enough: true });
  const all = el.querySelector("[aria-label='All calls']")!;
  expect(all.textContent).toContain("80 calls not judged yet. Asking is free.");
  (all.querySelector("button") as HTMLElement).click();
  await settle();
  expect(model.sent[3]).toMatchObject({ kind: "ask", judge: "local", beyond: -1 });
  await reply(3, { judged: 30, failed: 2, left: 48, last: 31, stopped: "" });
  expect(model.sent[4]).toMatchObject({ kind: "ask", beyond: 31 });
  (all.querySelector("button") as HTMLElement).click();
  await settle();
  await reply(4, { judged: 32, failed: 0, left: 16, last: 63, stopped: "" });
  expect(model.sent[5]).toMatchObject({ kind: "cost" });
  expect(all.textContent).toContain("62 calls judged of 80. 2 calls could not be judged");
});

test("a question that was edited is to be saved first", async () => {
  const asks: MetricForm = { ...form, source: { ...form.source, type: "question", question: "Did they pay?" } };
  metrics.render({ model: new FakeModel({ form: asks, saved: form, metrics: [], trackers: [], metric_id: "m", shown: null, endpoint: true, error: "" }), el });
  await settle();
  expect(el.textContent).toContain("Save the metric to ask the question of all calls.");
  expect(el.querySelector("option[value=endpoint]")).not.toBeNull();
});

test("two on one page do not share their choices", async () => {
  const other = document.createElement("div");
  el.append(other);
  for (const at of [el, other]) metrics.render({ model: new FakeModel({ form, saved: null, metrics: [], trackers: [], metric_id: "", shown: null, error: "" }), el: at });
  await settle();
  const checked = [...el.querySelectorAll<HTMLInputElement>("input[type=radio]:checked")];
  expect(checked).toHaveLength(4);
  expect(new Set(checked.map((one) => one.name)).size).toBe(4);
});
