import ts from "typescript";
import { expect, test } from "vitest";

// TypeScript's own access to files, so that the types of Node need not be known to what runs in a browser.
const ROOT = ts.sys.resolvePath(`${new URL(import.meta.url).pathname}/../..`);
const sheets = ts.sys.readDirectory(ROOT, [".css"], ["node_modules"]).map((path) => path.slice(ROOT.length + 1));

interface Rule {
  /** With what it is nested in, such as "@container (max-width: 420px) .wb-choice". */
  selector: string;
  declarations: string[];
}

function rulesOf(text: string, within = ""): Rule[] {
  const found: Rule[] = [];
  for (let at = 0; ; ) {
    const open = text.indexOf("{", at);
    if (open < 0) return found;
    let close = open + 1;
    for (let depth = 1; depth > 0; close++) depth += text[close] === "{" ? 1 : text[close] === "}" ? -1 : 0;
    const selector = `${within} ${text.slice(at, open).trim().replace(/\s+/g, " ")}`.trim();
    const body = text.slice(open + 1, close - 1);
    if (body.includes("{")) found.push(...rulesOf(body, selector));
    else found.push({ selector, declarations: body.split(";").map((one) => one.trim().replace(/\s+/g, " ")).filter(Boolean).sort() });
    at = close;
  }
}

test("rules are read with what they are nested in", () => {
  expect(rulesOf("a, b { c: d; a: b } @media x { e { f: g } }")).toEqual([
    { selector: "a, b", declarations: ["a: b", "c: d"] },
    { selector: "@media x e", declarations: ["f: g"] },
  ]);
});

test("nothing looks alike while a pointer rests on it and once it is pressed", () => {
  const every = sheets.flatMap((sheet) => rulesOf(ts.sys.readFile(`${ROOT}/${sheet}`) ?? ""));
  expect(every.filter(({ selector }) => /:is\([^)]*:hover[^)]*aria-pressed|:is\([^)]*aria-pressed[^)]*:hover/.test(selector))).toEqual([]);
});

test("what several widgets lay out alike stands once, in a sheet that they share", () => {
  const known = new Map<string, string[]>();
  for (const sheet of sheets)
    for (const { selector, declarations } of rulesOf((ts.sys.readFile(`${ROOT}/${sheet}`) ?? "").replace(/\/\*[\s\S]*?\*\//g, ""))) {
      if (declarations.length < 3) continue;
      const rule = `${selector} { ${declarations.join("; ")} }`;
      known.set(rule, [...(known.get(rule) ?? []), sheet]);
    }
  expect(known.size).toBeGreaterThan(100);
  expect([...known].filter(([, where]) => where.length > 1)).toEqual([]);
});
