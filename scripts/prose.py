"""Checks our English: the rules of ``docs/styles/Workbench`` over docs, docstrings, messages, comments and UI strings.

The rules are files of vale (https://vale.sh), of its kinds ``existence`` and ``substitution``, so that people who have
vale run the same ones. vale itself cannot be locked: what PyPI and npm have under its name downloads
the program when it is first run. It would not see messages and UI strings either, which are string literals.

``[tool.prose]`` of pyproject.toml names what is exempt, each with its reason.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

import yaml

from scripts.prose_texts import ROOT, Text, in_markdown, in_notebook, in_python, in_typescript

STYLES = ROOT / "docs" / "styles" / "Workbench"
_SPACES = re.compile(r"\(\?<[!=][^)]*\)|\[[^\]]*\]| ")  # a look-behind has a fixed width, and a class means a blank


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the style: what it looks for, and what to say where it finds that."""

    name: str
    message: str
    patterns: Mapping[re.Pattern[str], str]

    def found(self, text: Text) -> Iterator[Finding]:
        for pattern, better in self.patterns.items():
            for hit in pattern.finditer(text.words):
                words = " ".join(hit[0].split())
                said = self.message.replace("%%", "%").replace("%s", better, 1 if better else 0).replace("%s", words)
                yield Finding(text.path, text.line_at(hit.start()), self.name, said, words)


@dataclass(frozen=True, slots=True)
class Finding:
    """A place that a rule objects to."""

    path: str
    line: int
    rule: str
    message: str
    words: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message} ({self.rule})"


@dataclass(frozen=True, slots=True)
class Exempt:
    """What the rules let pass: in files of a pattern, of one rule or of all, with a text or whatever it says."""

    path: str
    reason: str
    rule: str = "*"
    words: str = ""

    def covers(self, finding: Finding) -> bool:
        return (
            fnmatch(finding.path, self.path)
            and fnmatch(finding.rule, self.rule)
            and self.words.lower() in finding.words.lower()
        )


def rules(folder: Path = STYLES) -> list[Rule]:
    """Read the rules of a style of vale.

    Raises:
        ValueError: a rule is not of a kind that is understood here; the message names its file.
    """
    return [_rule(file) for file in sorted(folder.glob("*.yml"))]


def _rule(file: Path) -> Rule:
    kept = yaml.safe_load(file.read_text(encoding="utf-8"))
    flags = re.MULTILINE | (re.IGNORECASE if kept.get("ignorecase") else 0)
    if kept["extends"] == "existence":
        wanted = dict.fromkeys(kept["tokens"], "")
    elif kept["extends"] == "substitution":
        wanted = kept["swap"]
    else:
        raise ValueError(f"{file.name}: extends must be existence or substitution, not {kept['extends']!r}")
    patterns = {re.compile(_across_lines(pattern), flags): better for pattern, better in wanted.items()}
    return Rule(file.stem, kept["message"], patterns)


def _across_lines(pattern: str) -> str:
    return _SPACES.sub(lambda part: r"\s+" if part[0] == " " else part[0], pattern)


def exempted(file: Path = ROOT / "pyproject.toml") -> list[Exempt]:
    """Return what is exempt; every entry has its reason."""
    return [Exempt(**one) for one in tomllib.loads(file.read_text(encoding="utf-8"))["tool"]["prose"]["exempt"]]


def checked(root: Path = ROOT) -> Iterator[Text]:
    """Read all texts under version control that people meet; tests are left out, as their names are sentences."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, text=True, check=True).stdout
    paths = [path for path in listed.split("\0") if path and not fnmatch(path, "*tests/*") and (root / path).exists()]
    for path in paths:
        if path.endswith(".md"):
            yield from in_markdown(path, (root / path).read_text(encoding="utf-8"))
        elif path.endswith(".ipynb"):
            yield from in_notebook(path, (root / path).read_text(encoding="utf-8"))
        elif path.endswith(".py"):
            yield from in_python(path, (root / path).read_text(encoding="utf-8"))
    front_end = [path for path in paths if fnmatch(path, "widgets/*.ts") or fnmatch(path, "widgets/*.tsx")]
    yield from in_typescript(front_end, root)


def findings(texts: Iterable[Text], style: Iterable[Rule], exempt: Iterable[Exempt] = ()) -> list[Finding]:
    """Return what the rules object to and no exemption covers, by place."""
    style, exempt = list(style), list(exempt)
    found = {finding for text in texts for rule in style for finding in rule.found(text)}
    kept = [one for one in found if not any(other.covers(one) for other in exempt)]
    return sorted(kept, key=lambda one: (one.path, one.line, one.rule, one.words))


def main() -> int:
    wanted = set(sys.argv[1:])
    texts = [text for text in checked() if not wanted or text.path in wanted]
    found = findings(texts, rules(), exempted())
    for one in found:
        print(one)
    if not found:
        print(f"{len(texts)} texts follow the style.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
