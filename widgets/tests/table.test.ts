import { expect, test, vi } from "vitest";
import type { ReadyMadeView } from "../shared/protocol";
import { sectionOf } from "../table/exchange";
import table from "../table/index";
import { actOf } from "../table/keys";
import { CLOSED } from "../table/reducer";
import { shownIds } from "../table/rows";
import { FakeModel, settle } from "./model";
import { el } from "./page";
import { assessed, kernel, play, row, run, some, standing, start } from "./trackers";

const planShown = () => el.querySelector(".wb-plan")!;
const button = (name: string) => [...el.querySelectorAll("button")].find((one) => one.textContent?.startsWith(name))!;
const press = (key: string, target: Element = document.activeElement!) => target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
const kinds = (model: FakeModel) => model.sent.map((message) => message["kind"]);

async function shown(changes: object = {}, rows = some(3)): Promise<FakeModel> {
  const model = new FakeModel({ rows, deleted: [], gone: [], panel: CLOSED, phase: "idle", tracker_id: "", can_edit: true, error: "", ...changes });
  table.render({ model, el });
  model.reply(0, null);
  await settle();
  model.reply(1, rows.map((one) => standing(Number(one.id.slice(1)))));
  await settle();
  return model;
}

test("arrows go from row to row, Enter opens its actions, Escape goes back", async () => {
  const model = await shown();
  expect(kinds(model)).toEqual(["open", "look"]);
  const rows = [...el.querySelectorAll<HTMLElement>("tr[data-id]")];
  rows[0]!.focus();
  press("ArrowDown");
  await settle();
  expect(document.activeElement).toBe(rows[1]);
  expect(rows.map((one) => one.tabIndex)).toEqual([-1, 0, -1]);
  press("Enter");
  await settle();
  expect(document.activeElement!.textContent).toBe("Train");
  expect(model.get("panel")).toEqual({ tracker_id: "t1", what: "actions" });
  press("Escape");
  await settle();
  expect(document.activeElement).toBe(rows[1]);
});

test("a deletion is asked of the kernel, told in words, and Z takes it back", async () => {
  const model = await shown({ panel: { tracker_id: "t1", what: "actions" } });
  button("Delete").click();
  expect(model.sent.at(-1)).toMatchObject({ kind: "act", what: "delete", ids: ["t1"] });
  model.sync({ rows: [row(0), row(2)], deleted: [row(1, { state: "deleted" })], gone: [{ id: "t1", name: "Tracker 1" }] });
  model.reply(model.sent.length - 1, { done: ["t1"], failed: {} });
  await settle();
  expect(el.querySelector(".wb-undo")!.textContent).toContain("Deleted “Tracker 1”.");
  expect(el.querySelector("[aria-live]")!.textContent).toBe("Deleted: “Tracker 1”.");
  expect((document.activeElement as HTMLElement).dataset["id"]).toBe("t0");
  press("z");
  expect(model.sent.at(-1)).toMatchObject({ kind: "act", what: "restore", ids: ["t1"] });
});

test("publishing says what would change, shows it, and asks how far back", async () => {
  const model = await shown({ panel: { tracker_id: "t2", what: "publish" } });
  expect(planShown().textContent).toContain("Counting which calls are read");
  await vi.waitFor(() => expect(model.sent.at(-1)).toMatchObject({ kind: "preview", tracker_id: "t2" }));
  expect(planShown().textContent).toBe("Plan of t2 for null.");
  model.reply(model.sent.length - 1, { gained: 3, lost: 0, kept: 9, estimate: null });
  await settle();
  expect(el.querySelector(".wb-changes")!.textContent).toContain("+3 found newly");
  button("Show them").click();
  expect(model.sent.at(-1)).toMatchObject({ kind: "changes", which: "gained" });
  model.reply(model.sent.length - 1, [{ conversation_id: "c", sentence_id: "s", text: "<b>x</b>", before: [], after: [], speaker: null, side: null, time: null, title: null, date: null }]);
  await settle();
  expect(el.querySelector(".wb-sights")!.textContent).toContain("<b>x</b>");
  button("Go to call").click();
  expect(model.sent.at(-1)).toMatchObject({ kind: "show_call", conversation_id: "c", sentence_id: "s" });
  model.reply(model.sent.length - 1, null, { kind: "WorkbenchError", message: "No call viewer is open." });
  await settle();
  expect(el.querySelector('[role="alert"]')!.textContent).toBe("No call viewer is open.");
  const periods = [...el.querySelectorAll<HTMLInputElement>("input[type=radio]")];
  expect(periods.map((one) => one.parentElement!.textContent)).toContain("Also all past calls");
  periods[5]!.click();
  periods[2]!.click();
  await settle();
  expect(planShown().getAttribute("aria-busy")).toBe("true");
  expect(planShown().textContent).toContain("Counting which calls are read");
  await vi.waitFor(() => expect(planShown().textContent).toBe("Plan of t2 for 3 months."));
  expect(model.planned.map((one) => one["past"])).toEqual([null, "3 months"]);
  [...el.querySelectorAll<HTMLButtonElement>(".wb-primary")].at(-1)!.click();
  expect(model.sent.at(-1)).toMatchObject({ kind: "publish", tracker_id: "t2", past: "3 months" });
});

