import { followWork } from "../shared/news";
import type { ImportDetailsView, ImportFileView, ImportView } from "../shared/protocol";
import { givenUp, inLines } from "../shared/transport";
import { type Drawn, LONG_MS, trait, type View, widget } from "../shared/widget";
import { dropped, sendAll } from "./intake";
import { held, initial, reduce, working } from "./reducer";
import type { Action, Acts, Picked, State, Synced } from "./types";
import { Importer } from "./view";

function start(view: View<State, Action>): Drawn<State> {
  const { signal, store, dispatch, request, failed } = view;
  let stopSending: AbortController | null = null;
  const ask = (what: string, values: Record<string, unknown> = {}, spoken?: string) => {
    dispatch({ type: "busy", what });
    return request(what, values, { timeout: LONG_MS }).then(() => dispatch({ type: "done", ...(spoken ? { spoken } : {}) }), failed);
  };
  const progress = () => request("progress");
  followWork(view, "import", () => working(store.state), progress, ({ fraction, message }) => dispatch({ type: "told", fraction, message }));

  const send = async (picked: Promise<Picked[]>) => {
    if (held(store.state)) return;
    const controller = new AbortController();
    stopSending = controller;
    const until = AbortSignal.any([controller.signal, signal]);
    dispatch({ type: "sending", sending: { sent: 0, total: 0, name: "" } });
    try {
      const all = await picked;
      const refused = await sendAll(all, (kind, values, options) => request(kind, values, { timeout: LONG_MS, ...options }), until, (sending) => dispatch({ type: "sending", sending }));
      dispatch({ type: "refused", refused });
    } catch (error) {
      if (!givenUp(error)) failed(error);
    }
    stopSending = null;
    dispatch({ type: "sending", sending: null });
    if (!signal.aborted) await request("look", {}, { timeout: LONG_MS }).catch(failed);
  };
  const acts: Acts = {
    send: (picked) => void send(picked),
    place: (place) => dispatch({ type: "place", place }),
    add: () => {
      const { place } = store.state;
      if (!place.trim() || held(store.state)) return;
      dispatch({ type: "busy", what: "add" });
      request("add", { place }, { timeout: LONG_MS }).then(() => {
        dispatch({ type: "done" });
        dispatch({ type: "place", place: "" });
      }, failed);
    },
    open: (id) => dispatch({ type: "open", id }),
    side: (speaker, side, file) => void request("side", { speaker, side, file: file ?? null }).catch(failed),
    others: (side) => void ask("others", { side }, "Sides chosen."),
    zone: (zone) => void ask("zone", { zone }, `Starts without an offset are in ${zone}.`),
    zoneTyped: (known) => dispatch({ type: "zoneWrong", wrong: !known }),
    map: (id, mapping) => void ask("map", { file: id, mapping }),
    remove: (id) => void ask("remove", { file: id }, "File removed."),
    clear: () => void ask("clear", {}, "All files removed."),
    bring: () => {
      const { onChange, redact, view: kernel } = store.state;
      void ask("bring", { on_change: onChange, redact: redact ?? kernel.redact });
    },
    stop: () => {
      if (stopSending) stopSending.abort();
      else request("stop").catch(failed);
    },
    onChange: (onChange) => dispatch({ type: "onChange", onChange }),
    redact: (redact) => dispatch({ type: "redact", redact }),
    report: (id) => void ask("report", { report: id }, "Report shown."),
    more: () => dispatch({ type: "more" }),
    dismiss: () => dispatch({ type: "failed", message: "" }),
    retry: () => {
      view.lost = false;
      dispatch({ type: "failed", message: "" });
      request("open", {}, { timeout: LONG_MS }).catch(failed);
    },
  };

  const asked = new Set<number>();
  const openDetails = ({ opened, details, files, view: kernel }: State) => {
    if (working({ view: kernel })) return;
    for (const { id, state } of files) {
      if (!opened[id] || details[id] || asked.has(id) || state === "coming" || state === "waiting") continue;
      asked.add(id);
      request<ImportDetailsView>("details", { file: id }, { timeout: LONG_MS })
        .then((found) => dispatch({ type: "details", id, details: found }), failed)
        .finally(() => asked.delete(id));
    }
  };
  store.subscribe((state, before) => {
    openDetails(state);
    if (working(state) && !working(before)) progress().catch(failed); // its end may have been told before this page knew of it
  });
  watchDrops(view, (transfer) => acts.send(dropped(transfer)));
  return {
    draw: (state) => <Importer state={state} acts={acts} />,
    shown: () => {
      acts.retry();
      if (working(store.state)) progress().catch(failed);
    },
    resume: acts.retry,
  };
}

/** The whole widget takes what is dropped; a page would leave itself for a file that nobody takes. */
function watchDrops({ root, signal, store, dispatch }: View<State, Action>, take: (transfer: DataTransfer) => void): void {
  const holdsFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") === true;
  const hold = (event: DragEvent) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    event.stopPropagation();
    const open = !held(store.state);
    if (event.dataTransfer) event.dataTransfer.dropEffect = open ? "copy" : "none";
    dispatch({ type: "over", over: open });
  };
  root.addEventListener("dragenter", hold, { signal });
  root.addEventListener("dragover", hold, { signal });
  root.addEventListener("dragleave", (event) => !root.contains(event.relatedTarget as Node | null) && dispatch({ type: "over", over: false }), { signal });
  root.addEventListener(
    "drop",
    (event) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      event.stopPropagation();
      dispatch({ type: "over", over: false });
      if (event.dataTransfer && !held(store.state)) take(event.dataTransfer);
    },
    { signal },
  );
}

export default widget<Synced, State, Action>({
  name: "importer",
  role: "region",
  label: "Import calls",
  traits: {
    files: trait<ImportFileView[]>("files", []),
    view: trait<ImportView>("state"),
    kernelError: trait<string>("error", ""),
  },
  initial,
  reduce,
  synced: (synced) => ({ type: "synced", synced }),
  line: inLines({ files: ["offer", "put", "add", "look", "map", "remove", "clear", "side", "others", "bring"] }),
  start,
});
