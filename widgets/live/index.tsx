// Synced: which call was chosen, and whether calls can be replayed. All else is this view's own: what it heard, and what is in view.

import { inVoila } from "../shared/address";
import { follower, restAfter } from "../shared/follow";
import type { LiveCallView, LiveNews, LivePage, RecordedView } from "../shared/protocol";
import { inLines, messageOf, RequestError } from "../shared/transport";
import { type Drawn, LONG_MS, trait, type View, widget } from "../shared/widget";
import { initial, open, reduce } from "./reducer";
import type { Action, Acts, State, Synced } from "./types";
import { Live } from "./view";

const POLL_MS = 300;
const IDLE_MS = 1_000;
const CALLS_MS = 2_000;
const PAUSE_MS = 200; // typing is looked at when it pauses

function start(view: View<State, Action>): Drawn<State> {
  const { root, signal, store, dispatch, request, failed } = view;
  let asked = -Infinity;
  let wake = (): void => {};
  const rest = (milliseconds: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const listen = async () => {
    if (Date.now() - asked >= CALLS_MS) {
      asked = Date.now();
      dispatch({ type: "calls", calls: await request<LiveCallView[]>("calls"), now: Date.now() });
    }
    const { key, cursor } = store.state.shown;
    if (!open(store.state)) return;
    dispatch({ type: "news", key, news: await request<LiveNews>("follow", { key, cursor }), now: Date.now() });
  };
  const step = async () => {
    const begun = performance.now();
    // A page that nobody looks at hears what came when someone does.
    if (!document.hidden) {
      try {
        await listen();
      } catch (error) {
        if (error instanceof RequestError && error.kind === "Lost") throw error;
        asked = -Infinity; // the call may be gone
        dispatch({ type: "polling", message: messageOf(error) });
      }
    }
    const { shown, pollError } = store.state;
    if (document.hidden || pollError || !open(store.state)) await rest(IDLE_MS);
    else if (!shown.more) await rest(restAfter(performance.now() - begun, POLL_MS));
  };
  const poll = follower(signal, () => !view.lost, step, failed);
  /** Looks for calls at once. */
  const look = () => {
    asked = -Infinity;
    wake();
    void poll();
  };

  let pause: ReturnType<typeof setTimeout>;
  const search = () => {
    const { words } = store.state;
    request<RecordedView[]>("recorded", { words }, { timeout: LONG_MS }).then((calls) => dispatch({ type: "recorded", words, calls }), failed);
  };
  const acts: Acts = {
    linked: inVoila(),
    dispatch,
    choose: (key) => {
      dispatch({ type: "choose", key });
      request("choose", { key }).then(look, failed);
    },
    search,
    replay: () => {
      const { picked, speed } = store.state;
      dispatch({ type: "busy", what: "replay" });
      request("replay", { conversation_id: picked, speed }, { timeout: LONG_MS }).then(() => {
        dispatch({ type: "done" });
        look();
      }, failed);
    },
    speed: (speed) => {
      request("speed", { key: store.state.shown.key, speed }).then(wake, failed);
    },
    stop: () => {
      dispatch({ type: "busy", what: "stop" });
      request("stop", { key: store.state.shown.key }, { timeout: LONG_MS }).then(() => {
        dispatch({ type: "done" });
        look();
      }, failed);
    },
    whole: (turn) => {
      const { key } = store.state.shown;
      request<string>("whole", { key, turn }).then((text) => dispatch({ type: "whole", key, turn, text }), failed);
    },
    show: (conversationId, sentenceId) => {
      request("show_call", { conversation_id: conversationId, sentence_id: sentenceId }).catch(failed);
    },
    retry: () => {
      view.lost = false;
      dispatch({ type: "failed", message: "" });
      look();
    },
  };

  store.subscribe((state, before) => {
    if (state.words !== before.words) {
      clearTimeout(pause);
      pause = setTimeout(search, PAUSE_MS);
    }
    if (state.shown.key !== before.shown.key) wake();
  });
  signal.addEventListener(
    "abort",
    () => {
      clearTimeout(pause);
      wake();
    },
    { once: true },
  );
  document.addEventListener("visibilitychange", () => !document.hidden && wake(), { signal });
  return {
    draw: (state) => <Live state={state} acts={acts} />,
    resume: acts.retry,
    shown: () => {
      watchKeys(root, signal);
      void poll();
    },
  };
}

function watchKeys(root: HTMLElement, signal: AbortSignal): void {
  const pressed = (event: KeyboardEvent) => {
    const from = (event.target as HTMLElement).closest<HTMLElement>("[data-from]")?.dataset["from"];
    if (event.key === "Escape" && from) [...root.querySelectorAll<HTMLElement>("[data-find]")].find((one) => one.dataset["find"] === from)?.focus();
  };
  root.addEventListener("keydown", pressed, { signal });
}

export default widget<Synced, State, Action>({
  name: "live",
  role: "region",
  label: "Live calls",
  traits: {
    callKey: trait<string>("call_key", ""),
    canReplay: trait<boolean>("can_replay", false),
    pages: trait<LivePage[]>("pages", []),
    kernelError: trait<string>("error", ""),
    notice: trait<string>("notice", ""),
  },
  initial,
  reduce,
  synced: (synced) => ({ type: "synced", synced }),
  line: inLines({ replay: ["replay", "speed", "stop"] }),
  start,
});
