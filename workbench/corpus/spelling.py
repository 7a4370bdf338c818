"""Titles, people, accounts, stages and teams folded for filters, as the database folds differently."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import pyarrow as pa

from workbench.domain.names import name_key
from workbench.domain.texts import normalise
from workbench.domain.words import fold

# Of conversations, as `spelling_rows` takes them: of the parties names and addresses alone, in one list.
COLUMNS = """number, title, flatten(list_transform(parties, lambda one: [one.name, one.email])), account, deal_stage,
    teams"""
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
Texts = Iterable[str | None] | None
Spelled = tuple[int, str | None, Texts, str | None, str | None, Texts]


def spelt(text: str) -> str:
    """Return a title, a name, an address, or a query for one, folded for comparison."""
    return normalise(fold(text))


def spelling_rows(conversations: Iterable[Spelled]) -> pa.Table:
    """Make the table ``spelling`` from the ``COLUMNS`` of conversations.

    Columns: the title; names and addresses, one per line; account, stage and teams.
    """
    key, plain = cache(name_key), cache(spelt)  # most names and addresses recur
    rows = [
        (
            number,
            spelt(title or ""),
            "\n".join([plain(text) for text in people or () if text]),
            account and key(account),
            stage and key(stage),
            [key(team) for team in teams or () if team],
        )
        for number, title, people, account, stage, teams in conversations
    ]
    columns = zip(*rows, strict=True) if rows else [()] * len(_TABLE)
    arrays = [pa.array(one, field.type) for one, field in zip(columns, _TABLE, strict=True)]
    return pa.Table.from_arrays(arrays, schema=_TABLE)
