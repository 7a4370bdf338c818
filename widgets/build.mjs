// One self-contained module and one style sheet a widget: an anywidget module runs from a Blob URL, where
// relative imports fail, and each widget instance carries its bundle in its state, so the bundles must stay small.
// What is too large for that is served once for all, and loaded when it is needed.
import { createHash } from "node:crypto";
import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, transform } from "esbuild";
import { buildLabextension } from "./labextension/build.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "..", "workbench", "widgets", "static");
const served = join(here, "..", "workbench", "server", "static");
const WIDGETS = ["builder", "call", "carousel", "dashboard", "importer", "live", "metrics", "plots", "question", "review", "table"];
// A widget's sheets, where it has more than style.css, in the order in which they are read.
const SHEETS = {
  builder: ["shared/form.css", "builder/where.css", "builder/style.css", "builder/finding.css", "builder/kinds.css"],
  call: ["shared/transcript.css", "call/style.css"],
  carousel: ["shared/answers.css", "carousel/style.css"],
  dashboard: ["shared/pages.css", "shared/table.css", "dashboard/style.css", "dashboard/blocks.css"],
  importer: ["importer/style.css", "importer/sections.css"],
  live: ["shared/pages.css", "shared/transcript.css", "live/style.css", "live/call.css", "live/hues.css"],
  metrics: ["shared/form.css", "metrics/style.css"],
  question: ["shared/form.css", "builder/where.css", "question/style.css"],
  plots: ["shared/quality.css", "plots/style.css"],
  review: ["shared/answers.css", "shared/quality.css", "review/style.css"],
  table: ["shared/table.css", "shared/quality.css", "table/style.css", "table/row.css", "table/panel.css", "table/sections.css", "table/narrow.css"],
};
// Widgets that show another one within them, whose style they need.
const WITHIN = { dashboard: ["call"] };
const ASSETS = ["plotly", "picture", "page"];
const MAX_BYTES = 120_000;

/** A widget's own rules. Widgets share a page and each brings the shared rules again: nesting makes its own outweigh them. */
async function ownRules(widget) {
  const sheets = ["shared/layout.css", ...(SHEETS[widget] ?? [`${widget}/style.css`])];
  const parts = await Promise.all(sheets.map((sheet) => readFile(join(here, sheet), "utf8")));
  return `.wb.wb-${widget} {\n${parts.join("\n")}\n}`;
}

async function styleSheet(widget) {
  const shared = await Promise.all(["shared/tokens.css", "shared/controls.css"].map((sheet) => readFile(join(here, sheet), "utf8")));
  const text = [...shared, ...(await Promise.all([widget, ...(WITHIN[widget] ?? [])].map(ownRules)))].join("\n");
  const { code } = await transform(text, { loader: "css", minify: true, target: "chrome111" });
  await writeFile(join(out, `${widget}.css`), code);
}

/** Builds what is served; gives each file's version, which its address carries so that it can be kept for long. */
async function assets() {
  await mkdir(served, { recursive: true });
  await build({
    entryPoints: Object.fromEntries(ASSETS.map((name) => [`${name}.min`, join(here, "assets", `${name}.ts`)])),
    outdir: served,
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    charset: "utf8",
    legalComments: "eof",
  });
  const versions = {};
  for (const name of ASSETS) {
    const code = await readFile(join(served, `${name}.min.js`));
    versions[name] = createHash("sha256").update(code).digest("hex").slice(0, 12);
    console.log(`${name}: ${code.length} bytes, served`);
  }
  return versions;
}

await mkdir(out, { recursive: true });
await buildLabextension(JSON.parse(await readFile(join(here, "package.json"), "utf8")).version);
const versions = await assets();
await build({
  entryPoints: Object.fromEntries(WIDGETS.map((name) => [name, join(here, name, "index.tsx")])),
  outdir: out,
  bundle: true,
  splitting: false,
  minify: true,
  format: "esm",
  target: "es2022",
  jsx: "automatic",
  jsxImportSource: "preact",
  charset: "utf8",
  legalComments: "none",
  define: { ASSET_VERSIONS: JSON.stringify(versions) },
});
for (const widget of WIDGETS) {
  await styleSheet(widget);
  const [js, css] = await Promise.all(["js", "css"].map(async (end) => (await stat(join(out, `${widget}.${end}`))).size));
  console.log(`${widget}: ${js} bytes of script, ${css} bytes of style`);
  if (js > MAX_BYTES) {
    console.error(`${widget}.js is over ${MAX_BYTES} bytes`);
    process.exitCode = 1;
  }
}
