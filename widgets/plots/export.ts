import type { MeasureView, RoundView } from "../shared/protocol";

const PAINTED = ["fill", "stroke", "stroke-width", "stroke-dasharray", "opacity", "fill-opacity", "font-size", "font-family", "font-weight"];
const SCALE = 2;
const MARGIN = 16;
const TITLE = 28;

const number = (value: number | null | undefined): string => (value === null || value === undefined ? "" : value.toFixed(4));

function columns(name: string): string[] {
  return [`${name}_on_tags`, `${name}_on_tags_spread`, `${name}_in_calls`, `${name}_in_calls_low`, `${name}_in_calls_high`];
}

function values({ heldout, spread, corpus }: MeasureView): string[] {
  return [number(heldout), number(spread), number(corpus?.point), number(corpus?.low), number(corpus?.high)];
}

/** The estimates of every round, a row each; shares in [0, 1], empty where nothing can be told. */
export function csv(rounds: RoundView[]): string {
  const head = ["round", "answers", "yes", ...columns("precision"), ...columns("hit_rate")];
  const rows = rounds.map((one) => [String(one.round), String(one.tags), String(one.yes), ...values(one.precision), ...values(one.hit_rate)]);
  return [head, ...rows].map((row) => `${row.join(",")}\r\n`).join("");
}

/** A file's name from a tracker's: letters and digits of any script, the rest as hyphens. */
export function fileName(tracker: string, ending: string): string {
  const plain = tracker.replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-+|-+$/g, "");
  return `${(plain || "tracker").slice(0, 80)}-quality.${ending}`;
}

/** The charts under their titles, side by side, in the colours of the page's theme. */
export async function picture(charts: SVGSVGElement[], tracker: string): Promise<Blob> {
  const whole = drawing(charts, tracker);
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(whole))}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = SCALE * Number(whole.getAttribute("width"));
  canvas.height = SCALE * Number(whole.getAttribute("height"));
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) =>
    canvas.toBlob((made) => (made ? resolve(made) : reject(new Error("The browser could not create a picture."))), "image/png"),
  );
}

function drawing(charts: SVGSVGElement[], tracker: string): SVGSVGElement {
  const page = charts[0]?.closest(".wb");
  const style = page ? getComputedStyle(page) : null;
  const boxes = charts.map((chart) => chart.viewBox.baseVal);
  const width = boxes.reduce((sum, box) => sum + box.width + MARGIN, MARGIN);
  const height = Math.max(...boxes.map((box) => box.height)) + 2 * TITLE + MARGIN;
  const whole = element("svg", { xmlns: "http://www.w3.org/2000/svg", width, height, viewBox: `0 0 ${width} ${height}` }) as SVGSVGElement;
  whole.append(element("rect", { width, height, fill: style?.backgroundColor || "white" }));
  whole.append(label(tracker, MARGIN, 22, 16, style));
  let left = MARGIN;
  charts.forEach((chart, at) => {
    whole.append(label(chart.closest("figure")?.querySelector("figcaption")?.textContent ?? "", left, TITLE + 20, 14, style));
    const copy = chart.cloneNode(true) as SVGSVGElement;
    paint(chart, copy);
    const box = boxes[at] as SVGRect;
    for (const [name, value] of Object.entries({ x: left, y: 2 * TITLE, width: box.width, height: box.height })) copy.setAttribute(name, String(value));
    whole.append(copy);
    left += box.width + MARGIN;
  });
  return whole;
}

function element(name: string, attributes: Record<string, string | number>): SVGElement {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}

function label(text: string, x: number, y: number, size: number, style: CSSStyleDeclaration | null): SVGElement {
  const made = element("text", { x, y, "font-size": size, "font-weight": 600, "font-family": style?.fontFamily ?? "sans-serif", fill: style?.color ?? "black" });
  made.textContent = text;
  return made;
}

/** Writes what the page's style sheets give each part into the part itself: a picture has no style sheet. */
function paint(from: Element, to: Element): void {
  const style = getComputedStyle(from);
  for (const name of PAINTED) to.setAttribute(name, style.getPropertyValue(name));
  to.removeAttribute("class");
  for (const [at, child] of [...from.children].entries()) paint(child, to.children[at] as Element);
}
