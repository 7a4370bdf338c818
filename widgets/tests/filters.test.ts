import { afterEach, beforeEach, expect, test } from "vitest";
import dashboard from "../dashboard/index";
import { topOf } from "../dashboard/months";
import { periodInWords } from "../dashboard/period";
import type { BlockView, ControlView, DashboardView, HitView, MonthsView } from "../shared/protocol";
import { FakeModel, settle } from "./model";
import { el } from "./page";

const LONG = "Customer asks what happens to their data when the contract ends and we part ways";
const options = (...values: string[]) => values.map((value) => ({ value, label: value || "All" }));
const control = (name: string, kind: ControlView["kind"], value: string, changes: Partial<ControlView> = {}): ControlView => ({ name, label: name, kind, options: [], value, more: false, ...changes });
const CONTROLS = [
  control("tracker", "choice", LONG, { options: options(LONG, ..."abcdefghijkl") }),
  control("when", "period", "", { options: [{ value: "", label: "All time" }, { value: "30d", label: "30 days to 5 Mar 2026" }] }),
  control("from", "date", ""),
  control("to", "date", ""),
  control("team", "many", "North", { options: options("North", "South", "A|B"), more: true }),
  control("side", "choice", "", { options: options("", "customer"), more: true }),
];
const view = (changes: Partial<DashboardView>): DashboardView => ({ page: "tracker", title: "Pricing", lead: "", notices: [], pages: [], controls: CONTROLS, query: {}, blocks: [], progress: null, role: "reader", ...changes });
const block = (kind: BlockView["kind"], changes: Partial<BlockView>): BlockView => ({ id: kind, kind, title: "Part", note: "", empty: "", wide: true, tiles: [], figure: null, table: null, hits: [], total: 0, months: [], marked: "", suggestions: [], ...changes });

beforeEach(() => {
  document.body.dataset["voila"] = "voila";
  history.replaceState(null, "", "/voila/render/tracker.ipynb?team=North");
});
afterEach(() => {
  delete document.body.dataset["voila"];
});

const answered = async (model: FakeModel) => {
  model.reply(model.sent.length - 1, null);
  await settle();
};
async function shown(changes: Partial<DashboardView> = {}) {
  const model = new FakeModel({ view: view(changes), phase: "idle", page: "tracker", error: "" });
  const close = dashboard.render({ model, el });
  await answered(model);
  return { model, close };
}
const named = (name: string) => [...el.querySelectorAll("button")].find((one) => (one.getAttribute("aria-label") ?? one.textContent) === name)!;
const press = async (button: HTMLElement) => {
  button.click();
  await settle();
};
const key = async (name: string) => {
  document.activeElement!.dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true }));
  await settle();
};
const panel = () => el.querySelector<HTMLElement>(".wb-menu-panel");

test("a picker shows what is chosen in full, is searched, and takes what is found first on Enter", async () => {
  const { close } = await shown();
  await press(named(`tracker: ${LONG}`));
  const search = panel()!.querySelector("input")!;
  expect(document.activeElement).toBe(search);
  search.value = " B";
  search.dispatchEvent(new Event("input", { bubbles: true }));
  await settle();
  expect([...panel()!.querySelectorAll(".wb-pick")].map((one) => one.textContent)).toEqual(["b"]);
  await key("Enter");
  expect(new URLSearchParams(location.search).get("tracker")).toBe("b");
  expect(panel()).toBeNull();
  close();
});

test("filters in force are chips, which are changed and taken away; several values hold", async () => {
  const { model, close } = await shown();
  await press(named("team: North"));
  const boxes = () => [...panel()!.querySelectorAll<HTMLInputElement>("input[type=checkbox]")];
  expect(boxes().map((one) => one.checked)).toEqual([true, false, false]);
  boxes()[1]!.click();
  await settle();
  expect(new URLSearchParams(location.search).get("team")).toBe("North|South");
  expect(panel()).not.toBeNull();
  await answered(model);
  model.sync({ view: view({ controls: CONTROLS.map((one) => (one.name === "team" ? { ...one, value: "North|South" } : one)) }) });
  await settle();
  expect(named("team: North or South")).toBeDefined();
  await press(named("Remove team: North or South"));
  expect(location.search).toBe("");
  close();
});

test("a filter is added by name, then by value; Esc shuts the panel and leads back to its button", async () => {
  const { close } = await shown();
  await press(named("Add a filter"));
  await press([...panel()!.querySelectorAll("button")].find((one) => one.textContent === "side")!);
  await key("Escape");
  expect(panel()).toBeNull();
  await press(named("Add a filter"));
  await press([...panel()!.querySelectorAll("button")].find((one) => one.textContent === "side")!);
  await press([...panel()!.querySelectorAll("button")].find((one) => one.textContent === "customer")!);
  expect(new URLSearchParams(location.search).get("side")).toBe("customer");
  expect(panel()).toBeNull();
  close();
});

