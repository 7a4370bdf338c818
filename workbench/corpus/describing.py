"""The structure of a file without any of its text, to send to someone who will write a reader for such files.

For JSON: its keys and the types of their values. For text: the shapes of its lines, with a letter for each word and a 0
for each number. A key that looks like data, such as a name, a number or an address, is not shown either.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from workbench.corpus.formats import Opened, UnreadableFile, format_of
from workbench.corpus.formats.times import clock, iso_duration, moment, number
from workbench.domain.plurals import plural

MAX_DESCRIBED_LINES = 400
"""Lines of a description."""

_MAX_DESCRIBED_DEPTH = 12
_MAX_DESCRIBED_KEYS = 60
_MAX_ENTRIES = 200
_MAX_SHAPES = 25
_MAX_READ = 2_000  # lines of a text whose shapes are counted
_MAX_LINE = 300
_KEY = re.compile(r"[A-Za-z_@$][A-Za-z0-9_@$.:/-]{0,39}")
_WORD = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"\d+")
_WORDS = re.compile(r"a(?: a)+")


def describe(path: Path) -> str:
    """Return the detected format of a file, and its structure, without any of its text.

    Raises:
        UnreadableFile: the file is damaged, or too large to be read whole.
        OSError: it cannot be read.
    """
    form = format_of(path)
    file = Opened(path)
    lines = [f"format: {form.name if form else 'not known'}", f"bytes: {len(file.data):,}"]
    if file.head[:4] == b"PK\x03\x04" or b"\0" in file.head[:1_000]:
        return "\n".join([*lines, f"begins with: {file.head[:4].hex(' ')}"])
    document = _json(file)
    lines += _of_lines(file) if document is None else _of_json(document)
    if len(lines) > MAX_DESCRIBED_LINES:
        lines = [*lines[:MAX_DESCRIBED_LINES], "… and more"]
    return "\n".join(lines)


def _json(file: Opened) -> Any:
    """Return the document; for JSON Lines, a list of the first ones; None for any other text."""
    if file.text.lstrip()[:1] not in ("{", "["):
        return None
    try:
        return file.json
    except UnreadableFile:
        pass
    documents = []
    for line in file.lines[:_MAX_ENTRIES]:
        if line.strip():
            try:
                documents.append(Opened(Path("line.json"), line.encode()).json)
            except UnreadableFile:
                return None
    return documents or None


def _of_json(document: Any) -> Iterator[str]:
    yield from _shape("top", [document], 0)


def _shape(label: str, values: list[Any], depth: int) -> Iterator[str]:
    """Yield a line for the values at one place, and lines for what is within them."""
    kinds = Counter(map(_kind, values))
    yield f"{'  ' * depth}{label}: {', '.join(kind for kind, _ in kinds.most_common())}"
    if depth >= _MAX_DESCRIBED_DEPTH:
        return
    entries = [one for value in values if isinstance(value, list) for one in value[:_MAX_ENTRIES]]
    if entries:
        count = sum(len(value) for value in values if isinstance(value, list))
        yield from _shape(f"[{plural(count, 'entry', 'entries')}]", entries[:_MAX_ENTRIES], depth + 1)
    objects = [value for value in values if isinstance(value, dict)]
    keys = Counter(key for one in objects for key in one)
    shown = [key for key in keys if _KEY.fullmatch(key) and not _NUMBER.search(key[:1])]
    for key in shown[:_MAX_DESCRIBED_KEYS]:
        optional = "?" if keys[key] < len(objects) else ""
        yield from _shape(f"{key}{optional}", [one[key] for one in objects if key in one], depth + 1)
    hidden = [key for key in keys if key not in shown[:_MAX_DESCRIBED_KEYS]]
    if hidden:
        label = f"({plural(len(hidden), 'more key')}, not shown)"
        yield from _shape(
            label, [one[key] for one in objects for key in hidden if key in one][:_MAX_ENTRIES], depth + 1
        )


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int):
        return _number_kind(value)
    if isinstance(value, float):
        return "number with decimals"
    if isinstance(value, str):
        return _text_kind(value)
    return "list" if isinstance(value, list) else "object"


def _number_kind(value: int) -> str:
    return "whole number" if abs(value) < 10**8 else f"whole number of {len(str(abs(value))[:30])} digits"


def _text_kind(value: str) -> str:
    text = value.strip()
    if not text:
        return "empty text"
    if number(text) is not None:
        return "text: number"
    if clock(text) is not None:
        return "text: time"
    if iso_duration(text) is not None:
        return "text: ISO duration"
    if moment(text) is not None:
        return "text: date and time"
    return "text: one word" if len(text.split()) == 1 else "text"


def _of_lines(file: Opened) -> Iterator[str]:
    shapes = Counter(_line_shape(line) for line in file.lines[:_MAX_READ])
    yield f"lines: {len(file.lines):,}"
    for shape, count in shapes.most_common(_MAX_SHAPES):
        yield f"  {count:>6,} × {shape or '(empty)'}"


def _line_shape(line: str) -> str:
    """Return a line with a letter for each run of words and 0 for each number, as in "[0:0:0] a: a"."""
    shape = _NUMBER.sub("0", _WORD.sub("a", line[:_MAX_LINE]))
    return _WORDS.sub("a", " ".join(shape.split(" "))).replace("\t", "⇥")[:120]
