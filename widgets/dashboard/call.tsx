import { type Action, initial, reduce, type State } from "../call/reducer";
import { startCall } from "../call/session";
import type { Query } from "../shared/address";
import { framed, type Slow } from "../shared/frame";
import { keepDrawn } from "../shared/mount";
import type { OpenedCall } from "../shared/protocol";
import { Store } from "../shared/store";
import { followTheme } from "../shared/theme";
import { messageOf, type RequestOptions, type Values } from "../shared/transport";
import type { View } from "../shared/widget";

/** The call that lies over a page, by its names in the address; without one, the page alone is shown. */
export interface CallPlace {
  call: string;
  sentence: string;
}

/** The filters of an address, and the call that it opens over the page. */
export function split(query: Query): [Query, CallPlace | null] {
  const { call = "", sentence = "", ...filters } = query;
  return [filters, call ? { call, sentence } : null];
}

export function joined(filters: Query, place: CallPlace | null): Query {
  return place ? { ...filters, ...place } : filters;
}

type Request = View<unknown, { type: string }>["request"];

/** Opens a call over the page that `root` is. `left` is told once it is closed, by Esc, its button or a click beside it. */
export function openCall(root: HTMLElement, request: Request, place: CallPlace, left: () => void): () => void {
  const controller = new AbortController();
  const { signal } = controller;
  const dialog = document.createElement("dialog");
  dialog.className = "wb wb-drawer wb-drawer-wide";
  dialog.setAttribute("aria-label", "Call");
  dialog.dataset["lmSuppressShortcuts"] = "true";
  const inside = document.createElement("div");
  inside.className = "wb wb-call";
  inside.setAttribute("role", "region");
  inside.setAttribute("aria-label", "Call");
  dialog.append(inside);

  const close = (): void => {
    if (signal.aborted) return;
    controller.abort();
    if (dialog.open) dialog.close?.();
    dialog.remove();
  };
  const leave = (): void => {
    close();
    left();
  };
  const start = { conversation_id: place.call, at: null, visit: 0, finds: 0 };
  const store = new Store<State, Action | Slow>(framed<State, Action>(reduce), initial(start, ""));
  const failed = (error: unknown): void => store.dispatch({ type: "failed", message: messageOf(error) });
  /** The place of the sentence comes with the call. */
  const ask: Request = async <Result,>(kind: string, values: Values = {}, options: RequestOptions = {}): Promise<Result> => {
    const within = { ...options, signal: options.signal ?? signal };
    if (kind !== "open") return request<Result>(kind, values, within);
    const opened = await request<OpenedCall>("open_call", { ...values, sentence_id: place.sentence }, within);
    store.dispatch({ type: "synced", place: { ...start, at: opened.at }, error: "" });
    return opened.call as Result;
  };
  const drawn = startCall({ root: inside, signal, store, dispatch: store.dispatch, request: ask, failed: (error) => !signal.aborted && failed(error) }, leave);
  keepDrawn({ root: inside, signal }, store, drawn.draw);
  // Where the transcript is below the edge, as on phones, the sentence is brought into view too.
  store.subscribe((state, before) => {
    if (state.move.count === before.move.count || !state.move.focus) return;
    setTimeout(() => inside.querySelector("[aria-current]")?.scrollIntoView?.({ block: "nearest" }));
  });
  dialog.addEventListener("cancel", (event) => event.preventDefault(), { signal });
  dialog.addEventListener("click", (event) => event.target === dialog && leave(), { signal });
  dialog.addEventListener(
    "keydown",
    (event) => {
      if (event.key === "Escape" && !event.defaultPrevented) leave();
      if (event.key !== "Tab") event.stopPropagation();
    },
    { signal },
  );
  // A page that is opened with a call is drawn before it has its place in the document.
  const lay = (): void => {
    if (signal.aborted) return;
    if (!root.isConnected) {
      requestAnimationFrame(lay);
      return;
    }
    root.after(dialog);
    followTheme(dialog, signal);
    followTheme(inside, signal);
    if (dialog.showModal) dialog.showModal();
    else dialog.setAttribute("open", "");
    drawn.shown?.();
  };
  lay();
  return close;
}
