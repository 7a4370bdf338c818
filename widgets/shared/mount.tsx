import { type ComponentChild, render } from "preact";
import { hear } from "./hearing";
import { receive } from "./kept";
import { listen, type Model } from "./model";
import { keepUp } from "./order";
import type { Store } from "./store";
import { followTheme } from "./theme";
import { Transport, type TransportOptions } from "./transport";

export interface Mounted {
  root: HTMLElement;
  signal: AbortSignal;
  transport: Transport;
}

export interface RenderProps {
  model: Model;
  el: HTMLElement;
}

/**
 * A view's frame: root element, theme, transport and clean-up. `start` sets the view going and returns its
 * clean-up for what no signal reaches.
 */
export function mount({ model, el }: RenderProps, name: string, options: TransportOptions, start: (view: Mounted) => void): () => void {
  const controller = new AbortController();
  const { signal } = controller;
  const root = document.createElement("div");
  root.className = `wb wb-${name}`;
  // JupyterLab looks for this mark before it acts on a key: without it Z would undo a cell.
  root.dataset["lmSuppressShortcuts"] = "true";
  root.tabIndex = -1;
  // By this mark another widget finds the one that shows a tracker, to lead a person there.
  const mark = (): void => {
    root.dataset["tracker"] = (model.get("tracker_id") as string | undefined) ?? "";
  };
  listen(model, "change", mark, signal);
  mark();
  el.append(root);
  followTheme(root, signal);
  hear(model).catch(() => {}); // it is not known, or gone
  keepUp(model, signal);
  receive(model);
  start({ root, signal, transport: new Transport(model, signal, options) });
  return () => {
    controller.abort();
    render(null, root);
    root.remove();
  };
}

/** Draws on every change of the store, and carries the model's changes into it. */
export function connect<State, Action>(
  place: Pick<Mounted, "root" | "signal">,
  model: Model,
  store: Store<State, Action>,
  synced: () => Action,
  draw: (state: State) => ComponentChild,
): void {
  listen(model, "change", () => store.dispatch(synced()), place.signal);
  keepDrawn(place, store, draw);
}

/** Draws now, and on every change of the store. */
export function keepDrawn<State, Action>({ root, signal }: Pick<Mounted, "root" | "signal">, store: Store<State, Action>, draw: (state: State) => ComponentChild): void {
  let waiting = false;
  const redraw = (): void => {
    waiting = false;
    if (signal.aborted) return;
    const within = root.contains(document.activeElement);
    render(draw(store.state), root);
    // What had the focus may be gone or disabled now, which would throw a keyboard user to the page's top.
    const lost = !root.contains(document.activeElement) || document.activeElement?.matches(":disabled");
    if (within && lost) root.focus({ preventScroll: true });
  };
  // Drawing can move the focus, which changes the state: drawing again from within would leave torn nodes behind.
  const redrawSoon = (): void => {
    if (waiting) return;
    waiting = true;
    queueMicrotask(redraw);
  };
  store.subscribe(redrawSoon);
  redraw();
}
