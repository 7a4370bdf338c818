"""Tables with a column of text for each side, such as ``agent_text`` and ``customer_text``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from workbench.corpus.formats.cell_values import cell_number, cell_text, is_missing
from workbench.corpus.formats.roles import side_of
from workbench.corpus.formats.tables.choosing import Table, TableRow
from workbench.corpus.formats.tables.columns import MAX_COLUMNS, Use, columns_of, known

_WORDS = re.compile(r"[^\W_]+")
_SEEN = 200  # rows used to decide whether there are words in the columns
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_SAID = frozenset(
    ("text", "texts", "utterance", "utterances", "transcript", "transcription", "speech", "said", "says", "message",
     "dialogue", "dialog", "äußerung", "texte", "texto", "testo", "発話", "文本", "내용")
)  # fmt: skip


def side_columns(header: Sequence[Any]) -> dict[int, str]:
    """Return the indices of the columns with the text of one side, with its role.

    Returns none unless both sides have one.
    """
    found = {place: role for place, name in enumerate(header[:MAX_COLUMNS]) if (role := _role(name))}
    if Use.TEXT in known(columns_of(header)):
        return {}
    return found if len({side_of(role) for role in found.values()}) > 1 else {}


def long_form(table: Table) -> Table:
    """Return a table with one row for each text of a side, in the order of the columns; others are unchanged.

    So are tables with numbers in such columns.
    """
    places = side_columns(table.header)
    if not places or not _hold_words(table.rows, list(places)):
        return table
    kept = [place for place in range(len(table.header)) if place not in places]
    rows = [
        TableRow([*(_cell(row, one) for one in kept), role, text], row.line)
        for row in table.rows
        for place, role in places.items()
        if not is_missing(text := cell_text(_cell(row, place)))
    ]
    header = [*(table.header[one] for one in kept), "speaker", "text"]
    return Table(header, rows, table.name, table.notes)


def _hold_words(rows: Sequence[TableRow], places: Sequence[int]) -> bool:
    cells = [cell for row in rows[:_SEEN] for place in places if not is_missing(cell := _cell(row, place))]
    return sum(cell_number(cell) is None for cell in cells) * 2 > len(cells)


def _role(name: Any) -> str:
    """Return the role in ``agent_text``, ``text (customer)`` or ``AgentUtterance``; empty if there is none."""
    if not isinstance(name, str) or len(name) > 100:
        return ""
    words = [one for part in _WORDS.findall(name) for one in _CAMEL.split(part)]
    said = [one for one in words if one.lower() in _SAID]
    role = " ".join(one for one in words if one not in said).lower()
    return role if len(said) == 1 and side_of(role) else ""


def _cell(row: TableRow, place: int) -> Any:
    return row.cells[place] if place < len(row.cells) else None
