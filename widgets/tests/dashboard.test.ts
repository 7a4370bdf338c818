import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { baseUrl } from "../dashboard/assets";
import { widths } from "../dashboard/blocks";
import dashboard from "../dashboard/index";
import { clean, hasPoints, isDrawn, themed } from "../dashboard/plotly";
import { order } from "../dashboard/table";
import { cell, fileName, progressInWords } from "../dashboard/words";
import { hrefOf, queryOf, searchOf } from "../shared/address";
import type { BlockView, DashboardView, HitView, TableView } from "../shared/protocol";
import { FakeModel, settle } from "./model";
import { el } from "./page";

const plotly = vi.hoisted(() => ({ react: vi.fn(), purge: vi.fn(), toImage: vi.fn(), Plots: { resize: vi.fn() }, missing: false }));
vi.mock("../dashboard/assets", async (original) => ({
  ...(await original<object>()),
  load: async () => {
    if (plotly.missing) throw new Error("404");
    return { default: plotly };
  },
}));

const block = (id: string, kind: BlockView["kind"], changes: Partial<BlockView> = {}): BlockView => ({ id, kind, title: id, note: "", empty: `No ${id}`, wide: false, tiles: [], figure: null, table: null, hits: [], total: 0, months: [], marked: "", suggestions: [], ...changes });
const table: TableView = {
  columns: [
    { name: "team", label: "Team", kind: "text" },
    { name: "rate", label: "Rate", kind: "percent" },
  ],
  rows: [
    { team: "North", rate: 0.5 },
    { team: "<b>South</b>", rate: null },
    { team: "West", rate: 0.9 },
  ],
  links: [{ label: "North", page: "team", query: { team: "North & Co" } }, null, null],
  total: 3,
};
const hit = (number: number): HitView => ({
  sentence_id: `s${number}`,
  conversation_id: "c1",
  title: "A call",
  started: "2026-03-02T09:30:00+00:00",
  speaker: "Dana",
  side: "customer",
  start_s: 65,
  text: `<img src=x> ${number}`,
  before: [],
  after: [],
  trackers: [
    { id: "t1", name: "Pricing", score: 0.91, version: 1 },
    { id: "t2", name: "Discount", score: 0.6, version: 1 },
  ],
  link: null,
});
const view = (changes: Partial<DashboardView> = {}): DashboardView => ({ page: "tracker", title: "Pricing", lead: "", notices: [], pages: [{ label: "Team", page: "team", query: { side: "customer" } }], controls: [], query: {}, blocks: [], progress: null, role: "reader", ...changes });
const figure = { figure: { data: [{ type: "bar", x: ["a"], y: [1] }], layout: {} }, description: "One bar", table };

beforeEach(() => {
  document.body.dataset["voila"] = "voila";
  history.replaceState(null, "", "/voila/render/tracker.ipynb");
  plotly.missing = false;
});
afterEach(() => {
  delete document.body.dataset["voila"];
  vi.clearAllMocks();
});

const shown = (changes: Partial<DashboardView>, synced: object = {}) => {
  const model = new FakeModel({ view: view(changes), phase: "idle", page: "tracker", error: "", ...synced });
  return { model, close: dashboard.render({ model, el }) };
};
const button = (name: string) => [...el.querySelectorAll("button")].find((one) => one.textContent!.startsWith(name))!;
const sent = (model: FakeModel, kind: string) => model.sent.filter((one) => one["kind"] === kind);

test("an address's filters are asked for; how it looks travels along, its token does not", async () => {
  history.replaceState(null, "", "?theme=dark&token=secret&team=North+%26+Co");
  const { model, close } = shown({ blocks: [block("words", "text", { note: "Unfiltered" })] });
  expect(model.sent[0]).toMatchObject({ kind: "open", query: { team: "North & Co" } });
  expect(el.textContent).not.toContain("Unfiltered");
  expect(el.querySelector(".wb-skeleton")).not.toBeNull();
  model.sync({ view: view({ query: { team: "North & Co" }, blocks: [block("words", "text", { note: "Filtered" })] }) });
  model.reply(0, null);
  await settle();
  expect(el.textContent).toContain("Filtered");
  expect(el.querySelector("nav a")!.getAttribute("href")).toBe("team.ipynb?side=customer&theme=dark");
  close();
});

test("addresses are read and written alike", () => {
  expect(queryOf("?a=1&b=%20x&theme=dark&token=t&offset=2")).toEqual({ a: "1", b: " x", offset: "2" });
  expect(searchOf({ team: "A & B", side: "" }, "?theme=dark&token=t")).toBe("?team=A+%26+B&theme=dark");
  expect(hrefOf({ label: "", page: "../x", query: {} })).toBe("..%2Fx.ipynb");
  document.body.insertAdjacentHTML("beforeend", '<script id="jupyter-config-data" type="application/json">{"baseUrl": "/user/ann/"}</script>');
  expect(baseUrl()).toBe("/user/ann/");
  document.getElementById("jupyter-config-data")!.remove();
  expect(baseUrl()).toBe("/");
});

