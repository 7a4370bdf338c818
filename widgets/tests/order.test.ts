import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { keepUp } from "../shared/order";
import { FakeModel } from "./model";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const ASKS = [{ id: "state", kind: "state" }];

function kept(number?: number) {
  const model = new FakeModel(number === undefined ? {} : { _state_number: number });
  const controller = new AbortController();
  keepUp(model, controller.signal);
  return { model, controller };
}

test("newer states are taken as they come", () => {
  const { model } = kept(3);
  model.sync({ _state_number: 4 });
  model.sync({ _state_number: 9 });
  model.emit("msg:custom", { id: "v:1", result: null, error: null, state_number: 9 });
  vi.advanceTimersByTime(5_000);
  expect(model.sent).toEqual([]);
});

test("a state that comes late, over a newer one, is asked for again", () => {
  const { model } = kept(3);
  model.sync({ _state_number: 5 });
  model.sync({ _state_number: 4 });
  expect(model.sent).toEqual(ASKS);
  model.sync({ _state_number: 6 });
  expect(model.sent).toHaveLength(1);
});

test("a state that never came is asked for once a reply tells of it", () => {
  const { model } = kept(3);
  model.emit("msg:custom", { id: "v:1", result: null, error: null, state_number: 5 });
  vi.advanceTimersByTime(400);
  expect(model.sent).toEqual([]);
  vi.advanceTimersByTime(200);
  expect(model.sent).toEqual(ASKS);
  model.emit("msg:custom", { id: "state", result: null, error: null, state_number: 6 });
  vi.advanceTimersByTime(5_000);
  expect(model.sent).toHaveLength(1);
});

test("a state that a reply has overtaken is waited for", () => {
  const { model } = kept(3);
  model.emit("msg:custom", { id: "v:1", result: null, error: null, state_number: 5 });
  model.sync({ _state_number: 5 });
  vi.advanceTimersByTime(5_000);
  expect(model.sent).toEqual([]);
});

test("a kernel that numbers nothing is asked nothing", () => {
  const { model } = kept();
  model.sync({ error: "x" });
  model.emit("msg:custom", { id: "v:1", result: null, error: null });
  model.emit("msg:custom", null);
  vi.advanceTimersByTime(5_000);
  expect(model.sent).toEqual([]);
});

test("a view that is gone asks no more", () => {
  const { model, controller } = kept(3);
  model.emit("msg:custom", { id: "v:1", result: null, error: null, state_number: 5 });
  controller.abort();
  vi.advanceTimersByTime(5_000);
  expect(model.sent).toEqual([]);
  expect(model.listening).toBe(0);
});
