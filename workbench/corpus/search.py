"""Finds sentences by words, the newest conversations first, and returns what is known about them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

import duckdb
import numpy as np
import pyarrow as pa

from workbench.corpus.filters_sql import Condition
from workbench.corpus.kept_names import TEAM
from workbench.corpus.word_places import WordPlaces, common, places_of, rows_of
from workbench.domain.errors import WorkspaceDamaged
from workbench.domain.words import Phrase, folded

_FROM = "FROM sentences s JOIN conversations c ON c.number = s.number"
_FOUND = "s.id IN (SELECT id FROM found)"
_HOLDING = "s.row IN (SELECT row FROM holding)"
_KNOWN = f"""
SELECT s.row, s.id AS sentence_id, s.text, s.speaker, s.side, s.start_s, c.id AS conversation_id, c.kind, c.title,
    c.started, {TEAM.format(table="c")} AS team, c.account, c.deal_id AS deal, c.deal_stage AS stage
{_FROM} WHERE s.row IN (SELECT unnest(?::BIGINT[]))
"""


def matching(
    db: duckdb.DuckDBPyConnection, phrases: Sequence[Phrase], where: Condition, among: pa.Array | None
) -> pa.Table:
    """Return the sentences that hold all ``phrases``: row, text_key, number, the newest conversation first, as said.

    ``among`` restricts the search to sentences with these ids. With phrases the tables of words must exist.
    """
    parts, values = [where.sql], where.values
    if among is not None:
        db.register("found", pa.table({"id": among}))
        parts.append(_FOUND)
    signed = [phrase for phrase in phrases if phrase.signs]
    columns = f"s.row, s.text_key, s.number{', s.text' if signed else ''}"
    order = "epoch_us(c.started) DESC NULLS LAST, s.number DESC, s.row"
    with one_moment(db):
        if phrases:
            db.register("holding", pa.table({"row": rows_holding(db, phrases)}))
            parts.append(_HOLDING)
        condition = " AND ".join(f"({part})" for part in parts)
        sql = f"SELECT {columns} {_FROM} WHERE {condition} ORDER BY {order}"
        table = db.sql(sql, params=list(values)).to_arrow_table()
    if not signed:
        return table
    said = map(folded, table["text"].to_pylist())
    return table.filter(pa.array([all(one.is_in(text) for one in signed) for text in said], pa.bool_())).drop("text")


@contextmanager
def one_moment(db: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Run all queries in the block on one state of the corpus."""
    db.execute("BEGIN TRANSACTION")
    try:
        yield
    except BaseException:
        with suppress(duckdb.Error, WorkspaceDamaged):
            db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")


def rows_holding(db: duckdb.DuckDBPyConnection, phrases: Sequence[Phrase], whole: bool = True) -> WordPlaces:
    """Return the rows of sentences with all ``phrases``; if punctuation matters, the result is too large.

    Large parts are searched by the index of words; for others the words are scanned. The last word of a phrase need not
    be ``whole``.
    """
    tests = [test for phrase in phrases for test in conditions_of(phrase, whole)]
    scanned = _rows(db, "scanned_words", tests)
    indexed = [rows_of(places_of(db, phrase.forms, whole)) for phrase in phrases]
    signed = [_rows(db, "words", [test]) for phrase in phrases for test in _conditions_of_signs(phrase)]
    return np.concatenate([scanned, common([*indexed, *map(np.sort, signed)])])


def _rows(db: duckdb.DuckDBPyConnection, table: str, tests: Sequence[tuple[str, str]]) -> WordPlaces:
    sql = f"SELECT w.row FROM {table} w WHERE {' AND '.join(sql for sql, _ in tests)}"
    rows: WordPlaces = db.sql(sql, params=[value for _, value in tests]).to_arrow_table()["row"].to_numpy()
    return rows


def known_of(db: duckdb.DuckDBPyConnection, rows: Sequence[int]) -> pa.Table:
    """Return the sentences of these rows, in any order, with what is known about each and its conversation."""
    return db.sql(_KNOWN, params=[list(rows)]).to_arrow_table()


def among(db: duckdb.DuckDBPyConnection, ids: pa.Array, numbers: Sequence[int]) -> pa.Table:
    """Return the sentences with these ids in these conversations: row, id, number, in the corpus's order."""
    db.register("found", pa.table({"id": ids}))
    sql = f"SELECT s.row, s.id, s.number FROM sentences s WHERE s.number IN (SELECT unnest(?::BIGINT[])) AND {_FOUND}"
    return db.sql(f"{sql} ORDER BY s.row", params=[list(numbers)]).to_arrow_table()


def conditions_of(phrase: Phrase, whole: bool = True) -> Iterator[tuple[str, str]]:
    """Yield conditions on a row ``w`` of words, each with its value; if punctuation matters, too much passes.

    The last word need not be ``whole``.
    """
    yield "contains(w.plain, ?)", f" {' '.join(phrase.forms)}{' ' if whole else ''}"
    yield from _conditions_of_signs(phrase)


def _conditions_of_signs(phrase: Phrase) -> Iterator[tuple[str, str]]:
    for form, (before, after, between) in zip(phrase.forms, phrase.signs, strict=False):
        if before:
            yield "contains(w.signed, ?)", f"{before}{form}"
        if after or between:
            yield "contains(w.signed, ?)", f"{form}{after or between}"