test("a changed filter is in the address and asked for; of many only the last", async () => {
  const options = ["", "North", "South"].map((value) => ({ value, label: value || "All" }));
  const { model, close } = shown({ controls: [{ name: "team", label: "Team", kind: "choice", options, value: "", more: false }] });
  model.reply(0, null);
  await settle();
  const select = el.querySelector("select")!;
  for (const value of ["North", "South", "North"]) {
    select.value = value;
    select.dispatchEvent(new Event("change", { bubbles: true }));
  }
  await settle();
  expect(location.search).toBe("?team=North");
  expect(sent(model, "open").map((one) => one["query"])).toEqual([{}, { team: "North" }]);
  model.reply(model.sent.length - 1, null);
  await settle();
  expect(sent(model, "open").length).toBe(3);
  history.pushState(null, "", "?team=South");
  window.dispatchEvent(new PopStateEvent("popstate"));
  model.reply(model.sent.length - 1, null);
  await settle();
  expect(sent(model, "open").at(-1)).toMatchObject({ query: { team: "South" } });
  close();
});

test("the browser's Back undoes a filter, and a link carries the filters without the token", async () => {
  history.replaceState(null, "", "?theme=dark&token=secret&team=North");
  const writeText = vi.fn(async () => {});
  vi.stubGlobal("navigator", { ...navigator, clipboard: { writeText } });
  const { model, close } = shown({ controls: [{ name: "side", label: "Said by", kind: "choice", options: ["", "customer"].map((value) => ({ value, label: value })), value: "", more: false }], query: { team: "North" } });
  model.reply(0, null);
  await settle();
  const steps = history.length;
  const select = el.querySelector("select")!;
  select.value = "customer";
  select.dispatchEvent(new Event("change", { bubbles: true }));
  expect(history.length).toBe(steps + 1);
  button("Copy link").click();
  await settle();
  expect(writeText).toHaveBeenCalledWith(`${location.origin}/voila/render/tracker.ipynb?team=North&side=customer&theme=dark`);
  expect(button("Link copied")).toBeDefined();
  expect(document.title).toBe("Pricing · Tracker workbench");
  vi.unstubAllGlobals();
  close();
});

test("what stands around a hit shows when it is asked for", async () => {
  const around = { text: "<i>Before</i>", speaker: "Ben", side: "company", time: "1:00" };
  const { close } = shown({ blocks: [block("hits", "hits", { hits: [{ ...hit(1), before: [around] }, hit(2)], total: 2 })] });
  await settle();
  const [first, second] = [...el.querySelectorAll(".wb-hit")];
  const context = [...first!.querySelectorAll("button")].find((one) => one.textContent === "Context")!;
  expect(first!.textContent).not.toContain("Before");
  context.click();
  await settle();
  expect(first!.querySelector(".wb-context")!.textContent).toBe("Ben: <i>Before</i>");
  expect(context.getAttribute("aria-expanded")).toBe("true");
  expect(second!.textContent).not.toContain("Context");
  close();
});

test("names in a table are whole in their titles; only more than 25 rows scroll in a box", async () => {
  const long = { ...table, rows: Array.from({ length: 26 }, (_, at) => ({ team: `Team ${at}`, rate: 0.5 })), links: [], total: 26 };
  const { close } = shown({ blocks: [block("few", "table", { table }), block("many", "table", { table: long })] });
  await settle();
  expect([...el.querySelectorAll(".wb-scroll")].map((one) => one.classList.contains("wb-long"))).toEqual([false, true]);
  const name = el.querySelectorAll("tbody th .wb-clamp")[1]!;
  expect([name.textContent, name.getAttribute("title")]).toEqual(["<b>South</b>", "<b>South</b>"]);
  expect(el.querySelector("thead .wb-clamp")!.getAttribute("title")).toBe("Team");
  close();
});

test("in a notebook the address is left alone, and links to what is not there are words", async () => {
  delete document.body.dataset["voila"];
  history.replaceState(null, "", "?team=North");
  const { model, close } = shown({ query: { side: "customer" }, blocks: [block("teams", "table", { table })] });
  expect(model.sent[0]).toMatchObject({ kind: "open", query: { side: "customer" } });
  expect(el.querySelectorAll("a").length).toBe(0);
  expect(el.querySelector("nav")).toBeNull();
  close();
});

