"""Who said how much in each conversation, and how much of it was found: what every rate is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import duckdb
import pyarrow as pa

from workbench.corpus.filters_sql import Condition

_COUNTED = """
SELECT s.number, s.speaker, s.side, count(*) AS sentences, count(f.id) AS found
FROM sentences s JOIN conversations c ON c.number = s.number LEFT JOIN found f ON f.id = s.id
WHERE {where} GROUP BY s.number, s.speaker, s.side ORDER BY s.number, s.speaker, s.side
"""
_ABOUT = """
SELECT number, id AS conversation_id, kind, title, started, duration_s, team, account,
    deal_id AS deal, deal_stage AS stage, deal_amount AS amount, deal_outcome AS outcome
FROM conversations ORDER BY number
"""
_PEOPLE = """
SELECT DISTINCT number, coalesce(lower(party.email), party.name, party.id) AS person,
    coalesce(party.name, party.id) AS name
FROM (SELECT number, unnest(parties) AS party FROM conversations)
WHERE party.side = 'company' ORDER BY number, person
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """The conversations that were read: numbers from ``first`` up to ``last``.

    Below ``upcoming`` only those begun ``since`` then, or no one knows when.
    """

    first: int
    last: int
    upcoming: int = 0
    since: datetime | None = None


def counted(
    db: duckdb.DuckDBPyConnection,
    conditions: Sequence[Condition],
    reach: Reach,
    found: pa.Array,
    numbers: Sequence[int] | None = None,
) -> pa.Table:
    """Of the sentences that pass all conditions within reach: number, speaker, side, sentences, found.

    One row for each speaker of each conversation, of those with these ``numbers`` where they are given; ``found`` are
    ids of sentences, each once.
    """
    db.register("found", pa.table({"id": found}))
    parts = [f"({one.sql})" for one in conditions] + ["s.number >= ?", "s.number < ?"]
    values = [value for one in conditions for value in one.values] + [reach.first, reach.last]
    if reach.since is not None:
        parts.append("(s.number >= ? OR c.started IS NULL OR c.started >= ?)")
        values += [reach.upcoming, reach.since]
    if numbers is not None:
        parts.append("s.number IN (SELECT unnest(?::BIGINT[]))")
        values.append(list(numbers))
    return db.sql(_COUNTED.format(where=" AND ".join(parts)), params=values).to_arrow_table()


def about_conversations(db: duckdb.DuckDBPyConnection) -> pa.Table:
    """What each conversation can be grouped by, with its number."""
    return db.sql(_ABOUT).to_arrow_table()


def people_of(db: duckdb.DuckDBPyConnection) -> pa.Table:
    """Who took part for the company: number, person (e-mail, else name, else id) and name."""
    return db.sql(_PEOPLE).to_arrow_table()
