"""Many examples at once: from what was pasted to sentences, each with a verdict (E3). Pure functions over text."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workbench.domain.rules import MAX_EXAMPLES
from workbench.domain.texts import normalise
from workbench.trackers.coaching import ExampleFlaw, FieldAdvice, coach_example, coach_examples

MOST_LINES = 2 * MAX_EXAMPLES
_BEARABLE = frozenset({None, "short", "vague"})
_BULLET = re.compile(r"^\s*(?:[-*•–—]|\d{1,3}[.)])\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pasted:
    """One line of what was pasted. ``flaw`` is None if nothing is amiss; ``parts`` are its sentences if several."""

    text: str
    flaw: ExampleFlaw | None = None
    message: str = ""
    parts: tuple[str, ...] = ()

    @property
    def serves(self) -> bool:
        """Whether it is worth adding as it is."""
        return self.flaw in _BEARABLE


def lines_of(pasted: str) -> list[str]:
    """Return the sentences of a text or of a spreadsheet's cells, one a line, without bullets, numbers and blank lines.

    Of several columns the wordiest counts. A quoted cell may hold tabs and line ends. At most ``MOST_LINES``.
    """
    rows = [[normalise(cell) for cell in row] for row in _rows(pasted)]
    column = _wordiest(rows)
    cells = [row[column] if column < len(row) else "" for row in rows]
    lines = [_BULLET.sub("", cell).strip() for cell in cells]
    return [line for line in lines if line][:MOST_LINES]


def verdicts(lines: Sequence[str], known: Sequence[str] = ()) -> list[Pasted]:
    """Return what each line would be worth beside the examples that there are, and beside the lines before it."""
    return [_verdict(text, found, len(known)) for text, found in zip(lines, _repeated(lines, known), strict=True)]


def _rows(pasted: str) -> Iterator[list[str]]:
    quoted = pasted.lstrip().startswith('"') or '\t"' in pasted or '\n"' in pasted
    if ("\t" not in pasted and not quoted) or pasted.count('"') % 2:
        yield from ([line] for line in pasted.splitlines())
        return
    try:
        yield from list(csv.reader(io.StringIO(pasted), delimiter="\t"))
    except csv.Error:
        yield from (line.split("\t") for line in pasted.splitlines())


def _wordiest(rows: Sequence[Sequence[str]]) -> int:
    width = max(map(len, rows), default=0)
    words = [sum(len(row[column].split()) for row in rows if column < len(row)) for column in range(width)]
    return words.index(max(words)) if words else 0


def _repeated(lines: Sequence[str], known: Sequence[str]) -> list[FieldAdvice | None]:
    out: list[FieldAdvice | None] = [None] * len(lines)
    for advice in coach_examples([*known, *lines]):
        if advice.index is not None and advice.other is not None and advice.index >= len(known):
            out[advice.index - len(known)] = advice
    return out


def _verdict(text: str, repeats: FieldAdvice | None, known: int) -> Pasted:
    if repeats is not None and repeats.other is not None:
        other = repeats.other + 1
        where = f"example {other}" if other <= known else f"line {other - known}"
        words = "The same as" if repeats.flaw == "same" else "Says the same as"
        return Pasted(text=text, flaw=repeats.flaw, message=f"{words} {where}.")
    advice = coach_example(text)
    if advice is None:
        return Pasted(text=text)
    return Pasted(text=text, flaw=advice.flaw, message=advice.message, parts=advice.parts)
