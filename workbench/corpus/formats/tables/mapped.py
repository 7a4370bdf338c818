"""Tables whose columns a person maps: which contain the text, the speaker and the time."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from workbench.corpus.formats.archives import check_archive
from workbench.corpus.formats.base import FormatProblem
from workbench.corpus.formats.cell_values import cell_number
from workbench.corpus.formats.draft import Draft
from workbench.corpus.formats.makers.generic import read_mapped
from workbench.corpus.formats.makers.json_mapping import JsonMapping
from workbench.corpus.formats.opened import Opened
from workbench.corpus.formats.tables import delimited
from workbench.corpus.formats.tables.choosing import Table, TableRow, chosen
from workbench.corpus.formats.tables.columns import Use
from workbench.corpus.formats.tables.headers import LAST_HEADER, header_place
from workbench.corpus.formats.tables.parquet import Parquet, table_of
from workbench.corpus.formats.tables.spreadsheet import Spreadsheet, sheets_of

_SUFFIXES = (".csv", ".tsv", ".tab", ".txt")
_SEPARATORS = (",", ";", "\t", "|")
_SAMPLE = 50_000
_MAX_BYTES = 400_000_000
_LOOKED_AT = 200


class MappedTable:
    """Read a table by a mapping, whose keys are the names of its columns."""

    name = "table"

    def __init__(self, mapping: JsonMapping):
        self._mapping = mapping

    def recognises(self, file: Opened) -> bool:
        """Return whether the file is a table, and the mapping one for a table."""
        return not self._mapping.path and records_of(file) is not None

    def read(self, file: Opened) -> Iterator[Draft | FormatProblem]:
        """Yield the conversations by the mapping."""
        drafts = read_mapped(records_of(file) or [], self._mapping)
        if not drafts:
            yield FormatProblem(None, "has no rows below its header; export the table again")
        for draft in drafts:
            draft.notes = [one for one in draft.notes if not one.startswith("not a known tool")]
            yield draft
        if drafts:
            drafts[0].notes.append(f"columns as you chose them: {self._mapping}")


def records_of(file: Opened) -> list[dict[str, Any]] | None:
    """Return the rows of a table as dicts by column name; None if it is not a table.

    Raises:
        UnreadableFile: it is damaged or too large.
    """
    if Parquet().recognises(file):
        records: list[dict[str, Any]] = table_of(file.data).to_pylist()
        return records
    if Spreadsheet().recognises(file):
        check_archive(file.data, _MAX_BYTES)
        return next((found for _, rows in sheets_of(file.data) if (found := _below_header(rows))), None)
    if b"\0" in file.head[:1_000] or file.suffix not in _SUFFIXES:
        return None
    layout = delimited.layout_of(file.text) or _guessed(file.text)
    if layout is None:
        return None
    header, rows = delimited.rows_of(file.text, layout, [])
    return [_record(header, one.cells) for one in rows] or None


def _guessed(text: str) -> delimited.Layout | None:
    """Return the layout of a text without a known header: its first row with several cells is the header."""
    found = []
    for separator in _SEPARATORS:
        try:
            rows = list(csv.reader(io.StringIO(text[:_SAMPLE], newline="\n"), delimiter=separator))[:60]
        except csv.Error:
            continue
        place = next(
            (at for at, row in enumerate(rows[:LAST_HEADER]) if len([1 for one in row if one.strip()]) > 1), None
        )
        if place is None or len(rows) < place + 2:
            continue
        width = len(rows[place])
        share = sum(1 for row in rows[place:] if len(row) == width) / (len(rows) - place)
        if share >= 0.6:
            found.append(delimited.Layout(separator, place, width, share))
    return max(found, key=lambda one: (one.share > 0.9, one.known), default=None)


def _below_header(rows: list[TableRow]) -> list[dict[str, Any]] | None:
    first = [one.cells for one in rows[:LAST_HEADER]]
    place = header_place(first)
    if place is None:
        place = next((at for at, row in enumerate(first) if len([1 for one in row if one not in (None, "")]) > 1), None)
    if place is None:
        return None
    header = [str(one) if one is not None else "" for one in rows[place].cells]
    return [_record(header, one.cells) for one in rows[place + 1 :]] or None


def _record(header: list[str], cells: Any) -> dict[str, Any]:
    return {name: _plain(cell) for name, cell in zip(header, cells, strict=False) if name}


def _plain(cell: Any) -> Any:
    """Return a cell as in JSON; times, durations and moments as text, which includes their unit."""
    if isinstance(cell, timedelta):
        seconds = cell.total_seconds()
        return f"{int(seconds // 3600)}:{int(seconds // 60) % 60:02}:{seconds % 60:06.3f}"
    return cell.isoformat() if isinstance(cell, datetime | date | time) else cell


def proposed_columns(file: Opened) -> JsonMapping | None:
    """Return the mapping that the names of a table's columns suggest; None if none suggests text."""
    records = records_of(file)
    names = list(dict.fromkeys(key for one in (records or [])[:_LOOKED_AT] for key in one))
    rows = [TableRow([one.get(name) for name in names]) for one in (records or [])[:_LOOKED_AT]]
    found = chosen(Table(names, rows))
    if found is None:
        return None

    def named(*uses: Use) -> str | None:
        return next((one.name for use in uses if (one := found.first(use))), None)

    start = found.first(Use.START)
    unit = None if start is None else _unit(start.unit_s, [one.get(start.name) for one in records or []])
    people = named(Use.SPEAKER, Use.ROLE, Use.CHANNEL)
    return JsonMapping((), found.text.name, people, named(Use.START), named(Use.END), unit, named(Use.CONVERSATION))


def _unit(unit_s: float | None, values: list[Any]) -> str | None:
    """Return the unit of plain numbers: by the column's name, else by their size; None for clock times."""
    numbers = [found for one in values[:_LOOKED_AT] if (found := cell_number(one)) is not None]
    if not numbers:
        return None
    if unit_s is not None:
        return "ms" if unit_s < 1 else "s"
    return "ms" if all(one.is_integer() for one in numbers) and max(numbers) >= 10_000 else "s"
