// Synced: the page as the kernel made it. The filters asked for are the address's in Voilà, else this view's own.

import { inVoila, type Query, queryOf, same, searchOf } from "../shared/address";
import { follower, pause, restAfter } from "../shared/follow";
import type { BlockView, DashboardView, HitView, MoreResult, WrongResult } from "../shared/protocol";
import { save, saveCsv } from "../shared/save";
import { messageOf } from "../shared/transport";
import { type Drawn, LONG_MS, trait, type View, widget } from "../shared/widget";
import { type CallPlace, joined, openCall, split } from "./call";
import { pagePicture } from "./export";
import { initial, reduce } from "./reducer";
import type { Action, Acts, State, Synced, Wrong } from "./types";
import { Dashboard } from "./view";
import { fileName } from "./words";

/** While past calls are read, and else. */
const POLL_MS = 1_500;
const IDLE_MS = 2_000;

/** What the page was opened with: its filters, and the call over it. */
const wanted = ({ view }: Pick<Synced, "view">): Query => (inVoila() ? queryOf(location.search) : (view?.query ?? {}));

function start(view: View<State, Action>): Drawn<State> {
  const { root, signal, store, dispatch, request, failed } = view;
  const linked = inVoila();
  let asking = false;
  let next: Query | null = null;
  /** Only the newest of the filters that were chosen while the kernel was busy is asked for. */
  const ask = async (query: Query) => {
    dispatch({ type: "ask", query });
    next = query;
    if (asking) return;
    asking = true;
    try {
      for (let now: Query | null = next; now && !signal.aborted; now = next) {
        next = null;
        await request("open", { query: now }, { timeout: LONG_MS });
      }
      view.lost = false;
      dispatch({ type: "asked" });
    } catch (error) {
      failed(error);
    } finally {
      asking = false;
      next = null;
    }
    void poll();
  };
  let took = 0;
  /** A page that nobody looks at is brought up to date when someone does. */
  const step = async () => {
    await pause(restAfter(took, store.state.view?.progress ? POLL_MS : IDLE_MS));
    if (signal.aborted || document.hidden || asking) return;
    const begun = performance.now();
    await request("poll", {}, { timeout: LONG_MS });
    took = performance.now() - begun;
  };
  const poll = follower(signal, () => !view.lost, step, failed);

  const addressOf = (query: Query) => `${location.pathname}${searchOf(query)}${location.hash}`;
  /** Each choice of filters, and each call, is a step that the browser's Back undoes. */
  const address = (query: Query, mark: unknown = null) => {
    if (linked && searchOf(query) !== location.search) history.pushState(mark, "", addressOf(query));
  };
  let over: { place: CallPlace; close: () => void } | null = null;
  /** Shows this call over the page, or the page alone. */
  const lay = (place: CallPlace | null) => {
    if (place?.call === over?.place.call && place?.sentence === over?.place.sentence) return;
    over?.close();
    over = place && { place, close: openCall(root, request, place, leave) };
  };
  const leave = () => {
    over = null;
    if (!linked) return;
    if ((history.state as { over?: boolean } | null)?.over) history.back();
    else history.replaceState(null, "", addressOf(store.state.query));
  };
  signal.addEventListener("abort", () => over?.close(), { once: true });
  const visit = () => {
    const [filters, place] = split(wanted(store.state));
    lay(place);
    if (!same(filters, store.state.query)) void ask(filters);
  };
  const asked = (hit: HitView) => store.state.wrong[hit.sentence_id];
  const acts: Acts = {
    page: store.state.page,
    linked,
    dispatch,
    set: (name, value) => acts.change({ [name]: value }),
    change: (changes) => {
      const query = Object.fromEntries(Object.entries({ ...store.state.query, ...changes }).filter(([, value]) => value !== ""));
      address(query);
      void ask(query);
    },
    go: (query) => {
      const [filters, place] = split(query);
      if (place) {
        address(joined(store.state.query, place), { over: true });
        lay(place);
      } else if (!same(filters, store.state.query)) {
        address(filters);
        void ask(filters);
      }
    },
    more: (block: BlockView, offset: number) => {
      dispatch({ type: "more", block: block.id });
      const query = store.state.query;
      request<MoreResult>("more", { block_id: block.id, offset }, { timeout: LONG_MS }).then(
        (result) => query === store.state.query && dispatch({ type: "came", block: block.id, result, error: "" }),
        (error) => dispatch({ type: "came", block: block.id, result: null, error: messageOf(error) }),
      );
    },
    csv: (block) => {
      const name = fileName([store.state.view?.title ?? "", block.title], "csv");
      request<string>("csv", { block_id: block.id }, { timeout: LONG_MS }).then((text) => saveCsv(text ?? "", name), failed);
    },
    wrong: (hit) => {
      const { tracker, note } = asked(hit) ?? { tracker: hit.trackers[0]?.id ?? "", note: "" };
      const change = (change: Partial<Wrong>) => dispatch({ type: "wrong", hit: hit.sentence_id, change });
      change({ stage: "sending", error: "" });
      request<WrongResult>("wrong", { tracker_id: tracker, sentence_id: hit.sentence_id, note }).then(
        (result) => change({ stage: "done", by: result?.by ?? "" }),
        (error) => change({ stage: "open", error: messageOf(error) }),
      );
    },
    call: (hit) => {
      const told = (error: string) => dispatch({ type: "call", hit: hit.sentence_id, error });
      request("show_call", { conversation_id: hit.conversation_id, sentence_id: hit.sentence_id }).then(
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
  if (linked) window.addEventListener("popstate", visit, { signal });
  document.addEventListener("visibilitychange", () => !document.hidden && !view.lost && !asking && void request("poll", {}, { timeout: LONG_MS }).catch(failed), { signal });
  return {
    draw: (state) => <Dashboard state={state} acts={acts} />,
    resume: acts.retry,
    shown: () => {
      void ask(store.state.query);
      if (linked) lay(split(wanted(store.state))[1]);
    },
  };
}

/** Null for the empty one of a kernel that has made none yet. */
function shownBy(view: DashboardView | undefined): DashboardView | null {
  return view && "blocks" in view ? view : null;
}

export default widget<Synced, State, Action>({
  name: "dashboard",
  role: "region",
  label: "Dashboard",
  traits: {
    view: (model) => shownBy(model.get("view") as DashboardView | undefined),
    phase: trait<Synced["phase"]>("phase", "opening"),
    page: trait<string>("page", ""),
    error: trait<string>("error", ""),
  },
  initial: (synced) => initial(synced, split(wanted(synced))[0], new Date()),
  reduce,
  synced: (synced) => ({ type: "synced", ...synced, now: new Date() }),
  start,
});
