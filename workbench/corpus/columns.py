"""The columns of tables: their names and values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from workbench.corpus.formats.values import is_missing, is_whole, plain
from workbench.domain.errors import InvalidArgument

ID = ("conversation_id", "call_id", "conversation", "call", "id")
"""Possible names of the column with a conversation's id."""

CALL = {
    name: (name,)
    for name in ("kind", "title", "started", "direction", "channel", "scope", "language", "account", "team", "thread")
} | {
    "media": ("media",),
    "duration_s": ("duration_s", "duration"),
    "deal_id": ("deal_id",),
    "deal_stage": ("deal_stage",),
    "deal_amount": ("deal_amount",),
    "deal_outcome": ("deal_outcome",),
    "deal": ("deal",),
    "parties": ("parties",),
    "fields": ("fields",),
}
"""The possible columns for each property of a conversation."""


def column_name(name: Any) -> str:
    """Return a column's name in the form used to compare names."""
    return re.sub(r"[\s_-]+", "_", str(name).strip().lower())


def taken(left: dict[str, str], names: Iterable[str]) -> str | None:
    """Return the first of these columns that remains."""
    return next((left.pop(name) for name in names if name in left), None)


def wanted(left: dict[str, str], names: Sequence[str], what: str, take: bool = True) -> str:
    """Return the first of these columns that remains; raise ``InvalidArgument`` if there is none."""
    column = taken(left if take else dict(left), names)
    if column is None:
        raise InvalidArgument(f"no column for {what}; name it {', '.join(names[:-1])} or {names[-1]}")
    return column


def chosen(left: dict[str, str], known: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Choose for each property the first remaining column that may have it, by the property's name."""
    found = {name: taken(left, names) for name, names in known.items()}
    return {name: column for name, column in found.items() if column is not None}


def given_or_none(value: Any, blank: bool = False) -> Any:
    """Return a value, or None if it counts as missing."""
    if is_missing(value) or (not blank and isinstance(value, str) and not value.strip()):
        return None
    return value


def as_text(value: Any) -> Any:
    """Return an id as text: pandas reads those of digits as numbers."""
    found = None if is_missing(value) else plain(value)
    return str(int(found)) if found is not None and is_whole(found) else found


def as_choice(value: Any) -> Any:
    """Return a value of an enumeration in its canonical spelling."""
    return (value.strip().lower() or None) if isinstance(value, str) else as_text(value)
