"""A table, and what its columns contain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from workbench.corpus.formats.cell_values import cell_number, cell_seconds, cell_text, is_missing
from workbench.corpus.formats.tables.columns import Column, Use, columns_of

MAX_TABLE_ROWS = 2_000_000


@dataclass(slots=True)
class TableRow:
    """A row's cells, and its line in the file, or its number in the sheet, counted from 1; None if there is none."""

    cells: Sequence[Any]
    line: int | None = None


@dataclass(slots=True)
class Table:
    """A header and the rows below it.

    Attributes:
        header: the names of the columns.
        rows: the cells below.
        name: the id if the table is one conversation, such as a sheet's name; None for the file's name.
        notes: what the file's reader assumed.
    """

    header: Sequence[Any]
    rows: Sequence[TableRow]
    name: str | None = None
    notes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Chosen:
    """The use of each column; ``others`` become further fields if they have one value per conversation."""

    text: Column
    by_use: dict[Use, list[Column]]
    others: list[Column]

    def first(self, use: Use) -> Column | None:
        found = self.by_use.get(use)
        return found[0] if found else None


def chosen(table: Table) -> Chosen | None:
    """Choose a use for the columns of a table; None if none contains text."""
    columns = columns_of(table.header)
    texts = [one for one in columns if one.use is Use.TEXT]
    lengths = {one.place: _mean_length(table.rows, one.place) for one in texts}
    worded = [one for one in texts if lengths[one.place] > 0]
    if not worded:
        return None
    text = max(worded, key=lambda one: lengths[one.place])
    by_use: dict[Use, list[Column]] = {}
    for one in columns:
        if one.use and one.use is not Use.TEXT:
            by_use.setdefault(_use(one, table.rows), []).append(one)
    _settle_speakers(by_use, table.rows)
    if Use.CONVERSATION not in by_use:
        _settle_conversation(by_use, columns, table.rows)
    used = {one.place for many in by_use.values() for one in many}
    return Chosen(text, by_use, [one for one in columns if one.place not in used and one is not text and one.name])


def refusal(header: Sequence[Any]) -> str:
    """Return the message about a table without a transcript: which columns are missing, and how to name them."""
    names = ", ".join(cell_text(one) for one in header[:20] if cell_text(one))[:300] or "without names"
    has_text = any(one.use is Use.TEXT for one in columns_of(header))
    lacks = "tells neither who speaks, nor when, nor in which call" if has_text else "has no column for what is said"
    return (
        f"{lacks}; its columns are {names}. Name the columns conversation_id, speaker, text, start and end, as far as "
        "there are such"
    )


def _use(column: Column, rows: Sequence[TableRow]) -> Use:
    """Return a column's use, including names with two uses: ``from`` and ``to`` are people, or times."""
    assert column.use is not None
    if column.name.strip().lower() == "from" and column.use is Use.SPEAKER and are_times(rows, column):
        return Use.START
    if column.name.strip().lower() == "to" and not are_times(rows, column):
        return Use.EMAIL if any("@" in cell_text(cell_of(row, column)) for row in rows[:50]) else Use.ORDER
    return column.use


def are_times(rows: Sequence[TableRow], column: Column) -> bool:
    """Return whether most of a column's first cells are times."""
    values = [one for row in rows[:50] if not is_missing(one := cell_of(row, column))]
    times = sum(cell_number(one) is not None or cell_seconds(one) is not None for one in values)
    return times > len(values) / 2


def _settle_speakers(by_use: dict[Use, list[Column]], rows: Sequence[TableRow]) -> None:
    """Keep the columns that best identify the speaker: names before ids, and none that is always empty."""
    for use in (Use.SPEAKER, Use.ROLE):
        filled = [one for one in by_use.get(use, ()) if any(not is_missing(cell_of(row, one)) for row in rows)]
        filled.sort(key=lambda one: (one.name.lower().endswith("id"), "name" not in one.name.lower()))
        if use is Use.SPEAKER and len(filled) > 1:
            words = [one for one in filled if any(cell_number(cell_of(row, one)) is None for row in rows[:50])]
            filled = [*words, *(one for one in filled if one not in words)]
        if filled:
            by_use[use] = filled
        else:
            by_use.pop(use, None)


def _settle_conversation(by_use: dict[Use, list[Column]], columns: list[Column], rows: Sequence[TableRow]) -> None:
    """Use a column ``id``, a thread, or a similar one as the conversation's id."""
    for column in columns:
        if column.name.strip().lower() in ("id", "uuid", "key", "nr") and _repeats(rows, column):
            by_use[Use.CONVERSATION] = [column]
            for use, many in list(by_use.items()):
                if use is not Use.CONVERSATION:
                    by_use[use] = [one for one in many if one.place != column.place]
            return
    if threads := by_use.get(Use.THREAD):
        by_use[Use.CONVERSATION] = threads


def _repeats(rows: Sequence[TableRow], column: Column) -> bool:
    values = [text for row in rows if (text := cell_text(cell_of(row, column)))]
    return 0 < len(set(values)) < len(values)


def _mean_length(rows: Sequence[TableRow], place: int) -> float:
    texts = [cell for row in rows[:2_000] if place < len(row.cells) and isinstance(cell := row.cells[place], str)]
    return sum(len(one) for one in texts if cell_number(one) is None) / max(len(texts), 1)


def cell_of(row: TableRow, column: Column | None) -> Any:
    """Return a row's cell of a column; None if the row has none."""
    return row.cells[column.place] if column and column.place < len(row.cells) else None