test("words are asked for after a pause or on Enter, and stay as typed", async () => {
  vi.useFakeTimers();
  const control = { name: "words", label: "Words", kind: "text" as const, options: [], more: false, value: "" };
  const { model, close } = shown({ controls: [control] });
  model.reply(0, null);
  await vi.advanceTimersByTimeAsync(1);
  const input = el.querySelector("input")!;
  const type = (text: string) => {
    input.value = text;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  };
  type("pri");
  await vi.advanceTimersByTimeAsync(300);
  type("price");
  model.sync({ view: view({ controls: [control], lead: "Polled" }) });
  await vi.advanceTimersByTimeAsync(300);
  expect([sent(model, "open").length, input.value]).toEqual([1, "price"]);
  await vi.advanceTimersByTimeAsync(500);
  expect(sent(model, "open").at(-1)).toMatchObject({ query: { words: "price" } });
  model.reply(model.sent.length - 1, null);
  type("price range");
  input.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
  await vi.advanceTimersByTimeAsync(1);
  expect(sent(model, "open").at(-1)).toMatchObject({ query: { words: "price range" } });
  close();
});

test("it asks whether something changed, also while a backfill runs, until it is gone", async () => {
  vi.useFakeTimers();
  const { model, close } = shown({ progress: { label: "Reading past calls", done: 120, total: 900 } });
  model.reply(0, null);
  expect(el.textContent).toContain("Reading past calls: 120 of 900; results so far are shown here.");
  await vi.advanceTimersByTimeAsync(1_600);
  expect(sent(model, "poll").length).toBe(1);
  model.reply(1, null);
  await vi.advanceTimersByTimeAsync(1_600);
  expect(sent(model, "poll").length).toBe(2);
  model.reply(2, null);
  close();
  await vi.advanceTimersByTimeAsync(9_000);
  expect([sent(model, "poll").length, model.listening]).toEqual([2, 0]);
});

test("a wrong hit is said of one tracker, with a note, and thanked for", async () => {
  const { model, close } = shown({ blocks: [block("hits", "hits", { hits: [hit(1)], total: 1 })] });
  model.reply(0, null);
  await settle();
  expect(el.querySelector("img")).toBeNull();
  expect(el.querySelector(".wb-sentence")!.textContent).toBe("<img src=x> 1");
  button("Wrong hit").click();
  await settle();
  expect(document.activeElement).toBe(el.querySelector(".wb-note-form input"));
  const select = el.querySelector("select")!;
  select.value = "t2";
  select.dispatchEvent(new Event("change", { bubbles: true }));
  const note = el.querySelector(".wb-note-form input") as HTMLInputElement;
  note.value = "about the weather";
  note.dispatchEvent(new Event("input", { bubbles: true }));
  await settle();
  el.querySelector("form")!.dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
  expect(model.sent.at(-1)).toMatchObject({ kind: "wrong", tracker_id: "t2", sentence_id: "s1", note: "about the weather" });
  model.reply(model.sent.length - 1, null, { kind: "X", message: "No room." });
  await settle();
  expect(el.querySelector("[role=alert]")!.textContent).toBe("No room.");
  el.querySelector("form")!.dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
  model.reply(model.sent.length - 1, { by: "reader 3f2a" });
  await settle();
  expect(el.textContent).toContain("Thank you. It goes to the people who train “Discount”, from reader 3f2a.");
  expect(button("Wrong hit")).toBeUndefined();
  close();
});

test("more hits join those shown, each once; a call that cannot be shown is told", async () => {
  const { model, close } = shown({ blocks: [block("hits", "hits", { hits: [hit(1), hit(2)], total: 4 })] });
  model.reply(0, null);
  await settle();
  button("Show more").click();
  expect(model.sent.at(-1)).toMatchObject({ kind: "more", block_id: "hits", offset: 2 });
  model.reply(model.sent.length - 1, { hits: [hit(2), hit(3), hit(4)], table: null, total: 4 });
  await settle();
  expect(el.querySelectorAll(".wb-hit").length).toBe(4);
  expect(button("Show more")).toBeUndefined();
  button("Go to call").click();
  model.reply(model.sent.length - 1, null, { kind: "X", message: "No call viewer is open." });
  await settle();
  expect(el.querySelector(".wb-hit [role=alert]")!.textContent).toBe("No call viewer is open.");
  close();
});

test("what went wrong stands above the last page; retrying asks again", async () => {
  const { model, close } = shown({ blocks: [block("words", "text", { note: "Still here" })] }, { error: "No such month" });
  model.reply(0, null);
  await settle();
  expect(el.querySelector("[role=alert]")!.textContent).toContain("No such month");
  expect(el.textContent).toContain("Still here");
  button("Try again").click();
  expect(model.sent.at(-1)).toMatchObject({ kind: "open" });
  close();
  shown({}, { view: {}, phase: "failed", error: "No workspace" }).close();
});

