"""Sentences that hold words, the newest conversations first, and what is known of them."""

from __future__ import annotations

import re
from collections.abc import Sequence

import duckdb
import pyarrow as pa

from workbench.corpus.filters_sql import Condition
from workbench.corpus.kept_names import TEAM

_FROM = "FROM sentences s JOIN conversations c ON c.number = s.number"
# The first test is cheap and spares most sentences the second, which wants whole words.
_HOLDS = "contains(lower(s.text), ?) AND regexp_matches(lower(s.text), ?)"
_FOUND = "s.id IN (SELECT id FROM found)"
_KNOWN = f"""
SELECT s.row, s.id AS sentence_id, s.text, s.speaker, s.side, s.start_s, c.id AS conversation_id, c.kind, c.title,
    c.started, {TEAM.format(table="c")} AS team, c.account, c.deal_id AS deal, c.deal_stage AS stage
{_FROM} WHERE s.row IN (SELECT unnest(?::BIGINT[]))
"""
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_EDGE = r"[^\pL\pM\pN]"


def matching(
    db: duckdb.DuckDBPyConnection, phrases: Sequence[Sequence[str]], where: Condition, among: pa.Array | None
) -> pa.Table:
    """The sentences that hold all ``phrases``: row, text_key, newest conversation first, then as they were said.

    A phrase is one word or several that follow each other, whatever their case and what stands between them.
    ``among`` are ids of sentences, where only those are wanted.
    """
    parts = [_HOLDS] * len(phrases) + [where.sql]
    values = [value for phrase in phrases for value in (max(phrase, key=len).lower(), _pattern(phrase))]
    if among is not None:
        db.register("found", pa.table({"id": among}))
        parts.append(_FOUND)
    condition = " AND ".join(f"({part})" for part in parts)
    order = "epoch_us(c.started) DESC NULLS LAST, s.number DESC, s.row"
    sql = f"SELECT s.row, s.text_key {_FROM} WHERE {condition} ORDER BY {order}"
    return db.sql(sql, params=[*values, *where.values]).to_arrow_table()


def known_of(db: duckdb.DuckDBPyConnection, rows: Sequence[int]) -> pa.Table:
    """The sentences of these rows, in any order, with what is known of each and of its conversation."""
    return db.sql(_KNOWN, params=[list(rows)]).to_arrow_table()


def among(db: duckdb.DuckDBPyConnection, ids: pa.Array, numbers: Sequence[int]) -> pa.Table:
    """Of the sentences with these ids those in these conversations: row, id, number, in the corpus's order."""
    db.register("found", pa.table({"id": ids}))
    sql = f"SELECT s.row, s.id, s.number FROM sentences s WHERE s.number IN (SELECT unnest(?::BIGINT[])) AND {_FOUND}"
    return db.sql(f"{sql} ORDER BY s.row", params=[list(numbers)]).to_arrow_table()


def _pattern(phrase: Sequence[str]) -> str:
    """RE2: the words whole, whatever signs stand between; in scripts without spaces a part of the text will do."""
    inner = f"{_EDGE}+".join(_letters(word.lower()) for word in phrase)
    before = "" if _UNSPACED.match(phrase[0][0]) else f"(^|{_EDGE})"
    after = "" if _UNSPACED.match(phrase[-1][-1]) else f"({_EDGE}|$)"
    return before + inner + after


def _letters(word: str) -> str:
    return "".join(sign if sign.isalnum() else f"\\x{{{ord(sign):x}}}" for sign in word)
