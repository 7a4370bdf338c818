import { load } from "./assets";
import { CONFIG, type Figure } from "./plotly";

const SCALE = 2;
const LONGEST_WAIT_MS = 20_000;

/** One figure on the page's ground, at twice its size. */
export async function figurePicture({ data, layout }: Figure, width: number, ground: string): Promise<Blob> {
  const { default: plotly } = await load("plotly");
  const height = Number(layout["height"]);
  const figure = { data, layout: { ...layout, width, height, paper_bgcolor: ground }, config: CONFIG };
  return bytes(await plotly.toImage(figure, { format: "png", width, height, scale: SCALE }));
}

/** The whole dashboard as it stands, once all its figures are drawn. */
export async function pagePicture(root: HTMLElement): Promise<Blob> {
  const [{ domToBlob }] = await Promise.all([load("picture"), drawn(root)]);
  const options = {
    type: "image/png",
    scale: SCALE,
    backgroundColor: getComputedStyle(root).backgroundColor,
    font: false, // the page's fonts are the system's
    filter: (node: Node) => !(node instanceof HTMLElement && node.dataset["picture"] === "no"),
    style: { margin: "0", border: "0", borderRadius: "0" },
  };
  // All rows are in the picture, also of a table that scrolls in a box of its own.
  root.dataset["whole"] = "";
  try {
    return await domToBlob(root, options);
  } finally {
    delete root.dataset["whole"];
  }
}

/** Resolves when no figure waits to be drawn, or after a while. */
async function drawn(root: HTMLElement): Promise<void> {
  const until = Date.now() + LONGEST_WAIT_MS;
  while (root.querySelector('[data-figure="waiting"]') && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 50));
}

/** Not by fetching the address, which a policy may forbid. */
function bytes(address: string): Blob {
  const [head = "", body = ""] = address.split(",", 2);
  const type = /^data:([^;,]+)/.exec(head)?.[1] ?? "image/png";
  return new Blob([Uint8Array.from(atob(body), (one) => one.charCodeAt(0))], { type });
}
