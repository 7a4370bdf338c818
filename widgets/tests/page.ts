import { afterEach, beforeEach, vi } from "vitest";

/** The place in the page that a widget is drawn into: another one for each test of the file that imports it. */
export let el: HTMLElement;

beforeEach(() => {
  el = document.createElement("div");
  document.body.append(el);
});
afterEach(() => {
  el.remove();
  vi.useRealTimers();
});