test("people who only read see versions and choose, nothing else", async () => {
  const model = await shown({ can_edit: false, panel: { tracker_id: "t0", what: "actions" } });
  const names = [...el.querySelectorAll("[data-panel] button")].map((one) => one.textContent);
  expect(names).toEqual(["Show", "Versions"]);
  expect(el.querySelector("input[type=checkbox]")).toBeNull();
  button("Show").click();
  expect(model.sent.at(-1)).toMatchObject({ kind: "choose", tracker_id: "t0" });
});

test("keys of the page stay with the page where something is typed", () => {
  const input = document.createElement("input");
  const event = (key: string) => Object.defineProperty(new KeyboardEvent("keydown", { key }), "target", { value: input }) as KeyboardEvent;
  const gone = start(some(2), { gone: [{ id: "t9", name: "Gone" }] });
  expect(actOf(event("z"), gone)).toBeNull();
  expect(actOf(event("ArrowDown"), gone)).toBeNull();
});

test("a section opens above the rows, closes what is open below, and gives the focus back to its button", () => {
  const open = play(start(), { type: "panel", id: "t1", what: "actions" }, { type: "section", what: "import" });
  expect(open).toMatchObject({ panel: { tracker_id: "", what: "import" }, at: "section" });
  expect(sectionOf(open.panel)).toBe("import");
  expect(play(open, { type: "synced", ...kernel(some(2), { panel: open.panel }) }).panel.what).toBe("import");
  expect(actOf(new KeyboardEvent("keydown", { key: "Escape" }), open)).toEqual({ type: "section", what: "import" });
  expect(play(open, { type: "section", what: "import" })).toMatchObject({ panel: CLOSED, at: "opener", from: "import" });
});

test("what was added is shown wherever it stands, whatever was searched for", () => {
  const many = play(start(some(120)), { type: "search", query: "Tracker 9" });
  const last = shownIds({ ...many, query: "" }).at(-1)!;
  expect(play(many, { type: "reveal", id: last, what: "publish" })).toMatchObject({ query: "", page: 2, panel: { tracker_id: last, what: "publish" } });
  expect(play(many, { type: "reveal", id: "nobody", what: "publish" })).toBe(many);
});

const READY: ReadyMadeView = {
  key: "budget",
  name: "Tracker 1",
  description: "<b>No money</b>",
  kind: "phrase",
  filters: { side: "customer", kinds: ["call"], channels: [], directions: [], scope: "external", part: { where: "anywhere", amount: 5, unit: "minutes" }, stages: [], outcomes: [], teams: [], accounts: [], languages: [], participants: [], title: "", started_from: null, started_before: null, fields: {} },
  said: ["There is no money.", "It is frozen."],
  can_train: true,
  quality: null,
};

