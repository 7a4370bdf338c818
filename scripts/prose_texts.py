"""Reads the texts that people meet: docstrings, comments, messages, UI strings, pages, each with its place.

Python is read with ``ast``, TypeScript by its own compiler (``scripts/ui_strings.mjs``), Markdown and notebooks as
paragraphs without code. A placeholder of an f-string or a template becomes ``{…}``.
"""

from __future__ import annotations

import ast
import json
import re
import shutil
import subprocess
import tokenize
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Literal

ROOT = Path(__file__).resolve().parent.parent
PLACEHOLDER = "{…}"
Kind = Literal["docstring", "comment", "message", "string", "ui", "page"]
_FENCE = re.compile(r"^\s*(```|~~~)")
_CODE = re.compile(r"``[^`]+``|`[^`]+`")
_LETTERS = re.compile(r"[A-Za-z]{2}.*\s.*[A-Za-z]", re.DOTALL)
_DEFINITIONS = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True, slots=True)
class Text:
    """A stretch of English with its place; ``symbol`` is the dotted name of what a docstring describes."""

    path: str
    line: int
    kind: Kind
    words: str
    symbol: str = ""

    def line_at(self, offset: int) -> int:
        """Return the line of the file on which the character at ``offset`` lies."""
        return self.line + self.words.count("\n", 0, offset)


def without_code(text: str) -> str:
    """Blank what stands between backticks, which is code, keeping every other character in its place."""
    return _CODE.sub(lambda code: re.sub(r"[^\n]", "`", code[0]), text)


def in_python(path: str, source: str) -> Iterator[Text]:
    """Return the docstrings, messages, other strings of several words, and comments of a Python file."""
    tree = ast.parse(source)
    yield from _docstrings(path, tree, ())
    yield from _strings(path, tree, "string")
    yield from _comments(path, source)


def in_markdown(path: str, source: str, first: int = 1) -> Iterator[Text]:
    """Return the paragraphs of a page, without its code."""
    paragraph: list[str] = []
    begun, fenced = first, False
    for number, line in enumerate([*source.split("\n"), ""], first):
        fence = bool(_FENCE.match(line))
        indented = line.startswith("    ") and not paragraph  # a block of code, or what goes on in a list
        if fence or fenced or indented or not line.strip() or re.match(r"\s*([-*|]|\d+\.) ", line):
            if paragraph:
                yield Text(path, begun, "page", without_code("\n".join(paragraph)))
            paragraph, begun = [], number
        if fence:
            fenced = not fenced
        elif not fenced and not indented and line.strip():
            begun = begun if paragraph else number
            paragraph.append(line)


def in_notebook(path: str, source: str) -> Iterator[Text]:
    """Return the texts of a notebook; a place is the number of the cell, as lines mean nothing to its readers."""
    for number, cell in enumerate(json.loads(source)["cells"], 1):
        text = "".join(cell["source"])
        found = in_markdown(path, text) if cell["cell_type"] == "markdown" else in_python(path, text)
        yield from (Text(path, number, one.kind, one.words) for one in found)


def in_typescript(paths: Iterable[str], root: Path = ROOT) -> Iterator[Text]:
    """Return the strings, the text of elements, and the comments of TypeScript files."""
    wanted = list(paths)
    node = shutil.which("node")
    if not wanted or node is None or not (root / "widgets/node_modules/typescript").is_dir():
        if wanted:
            raise FileNotFoundError("widgets/node_modules: the texts of the widgets need it; run `make setup`")
        return
    script = str(ROOT / "scripts/ui_strings.mjs")
    done = subprocess.run([node, script], input="\n".join(wanted), cwd=root, capture_output=True, text=True, check=True)
    for line in done.stdout.splitlines():
        one = json.loads(line)
        if not one["comment"] and re.fullmatch(r"[^A-Z\s]\S*", one["text"]):
            continue  # a single word in small letters is a value, not a text
        yield Text(one["path"], one["line"], "comment" if one["comment"] else "ui", one["text"])


def _docstrings(path: str, node: ast.AST, names: tuple[str, ...]) -> Iterator[Text]:
    body = getattr(node, "body", [])
    for number, child in enumerate(body if isinstance(body, list) else []):
        if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant) and isinstance(child.value.value, str):
            own = names if number == 0 else (*names, "(attribute)")
            yield Text(path, child.lineno, "docstring", without_code(child.value.value), ".".join(own))
        if isinstance(child, _DEFINITIONS):
            yield from _docstrings(path, child, (*names, child.name))  # type: ignore[union-attr]


def _strings(path: str, node: ast.AST, kind: Kind) -> Iterator[Text]:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return  # a docstring
    if isinstance(node, ast.Raise) or (isinstance(node, ast.Call) and _names_an_error(node.func)):
        kind = "message"
    said = _said(node)
    if said is not None:
        if _LETTERS.search(said):
            yield Text(path, node.lineno, kind, said)  # type: ignore[attr-defined]
        if isinstance(node, ast.JoinedStr):
            for part in node.values:
                if isinstance(part, ast.FormattedValue):
                    yield from _strings(path, part.value, kind)
        return
    for child in ast.iter_child_nodes(node):
        yield from _strings(path, child, kind)


def _said(node: ast.AST) -> str | None:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else PLACEHOLDER for part in node.values)
    return None


def _names_an_error(function: ast.expr) -> bool:
    name = getattr(function, "id", getattr(function, "attr", ""))
    return name.endswith(("Error", "Invalid", "refused", "problem")) or name.startswith(("Invalid", "Unknown"))


def _comments(path: str, source: str) -> Iterator[Text]:
    lines: list[str] = []
    begun = last = 0
    for token in tokenize.generate_tokens(StringIO(source).readline):
        if token.type != tokenize.COMMENT:
            continue
        text = token.string.lstrip("#:! ")
        if lines and token.start[0] == last + 1 and token.line.lstrip().startswith("#"):
            lines.append(text)
        else:
            if lines:
                yield Text(path, begun, "comment", without_code("\n".join(lines)))
            lines, begun = [text], token.start[0]
        last = token.start[0]
    if lines:
        yield Text(path, begun, "comment", without_code("\n".join(lines)))
