import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { LOST, Transport } from "../shared/transport";
import { FakeModel } from "./model";

let model: FakeModel;
let controller: AbortController;

beforeEach(() => {
  vi.useFakeTimers();
  model = new FakeModel();
  controller = new AbortController();
});
afterEach(() => vi.useRealTimers());

test("requests go one at a time, in order", async () => {
  const transport = new Transport(model, controller.signal);
  const first = transport.request("tag", { answer: "yes" });
  const second = transport.request("tag", { answer: "no" });
  expect(model.sent.map((message) => message["answer"])).toEqual(["yes"]);
  model.reply(0, 1);
  expect(await first).toBe(1);
  expect(model.sent.map((message) => message["answer"])).toEqual(["yes", "no"]);
  model.reply(1, 2);
  expect(await second).toBe(2);
});

test("an error reply rejects with its words, and the queue goes on", async () => {
  const transport = new Transport(model, controller.signal);
  const failing = transport.request("tag");
  const next = transport.request("open");
  model.reply(0, null, { kind: "UnknownCandidate", message: "Not asked about." });
  await expect(failing).rejects.toMatchObject({ kind: "UnknownCandidate", message: "Not asked about." });
  model.reply(1, "fine");
  expect(await next).toBe("fine");
});

test("no reply says that the connection is lost, after saying that the kernel is busy", async () => {
  const slow: boolean[] = [];
  const transport = new Transport(model, controller.signal, { timeout: 100, patience: 40, onSlow: (on) => slow.push(on) });
  const lost = expect(transport.request("tag")).rejects.toThrow(LOST);
  await vi.advanceTimersByTimeAsync(100);
  await lost;
  expect(slow).toEqual([true, false]);
});

test("a reply that comes too late, or to another view, answers nothing", async () => {
  const transport = new Transport(model, controller.signal, { timeout: 100 });
  const other = new Transport(model, controller.signal);
  const lost = expect(transport.request("tag")).rejects.toThrow(LOST);
  await vi.advanceTimersByTimeAsync(100);
  await lost;
  const next = transport.request("open");
  void other.request("undo").catch(() => undefined);
  model.reply(0, "late");
  model.reply(2, "not yours");
  model.reply(1, "right");
  expect(await next).toBe("right");
});

test("a restarted kernel, which answers nothing, ends what waits and is told", async () => {
  const told = vi.fn();
  const transport = new Transport(model, controller.signal, { onLost: told });
  const lost = [transport.request("tag"), transport.request("tag")].map((one) => expect(one).rejects.toThrow(LOST));
  model.emit("comm_live_update");
  await vi.advanceTimersByTimeAsync(20_000);
  await Promise.all(lost);
  expect(told).toHaveBeenCalledOnce();
});

test("a kernel that answers after a dropped connection loses nothing", async () => {
  const told = vi.fn();
  const transport = new Transport(model, controller.signal, { onLost: told });
  const tag = transport.request("tag");
  model.emit("comm_live_update");
  expect(model.sent[1]).toMatchObject({ kind: "ping" });
  model.reply(1, null);
  model.reply(0, "stored");
  await vi.advanceTimersByTimeAsync(20_000);
  expect(await tag).toBe("stored");
  expect(told).not.toHaveBeenCalled();
});

test("after the clean-up nothing listens", () => {
  new Transport(model, controller.signal);
  expect(model.listening).toBe(2);
  controller.abort();
  expect(model.listening).toBe(0);
});
