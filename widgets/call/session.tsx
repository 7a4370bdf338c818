import type { CallView, LineView, MarksView } from "../shared/protocol";
import { newest, type Values } from "../shared/transport";
import { type Drawn, LONG_MS, type View } from "../shared/widget";
import { agree, mustAsk, Player } from "./player";
import type { Action, State } from "./reducer";
import { target } from "./timeline";
import { placeAt } from "./times";
import { Call } from "./view";
import { pagesOf } from "./windowing";

const PAGE = 100; // sentences, as the kernel sends them
const PAUSE_MS = 150;

/** Pages of the text come side by side. */
export const lineOf = (kind: string, { start }: Values): string => (kind === "lines" ? `lines ${String(start)}` : kind);

/** What a call needs of the view that it is in: a viewer of its own, or a dashboard that it lies over. */
export type Host = Pick<View<State, Action>, "root" | "signal" | "store" | "dispatch" | "request" | "failed">;

/** Reads a call. `leave` leads back to what it lies over; without it, the call stays where it is. */
export function startCall({ root, signal, store, dispatch, request, failed }: Host, leave?: () => void): Drawn<State> {
  const [searched, marked] = [newest(signal), newest(signal)];
  const player = new Player(signal, (seconds, playing) => dispatch({ type: "heard", seconds, playing }), (message) => dispatch({ type: "failed", message }));
  const asked = new Set<number>();
  let from: HTMLElement | null = null;

  const mark = async (conversation: string) => {
    try {
      const found = await request<MarksView>("detections", { conversation_id: conversation }, { timeout: LONG_MS, signal: marked() });
      dispatch({ type: "marks", conversation, found });
    } catch (error) {
      failed(error);
    }
  };
  const visit = async (focus: boolean) => {
    const { conversation_id: conversation } = store.state.place;
    try {
      if (conversation !== store.state.conversation) {
        const call = await request<CallView>("open", { conversation_id: conversation });
        if (conversation !== store.state.place.conversation_id) return;
        asked.clear();
        player.load(mustAsk(call.host) ? null : call.address);
        dispatch({ type: "opened", conversation, call });
        void mark(conversation);
      }
      dispatch({ type: "visit", at: store.state.place.at ?? 0, focus });
    } catch (error) {
      failed(error);
    }
  };
  const load = async (page: number) => {
    const { conversation } = store.state;
    asked.add(page);
    try {
      const lines = await request<LineView[]>("lines", { conversation_id: conversation, start: page * PAGE });
      dispatch({ type: "lines", conversation, lines });
    } catch (error) {
      asked.delete(page);
      failed(error);
    }
  };
  let range: [number, number] = [0, 0];
  const onRange = (low: number, high: number) => {
    range = [low, high];
    for (const page of pagesOf(low, high, PAGE)) if (!asked.has(page)) void load(page);
  };
  const onWhole = async (at: number) => {
    const { conversation, lines } = store.state;
    const line = lines.get(at);
    if (!line) return;
    try {
      const text = await request<string>("whole", { conversation_id: conversation, at });
      dispatch({ type: "lines", conversation, lines: [{ ...line, text, more: 0 }] });
    } catch (error) {
      failed(error);
    }
  };
  let pause: ReturnType<typeof setTimeout>;
  const find = async () => {
    const { conversation, query } = store.state;
    try {
      const hits = await request<number[]>("find", { conversation_id: conversation, words: query }, { signal: searched() });
      dispatch({ type: "hits", conversation, query, hits });
    } catch (error) {
      failed(error);
    }
  };
  signal.addEventListener("abort", () => clearTimeout(pause), { once: true });
  /** Asks again for whatever did not come; what is in view stays there. */
  const retry = () => {
    const { place, conversation, query, hits } = store.state;
    if (place.conversation_id !== conversation) return void visit(false);
    dispatch({ type: "failed", message: "" });
    void mark(conversation);
    onRange(...range);
    if (query.trim() && !hits) void find();
  };

  const play = (seconds: number) => {
    if (mustAsk(store.state.call?.host ?? null)) dispatch({ type: "ask", from: seconds });
    else player.playFrom(seconds);
  };
  const onPlay = (at: number) => {
    dispatch({ type: "move", at, how: "stay" });
    play(store.state.axis.times[at] ?? 0);
  };
  const onToggle = () => {
    const { playing, seconds, current, axis } = store.state;
    if (playing) player.pause();
    else if (!axis.timed || placeAt(axis.times, seconds) === current) play(seconds);
    else play(axis.times[current] ?? 0);
  };
  const onAnswer = (yes: boolean) => {
    const { asking, call } = store.state;
    dispatch({ type: "ask", from: null });
    if (!yes || asking === null || !call?.host) return;
    agree(call.host);
    player.load(call.address);
    player.playFrom(asking);
  };
  const onBack = () => {
    from?.focus();
    from?.scrollIntoView({ block: "nearest" });
    dispatch({ type: "back", possible: false });
  };

  store.subscribe((state, before) => {
    if (state.place.visit !== before.place.visit) {
      const active = document.activeElement;
      if (active instanceof HTMLElement && active !== document.body && !root.contains(active)) from = active;
      dispatch({ type: "back", possible: from?.isConnected ?? false });
      root.scrollIntoView({ block: "start" });
      void visit(true);
    } else if (state.place.finds !== before.place.finds && state.conversation) void mark(state.conversation);
    if (state.query !== before.query) {
      clearTimeout(pause);
      if (state.query.trim()) pause = setTimeout(() => void find(), PAUSE_MS);
    }
  });
  return {
    draw: (state) => (
      <Call
        state={state}
        dispatch={dispatch}
        retry={retry}
        onRange={onRange}
        onToggle={onToggle}
        onAnswer={onAnswer}
        onBack={onBack}
        leave={leave}
        onPick={(at) => dispatch({ type: "move", at, how: "stay" })}
        onPlay={onPlay}
        onWhole={(at) => void onWhole(at)}
      />
    ),
    resume: retry,
    shown: () => {
      root.addEventListener(
        "keydown",
        (event) => {
          const here = event.target as HTMLElement;
          const line = here.closest?.("[data-at]");
          const searching = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "f";
          const typing = here.closest("input");
          if (searching || (event.key === "/" && !typing)) {
            event.preventDefault();
            root.querySelector<HTMLInputElement>("input[type=search]")?.focus();
          } else if (event.key === " " && !typing && !here.closest("button") && store.state.call?.address) {
            event.preventDefault();
            onToggle();
          } else if (event.key === "Escape" && store.state.asking !== null) {
            event.preventDefault(); // a dialog around would close
            onAnswer(false);
          } else if (event.key === "Escape" && store.state.back) onBack();
          else if (line === here) moveBy(event);
          if (searching) event.stopPropagation(); // the page's own search sees only what is drawn
        },
        { signal },
      );
      const moveBy = (event: KeyboardEvent) => {
        const { axis, current, call } = store.state;
        if (event.key === "Enter" && call?.address && axis.timed) onPlay(current);
        // A list runs downwards, a slider upwards.
        const turned: Record<string, string> = { ArrowDown: "ArrowUp", ArrowUp: "ArrowDown", PageDown: "PageUp", PageUp: "PageDown" };
        const at = target(turned[event.key] ?? event.key, axis, current);
        if (at === null) return;
        event.preventDefault();
        dispatch({ type: "move", at, how: "near", focus: true });
      };
      if (store.state.place.conversation_id) void visit(leave !== undefined);
    },
  };
}

