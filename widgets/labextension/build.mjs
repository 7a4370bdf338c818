// The extension of JupyterLab: one script, named by its contents so that browsers can keep it, and what describes it.
import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "..", "..", "workbench", "server", "labextension");

export async function buildLabextension(version) {
  const { outputFiles } = await build({
    entryPoints: [join(here, "index.ts")],
    bundle: true,
    minify: true,
    write: false,
    format: "iife",
    target: "es2022",
    charset: "utf8",
    legalComments: "none",
    loader: { ".css": "text", ".svg": "text" },
  });
  const code = outputFiles[0].contents;
  const name = `remoteEntry.${createHash("sha256").update(code).digest("hex").slice(0, 12)}.js`;
  const about = JSON.parse(await readFile(join(here, "package.json"), "utf8"));
  const described = { ...about, version, jupyterlab: { extension: true, _build: { load: `static/${name}`, extension: "./extension" } } };
  await rm(join(out, "static"), { recursive: true, force: true });
  await mkdir(join(out, "static"), { recursive: true });
  await writeFile(join(out, "static", name), code);
  await writeFile(join(out, "package.json"), `${JSON.stringify(described, null, 2)}\n`);
  console.log(`labextension: ${code.length} bytes`);
}
