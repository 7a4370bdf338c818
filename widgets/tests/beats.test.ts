import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { after } from "../shared/beats";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test("it calls after the time that was given, short or long, and once", () => {
  for (const milliseconds of [0, 1, 999, 1_000, 1_001, 20_000]) {
    const then = vi.fn();
    after(milliseconds, then);
    if (milliseconds > 0) vi.advanceTimersByTime(milliseconds - 1);
    expect(then).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    vi.advanceTimersByTime(60_000);
    expect(then).toHaveBeenCalledOnce();
  }
});

test("what is called off is not called, at the start or later", () => {
  const then = vi.fn();
  after(5_000, then)();
  const stop = after(5_000, then);
  vi.advanceTimersByTime(4_999);
  stop();
  vi.advanceTimersByTime(60_000);
  expect(then).not.toHaveBeenCalled();
});

test("a page that is held up for minutes has lost a second", () => {
  // A timer that is overdue, by however much, is called once as soon as the page runs again.
  const waiting: (() => void)[] = [];
  vi.stubGlobal("setTimeout", (call: () => void) => waiting.push(call));
  const then = vi.fn();
  after(20_000, then);
  for (let beat = 1; beat < 20; beat++) waiting.shift()!();
  expect(then).not.toHaveBeenCalled();
  waiting.shift()!();
  expect(then).toHaveBeenCalledOnce();
});
