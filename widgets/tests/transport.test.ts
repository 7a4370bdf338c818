import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { givenUp, inLines, LOST, newest, Transport } from "../shared/transport";
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

test("a slow request holds no key press back, and replies come in any order", async () => {
  const transport = new Transport(model, controller.signal);
  const slow = transport.request("look", {}, { timeout: 180_000 });
  const press = transport.request("tag", { answer: "yes" });
  expect(model.sent.map((message) => message["kind"])).toEqual(["look", "tag"]);
  model.reply(1, "stored");
  expect(await press).toBe("stored");
  model.reply(0, "looked");
  expect(await slow).toBe("looked");
});

test("those of a line go in order, whatever their kinds; others pass them by", async () => {
  const transport = new Transport(model, controller.signal, { line: inLines({ answers: ["tag", "undo"] }) });
  const all = ["tag", "undo", "tag", "evidence"].map((kind) => transport.request(kind));
  const kinds = () => model.sent.map((message) => message["kind"]);
  expect(kinds()).toEqual(["tag", "evidence"]);
  model.reply(0, 1);
  expect(kinds()).toEqual(["tag", "evidence", "undo"]);
  model.reply(2, null, { kind: "WorkbenchError", message: "No." });
  expect(kinds()).toEqual(["tag", "evidence", "undo", "tag"]);
  model.reply(3, 2);
  model.reply(1, 3);
  expect(await Promise.allSettled(all)).toMatchObject([{ value: 1 }, { status: "rejected" }, { value: 2 }, { value: 3 }]);
});

test("in whatever order requests and replies come, each has its own, and a line is never sent out of order", async () => {
  let seed = 1;
  const random = (below: number) => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % below;
  };
  for (let run = 0; run < 50; run++) {
    const own = new FakeModel();
    const transport = new Transport(own, controller.signal);
    const asked: Promise<unknown>[] = [];
    const open: number[] = [];
    let seen = 0;
    const look = () => {
      for (; seen < own.sent.length; seen++) open.push(seen);
    };
    while (asked.length < 20 || open.length > 0) {
      if (asked.length < 20 && random(2)) asked.push(transport.request(["tag", "look", "call"][random(3)]!, { number: asked.length }));
      look();
      if (open.length > 0 && random(2)) {
        const [at] = open.splice(random(open.length), 1);
        own.reply(at!, own.sent[at!]!["number"]);
      }
      look();
    }
    expect(await Promise.all(asked)).toEqual(asked.map((_, number) => number));
    for (const kind of ["tag", "look", "call"]) {
      const numbers = own.sent.filter((message) => message["kind"] === kind).map((message) => message["number"] as number);
      expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    }
  }
});

test("what is given up is dropped on the page, the kernel is told, and its line goes on", async () => {
  const transport = new Transport(model, controller.signal);
  const given = new AbortController();
  const first = transport.request("find", { words: "p" }, { signal: given.signal });
  const queued = transport.request("find", { words: "pr" }, { signal: given.signal });
  const last = transport.request("find", { words: "pri" });
  given.abort();
  for (const one of [first, queued]) expect(givenUp(await one.catch((error) => error))).toBe(true);
  expect(model.sent.map(({ kind, words, request }) => [kind, words ?? request])).toEqual([
    ["find", "p"],
    ["cancel", model.sent[0]!["id"]],
    ["find", "pri"],
  ]);
  model.reply(0, null, { kind: "Stopped", message: "Stopped." });
  model.reply(2, [4]);
  expect(await last).toEqual([4]);
  await expect(transport.request("find", {}, { signal: given.signal })).rejects.toBeDefined();
  expect(model.sent.length).toBe(3);
});

test("to give up what is answered tells nobody anything", async () => {
  const transport = new Transport(model, controller.signal);
  const given = new AbortController();
  const done = transport.request("find", {}, { signal: given.signal });
  model.reply(0, [1]);
  given.abort();
  expect(await done).toEqual([1]);
  expect(model.sent.length).toBe(1);
});

test("only the newest of several tries is waited for", () => {
  const next = newest(controller.signal);
  const [first, second] = [next(), next()];
  expect([first.aborted, second.aborted]).toEqual([true, false]);
  controller.abort();
  expect(second.aborted).toBe(true);
});

