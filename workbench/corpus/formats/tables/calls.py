"""Tables with one row per call: its turns are a nested list, JSON in a cell, or one long text."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from workbench.corpus.formats.base import FormatProblem
from workbench.corpus.formats.cell_values import cell_text, is_missing
from workbench.corpus.formats.draft import Draft, DraftTurn
from workbench.corpus.formats.plain_text.transcripts import transcript_of
from workbench.corpus.formats.tables.choosing import Chosen, Table, TableRow, chosen, refusal
from workbench.corpus.formats.tables.columns import Column, Use, columns_of, known
from workbench.corpus.formats.tables.rows import drafts_of
from workbench.corpus.formats.tables.side_columns import long_form

_SAMPLE = 30  # rows used to decide whether a text is a whole transcript
_MIN_LENGTH = 60  # characters of each


def conversations_in(table: Table) -> Iterator[Draft | FormatProblem]:
    """Yield conversations from a table whose rows are turns or calls."""
    table = long_form(table)
    nested = _nested_column(table)
    if nested is not None:
        yield from _of_nested(table, nested)
        return
    columns = chosen(table)
    if columns is None:
        yield FormatProblem(None, refusal(table.header))
        return
    if _tells_turns(columns) and not _are_calls(table.rows, columns):
        yield from drafts_of(table)
    elif _tells_turns(columns) or _has_transcripts(table.rows, columns) or Use.CONVERSATION in columns.by_use:
        yield from _of_calls(table, columns)
    else:
        yield FormatProblem(None, refusal(table.header))


def _tells_turns(columns: Chosen) -> bool:
    return bool(columns.by_use.keys() & {Use.SPEAKER, Use.ROLE, Use.CHANNEL, Use.START})


def _are_calls(rows: Sequence[TableRow], columns: Chosen) -> bool:
    """Return whether each row is a whole call, although there is a column for its agent or its time."""
    column = columns.first(Use.CONVERSATION)
    if column is not None:
        ids = [cell_text(row.cells[column.place]) for row in rows if column.place < len(row.cells)]
        if len(set(ids)) < len(ids):
            return False
    return _has_transcripts(rows, columns)


def _has_transcripts(rows: Sequence[TableRow], columns: Chosen) -> bool:
    texts = [text for row in rows if (text := _text(row, columns.text))]
    if sum(1 for one in texts[:_SAMPLE] if "\n" in one and len(one) >= _MIN_LENGTH) * 2 <= len(texts[:_SAMPLE]):
        return False
    read = [transcript_of(one) for one in islice(texts, _SAMPLE)]
    return sum(1 for one in read if one and len(one.turns) > 1) * 2 > len(read)


def _of_calls(table: Table, columns: Chosen) -> Iterator[Draft | FormatProblem]:
    for row in table.rows:
        text = _text(row, columns.text)
        if not text:
            if any(not is_missing(one) for one in row.cells):
                yield FormatProblem(row.line, f"has no text in the column {columns.text.name}")
            continue
        read = transcript_of(text)
        if read is None:
            read = Draft([DraftTurn(text)], notes=["a text without names or times is one turn"])
        yield _with_call(read, table, row, columns.text)


def _of_nested(table: Table, nested: Column) -> Iterator[Draft | FormatProblem]:
    for row in table.rows:
        items = _items(_cell(row, nested))
        if not items:
            yield FormatProblem(row.line, f"has no turns in the column {nested.name}")
            continue
        keys = list(dict.fromkeys(key for item in items for key in item))
        inner = Table(keys, [TableRow([item.get(key) for key in keys], row.line) for item in items])
        for found in drafts_of(inner):
            yield _with_call(found, table, row, nested) if isinstance(found, Draft) else found


def _with_call(draft: Draft, table: Table, row: TableRow, used: Column) -> Draft:
    """Add to a conversation the values in other columns of its row."""
    header = [name for place, name in enumerate(table.header) if place != used.place]
    cells = [cell for place, cell in enumerate(row.cells) if place != used.place]
    told = next(drafts_of(Table([*header, "text"], [TableRow([*cells, "x"], row.line)])), None)
    if isinstance(told, Draft):
        for name in (
            "id",
            "title",
            "started",
            "started_local",
            "duration_s",
            "language",
            "direction",
            "account",
            "thread",
        ):
            if getattr(told, name) is not None and (name == "id" or getattr(draft, name) is None):
                setattr(draft, name, getattr(told, name))
        draft.fields = {**told.fields, **draft.fields}
        draft.notes += [one for one in told.notes if "column" not in one]
    draft.notes += table.notes
    draft.line = row.line
    return draft


def _nested_column(table: Table) -> Column | None:
    """Return the column whose cells are lists of turns."""
    for column in columns_of(table.header):
        items = next((found for row in table.rows[:_SAMPLE] if (found := _items(_cell(row, column)))), None)
        if items and Use.TEXT in known(columns_of(list(dict.fromkeys(key for item in items[:50] for key in item)))):
            return column
    return None


def _items(cell: Any) -> list[Mapping[str, Any]]:
    """Return the objects in a cell: a list, or JSON with a list."""
    if isinstance(cell, str) and cell.lstrip()[:1] in ("[", "{"):
        try:
            cell = json.loads(cell)
        except (ValueError, RecursionError):
            return []
    if isinstance(cell, Mapping):
        cell = next((one for one in cell.values() if isinstance(one, list) and one), cell)
    if not isinstance(cell, list) or not cell or not all(isinstance(one, Mapping) for one in cell[:50]):
        return []
    return [one for one in cell if isinstance(one, Mapping)]


def _text(row: TableRow, column: Column) -> str:
    cell = _cell(row, column)
    return "" if is_missing(cell) else cell_text(cell)


def _cell(row: TableRow, column: Column) -> Any:
    return row.cells[column.place] if column.place < len(row.cells) else None