test("ready-made ones are asked for when they are to be seen, and added under a name that is free", async () => {
  const model = await shown();
  button("Ready-made").click();
  await settle();
  expect(model.sent.at(-1)).toMatchObject({ kind: "ready_made" });
  const interval = { low: 0.17, point: 0.27, high: 0.36, tells: true };
  const quality = { precision: interval, hit_rate: interval, f1: interval, quality: assessed(interval, interval, { badge: "weak", basis: "the sample corpus" }), calls: 365, hits: 76, measured: "2026-11-21" };
  model.reply(model.sent.length - 1, [READY, { ...READY, key: "other", name: "Other", quality }]);
  await settle();
  // What was not measured comes last; what is weak is to be trained first.
  const [second, first] = [...el.querySelectorAll(".wb-ready > li")];
  expect([...second!.querySelectorAll(".wb-actions button")].map((one) => one.textContent)).toEqual(["Add to train further", "Add as it is"]);
  expect(second!.querySelector(".wb-badge")!.textContent).toBe("Weak");
  expect(first!.textContent).toContain("<b>No money</b>");
  expect(first!.textContent).toContain("Not measured");
  expect(second!.textContent).toContain("27% (17–36)");
  expect(second!.textContent).toContain("365 calls");
  expect(second!.querySelector("input")).toBeNull();
  expect(first!.querySelector("input")!.value).toBe("Tracker 1 2");
  const press = (name: string) => [...first!.querySelectorAll("button")].find((one) => one.textContent === name)!.click();
  press("Add to train further");
  expect(model.sent.at(-1)).toMatchObject({ kind: "add", key: "budget", called: "Tracker 1 2", as_examples: true });
  model.reply(model.sent.length - 1, null, { kind: "TrackerExists", message: "It is taken." });
  await settle();
  expect(first!.querySelector('[role="alert"]')!.textContent).toContain("It is taken.");
  press("Add");
  const adding = model.sent.length - 1;
  model.sync({ rows: [...some(3), row(9, { name: "Tracker 1 2", kind: "phrase", state: "draft" })] });
  model.reply(adding, { id: "t9", name: "Tracker 1 2" });
  await settle();
  expect(first!.textContent).toContain("✓ Added as “Tracker 1 2”, a draft.");
  expect(el.querySelector("[aria-live]")!.textContent).toContain("Added “Tracker 1 2”");
  button("Publish…").click();
  await settle();
  expect(model.get("panel")).toEqual({ tracker_id: "t9", what: "publish" });
});

test("what is pasted is imported, and told as text", async () => {
  const model = await shown({ panel: { tracker_id: "", what: "import" } });
  const area = el.querySelector("textarea")!;
  area.value = '[{"name": "<i>N</i>"}]';
  area.dispatchEvent(new Event("input", { bubbles: true }));
  await settle();
  button("Import pasted text").click();
  expect(model.sent.at(-1)).toMatchObject({ kind: "import", form: "json", text: area.value });
  const importing = model.sent.length - 1;
  model.sync({ rows: [...some(3), row(9, { name: "<i>N</i>" })] });
  model.reply(importing, { made: [{ id: "t9", name: "<i>N</i>" }], made_count: 1, refused: [{ line: 4, reason: "<u>name</u>" }], refused_count: 1 });
  await settle();
  expect(el.querySelector(".wb-brought")!.textContent).toContain("1 tracker made, a draft; 1 left out.");
  expect(el.querySelector(".wb-brought")!.textContent).toContain("<i>N</i>");
  expect(el.querySelector(".wb-refused")!.textContent).toContain("Line 4 <u>name</u>");
  button("Mark it").click();
  await settle();
  expect(el.querySelector(".wb-marked")!.textContent).toContain("1 marked");
});

test("what publishing many would do is said for each, and what they take together", async () => {
  const rows = Array.from({ length: 12 }, (_, number) => row(number, { kind: "question", state: "draft" }));
  const model = await shown({}, rows);
  const one = { message: "<img src=x>", warns: true, credits: 2, balance: 5 };
  model.plan = ({ ids }) => ({ result: Object.fromEntries((ids as string[]).map((id) => [id, one])), error: null });
  el.querySelector<HTMLInputElement>("thead input")!.click();
  await settle();
  button("Publish 12…").click();
  await vi.waitFor(() => expect(planShown().textContent).toContain("Together, past calls cost 24 credits; there are 5."));
  expect(planShown().querySelectorAll("li .wb-hint-warning")).toHaveLength(10);
  expect(planShown().textContent).toContain("and 2 more.");
  expect(planShown().textContent).toContain("<img src=x>");
  expect(model.planned.map((asked) => (asked["ids"] as string[]).length)).toEqual([10, 2]);
});

