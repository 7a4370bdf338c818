"""Titles, people, accounts, stages and teams folded for filters, as the database folds differently."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import pyarrow as pa

from workbench.domain.names import name_key
from workbench.domain.texts import normalise
from workbench.domain.words import fold

COLUMNS = "number, title, parties, account, deal_stage, teams"  # conversations, in the form for `spelling_rows`
_TABLE = pa.schema(
    [
        ("number", pa.int64()),
        ("title", pa.string()),
        ("people", pa.string()),
        ("account", pa.string()),
        ("stage", pa.string()),
        ("teams", pa.list_(pa.string())),
    ]
)
Spelled = tuple[
    int, str | None, Iterable[Mapping[str, Any]] | None, str | None, str | None, Iterable[str | None] | None
]


def spelt(text: str) -> str:
    """Return a title, a name, an address, or a query for one, folded for comparison."""
    return normalise(fold(text))


def spelling_rows(conversations: Iterable[Spelled]) -> pa.Table:
    """Make the table ``spelling`` from the ``COLUMNS`` of conversations.

    Columns: the title; names and addresses, one per line; account, stage and teams.
    """
    key, plain = cache(name_key), cache(spelt)  # most names and addresses recur
    rows = [
        {
            "number": number,
            "title": spelt(title or ""),
            "people": "\n".join(plain(text) for text in _written(parties or ())),
            "account": account and key(account),
            "stage": stage and key(stage),
            "teams": [key(team) for team in teams or () if team],
        }
        for number, title, parties, account, stage, teams in conversations
    ]
    return pa.Table.from_pylist(rows, _TABLE)


def _written(parties: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return their names and addresses."""
    return [text for party in parties for text in (party["name"], party["email"]) if text]
