// Synced: which call was chosen, and whether calls can be replayed. All else is this view's own: what it heard, and what is in view.

import { inVoila } from "../shared/address";
import { follower } from "../shared/follow";
import { connect, messageOf, mount, type RenderProps } from "../shared/mount";
import type { LiveCallView, LiveNews, LivePage, RecordedView } from "../shared/protocol";
import { Store } from "../shared/store";
import { inLines, LOST, RequestError } from "../shared/transport";
import { initial, open, reduce } from "./reducer";
import type { Action, Acts, State, Synced } from "./types";
import { Live } from "./view";

const POLL_MS = 300;
const IDLE_MS = 1_000;
const CALLS_MS = 2_000;
const PAUSE_MS = 200; // typing is looked at when it pauses
/** The first call may start the encoder. */
const LONG_MS = 180_000;

function render(props: RenderProps): () => void {
  const { model } = props;
  const read = (): Synced => ({
    callKey: (model.get("call_key") as string) ?? "",
    canReplay: (model.get("can_replay") as boolean) ?? false,
    pages: (model.get("pages") as LivePage[]) ?? [],
    kernelError: (model.get("error") as string) ?? "",
    notice: (model.get("notice") as string) ?? "",
  });
  const store = new Store<State, Action>(reduce, initial(read()));
  const { dispatch } = store;
  const onSlow = (slow: boolean) => dispatch({ type: "slow", slow });
  let lost = false;
  const onLost = () => {
    lost = true;
    dispatch({ type: "failed", message: LOST });
  };
  return mount(props, "live", { onSlow, onLost, line: inLines({ replay: ["replay", "speed", "stop"] }) }, (view) => {
    const { transport, signal, root } = view;
    root.setAttribute("role", "region");
    root.setAttribute("aria-label", "Live calls");
    const failed = (error: unknown) => {
      lost ||= error instanceof RequestError && error.kind === "Lost";
      dispatch({ type: "failed", message: messageOf(error) });
    };

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
        dispatch({ type: "calls", calls: await transport.request<LiveCallView[]>("calls"), now: Date.now() });
      }
      const { key, cursor } = store.state.shown;
      if (!open(store.state)) return;
      dispatch({ type: "news", key, news: await transport.request<LiveNews>("follow", { key, cursor }), now: Date.now() });
    };
    const step = async () => {
      // A page that nobody looks at hears what came when somebody does.
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
      else if (!shown.more) await rest(POLL_MS);
    };
    const poll = follower(signal, () => !lost, step, failed);
    /** Looks for calls at once. */
    const look = () => {
      asked = -Infinity;
      wake();
      void poll();
    };

    let pause: ReturnType<typeof setTimeout>;
    const search = () => {
      const { words } = store.state;
      transport.request<RecordedView[]>("recorded", { words }, { timeout: LONG_MS }).then((calls) => dispatch({ type: "recorded", words, calls }), failed);
    };
    const acts: Acts = {
      linked: inVoila(),
      dispatch,
      choose: (key) => {
        dispatch({ type: "choose", key });
        transport.request("choose", { key }).then(look, failed);
      },
      search,
      replay: () => {
        const { picked, speed } = store.state;
        dispatch({ type: "busy", what: "replay" });
        transport.request("replay", { conversation_id: picked, speed }, { timeout: LONG_MS }).then(() => {
          dispatch({ type: "done" });
          look();
        }, failed);
      },
      speed: (speed) => {
        transport.request("speed", { key: store.state.shown.key, speed }).then(wake, failed);
      },
      stop: () => {
        dispatch({ type: "busy", what: "stop" });
        transport.request("stop", { key: store.state.shown.key }, { timeout: LONG_MS }).then(() => {
          dispatch({ type: "done" });
          look();
        }, failed);
      },
      whole: (turn) => {
        const { key } = store.state.shown;
        transport.request<string>("whole", { key, turn }).then((text) => dispatch({ type: "whole", key, turn, text }), failed);
      },
      show: (conversationId, sentenceId) => {
        transport.request("show_call", { conversation_id: conversationId, sentence_id: sentenceId }).catch(failed);
      },
      retry: () => {
        lost = false;
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
    connect<State, Action>(view, model, store, () => ({ type: "synced", synced: read() }), (state) => <Live state={state} acts={acts} />);
    keys(root, signal);
    void poll();
  });
}

function keys(root: HTMLElement, signal: AbortSignal): void {
  const pressed = (event: KeyboardEvent) => {
    const from = (event.target as HTMLElement).closest<HTMLElement>("[data-from]")?.dataset["from"];
    if (event.key === "Escape" && from) [...root.querySelectorAll<HTMLElement>("[data-find]")].find((one) => one.dataset["find"] === from)?.focus();
    // The page around has keys of its own: D twice would delete the notebook's cell.
    if (event.key !== "Tab" && !event.ctrlKey && !event.metaKey) event.stopPropagation();
  };
  root.addEventListener("keydown", pressed, { signal });
}

export default { render };
