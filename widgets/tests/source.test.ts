import ts from "typescript";
import { expect, test } from "vitest";

// TypeScript's own access to files, so that the types of Node need not be known to what runs in a browser.
const ROOT = ts.sys.resolvePath(`${new URL(import.meta.url).pathname}/../..`);
const MAX_LINES = 350;
const GENERATED = "shared/protocol.ts";

const files = ts.sys.readDirectory(ROOT, [".ts", ".tsx", ".mjs", ".css", ".py"], ["node_modules"]).map((path) => path.slice(ROOT.length + 1));
const modules = files.filter((path) => /\.(ts|tsx|mjs)$/.test(path));
const read = (path: string): string => ts.sys.readFile(`${ROOT}/${path}`) ?? "";

/** By module, the modules of ours that it imports in any way: types alone and `import(...)` count. */
const imports = new Map(modules.map((path) => [path, importsOf(path, read(path))]));

function importsOf(path: string, text: string): string[] {
  return ts
    .preProcessFile(text, true, true)
    .importedFiles.map(({ fileName }) => fileName)
    .filter((name) => name.startsWith("."))
    .map((name) => new URL(name, `file:///${path}`).pathname.slice(1))
    .map((target) => [target, `${target}.ts`, `${target}.tsx`].find((one) => modules.includes(one)) ?? (/\.(css|svg)$/.test(target) ? target : `${target}, which is missing`));
}

/** Each circle once, as "a -> b -> a". */
function circles(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const found = new Set<string>();
  const finished = new Set<string>();
  const visit = (module: string, path: string[]): void => {
    const start = path.indexOf(module);
    if (start >= 0) found.add([...path.slice(start), module].join(" -> "));
    if (start >= 0 || finished.has(module)) return;
    for (const next of graph.get(module) ?? []) visit(next, [...path, module]);
    finished.add(module);
  };
  for (const module of graph.keys()) visit(module, []);
  return [...found];
}

test("imports never go round in a circle", () => {
  expect(modules).toContain("shared/transport.ts");
  expect(circles(imports)).toEqual([]);
});

test("a circle is found and named, by whichever kind of import it is closed", () => {
  expect(importsOf("table/view.tsx", 'import type { Props } from "./row";')).toEqual(["table/row.tsx"]);
  expect(importsOf("table/view.tsx", 'export * from "./row";\nconst more = () => import("./cells");')).toEqual(["table/row.tsx", "table/cells.tsx"]);
  expect(importsOf("table/view.tsx", 'let row: import("./row").Row;')).toEqual(["table/row.tsx"]);
  expect(circles(new Map([["a", ["b", "c"]], ["b", ["c"]], ["c", ["b"]]]))).toEqual(["b -> c -> b"]);
});

test("every import leads to a file that is there", () => {
  const isThere = (path: string) => modules.includes(path) || (/\.(css|svg)$/.test(path) && ts.sys.fileExists(`${ROOT}/${path}`));
  expect([...imports].flatMap(([path, targets]) => targets.filter((one) => !isThere(one)).map((one) => `${path}: ${one}`))).toEqual([]);
});

test("what the widgets share knows none of them", () => {
  const shared = [...imports].filter(([path]) => path.startsWith("shared/"));
  expect(shared.flatMap(([path, targets]) => targets.filter((one) => !one.startsWith("shared/")).map((one) => `${path} -> ${one}`))).toEqual([]);
});

test("no file is longer than people read at one go", () => {
  const lengths = files.filter((path) => path !== GENERATED).map((path) => [path, read(path).trimEnd().split("\n").length] as const);
  expect(lengths.filter(([, lines]) => lines > MAX_LINES)).toEqual([]);
});

/** Counts that can't be 1: limits, and what stands where another branch says 1. */
const NEVER_ONE = [/^pace\(/, /^LIMITS\./, /^FIRST$/, /^COUNT$/, /^minutes$/, /^amount$/, /^cards\.length$/, /^known\.length\./, /^open\./, /^others\./, /^finds\.length$/, /^names\.length$/, /^view\.basic_rounds$/];
const NOUNS = "answers|calls|characters|credits|days|entries|examples|files|finds|lines|matches|messages|minutes|rounds|rows|sentences|speakers|trackers|turns|versions|words";

test("a count that can be 1 has its noun from plural()", () => {
  const counted = new RegExp(`\\$?\\{([^{}]+)\\}(?:</b>)? (?:past |new |more |other |random |upcoming )?(?:${NOUNS})\\b(?!=)`, "g");
  const wrong = modules
    .filter((path) => path.endsWith(".tsx") || path.endsWith(".ts"))
    .filter((path) => !path.startsWith("tests/") && path !== GENERATED)
    .flatMap((path) => [...read(path).matchAll(counted)].map(([said, count]) => ({ path, said, count: count!.trim() })))
    .filter(({ count, said }) => !said.includes("class=") && !NEVER_ONE.some((one) => one.test(count)))
    .map(({ path, said }) => `${path}: ${said}`);
  expect(wrong).toEqual([]);
});
