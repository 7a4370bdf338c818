import { expect, test } from "vitest";
import carousel from "../carousel/index";
import type { CallPageView } from "../shared/protocol";
import { cardsOf, carouselView, FakeModel, settle } from "./model";
import { el } from "./page";

const page = (start: number, count: number): CallPageView => ({
  title: "<b>Renewal</b>",
  date: "2 Mar 2026",
  sentences: 100,
  start,
  page: 60,
  here: 20,
  lines: Array.from({ length: count }, (_, at) => ({ at: start + at, text: `<i>${start + at}</i>`, more: 0, speaker: "Dana", time: "3:05" })),
  sides: Array.from({ length: count }, () => "customer"),
});
const drawer = () => document.querySelector<HTMLDialogElement>("dialog.wb-drawer");
const button = (name: string) => [...drawer()!.querySelectorAll("button")].find((one) => one.textContent === name)!;
const lines = () => [...drawer()!.querySelectorAll("li")].map((one) => one.querySelector("p + p")!.textContent);

async function asked(kind: string) {
  const model = new FakeModel({ cards: cardsOf(2), state: carouselView(), error: "" });
  const close = carousel.render({ model, el });
  model.reply(0, null);
  await settle();
  [...el.querySelectorAll("button")].find((one) => one.textContent === "Go to call")!.click();
  await settle();
  model.reply(1, null, { kind, message: "No call viewer is open." });
  await settle();
  return { model, close };
}

test("where no call viewer is open, the call opens beside the page, at the sentence", async () => {
  const { model, close } = await asked("NoCallViewer");
  expect(model.sent[2]).toMatchObject({ kind: "read_call", conversation_id: "c1", sentence_id: "r1s0", start: null });
  model.reply(2, page(5, 60));
  await settle();
  expect(drawer()!.querySelector("h2")!.textContent).toBe("<b>Renewal</b>");
  expect(drawer()!.querySelector("[aria-current] p + p")!.textContent).toBe("<i>20</i>");
  expect(el.textContent).not.toContain("No call viewer");
  button("Show earlier").click();
  expect(model.sent.at(-1)).toMatchObject({ kind: "read_call", start: 0 });
  model.reply(model.sent.length - 1, page(0, 60));
  await settle();
  expect(lines()).toEqual(Array.from({ length: 65 }, (_, at) => `<i>${at}</i>`));
  button("Show later").click();
  expect(model.sent.at(-1)).toMatchObject({ kind: "read_call", start: 65 });
  model.reply(model.sent.length - 1, page(65, 35));
  await settle();
  expect(lines()).toHaveLength(100);
  expect([...drawer()!.querySelectorAll("button")].map((one) => one.textContent)).toEqual(["Close"]);
  close();
  expect(drawer()).toBeNull();
});

test("keys in it answer no card; closing it leaves nothing behind", async () => {
  const { model, close } = await asked("NoCallViewer");
  model.reply(2, page(5, 60));
  await settle();
  drawer()!.dispatchEvent(new KeyboardEvent("keydown", { key: "y", bubbles: true }));
  expect(model.sent.some((one) => one["kind"] === "tag")).toBe(false);
  drawer()!.dispatchEvent(new Event("close"));
  expect(document.querySelector(".wb-drawer-host")).toBeNull();
  close();
});

test("what goes wrong otherwise is said as before", async () => {
  const { model, close } = await asked("ConversationNotFound");
  expect(model.sent).toHaveLength(2);
  expect(drawer()).toBeNull();
  expect(el.querySelector("[role=alert]")!.textContent).toContain("No call viewer is open.");
  close();
});
