"""Conversations page by page, in the order of import: what arrives meanwhile comes after what was seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

import duckdb

from workbench.corpus.context import moment
from workbench.corpus.fields import fields_of
from workbench.corpus.filters_sql import Condition
from workbench.corpus.views import Card
from workbench.domain.conversations import Party
from workbench.domain.time_zones import UTC_ZONE

_COLUMNS = """
c.number, c.id, c.kind, c.title, epoch_us(c.started) AS started, c.duration_s, c.direction, c.channel, c.scope,
c.language, c.account, c.deal_id, c.deal_stage, c.deal_amount, c.deal_outcome, c.team, c.teams, c.thread,
c.media IS NOT NULL AS has_recording, c.fields, c.parties, c.turns, c.sentences
"""
_PASSES = "c.number IN (SELECT s.number FROM sentences s JOIN conversations c ON c.number = s.number WHERE {where})"


def cards_of(
    db: duckdb.DuckDBPyConnection,
    where: Condition,
    limit: int,
    after: int | None = None,
    newest: bool = False,
    among: Sequence[int] | None = None,
    zone: ZoneInfo = UTC_ZONE,
) -> list[Card]:
    """Return up to ``limit`` conversations with a sentence that passes, beyond the one numbered ``after``.

    They are in ascending order of number, or descending with ``newest``; with ``among`` only those with these numbers.
    """
    parts, values = [_PASSES.format(where=where.sql)], list(where.values)
    if after is not None:
        parts.append("c.number < ?" if newest else "c.number > ?")
        values.append(after)
    if among is not None:
        parts.append("c.number IN (SELECT unnest(?::BIGINT[]))")
        values.append(list(among))
    order = "DESC" if newest else "ASC"
    sql = f"SELECT {_COLUMNS} FROM conversations c WHERE {' AND '.join(parts)} ORDER BY c.number {order} LIMIT ?"
    return _cards(db.execute(sql, [*values, limit]), zone)


def card_of(db: duckdb.DuckDBPyConnection, conversation_id: str, zone: ZoneInfo = UTC_ZONE) -> Card | None:
    """Return the conversation with this id; None if there is none."""
    found = _cards(db.execute(f"SELECT {_COLUMNS} FROM conversations c WHERE c.id = ?", [conversation_id]), zone)
    return found[0] if found else None


def _cards(done: duckdb.DuckDBPyConnection, zone: ZoneInfo) -> list[Card]:
    names = [column[0] for column in done.description or ()]
    return [_card(dict(zip(names, row, strict=True)), zone) for row in done.fetchall()]


def _card(row: dict[str, Any], zone: ZoneInfo) -> Card:
    row["started"] = moment(row["started"], zone)
    row["fields"] = fields_of(row["fields"])
    row["teams"] = tuple(row["teams"])
    row["parties"] = tuple(Party(**party) for party in row["parties"] or ())
    return Card(**row)
