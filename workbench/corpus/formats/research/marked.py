"""What STM, CTM and RTTM, the line formats of NIST's scoring tools, have in common."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workbench.corpus.formats.opened import Opened
from workbench.corpus.formats.times import number

_ALTERNATIVES = re.compile(r"\{\s*([^{}/]*?)\s*/[^{}]*\}")
_OPTIONAL = re.compile(r"\(([^()]*)\)")
_MARK = re.compile(r"<(?:unk|UNK|fgn|FGN|nib|NA)>|%[A-Za-z]+%?")
_SEEN = 1_000  # lines used to detect a format


def rows_of(lines: list[str], most_parts: int = -1) -> Iterator[tuple[int, list[str]]]:
    """Yield the fields of each line except comments, with its number, counted from 1."""
    for at, line in enumerate(lines, 1):
        if line.strip() and not line.lstrip().startswith(";;"):
            yield at, line.split(None, most_parts)


def first_rows(file: Opened) -> list[list[str]]:
    """Return the fields of the first lines."""
    if b"\0" in file.head and file.head[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        return []
    return [parts for _, parts in rows_of(file.text[:500_000].split("\n")[:_SEEN])]


def are_numbers(*values: str) -> bool:
    """Return whether all are numbers."""
    return all(number(one) is not None for one in values)


def without_marks(text: str) -> str:
    """Return a text with the first of its alternatives ``{um / @}``, and without other scoring marks."""
    text = _ALTERNATIVES.sub(r"\1", text)
    text = re.sub(r"(?<!\S)@(?!\S)", " ", _MARK.sub(" ", text))
    return " ".join(_OPTIONAL.sub(r"\1", text).split())
