"""Who said how much in each conversation, and how much of it was found: the basis of every rate."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import pyarrow as pa

from workbench.corpus.filters_sql import Condition
from workbench.corpus.kept_names import TEAM
from workbench.domain.reach import Reach

_COUNTED = """
SELECT s.number, s.speaker, s.side, count(*) AS sentences, count(f.id) AS found
FROM sentences s JOIN conversations c ON c.number = s.number LEFT JOIN found f ON f.id = s.id
WHERE {where} GROUP BY s.number, s.speaker, s.side ORDER BY s.number, s.speaker, s.side
"""
_ABOUT = f"""
SELECT number, id AS conversation_id, kind, title, started, duration_s,
    {TEAM.format(table="conversations")} AS team, account,
    deal_id AS deal, deal_stage AS stage, deal_amount AS amount, deal_outcome AS outcome
FROM conversations ORDER BY number
"""
_TEAMS = "SELECT number, unnest(teams) AS team FROM conversations ORDER BY number, team"


def counted(
    db: duckdb.DuckDBPyConnection,
    conditions: Sequence[Condition],
    reach: Reach,
    found: pa.Array,
    numbers: Sequence[int] | None = None,
) -> pa.Table:
    """Count the sentences that pass all conditions within reach: number, speaker, side, sentences, found.

    One row for each speaker of each conversation, only for those with these ``numbers``, if given; ``found`` are ids of
    sentences, each once.
    """
    db.register("found", pa.table({"id": found}))
    narrow = [*conditions, read_within(reach), *(_not(read_within(other)) for other in reach.without)]
    parts = [f"({one.sql})" for one in narrow]
    values = [value for one in narrow for value in one.values]
    if numbers is not None:
        parts.append("s.number IN (SELECT unnest(?::BIGINT[]))")
        values.append(list(numbers))
    return db.sql(_COUNTED.format(where=" AND ".join(parts)), params=values).to_arrow_table()


def read_within(reach: Reach) -> Condition:
    """Return a condition: the conversation was read, for any version."""
    sql, values = "c.number >= ? AND c.number < ?", (reach.first, reach.last)
    more: tuple[object, ...] = ()
    if reach.since is not None:
        sql += " AND (c.number >= ? OR c.started IS NULL OR c.started >= ?)"
        more += (reach.upcoming, reach.since)
    if reach.unjudged:
        sql += " AND c.number NOT IN (SELECT unnest(?::BIGINT[]))"
        more += (sorted(reach.unjudged),)
    return Condition(sql, (*values, *more))


def _not(condition: Condition) -> Condition:
    return Condition(f"NOT ({condition.sql})", condition.values)


def how_many(db: duckdb.DuckDBPyConnection, reaches: Sequence[Reach], within: Reach, passing: Condition | None) -> int:
    """Count the conversations ``within`` that are in one of the ``reaches``, if given.

    Counts only those with a sentence that passes ``passing``.
    """
    whole, some = read_within(within), [read_within(one) for one in reaches]
    sql = f"SELECT count(*) FROM conversations c WHERE ({whole.sql})"
    values = [*whole.values, *(value for one in some for value in one.values)]
    sql += " AND (" + (" OR ".join(f"({one.sql})" for one in some) or "false") + ")"
    if passing is not None:
        sql += f" AND EXISTS (SELECT 1 FROM sentences s WHERE s.number = c.number AND {passing.sql})"
        values += passing.values
    ((found,),) = db.execute(sql, values).fetchall()
    return int(found)


def about_conversations(db: duckdb.DuckDBPyConnection) -> pa.Table:
    """Return the properties to group each conversation by, with its number."""
    return db.sql(_ABOUT).to_arrow_table()


def teams_of(db: duckdb.DuckDBPyConnection) -> pa.Table:
    """Return each team of each conversation: number, team."""
    return db.sql(_TEAMS).to_arrow_table()
