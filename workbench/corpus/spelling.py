"""Titles and people as filters compare them: folded, for the database folds otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa

from workbench.domain.texts import normalise
from workbench.domain.words import fold

COLUMNS = "number, title, parties"  # of conversations, as `spelling_rows` takes them
_TABLE = pa.schema([("number", pa.int64()), ("title", pa.string()), ("people", pa.string())])


def spelt(text: str) -> str:
    """Return what is compared of a title, a name or an address, and of what is typed to find it."""
    return normalise(fold(text))


def spelling_rows(conversations: Iterable[tuple[int, str | None, Iterable[Mapping[str, Any]] | None]]) -> pa.Table:
    """Make the table ``spelling``: of each conversation the title, and names and addresses, one a line."""
    rows = [
        {"number": number, "title": spelt(title or ""), "people": "\n".join(_people(parties or ()))}
        for number, title, parties in conversations
    ]
    return pa.Table.from_pylist(rows, _TABLE)


def _people(parties: Iterable[Mapping[str, Any]]) -> list[str]:
    return [spelt(text) for party in parties for text in (party["name"], party["email"]) if text]
