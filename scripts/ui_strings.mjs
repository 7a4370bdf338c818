// Prints the texts of TypeScript files as lines of JSON: strings, templates, the text of elements, and comments.
// Reads the files' paths from standard input, one a line. Run by scripts/prose_texts.py.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const ts = createRequire(join(process.cwd(), "widgets/package.json"))("typescript");
const PLACEHOLDER = "{…}";

const template = (node) => node.head.text + node.templateSpans.map((span) => PLACEHOLDER + span.literal.text).join("");

// The children of an element as one text, so that "{count} calls" is read as it is shown.
const element = (node) =>
  node.children
    .map((child) => {
      if (ts.isJsxText(child)) return child.text;
      if (ts.isJsxExpression(child) && child.expression) {
        return ts.isStringLiteralLike(child.expression) ? child.expression.text : PLACEHOLDER;
      }
      return ts.isJsxExpression(child) ? "" : PLACEHOLDER;
    })
    .join("");

const words = /[A-Za-z]{2}/;

for (const path of readFileSync(0, "utf8").split("\n").filter(Boolean)) {
  const source = readFileSync(path, "utf8");
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true);
  const say = (start, text, comment = false) => {
    const line = file.getLineAndCharacterOfPosition(start).line + 1;
    if (words.test(text)) console.log(JSON.stringify({ path, line, text, comment }));
  };
  const comments = new Set();
  const visit = (node) => {
    if (ts.isImportDeclaration(node) || ts.isLiteralTypeNode(node)) return;
    for (const range of ts.getLeadingCommentRanges(source, node.getFullStart()) ?? []) {
      if (comments.has(range.pos)) continue;
      comments.add(range.pos);
      say(range.pos, source.slice(range.pos, range.end).replace(/^\/[/*]+|\*\/$|^\s*\*/gm, ""), true);
    }
    if (ts.isTemplateExpression(node)) say(node.getStart(), template(node));
    else if (ts.isStringLiteralLike(node)) say(node.getStart(), node.text);
    else if (ts.isJsxElement(node) || ts.isJsxFragment(node)) {
      if (node.children.some((child) => ts.isJsxText(child) && words.test(child.text))) {
        const first = node.children.find((child) => !ts.isJsxText(child) || child.text.trim() !== "");
        say(first.getStart(), element(node).trim());
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
}