test("tables sort by their heads; what can't be told comes last", () => {
  expect(order(table, null)).toEqual([0, 1, 2]);
  expect(order(table, { name: "rate", down: true })).toEqual([2, 0, 1]);
  expect(order(table, { name: "rate", down: false })).toEqual([0, 2, 1]);
  expect(order(table, { name: "gone", down: false })).toEqual([0, 1, 2]);
});

test("cells are read as people write them", () => {
  expect([cell(0.62, "percent"), cell(0.004, "percent"), cell(0, "percent"), cell(null, "percent")]).toEqual(["62%", "0.4%", "0%", "–"]);
  expect([cell([0.55, 0.69], "interval"), cell([0.55, 0.62, 0.69], "interval")]).toEqual(["55–69%", "62% (55–69%)"]);
  expect([cell("2026-03-02T09:00:00Z", "date"), cell("2026-03", "date"), cell("soon", "date")]).toEqual(["2 Mar 2026", "Mar 2026", "soon"]);
  expect([cell(1204.5, "number"), cell(["a", "b"], "text")]).toEqual(["1,204.5", "a, b"]);
  expect(fileName(["Prices: <A>", "by team"], "csv")).toBe("Prices-A-by-team.csv");
  expect(progressInWords(view())).toBe("");
});

test("a block with nothing beside it takes the whole width", () => {
  const blocks = [block("a", "tiles"), block("b", "table"), block("c", "table"), block("d", "hits"), block("e", "text", { wide: true })];
  expect(widths(blocks)).toEqual([true, false, false, true, true]);
});

test("text in figures is mere text; colours are the page's; nothing is fetched", () => {
  const colour = (name: string) => `<${name}>`;
  const wild = { data: [{ type: "bar", name: "<a href='x'>&amp;</a>", x: ["<b>"], hovertemplate: "<i>%{x}</i><br>y<extra></extra>", marker: { color: "var(--wb-yes)" } }], layout: { title: "T", images: [{ source: "https://x" }], width: 9_000, paper_bgcolor: "red", xaxis: { title: { text: "<u>" } } } };
  const { data, layout } = themed(wild, colour, "serif");
  expect(data[0]).toMatchObject({ name: "&lt;a href='x'>&amp;amp;&lt;/a>", x: ["&lt;b>"], hovertemplate: "&lt;i>%{x}&lt;/i><br>y<extra></extra>", marker: { color: "<yes>" } });
  expect(layout).toMatchObject({ paper_bgcolor: "rgba(0,0,0,0)", xaxis: { title: { text: "&lt;u>" }, gridcolor: "<line>" } });
  expect(Object.keys(layout)).not.toEqual(expect.arrayContaining(["images"]));
  expect(["title", "width", "images"].filter((name) => name in layout)).toEqual([]);
  expect(clean([1, null, true], colour)).toEqual([1, null, true]);
  expect([isDrawn(wild), isDrawn({ data: [{ type: "image", source: "https://x" }] }), isDrawn({})]).toEqual([true, false, false]);
});

test("a figure without a point is as good as none", async () => {
  expect([hasPoints({ data: [{ y: [null, 1] }] }), hasPoints({ data: [{ z: [[null], [2]] }] }), hasPoints({ data: [{ x: ["a"], y: [null] }] }), hasPoints({})]).toEqual([true, true, false, false]);
  const { close } = shown({ blocks: [block("f", "figure", { figure: { ...figure, figure: { data: [{ type: "bar", x: [], y: [] }] } } })] });
  await settle();
  expect(el.querySelector(".wb-nothing")!.textContent).toBe("No f");
  close();
});

test("a figure is drawn once it is near, anew when it changes; where it can't be, its figures show", async () => {
  vi.stubGlobal("IntersectionObserver", undefined);
  const { close, model } = shown({ blocks: [block("f", "figure", { figure })] });
  await settle();
  await settle();
  expect(plotly.react).toHaveBeenCalledTimes(1);
  model.sync({ view: view({ blocks: [block("f", "figure", { figure: { ...figure, figure: { data: [{ type: "bar", y: [2] }] } } })] }) });
  await settle();
  await settle();
  expect(plotly.react).toHaveBeenCalledTimes(2);
  close();
  expect(plotly.purge).toHaveBeenCalled();
  plotly.missing = true;
  vi.spyOn(console, "warn").mockImplementation(() => {});
  const { close: closeSecond } = shown({ blocks: [block("f", "figure", { figure })] });
  await settle();
  await settle();
  expect(el.textContent).toContain("Could not load the chart. The table shows its numbers.");
  expect(el.querySelector("table")!.textContent).toContain("North");
  plotly.missing = false;
  [...el.querySelectorAll("button")].find((one) => one.textContent === "Try again: f")!.click();
  await settle();
  await settle();
  expect(plotly.react).toHaveBeenCalledTimes(3);
  expect(el.textContent).not.toContain("Could not load");
  closeSecond();
  vi.unstubAllGlobals();
});
