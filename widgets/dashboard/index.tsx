// Synced: the page as the kernel made it. The filters asked for are the address's in Voilà, else this view's own.

import { inVoila, type Query, queryOf, same, searchOf } from "../shared/address";
import { follower, pause } from "../shared/follow";
import { connect, messageOf, mount, type RenderProps } from "../shared/mount";
import type { BlockView, DashboardView, HitView, MoreResult, WrongResult } from "../shared/protocol";
import { save, saveCsv } from "../shared/save";
import { Store } from "../shared/store";
import { LOST, RequestError } from "../shared/transport";
import { pagePicture } from "./export";
import { initial, reduce } from "./reducer";
import type { Action, Acts, State, Synced, Wrong } from "./types";
import { Dashboard } from "./view";
import { fileName } from "./words";

/** While past calls are read, and else. */
const POLL_MS = 1_500;
const IDLE_MS = 2_000;
/** The first search by meaning waits for the encoder to start. */
const LONG_MS = 180_000;

function render(props: RenderProps): () => void {
  const { model } = props;
  const read = (): Synced => {
    const view = model.get("view") as DashboardView | undefined;
    return {
      view: view && "blocks" in view ? view : null,
      phase: (model.get("phase") as Synced["phase"]) ?? "opening",
      page: (model.get("page") as string) ?? "",
      error: (model.get("error") as string) ?? "",
    };
  };
  const linked = inVoila();
  const wanted = (): Query => (linked ? queryOf(location.search) : (read().view?.query ?? {}));
  const store = new Store<State, Action>(reduce, initial(read(), wanted(), new Date()));
  const { dispatch } = store;
  const onSlow = (slow: boolean) => dispatch({ type: "slow", slow });
  const onLost = () => dispatch({ type: "failed", message: LOST });
  return mount(props, "dashboard", { onSlow, onLost }, (view) => {
    const { transport, signal, root } = view;
    root.setAttribute("role", "region");
    root.setAttribute("aria-label", "Dashboard");

    let asking = false;
    let next: Query | null = null;
    let lost = false;
    /** Only the newest of the filters that were chosen while the kernel was busy is asked for. */
    const ask = async (query: Query) => {
      dispatch({ type: "ask", query });
      next = query;
      if (asking) return;
      asking = true;
      try {
        for (let now: Query | null = next; now && !signal.aborted; now = next) {
          next = null;
          await transport.request("open", { query: now }, { timeout: LONG_MS });
        }
        lost = false;
        dispatch({ type: "asked" });
      } catch (error) {
        failed(error);
      } finally {
        asking = false;
        next = null;
      }
      void poll();
    };
    const failed = (error: unknown) => {
      lost = error instanceof RequestError && error.kind === "Lost";
      dispatch({ type: "failed", message: messageOf(error) });
    };
    /** A page that nobody looks at is brought up to date when somebody does. */
    const step = async () => {
      await pause(store.state.view?.progress ? POLL_MS : IDLE_MS);
      if (!signal.aborted && !document.hidden && !asking) await transport.request("poll", {}, { timeout: LONG_MS });
    };
    const poll = follower(signal, () => !lost, step, failed);

    const address = (query: Query, push: boolean) => {
      if (!linked) return;
      const search = searchOf(query);
      if (search !== location.search) history[push ? "pushState" : "replaceState"](null, "", `${location.pathname}${search}${location.hash}`);
    };
    const asked = (hit: HitView) => store.state.wrong[hit.sentence_id];
    const acts: Acts = {
      page: read().page,
      linked,
      dispatch,
      set: (name, value) => {
        const { [name]: _, ...others } = store.state.query;
        const query = value === "" ? others : { ...others, [name]: value };
        address(query, false);
        void ask(query);
      },
      go: (query) => {
        if (same(query, store.state.query)) return;
        address(query, true);
        void ask(query);
      },
      more: (block: BlockView, offset: number) => {
        dispatch({ type: "more", block: block.id });
        const query = store.state.query;
        transport.request<MoreResult>("more", { block_id: block.id, offset }, { timeout: LONG_MS }).then(
          (result) => query === store.state.query && dispatch({ type: "came", block: block.id, result, error: "" }),
          (error) => dispatch({ type: "came", block: block.id, result: null, error: messageOf(error) }),
        );
      },
      csv: (block) => {
        const name = fileName([store.state.view?.title ?? "", block.title], "csv");
        transport.request<string>("csv", { block_id: block.id }, { timeout: LONG_MS }).then((text) => saveCsv(text ?? "", name), failed);
      },
      wrong: (hit) => {
        const { tracker, note } = asked(hit) ?? { tracker: hit.trackers[0]?.id ?? "", note: "" };
        const change = (change: Partial<Wrong>) => dispatch({ type: "wrong", hit: hit.sentence_id, change });
        change({ stage: "sending", error: "" });
        transport.request<WrongResult>("wrong", { tracker_id: tracker, sentence_id: hit.sentence_id, note }).then(
          (result) => change({ stage: "done", by: result?.by ?? "" }),
          (error) => change({ stage: "open", error: messageOf(error) }),
        );
      },
      call: (hit) => {
        const told = (error: string) => dispatch({ type: "call", hit: hit.sentence_id, error });
        transport.request("show_call", { conversation_id: hit.conversation_id, sentence_id: hit.sentence_id }).then(
          () => told(""),
          (error) => told(messageOf(error)),
        );
      },
      picture: () => {
        dispatch({ type: "picture", making: true, message: "" });
        const ended = (message: string) => dispatch({ type: "picture", making: false, message });
        // The figures out of sight are told to be drawn first.
        pause(0)
          .then(() => pagePicture(root))
          .then(
            (made) => {
              save(made, fileName([store.state.view?.title ?? ""], "png"));
              ended("");
            },
            (error) => ended(`Could not create the picture: ${messageOf(error)}`),
          );
      },
      retry: () => void ask(store.state.query),
    };
    if (linked) window.addEventListener("popstate", () => void ask(wanted()), { signal });
    document.addEventListener("visibilitychange", () => !document.hidden && !lost && !asking && void transport.request("poll", {}, { timeout: LONG_MS }).catch(failed), { signal });
    keys(root, signal);
    connect(view, model, store, (): Action => ({ type: "synced", ...read(), now: new Date() }), (state) => <Dashboard state={state} acts={acts} />);
    void ask(store.state.query);
  });
}

/** The page around has keys of its own: D twice would delete the notebook's cell. */
function keys(root: HTMLElement, signal: AbortSignal): void {
  const keep = (event: KeyboardEvent) => event.key !== "Tab" && !event.ctrlKey && !event.metaKey && event.stopPropagation();
  root.addEventListener("keydown", keep, { signal });
}

export default { render };