test("arrows go from choice to choice", async () => {
  const { close } = await shown();
  await press(named("Add a filter"));
  const all = [...panel()!.querySelectorAll("button")];
  expect(document.activeElement).toBe(all[0]);
  await key("ArrowDown");
  expect(document.activeElement).toBe(all[1]);
  await key("ArrowUp");
  expect(document.activeElement).toBe(all[0]);
  close();
});

test("a period with a name and days of one's own take each other's place; all are cleared at once", async () => {
  const { model, close } = await shown();
  await press(named("when: All time"));
  await press([...panel()!.querySelectorAll("button")].find((one) => one.textContent === "30 days to 5 Mar 2026")!);
  expect(new URLSearchParams(location.search).get("when")).toBe("30d");
  await answered(model);
  model.sync({ view: view({ controls: CONTROLS.map((one) => (one.name === "when" ? { ...one, value: "30d" } : one)) }) });
  await settle();
  await press(named("when: 30 days to 5 Mar 2026"));
  const from = panel()!.querySelector<HTMLInputElement>("input[type=date]")!;
  from.value = "2026-01-05";
  from.dispatchEvent(new Event("change", { bubbles: true }));
  await settle();
  expect(Object.fromEntries(new URLSearchParams(location.search))).toEqual({ team: "North", from: "2026-01-05" });
  await answered(model);
  await press(named("Clear filters"));
  expect(location.search).toBe("");
  close();
});

test("periods are told in words", () => {
  const when = CONTROLS[1]!;
  expect(periodInWords(when, "", "2026-01-05", "2026-02-01")).toBe("5 Jan 2026 to 1 Feb 2026");
  expect(periodInWords(when, "", "2026-01-05", "")).toBe("Since 5 Jan 2026");
  expect(periodInWords(when, "", "", "2026-01-05")).toBe("Until 5 Jan 2026");
  expect([periodInWords(when, "30d", "", ""), periodInWords(when, "", "", "")]).toEqual(["30 days to 5 Mar 2026", ""]);
});

test("one box searches for exact words or for their meaning, never for both", async () => {
  const search = control("words", "search", "price range", { options: [{ value: "words", label: "Exact words" }, { value: "meaning", label: "Meaning" }] });
  history.replaceState(null, "", "?words=price+range");
  const { close } = await shown({ controls: [search] });
  expect([...el.querySelectorAll("input[type=search]")]).toHaveLength(1);
  const [exact, meaning] = [...el.querySelectorAll<HTMLInputElement>("input[type=radio]")];
  expect(exact!.checked).toBe(true);
  meaning!.click();
  await settle();
  expect(Object.fromEntries(new URLSearchParams(location.search))).toEqual({ meaning: "price range" });
  close();
});

test("words that were searched for are marked, as text; where nothing is found there is something to try", async () => {
  const hit: HitView = { sentence_id: "s", conversation_id: "c", title: null, started: null, speaker: null, side: null, start_s: null, text: "The <b>Price</b> is high", before: [], after: [], trackers: [], link: null };
  const link = { label: "Only “price”: 20 sentences", page: "tracker", query: { words: "price" } };
  const found = block("hits", { hits: [hit], total: 1, marked: "price high" });
  const nothing = block("hits", { id: "nothing", empty: "Nothing found. Try one of these:", suggestions: [link] });
  const { model, close } = await shown({ blocks: [found, nothing] });
  expect([...el.querySelectorAll(".wb-sentence mark")].map((one) => one.textContent)).toEqual(["Price", "high"]);
  expect(el.querySelector(".wb-sentence")!.textContent).toBe("The <b>Price</b> is high");
  await press(el.querySelector<HTMLElement>(".wb-suggestions a")!);
  expect(model.sent.at(-1)).toMatchObject({ kind: "open", query: { words: "price" } });
  close();
});

test("each tracker has its months on one scale; months of few calls are hollow and set no scale", async () => {
  const month = (label: string, share: number | null, few = false) => ({ label, said: `${label}: ${share}`, share, few });
  const one: MonthsView = { name: LONG, link: { label: LONG, page: "tracker", query: { tracker: "t" } }, now: "12%", change: "up", said: "Mar 2026, up from 4% in Jan 2026", months: [month("Jan 2026", 0.04), month("Feb 2026", null), month("Mar 2026", 0.12), month("Apr 2026", 0.9, true)] };
  expect(topOf([one])).toBeCloseTo(0.15);
  expect(topOf([])).toBeCloseTo(0.02);
  const { close } = await shown({ blocks: [block("months", { months: [one] })] });
  const picture = el.querySelector("svg.wb-months-picture")!;
  expect(picture.getAttribute("aria-label")).toContain("Mar 2026: 0.12");
  expect(picture.querySelectorAll("circle")).toHaveLength(3);
  expect(picture.querySelectorAll("circle.wb-few")).toHaveLength(1);
  expect(picture.querySelector("polyline")!.getAttribute("points")!.split(" ")).toHaveLength(2);
  expect(el.querySelector(".wb-months-name")!.textContent).toBe(LONG);
  close();
});
