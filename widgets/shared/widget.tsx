import type { ComponentChild } from "preact";
import { openDrawer } from "./drawer";
import { type Failed, type Framed, framed, type Slow } from "./frame";
import { listen, type Model } from "./model";
import { connect, mount, type RenderProps } from "./mount";
import type { CallPageView, News } from "./protocol";
import { Store } from "./store";
import { givenUp, LOST, messageOf, RequestError, type RequestOptions, type TransportOptions, type Values } from "./transport";

/** For what may have to start the encoder, or to read many calls. */
export const LONG_MS = 180_000;

/** Reads one trait of the model. */
export type Trait<Value> = (model: Model) => Value;

/** The trait of this name; `or` stands in where the kernel has not set it. The page trusts the kernel as to its type. */
export function trait<Value>(name: string, or?: Value): Trait<Value> {
  return (model) => {
    const value = model.get(name);
    return (value ?? (or === undefined ? value : or)) as Value; // null stays null where nothing stands in for it
  };
}

/** A running view, as its commands see it. */
export interface View<State, Action> {
  root: HTMLElement;
  /** Aborts when the view is gone. */
  signal: AbortSignal;
  /** Whether the kernel is gone: nothing that asks by itself goes on, until `lost` is taken back. */
  lost: boolean;
  store: Store<State, Action | Slow>;
  dispatch(action: Action): void;
  request<Result>(kind: string, values?: Values, options?: RequestOptions): Promise<Result>;
  /** Shows what went wrong; a request that was given up is passed over. */
  failed(error: unknown): void;
  /** Calls back at news of work in the kernel; with null where some may have been missed, as the connection was gone. */
  onNews(told: (news: News | null) => void): void;
  read(name: string): unknown;
  /** Writes a trait, so that a reload, and the kernel, find it. */
  write(name: string, value: unknown): void;
}

export interface Drawn<State> {
  draw(state: State): ComponentChild;
  /** Called once the first drawing stands in the page. */
  shown?(): void;
  /** Called when a kernel that counted as lost answers: asks for what the view shows, as its "Try again" does. */
  resume?(): void;
}

export interface Definition<Synced, State extends Framed, Action extends { type: string }> {
  /** Its folder's name, and the class of its root: "table" for "wb-table". */
  name: string;
  role?: "region" | "group";
  label?: string;
  traits: { [Key in keyof Synced]: Trait<Synced[Key]> };
  initial(synced: Synced): State;
  reduce(state: State, action: Action): State;
  /** What the reducer is told when the kernel has changed a trait. */
  synced(synced: Synced): Action;
  /** Which requests go one after the other. */
  line?: TransportOptions["line"];
  start(view: View<State, Action>): Drawn<State>;
}

/** A widget's frame: it reads the traits, owns the store and the transport, and tells when the kernel is slow or gone. */
export function widget<Synced, State extends Framed, Action extends { type: string }>(of: Definition<Synced, State, Action | Failed>): { render(props: RenderProps): () => void } {
  const render = (props: RenderProps): (() => void) => {
    const { model } = props;
    const read = (): Synced => {
      const out: Partial<Synced> = {};
      for (const key of Object.keys(of.traits) as (keyof Synced)[]) out[key] = of.traits[key](model);
      return out as Synced;
    };
    const store = new Store<State, Action | Failed | Slow>(framed<State, Action | Failed>(of.reduce), of.initial(read()));
    const options: TransportOptions = {
      onSlow: (slow) => store.dispatch({ type: "slow", slow }),
      onLost: () => lose(),
      onFound: () => find(),
      ...(of.line ? { line: of.line } : {}),
    };
    let lose = (): void => {};
    let find = (): void => {};
    return mount(props, of.name, options, ({ root, signal, transport }) => {
      /** Where no call viewer is in the notebook, the call opens beside the page. */
      const showCall = async <Result,>(values: Values = {}): Promise<Result> => {
        try {
          return await transport.request<Result>("show_call", values);
        } catch (error) {
          if (!(error instanceof RequestError && error.kind === "NoCallViewer")) throw error;
          const read = (start: number | null) => transport.request<CallPageView>("read_call", { ...values, start });
          openDrawer(root, signal, await read(null), read);
          return null as Result;
        }
      };
      if (of.role) root.setAttribute("role", of.role);
      if (of.label) root.setAttribute("aria-label", of.label);
      const view: View<State, Action | Failed> = {
        root,
        signal,
        lost: false,
        store,
        dispatch: store.dispatch,
        request: (kind, values, requested) => (kind === "show_call" ? showCall(values) : transport.request(kind, values, requested)),
        failed: (error) => {
          if (givenUp(error)) return;
          if (error instanceof RequestError && error.kind === "Lost") view.lost = true;
          store.dispatch({ type: "failed", message: messageOf(error) });
        },
        onNews: (told) => {
          listen(model, "msg:custom", (message: Partial<News> | null) => message?.news && told(message as News), signal);
          listen(model, "comm_live_update", () => told(null), signal);
        },
        read: (name) => model.get(name),
        write: (name, value) => {
          model.set(name, value);
          model.save_changes();
        },
      };
      lose = () => view.failed(new RequestError("Lost", LOST));
      const drawn = of.start(view);
      find = () => {
        if (!view.lost) return;
        view.lost = false;
        store.dispatch({ type: "failed", message: "" });
        drawn.resume?.();
      };
      connect<State, Action | Failed | Slow>({ root, signal }, model, store, () => of.synced(read()), drawn.draw);
      keepKeys(root, signal);
      drawn.shown?.();
    });
  };
  return { render };
}

/** The page around has keys of its own: D twice would delete the notebook's cell. */
function keepKeys(root: HTMLElement, signal: AbortSignal): void {
  root.addEventListener("keydown", (event) => event.key !== "Tab" && !event.ctrlKey && !event.metaKey && event.stopPropagation(), { signal });
}