test("what waits behind something long is not lost while the kernel is at that", async () => {
  const transport = new Transport(model, controller.signal);
  const look = transport.request("look", {}, { timeout: 180_000 });
  const press = transport.request("tag");
  await vi.advanceTimersByTimeAsync(179_000);
  model.reply(0, "looked");
  expect(await look).toBe("looked");
  await vi.advanceTimersByTimeAsync(59_000);
  model.reply(1, "stored");
  expect(await press).toBe("stored");
});

test("a kernel that is gone loses each request once its own time is over", async () => {
  const transport = new Transport(model, controller.signal);
  const ends: string[] = [];
  const told = (name: string) => (error: Error) => void ends.push(`${name}: ${error.message === LOST}`);
  void transport.request("look", {}, { timeout: 180_000 }).catch(told("look"));
  for (const kind of ["tag", "call", "find"]) void transport.request(kind).catch(told(kind));
  await vi.advanceTimersByTimeAsync(179_999);
  expect(ends).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(ends).toEqual(["look: true"]);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(ends).toEqual(["look: true", "tag: true", "call: true", "find: true"]);
});

test("the kernel is slow for as long as one request waits long", async () => {
  const slow: boolean[] = [];
  const transport = new Transport(model, controller.signal, { onSlow: (on) => slow.push(on) });
  void transport.request("look");
  await vi.advanceTimersByTimeAsync(4_000);
  void transport.request("tag");
  model.reply(1, null);
  expect(slow).toEqual([true]);
  model.reply(0, null);
  expect(slow).toEqual([true, false]);
});

test("a lost kernel ends what is sent and what is queued, of every line", async () => {
  const told = vi.fn();
  const transport = new Transport(model, controller.signal, { onLost: told });
  const lost = ["look", "look", "tag", "tag"].map((kind) => expect(transport.request(kind)).rejects.toThrow(LOST));
  model.emit("comm_live_update");
  expect(model.sent.map((message) => message["kind"])).toEqual(["look", "tag", "ping"]);
  await vi.advanceTimersByTimeAsync(20_000);
  await Promise.all(lost);
  expect(told).toHaveBeenCalledOnce();
  expect(model.sent.length).toBe(3);
});

test("a kernel that answers after all, even too late, is found again", async () => {
  const told: string[] = [];
  const transport = new Transport(model, controller.signal, { timeout: 100, onLost: () => told.push("lost"), onFound: () => told.push("found") });
  const lost = expect(transport.request("open")).rejects.toThrow(LOST);
  await vi.advanceTimersByTimeAsync(100);
  await lost;
  model.reply(0, "late");
  expect(told).toEqual(["found"]);
  const pending = expect(transport.request("open", {}, { timeout: 60_000 })).rejects.toThrow(LOST);
  model.emit("comm_live_update");
  await vi.advanceTimersByTimeAsync(20_000);
  await pending;
  model.reply(2, null);
  expect(told).toEqual(["found", "lost", "found"]);
});

test("a kernel that counts as lost is asked less and less often whether it is there", async () => {
  const found = vi.fn();
  new Transport(model, controller.signal, { onFound: found });
  model.emit("comm_live_update");
  await vi.advanceTimersByTimeAsync(20_000);
  const pings: number[] = [];
  for (let second = 1; second <= 3_600; second++) {
    const before = model.sent.length;
    await vi.advanceTimersByTimeAsync(1_000);
    if (model.sent.length > before) pings.push(second);
  }
  expect(pings).toEqual([5, 15, 35, 75, 155, 315, 635]);
  model.reply(model.sent.length - 1, null);
  model.reply(model.sent.length - 1, null);
  expect(found).toHaveBeenCalledOnce();
});

test("an answer to another view finds nothing", async () => {
  const found = vi.fn();
  new Transport(model, controller.signal, { onFound: found });
  const other = new Transport(model, controller.signal);
  model.emit("comm_live_update");
  await vi.advanceTimersByTimeAsync(20_000);
  const asked = other.request("open");
  model.reply(model.sent.length - 1, 1);
  expect(await asked).toBe(1);
  expect(found).not.toHaveBeenCalled();
});

test("after the clean-up nothing listens", () => {
  new Transport(model, controller.signal);
  expect(model.listening).toBe(2);
  controller.abort();
  expect(model.listening).toBe(0);
});
