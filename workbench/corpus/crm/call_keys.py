"""Keys to find conversations if a table does not have their ids: people, account, deal and start."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import duckdb

from workbench.corpus.crm.record_ids import forms_of
from workbench.domain.names import name_key

_KEYS = """
SELECT id, epoch_us(started), account, deal_id, [party.email FOR party IN parties IF party.email IS NOT NULL]
FROM conversations ORDER BY number
"""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class CallKeys:
    """The keys to find a conversation.

    Attributes:
        id: the conversation's id.
        started: in UTC; None if unknown.
        account: folded for comparison; empty without one.
        deals: the forms of its deal's id; empty without one.
        addresses: of the participants, folded for comparison.
    """

    id: str
    started: datetime | None
    account: str
    deals: tuple[str, ...]
    addresses: frozenset[str]


def call_keys(db: duckdb.DuckDBPyConnection) -> list[CallKeys]:
    """Return the keys of each conversation of the corpus, in order."""
    return [
        CallKeys(
            id_,
            None if started is None else _EPOCH + timedelta(microseconds=started),
            name_key(account) if account else "",
            forms_of(deal) if deal else (),
            frozenset(map(name_key, addresses or ())),
        )
        for id_, started, account, deal, addresses in db.execute(_KEYS).fetchall()
    ]
