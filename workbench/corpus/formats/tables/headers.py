"""Finds the header of a table among the first rows, as exports may begin with a title."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from workbench.corpus.formats.tables.columns import columns_of, is_header, known
from workbench.corpus.formats.tables.side_columns import side_columns

LAST_HEADER = 10
"""Rows in which to look for the header."""


def header_place(rows: Sequence[Sequence[Any]]) -> int | None:
    """Return which of the first rows is the header: the first with the most known columns; None if none has any."""
    found = [place for place, row in enumerate(rows[:LAST_HEADER]) if is_header(row) or side_columns(row)]
    return max(found, key=lambda place: (len(known(columns_of(rows[place]))), -place), default=None)


def first_names(rows: Sequence[Sequence[Any]]) -> Sequence[Any]:
    """Return the first row with several cells, to list the columns of a table that cannot be read."""
    return next((row for row in rows[:LAST_HEADER] if sum(1 for one in row if one not in (None, "")) > 1), [])
