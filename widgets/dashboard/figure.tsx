import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { BlockView, FigureView } from "../shared/protocol";
import { save } from "../shared/save";
import { load } from "./assets";
import { figurePicture } from "./export";
import { CONFIG, type Figure as Drawing, heightOf, isDrawn, type Plotly, themed } from "./plotly";
import { DataTable } from "./table";
import type { Acts } from "./types";
import { fileName } from "./words";

interface Props {
  block: BlockView;
  view: FigureView;
  dashboard: string;
  all: boolean;
  acts: Acts;
}

/** A figure and, at choice or where it can't be drawn, the same in a table. */
export function Figure({ block, view, dashboard, all, acts }: Props) {
  const [asTable, showTable] = useState(false);
  const drawable = isDrawn(view.figure);
  const [failed, fail] = useState(drawable ? "" : "This kind of chart can't be drawn here. The table shows its numbers.");
  const [message, tell] = useState("");
  const drawing = useRef<Drawing | null>(null);
  const box = useRef<HTMLElement>(null);
  const title = `${dashboard} ${block.title}`;
  const picture = () => {
    const ground = box.current ? getComputedStyle(box.current.closest(".wb") ?? box.current).backgroundColor : "white";
    if (drawing.current) figurePicture(drawing.current, box.current?.clientWidth ?? 700, ground).then((made) => save(made, fileName([title], "png")), (error) => tell(`Could not create the picture: ${error.message}`));
  };
  return (
    <figure ref={box} aria-label={block.title}>
      {failed && <p class="wb-small wb-muted wb-note">{failed}</p>}
      {failed || asTable ? (
        <div class="wb-figure-table" style={{ minHeight: failed ? "0" : `${heightOf(view.figure)}px` }}>
          <DataTable label={block.title} table={view.table} acts={acts} />
        </div>
      ) : (
        <Plot view={view} all={all} drawing={drawing} onFail={() => fail("Could not load the chart. The table shows its numbers.")} />
      )}
      {view.description && <figcaption class="wb-small wb-muted">{view.description}</figcaption>}
      {message && (
        <p class="wb-small wb-wrong" role="alert">
          {message}
        </p>
      )}
      <div class="wb-actions" data-picture="no">
        {failed && drawable && (
          <button type="button" class="wb-link wb-small" onClick={() => fail("")}>
            Try again<span class="wb-hidden">: {block.title}</span>
          </button>
        )}
        {!failed && (
          <button type="button" class="wb-link wb-small" aria-pressed={asTable} onClick={() => showTable(!asTable)}>
            {asTable ? "Figure" : "Table"}
            <span class="wb-hidden">: {block.title}</span>
          </button>
        )}
        {!failed && !asTable && (
          <button type="button" class="wb-link wb-small" onClick={picture}>
            Picture<span class="wb-hidden"> of {block.title}</span>
          </button>
        )}
        <button type="button" class="wb-link wb-small" onClick={() => acts.csv(block)}>
          CSV<span class="wb-hidden"> of {block.title}</span>
        </button>
      </div>
    </figure>
  );
}

interface PlotProps {
  view: FigureView;
  all: boolean;
  drawing: { current: Drawing | null };
  onFail: () => void;
}

/** Drawn when it comes into view, and again when theme or size change. */
function Plot({ view, all, drawing, onFail }: PlotProps) {
  const node = useRef<HTMLDivElement>(null);
  const [near, come] = useState(all);
  const [looks, turn] = useState(0);
  const [drawn, finish] = useState(false);
  const height = heightOf(view.figure);
  const wanted = near || all;

  useLayoutEffect(() => {
    const watched = node.current;
    if (!watched || typeof IntersectionObserver === "undefined") return come(true);
    const watcher = new IntersectionObserver((seen) => seen.some((one) => one.isIntersecting) && come(true), { rootMargin: "200px" });
    watcher.observe(watched);
    return () => watcher.disconnect();
  }, []);
  useLayoutEffect(() => followLooks(node.current, () => turn((now) => now + 1)), []);
  useLayoutEffect(() => {
    if (!wanted) return;
    let gone = false;
    const draw = async () => {
      const { default: plotly } = await load("plotly");
      if (gone || !node.current) return;
      drawing.current = themed(view.figure, coloursOf(node.current), getComputedStyle(node.current).fontFamily);
      const { data, layout } = drawing.current;
      await plotly.react(node.current, structuredClone(data), structuredClone(layout), CONFIG);
      if (!gone) finish(true);
    };
    draw().catch((error) => {
      console.warn("A figure could not be drawn", error);
      if (!gone) onFail();
    });
    return () => {
      gone = true;
    };
  }, [wanted, looks, JSON.stringify(view.figure)]);
  useLayoutEffect(() => (drawn ? followSize(node.current) : undefined), [drawn]);
  return (
    <div class="wb-plot" style={{ minHeight: `${height}px` }} data-figure={drawn ? "drawn" : "waiting"}>
      <div ref={node} role="img" aria-label={view.description} />
    </div>
  );
}

/** Colours of the theme as `rgb(…)`, whatever the style sheet calls them. */
function coloursOf(node: HTMLElement): (name: string) => string {
  const probe = document.createElement("span");
  probe.style.setProperty("forced-color-adjust", "none"); // else each colour would be that of text
  node.parentElement?.append(probe);
  const known = new Map<string, string>();
  queueMicrotask(() => probe.remove());
  return (name) => {
    if (!known.has(name)) {
      probe.style.color = `var(--wb-${name})`;
      known.set(name, getComputedStyle(probe).color || "rgb(0, 0, 0)");
    }
    return known.get(name) ?? "rgb(0, 0, 0)";
  };
}

function followLooks(node: HTMLElement | null, changed: () => void): () => void {
  const root = node?.closest(".wb");
  const forced = window.matchMedia?.("(forced-colors: active)");
  const observer = new MutationObserver(changed);
  if (root) observer.observe(root, { attributes: true, attributeFilter: ["data-theme"] });
  forced?.addEventListener?.("change", changed);
  return () => {
    observer.disconnect();
    forced?.removeEventListener?.("change", changed);
  };
}

/** Keeps the figure as wide as its box; gives it back to the browser when it goes. */
function followSize(node: HTMLDivElement | null): () => void {
  let plotly: Plotly | null = null;
  let width = node?.clientWidth ?? 0;
  const observer = new ResizeObserver(() => {
    if (!plotly || !node?.isConnected || node.clientWidth === width || node.clientWidth === 0) return;
    width = node.clientWidth;
    void plotly.Plots.resize(node);
  });
  void load("plotly").then((found) => (plotly = found.default));
  if (node) observer.observe(node);
  return () => {
    observer.disconnect();
    if (node) plotly?.purge(node);
  };
}
