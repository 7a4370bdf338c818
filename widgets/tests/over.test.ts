import { afterEach, beforeEach, expect, test } from "vitest";
import { joined, split } from "../dashboard/call";
import dashboard from "../dashboard/index";
import type { BlockView, CallView, HitView, LineView } from "../shared/protocol";
import { FakeModel, settle } from "./model";
import { el } from "./page";

const call: CallView = {
  kind: "call",
  title: "<b>Renewal</b>",
  date: "2 Mar 2026",
  account: "Ampere House",
  duration: 40,
  parties: [{ name: "Dana", side: "customer", email: null }],
  starts: [0, 10, 20, 30],
  sides: ["company", "customer", "customer", "company"],
  turns: [0, 1, 1, 2],
  breaks: [],
  address: null,
  unheard: "",
  host: null,
};
const lines: LineView[] = [0, 1, 2, 3].map((at) => ({ at, text: `<i>${at}</i>`, more: 0, speaker: "Dana", time: "0:10" }));
const link = { label: "Go to call", page: "tracker", query: { team: "South", call: "c1", sentence: "c1:1:1" } };
const hit = { sentence_id: "c1:1:1", conversation_id: "c1", title: "A call", started: null, speaker: "Dana", side: "customer", start_s: 20, text: "Dear", before: [], after: [], trackers: [], link } satisfies HitView;
const hits: BlockView = { id: "hits", kind: "hits", title: "Hits", note: "", empty: "", wide: true, tiles: [], figure: null, table: null, hits: [hit], total: 1, months: [], marked: "", suggestions: [] };
const view = { page: "tracker", title: "Pricing", lead: "", notices: [], pages: [], controls: [], query: { team: "North" }, blocks: [hits], progress: null, role: "reader" };

const ADDRESS = "/voila/render/tracker.ipynb";
beforeEach(() => {
  document.body.dataset["voila"] = "voila";
  history.replaceState(null, "", `${ADDRESS}?team=North`);
});
afterEach(() => {
  delete document.body.dataset["voila"];
});

const drawer = () => document.querySelector<HTMLDialogElement>("dialog.wb-drawer-wide");
const sent = (model: FakeModel, kind: string) => model.sent.filter((one) => one["kind"] === kind);
const answer = async (model: FakeModel, kind: string, result: unknown) => {
  const kinds = model.sent.map((one) => one["kind"]);
  model.reply(kinds.lastIndexOf(kind), result);
  await settle();
};
const go = () => [...el.querySelectorAll("a")].find((one) => one.textContent === "Go to call")!;

async function shown() {
  const model = new FakeModel({ view, phase: "idle", page: "tracker", error: "" });
  const close = dashboard.render({ model, el });
  await answer(model, "open", null);
  return { model, close };
}

async function opened() {
  const { model, close } = await shown();
  go().click();
  await settle();
  await answer(model, "open_call", { call, at: 2 });
  await answer(model, "detections", { trackers: ["Price", "Boss"], marks: [{ at: 2, tracker: "Price", score: 0.9, version: 1 }] });
  await answer(model, "lines", lines);
  return { model, close };
}

test("an address holds filters and the call over the page", () => {
  expect(split({ team: "North", call: "c", sentence: "s" })).toEqual([{ team: "North" }, { call: "c", sentence: "s" }]);
  expect(split({ team: "North", sentence: "s" })).toEqual([{ team: "North" }, null]);
  expect(joined({ team: "North" }, { call: "c", sentence: "" })).toEqual({ team: "North", call: "c", sentence: "" });
});

test("a call opens over the page at its sentence, and the page stays as it is", async () => {
  const { model, close } = await opened();
  expect(location.search).toBe("?team=North&call=c1&sentence=c1%3A1%3A1");
  expect(sent(model, "open_call")).toMatchObject([{ conversation_id: "c1", sentence_id: "c1:1:1" }]);
  expect(drawer()!.querySelector("h2")!.textContent).toBe("<b>Renewal</b>");
  expect(drawer()!.querySelector("[aria-current]")!.textContent).toContain("<i>2</i>");
  expect([...drawer()!.querySelectorAll(".wb-lane-tracker")].map((one) => one.textContent)).toEqual(["Price"]);
  expect(sent(model, "open")).toHaveLength(1);
  close();
  expect(drawer()).toBeNull();
});

test("Esc leads back to the results, with their filters", async () => {
  const { model, close } = await opened();
  const steps = history.length;
  drawer()!.querySelector("h2")!.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true, cancelable: true }));
  await settle();
  expect(drawer()).toBeNull();
  expect(history.length).toBe(steps);
  expect(sent(model, "open")).toHaveLength(1);
  close();
});

test("the browser's Back closes the call, and Forward opens it again", async () => {
  const { model, close } = await opened();
  history.replaceState(null, "", `${ADDRESS}?team=North`);
  window.dispatchEvent(new PopStateEvent("popstate"));
  await settle();
  expect(drawer()).toBeNull();
  history.replaceState({ over: true }, "", `${ADDRESS}?team=North&call=c1`);
  window.dispatchEvent(new PopStateEvent("popstate"));
  await settle();
  expect(sent(model, "open_call").at(-1)).toMatchObject({ conversation_id: "c1", sentence_id: "" });
  expect(sent(model, "open")).toHaveLength(1);
  close();
});

test("a link to a call opens it over its page, and leads back there", async () => {
  history.replaceState(null, "", `${ADDRESS}?team=North&call=c1`);
  const { model, close } = await shown();
  expect(sent(model, "open")).toMatchObject([{ query: { team: "North" } }]);
  await answer(model, "open_call", { call, at: null });
  [...drawer()!.querySelectorAll("button")].find((one) => one.textContent!.includes("Back to results"))!.click();
  await settle();
  expect(drawer()).toBeNull();
  expect(location.search).toBe("?team=North");
  close();
});

test("a page that is drawn before it is in the document lays the call over it then", async () => {
  history.replaceState(null, "", `${ADDRESS}?team=North&call=c1&sentence=c1:1:1`);
  const place = el.parentElement!;
  el.remove();
  const { close } = await shown();
  expect(drawer()).toBeNull();
  place.append(el);
  await new Promise((done) => requestAnimationFrame(done));
  expect(drawer()?.open).toBe(true);
  close();
});

test("a call that is not there is said so, with the way back", async () => {
  const { model, close } = await shown();
  go().click();
  await settle();
  model.reply(model.sent.length - 1, null, { kind: "ConversationNotFound", message: "no such call: c1" });
  await settle();
  expect(drawer()!.querySelector("[role=alert]")!.textContent).toContain("no such call");
  expect(drawer()!.textContent).toContain("Back to results");
  close();
});

test("in a notebook the call opens too, and its address stays", async () => {
  delete document.body.dataset["voila"];
  const { model, close } = await shown();
  [...el.querySelectorAll("button")].find((one) => one.textContent === "Go to call")!.click();
  await settle();
  expect(sent(model, "open_call")).toHaveLength(1);
  expect(location.search).toBe("?team=North");
  drawer()!.click();
  await settle();
  expect(drawer()).toBeNull();
  close();
});
