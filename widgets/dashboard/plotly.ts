/** The part of Plotly that is used, and figures made fit for the page: its colours, its fonts, its text as text. */
export interface Plotly {
  react(node: HTMLElement, data: unknown[], layout: object, config: object): Promise<unknown>;
  purge(node: HTMLElement): void;
  toImage(figure: object, options: object): Promise<string>;
  Plots: { resize(node: HTMLElement): unknown };
}

type Json = Record<string, unknown>;

export interface Figure {
  data: Json[];
  layout: Json;
}

/** A colour of the page's theme by its name, as "accent" or "muted", in a form that Plotly reads. */
export type Colour = (name: string) => string;

export const CONFIG = { displayModeBar: false, displaylogo: false, responsive: false, typesetMath: false, scrollZoom: false, doubleClick: false, showTips: false };
export const HEIGHT = 320;
const KINDS = ["scatter", "bar", "heatmap"];
const SERIES = ["accent", "second", "customer", "yes", "unsure", "no"];
const DASHES = ["solid", "dash", "dot", "dashdot", "longdash"];
const SYMBOLS = ["circle", "square", "diamond", "triangle-up", "x"];

/** Whether all of the figure is of a kind that is drawn here. */
export function isDrawn(figure: Json): boolean {
  const data = figure["data"];
  return Array.isArray(data) && data.length > 0 && data.every((trace: Json | null) => KINDS.includes(String(trace?.["type"] ?? "scatter")));
}

/** Whether there is a point to be seen in it. */
export function hasPoints(figure: Json): boolean {
  const data = Array.isArray(figure["data"]) ? (figure["data"] as Json[]) : [];
  const some = (values: unknown): boolean => Array.isArray(values) && values.some((one) => (Array.isArray(one) ? some(one) : one !== null));
  return data.some((trace) => ["x", "y", "z"].every((axis) => trace[axis] === undefined || some(trace[axis])) && some(trace["z"] ?? trace["y"] ?? trace["x"]));
}

export function heightOf(figure: Json): number {
  const height = (figure["layout"] as Json | undefined)?.["height"];
  return typeof height === "number" ? Math.min(2_000, Math.max(120, height)) : HEIGHT;
}

/** The figure as Plotly takes it. Strings such as `var(--wb-muted)` are colours of the page. */
export function themed(figure: Json, colour: Colour, font: string): Figure {
  const data = (figure["data"] as Json[]).map((trace, at) => series(clean(trace, colour) as Json, at, colour));
  const { title: _title, images: _images, template: _template, width: _width, ...known } = clean((figure["layout"] as Json) ?? {}, colour) as Json;
  const text = { family: font, size: 12, color: colour("text") };
  const axes = new Set(["xaxis", "yaxis", ...Object.keys(known).filter((name) => /^[xy]axis\d*$/.test(name))]);
  const base: Json = {
    autosize: true,
    height: heightOf(figure),
    margin: { l: 48, r: 12, t: 12, b: 40 },
    colorway: SERIES.map(colour),
    hoverlabel: { bgcolor: colour("bg"), bordercolor: colour("line-strong"), font: text },
    legend: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom" },
    bargap: gap(data),
    hovermode: "closest",
    ...Object.fromEntries([...axes].map((name) => [name, axis(colour)])),
  };
  const clear = "rgba(0,0,0,0)";
  const held = { paper_bgcolor: clear, plot_bgcolor: clear, dragmode: false, font: text };
  return { data, layout: { ...merged(base, known), ...held } };
}

/** Few bars are not made as wide as the page. */
function gap(data: Json[]): number {
  const most = Math.max(1, ...data.map((trace) => (Array.isArray(trace["x"]) ? trace["x"].length : 1)));
  return Math.min(0.8, Math.max(0.25, 1 - most / 8));
}

function axis(colour: Colour): Json {
  const line = colour("line");
  return { automargin: true, fixedrange: true, gridcolor: line, linecolor: colour("line-strong"), zerolinecolor: line, tickcolor: line };
}

/** Series differ by more than their colour. */
function series(trace: Json, at: number, colour: Colour): Json {
  const kind = trace["type"] ?? "scatter";
  if (kind === "heatmap") return merged({ colorscale: [[0, colour("accent-soft")], [1, colour("accent")]], colorbar: { outlinewidth: 0, thickness: 12 } }, trace);
  if (kind !== "scatter") return trace;
  return merged({ line: { dash: DASHES[at % DASHES.length] }, marker: { symbol: SYMBOLS[at % SYMBOLS.length] } }, trace);
}

function merged(base: Json, over: Json): Json {
  const out = { ...base };
  for (const [name, value] of Object.entries(over)) {
    const known = out[name];
    out[name] = isPlain(known) && isPlain(value) ? merged(known, value) : value;
  }
  return out;
}

const isPlain = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value);

/** All strings as mere text, since Plotly takes some markup in them for its own; and the page's colours put in. */
export function clean(value: unknown, colour: Colour, name = ""): unknown {
  if (typeof value === "string") {
    const named = /^var\(--wb-([a-z0-9-]+)\)$/.exec(value);
    return named ? colour(named[1] ?? "") : escaped(value, name.endsWith("template"));
  }
  if (Array.isArray(value)) return value.map((one) => clean(one, colour, name));
  if (isPlain(value)) return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, clean(one, colour, key)]));
  return value;
}

/** In templates line breaks stay, and what names the box beside. */
function escaped(text: string, template: boolean): string {
  const safe = text.replace(/&/g, "&amp;").replace(/</g, "&lt;");
  return template ? safe.replace(/&lt;(br>|\/?extra>)/g, "<$1") : safe;
}
