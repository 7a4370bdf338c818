"""Rows of a table as text, from any spreadsheet: separators, Excel's ``sep=`` line, encodings."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import NamedTuple

from workbench.corpus.formats.decoding import decoded
from workbench.corpus.formats.tables.delimited import SEPARATORS, told_separator
from workbench.domain.errors import InvalidArgument

MAX_TABLE_BYTES = 50_000_000
"""The most bytes of a table that is read whole."""

MAX_CELLS = 5_000_000


class NumberedRow(NamedTuple):
    """A row's cells, and the line on which it begins, counted from 1."""

    line: int
    cells: list[str]


def text_of_table(data: bytes) -> str:
    """Return the text of a table's bytes: UTF-8 and UTF-16 with or without a byte order mark, or Windows-1252."""
    return decoded(data).text.removeprefix("\ufeff")


def rows_of_table(text: str) -> Iterator[NumberedRow]:
    """Yield the rows, the header first; empty ones are left out.

    Cells are separated by commas, semicolons, tabs or bars: as in Excel's first line ``sep=;``, else the one that gives
    the first row the most cells.

    Raises:
        InvalidArgument: a quotation mark is never closed, or there are too many cells; names the line.
    """
    text = text.removeprefix("\ufeff")
    separator, skipped = separator_of(text)
    csv.field_size_limit(max(csv.field_size_limit(), MAX_TABLE_BYTES))  # process-wide; a vocabulary is one cell
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    cells, line = 0, 1
    try:
        for place, row in enumerate(rows):
            cells += len(row)
            if cells > MAX_CELLS:
                raise InvalidArgument(f"line {line}: more than {MAX_CELLS:,} cells; split the table")
            if place >= skipped and any(row):
                yield NumberedRow(line, row)
            line = rows.line_num + 1
    except csv.Error as error:
        raise InvalidArgument(f"line {rows.line_num}: invalid CSV: {error}") from None


def separator_of(text: str) -> tuple[str, int]:
    """Return the separator of a table's cells, and how many rows precede its header: 1 for Excel's ``sep=``."""
    separator, skipped = told_separator(text)
    return separator or _found(text), skipped


def _found(text: str) -> str:
    """Return the most frequent separator in the first row."""

    def width(separator: str) -> int:
        try:
            return len(next(csv.reader(io.StringIO(text, newline=""), delimiter=separator), []))
        except csv.Error:
            return 0

    return max(SEPARATORS, key=width)