test("many are published some at a time; a lost request loses no other", async () => {
  const rows = Array.from({ length: 12 }, (_, number) => row(number, { kind: "keyword", state: "draft" }));
  const model = await shown({}, rows);
  el.querySelector<HTMLInputElement>("thead input")!.click();
  await settle();
  button("Publish 12…").click();
  await settle();
  [...el.querySelectorAll<HTMLButtonElement>("[data-section] .wb-primary")].at(-1)!.click();
  const first = model.sent.at(-1)!["ids"] as string[];
  expect(model.sent.at(-1)).toMatchObject({ kind: "act", what: "publish", past: null });
  expect(first).toHaveLength(10);
  model.reply(model.sent.length - 1, null, { kind: "Lost", message: "Lost." });
  await settle();
  const rest = model.sent.at(-1)!["ids"] as string[];
  model.reply(model.sent.length - 1, { done: rest, failed: {} });
  await settle();
  expect(el.querySelectorAll(".wb-row-problem")).toHaveLength(10);
  expect(el.querySelector(".wb-notice")!.textContent).toContain("Published: 2 trackers.");
  expect(el.querySelector(".wb-marked")!.textContent).toContain("10 marked");
});

test("what fails on another page is told with its name", async () => {
  const rows = some(60);
  const model = await shown({}, rows);
  const names = [...el.querySelectorAll<HTMLElement>("tr[data-id]")].map((one) => one.dataset["id"]);
  const away = rows.find((one) => !names.includes(one.id))!;
  el.querySelector<HTMLInputElement>("thead input")!.click();
  await settle();
  button("Pause 50").click();
  model.reply(model.sent.length - 1, { done: [], failed: { [away.id]: "It is a draft." } });
  await settle();
  expect(el.querySelector(".wb-elsewhere")!.textContent).toContain(`${away.name}: It is a draft.`);
});

test("people who only read export, and bring nothing in", async () => {
  const model = await shown({ can_edit: false, panel: { tracker_id: "", what: "import" } });
  expect([...el.querySelectorAll(".wb-head button")].map((one) => one.textContent)).toEqual(["Export"]);
  expect(el.querySelector("[data-section]")).toBeNull();
  button("Export").click();
  await settle();
  button("Download 3 trackers").click();
  expect(model.sent.at(-1)).toMatchObject({ kind: "export", form: "csv", ids: null });
});

test("without trackers the ready-made ones are offered", async () => {
  await shown({}, []);
  button("See the ready-made").click();
  await settle();
  expect(el.querySelector('[data-section="ready_made"]')).not.toBeNull();
});

test("who was paused for want of credits says so, and is not resumed", async () => {
  const rows = [row(0, { state: "paused", paused: "out of credits", kind: "question" }), row(1, { state: "paused" })];
  await shown({ panel: { tracker_id: "t0", what: "actions" } }, rows);
  expect(el.querySelector('[data-id="t0"] .wb-col-state')!.textContent).toBe("Pausedout of creditsv1");
  expect([...el.querySelectorAll(".wb-actions button")].map((one) => one.textContent)).not.toContain("Resume");
  el.querySelector<HTMLInputElement>("thead input")!.click();
  await settle();
  expect(button("Resume 1")).toBeDefined();
});

test("a run that this kernel tells of is asked about at its news; one of another kernel every few seconds", async () => {
  vi.useFakeTimers();
  const going = (here: boolean) => standing(0, { run: run("running", { here }) });
  const model = new FakeModel({ rows: some(1), deleted: [], gone: [], panel: CLOSED, phase: "idle", tracker_id: "", can_edit: true, error: "" });
  table.render({ model, el });
  const asked = () => kinds(model).filter((kind) => kind === "progress").length;
  model.reply(0, null);
  await vi.advanceTimersByTimeAsync(0);
  model.reply(1, [going(true)]);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked()).toBe(0);
  const tell = (done: boolean) => model.emit("msg:custom", { news: "run", tracker_id: "t0", fraction: 0.5, message: "", done });
  tell(false);
  tell(false);
  expect(asked()).toBe(1);
  model.reply(2, { t0: run("running", { here: false }) });
  await vi.advanceTimersByTimeAsync(0);
  expect(asked()).toBe(2); // for the second news
  model.reply(3, { t0: run("running", { here: false }) });
  await vi.advanceTimersByTimeAsync(5_000);
  expect(asked()).toBe(3);
  model.reply(4, { t0: run("done") });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked()).toBe(3);
});
