"""Finds sentences by their words, and who says a text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

import duckdb
import numpy as np
import pyarrow as pa

from workbench.corpus.filters_sql import Condition, within
from workbench.corpus.search import one_moment, rows_holding
from workbench.domain.words import phrase_of

MOST_WORDS = 12

_FROM = "FROM sentences s JOIN conversations c ON c.number = s.number"
_BY_WORDS = """
WITH hits AS MATERIALIZED (SELECT row, {holds} FROM holding GROUP BY row),
passing AS (SELECT count(*) AS n {origin} WHERE {where}),
found AS MATERIALIZED (SELECT s.id, s.text_key, length(s.text) AS size, h.* {origin} JOIN hits h ON h.row = s.row
    WHERE {where}),
weights AS (SELECT {weights} FROM found, passing GROUP BY n)
SELECT arg_min(id, row) FROM found, weights
GROUP BY text_key ORDER BY max({score}) DESC, min(size), min(row) LIMIT ?
"""


def by_words(db: duckdb.DuckDBPyConnection, words: Sequence[str], where: Condition, count: int) -> list[str]:
    """Return ids of at most ``count`` sentences with a word that begins like one of ``words``, folded.

    Rare words weigh more (Spärck Jones 1972), and of equally good sentences the shorter comes first. Of sentences with
    the same text only the first is returned. At most ``MOST_WORDS`` words are searched for.
    """
    wanted = list(dict.fromkeys(one for one in map(phrase_of, words) if one.forms))[:MOST_WORDS]
    if not wanted:
        return []
    places = range(len(wanted))
    sql = _BY_WORDS.format(
        holds=", ".join(f"bool_or(word = {at}) AS h{at}" for at in places),
        origin=_FROM,
        where=where.sql,
        weights=", ".join(f"ln((n + 1) / (count(*) FILTER (h{at}) + 0.5)) AS w{at}" for at in places),
        score=" + ".join(f"CASE WHEN h{at} THEN w{at} ELSE 0 END" for at in places),
    )
    with one_moment(db):
        rows = [rows_holding(db, [one], whole=False) for one in wanted]
        word = np.repeat(np.array(places, dtype=np.int8), [len(own) for own in rows])
        db.register("holding", pa.table({"row": np.concatenate(rows), "word": word}))
        found = db.execute(sql, [*where.values, *where.values, count]).fetchall()
    return [name for (name,) in found]


def said_in(
    db: duckdb.DuckDBPyConnection, where: Condition, numbers: range | None, since: datetime | None, batch: int
) -> Iterator[pa.RecordBatch]:
    """Yield the sentences that pass: id, number, text and the conversation's language, in row order."""
    part = within(where, numbers, since)
    sql = f"SELECT s.id, s.number, s.text, c.language {_FROM} WHERE {part.sql} ORDER BY s.row"
    yield from db.sql(sql, params=part.values).to_arrow_reader(batch)


def sizes_of(
    db: duckdb.DuckDBPyConnection, where: Condition, numbers: range | None, since: datetime | None
) -> pa.Table:
    """Return how much of each conversation passes: number, id, started, characters, and a digest."""
    part = within(where, numbers, since)
    sql = (
        "SELECT s.number, any_value(c.id) AS id, any_value(c.started) AS started, any_value(c.kind) AS kind, "
        "sum(length(s.text))::BIGINT AS characters, md5(string_agg(s.text_key::VARCHAR, ' ' ORDER BY s.row)) AS digest "
        f"{_FROM} WHERE {part.sql} GROUP BY s.number ORDER BY s.number"
    )
    return db.sql(sql, params=part.values).to_arrow_table()


def texts_of(db: duckdb.DuckDBPyConnection, where: Condition) -> pa.Table:
    """Return the distinct texts: text_key, id, times."""
    sql = (
        "SELECT s.text_key, arg_min(s.id, s.row) AS id, count(*) AS times "
        f"{_FROM} WHERE {where.sql} GROUP BY s.text_key ORDER BY min(s.row)"
    )
    return db.sql(sql, params=where.values).to_arrow_table()


def sides_of(db: duckdb.DuckDBPyConnection, keys: Sequence[int]) -> dict[int, set[str]]:
    """Return the sides that say each text."""
    sql = (
        "SELECT DISTINCT text_key, side FROM sentences "
        "WHERE side IS NOT NULL AND text_key IN (SELECT unnest(?::BIGINT[]))"
    )
    out: dict[int, set[str]] = {}
    for key, side in db.execute(sql, [list(keys)]).fetchall():
        out.setdefault(key, set()).add(side)
    return out
