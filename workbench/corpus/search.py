"""Sentences that hold words, the newest conversations first, and what is known of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import duckdb
import pyarrow as pa

from workbench.corpus.filters_sql import Condition
from workbench.corpus.kept_names import TEAM
from workbench.domain.words import Phrase, folded

_FROM = "FROM sentences s JOIN conversations c ON c.number = s.number"
_WORDS = "JOIN words w ON w.row = s.row"
_FOUND = "s.id IN (SELECT id FROM found)"
_KNOWN = f"""
SELECT s.row, s.id AS sentence_id, s.text, s.speaker, s.side, s.start_s, c.id AS conversation_id, c.kind, c.title,
    c.started, {TEAM.format(table="c")} AS team, c.account, c.deal_id AS deal, c.deal_stage AS stage
{_FROM} WHERE s.row IN (SELECT unnest(?::BIGINT[]))
"""


def matching(
    db: duckdb.DuckDBPyConnection, phrases: Sequence[Phrase], where: Condition, among: pa.Array | None
) -> pa.Table:
    """Return the sentences that hold all ``phrases``: row, text_key, newest conversation first, then as they were said.

    ``among`` are ids of sentences, where only those are wanted. With phrases the table ``words`` has to be there.
    """
    tests = [test for phrase in phrases for test in conditions_of(phrase)]
    parts, values = [where.sql, *(sql for sql, _ in tests)], (*where.values, *(value for _, value in tests))
    if among is not None:
        db.register("found", pa.table({"id": among}))
        parts.append(_FOUND)
    condition = " AND ".join(f"({part})" for part in parts)
    signed = [phrase for phrase in phrases if phrase.signs]
    columns = f"s.row, s.text_key{', s.text' if signed else ''}"
    order = "epoch_us(c.started) DESC NULLS LAST, s.number DESC, s.row"
    sql = f"SELECT {columns} {_FROM} {_WORDS if phrases else ''} WHERE {condition} ORDER BY {order}"
    table = db.sql(sql, params=list(values)).to_arrow_table()
    if not signed:
        return table
    said = map(folded, table["text"].to_pylist())
    return table.filter(pa.array([all(one.is_in(text) for one in signed) for text in said], pa.bool_())).drop("text")


def known_of(db: duckdb.DuckDBPyConnection, rows: Sequence[int]) -> pa.Table:
    """Return the sentences of these rows, in any order, with what is known of each and of its conversation."""
    return db.sql(_KNOWN, params=[list(rows)]).to_arrow_table()


def among(db: duckdb.DuckDBPyConnection, ids: pa.Array, numbers: Sequence[int]) -> pa.Table:
    """Of the sentences with these ids those in these conversations: row, id, number, in the corpus's order."""
    db.register("found", pa.table({"id": ids}))
    sql = f"SELECT s.row, s.id, s.number FROM sentences s WHERE s.number IN (SELECT unnest(?::BIGINT[])) AND {_FOUND}"
    return db.sql(f"{sql} ORDER BY s.row", params=[list(numbers)]).to_arrow_table()


def conditions_of(phrase: Phrase, whole: bool = True) -> Iterator[tuple[str, str]]:
    """Yield conditions on a row ``w`` of words, each with its value; where signs have to be there, too much passes.

    The last word need not be ``whole``.
    """
    yield "contains(w.plain, ?)", f" {' '.join(phrase.forms)}{' ' if whole else ''}"
    for form, (before, after, between) in zip(phrase.forms, phrase.signs, strict=False):
        if before:
            yield "contains(w.signed, ?)", f"{before}{form}"
        if after or between:
            yield "contains(w.signed, ?)", f"{form}{after or between}"
