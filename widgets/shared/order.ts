import { after } from "./beats";
import { listen, type Model } from "./model";
import type { Reply } from "./protocol";

/** The request for all that the kernel shows. */
export const WHOLE_STATE = { id: "state", kind: "state" };
const WAIT_MS = 500;

/**
 * Keeps a page from showing what is no longer so. Jupyter gives a page the state of all widgets as it was when the page
 * asked, and may come late with it: over what the kernel has sent since, or where that found no model yet. The kernel
 * numbers the states that it gives out, and names the last number in each reply; a page with an older one asks for all.
 */
export function keepUp(model: Model, signal: AbortSignal): void {
  const has = () => Number(model.get("_state_number") ?? 0);
  const ask = () => model.send(WHOLE_STATE);
  let newest = has();
  const changed = () => {
    if (has() < newest) ask();
    newest = Math.max(newest, has());
  };
  let stop = () => {};
  const heard = (reply: Partial<Reply> | null) => {
    const last = reply?.state_number;
    if (last === undefined || reply?.id === WHOLE_STATE.id) return;
    stop();
    stop = after(WAIT_MS, () => void (has() < last && ask())); // a reply overtakes the states that were sent before it
  };
  listen(model, "change", changed, signal);
  listen(model, "msg:custom", heard, signal);
  signal.addEventListener("abort", () => stop(), { once: true });
}
