"""Tables in files from CRM systems and spreadsheets: CSV with any separator and encoding, XLSX, Parquet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from workbench.corpus.crm.crm_columns import known_names
from workbench.corpus.formats.base import FormatProblem
from workbench.corpus.formats.cell_values import cell_text, is_missing
from workbench.corpus.formats.opened import Opened, UnreadableFile
from workbench.corpus.formats.tables.choosing import TableRow
from workbench.corpus.formats.tables.delimited import SEPARATORS, Layout, first_rows, rows_of, told_separator
from workbench.corpus.formats.tables.parquet import Parquet, table_of
from workbench.corpus.formats.tables.spreadsheet import Spreadsheet, sheets_of
from workbench.domain.errors import InvalidArgument
from workbench.domain.plurals import plural

_START = 200_000  # characters in which to look for the header
_FIRST = 30  # rows: reports begin with a title, filters and dates
_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"
_SAVE = "save it as XLSX, or as CSV with a header"


@dataclass(slots=True)
class GivenTable:
    """A table whose rows are about conversations.

    Attributes:
        header: the names of the columns, each unique.
        rows: their cells, as many as the header has names.
        labels: the name of each row: "line 7", or "row 7" in a sheet or a frame.
        lines: for each row, its line in the file, or its number in the sheet, from 1; None for a frame.
        notes: what was assumed, or left out.
        problems: errors in single rows.
    """

    header: list[str]
    rows: list[Sequence[Any]]
    labels: list[str]
    lines: list[int | None]
    notes: list[str] = field(default_factory=list)
    problems: list[FormatProblem] = field(default_factory=list)


def table_in(path: Path) -> GivenTable:
    """Read the table in a file; its header is the row, among the first, with the most known column names.

    Raises:
        FileNotFoundError: there is no such file.
        InvalidArgument: it isn't a table, is damaged, or is too large.
    """
    file = Opened(path)
    try:
        if file.head.startswith(_OLD_WORKBOOK):
            raise UnreadableFile(f"is a workbook in an old format; {_SAVE}")
        if Spreadsheet().recognises(file):
            return _of_sheets(file)
        if Parquet().recognises(file):
            return _of_parquet(file)
        return _of_text(file)
    except UnreadableFile as error:
        line = f", line {error.line}" if error.line else ""
        raise InvalidArgument(f"{path}{line}: {error.reason}") from None


def _of_text(file: Opened) -> GivenTable:
    text = file.text
    if "\0" in text[:_START] or not text.strip():
        raise UnreadableFile(f"is not a table; {_SAVE}")
    if text.lstrip()[:20].lower().startswith(("<html", "<table", "<!doctype", "<meta", "<?xml")):
        raise UnreadableFile(f"is a web page with a table; open it in a spreadsheet, and {_SAVE}")
    layout = _layout_of(text[:_START])
    problems: list[FormatProblem] = []
    header, rows = rows_of(text, layout, problems)
    notes = [file.encoding_note] if file.encoding_note else []
    return _table(header, rows, "line", notes, problems)


def _layout_of(sample: str) -> Layout:
    told, skipped = told_separator(sample)
    found = []
    for separator in (told,) if told else SEPARATORS:
        rows = first_rows(sample, separator, _FIRST)[skipped:]
        place = _header_place(rows)
        if place is not None:
            width = sum(1 for one in rows[place] if one.strip())
            found.append((Layout(separator, place + skipped, known_names(rows[place]), 0.0), width))
    if not found:
        raise UnreadableFile(f"is not a table; {_SAVE}")
    return max(found, key=lambda one: (one[0].known, one[1]))[0]


def _of_sheets(file: Opened) -> GivenTable:
    found = []
    for title, rows in sheets_of(file.data):
        place = _header_place([one.cells for one in rows[:_FIRST]])
        if place is not None and len(rows) > place + 1:
            found.append((known_names(rows[place].cells), title, rows, place))
    if not found:
        raise UnreadableFile("has no sheet with a header and rows; export the table again")
    _, title, rows, place = max(found, key=lambda one: one[0])
    notes = [f"read from the sheet {title}"] if len(found) > 1 else []
    return _table([cell_text(one) for one in rows[place].cells], rows[place + 1 :], "row", notes, [])


def _of_parquet(file: Opened) -> GivenTable:
    table = table_of(file.data)
    columns = [table.column(place).to_pylist() for place in range(table.num_columns)]
    rows = [TableRow(cells, number) for number, cells in enumerate(zip(*columns, strict=True), 1)]
    return _table(table.column_names, rows, "row", [], [])


def _header_place(rows: Sequence[Sequence[Any]]) -> int | None:
    """Return the row with the most known column names; if there are none, the first with the most non-empty cells."""
    if not any(cell_text(one) for row in rows for one in row):
        return None
    return max(range(len(rows)), key=lambda at: (known_names(rows[at]), _filled(rows[at]), -at))


def _filled(row: Sequence[Any]) -> int:
    return sum(1 for one in row if cell_text(one))


def _table(
    header: Sequence[str], rows: list[TableRow], word: str, notes: list[str], problems: list[FormatProblem]
) -> GivenTable:
    names = _distinct(header)
    places = [place for place, name in enumerate(names) if name]
    wide = [row for row in rows if any(not is_missing(one) for one in row.cells)]
    end = len(wide)
    while len(places) > 2 and end > 1 and _filled(wide[end - 1].cells) == 1:  # totals, who made the report and when
        end -= 1
    if end < len(wide):
        below = plural(len(wide) - end, "line below the table was", "lines below the table were")
        notes = [*notes, f"{below} left out"]
    kept = wide[:end]
    cells = [[row.cells[place] if place < len(row.cells) else None for place in places] for row in kept]
    labels = [f"{word} {row.line}" for row in kept]
    return GivenTable(
        [names[place] for place in places], list(cells), labels, [row.line for row in kept], notes, problems
    )


def _distinct(header: Sequence[str]) -> list[str]:
    """Return the names, with a 2 after the second one of two equal names; empty ones stay empty."""
    out: list[str] = []
    seen: dict[str, int] = {}
    for one in header:
        name = str(one).strip()
        seen[name] = seen.get(name, 0) + 1
        out.append(f"{name} {seen[name]}" if name and seen[name] > 1 else name)
    return out
