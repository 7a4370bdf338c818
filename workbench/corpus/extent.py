"""Which conversations there are, told so that it can be noted and compared; and where single sentences lie."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from workbench.corpus.manifest import Span

_MOST_SPANS = 100  # of more, all conversations are read
MOST_KEYS = 50_000  # of more, all texts are read


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """The conversations numbered below ``until``: how many there are, and a digest of what they say.

    A corpus only grows at its end, so as long as nothing below ``until`` is deleted or changed the digest stays.
    """

    until: int
    conversations: int
    digest: str

    def to_dict(self) -> dict[str, Any]:
        """Give plain JSON types, the keyword arguments that make it again."""
        return {"until": self.until, "conversations": self.conversations, "digest": self.digest}


def marks_of(db: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Give each conversation's number, with a hash of it and of what it says."""
    sql = "SELECT number, md5_number_lower(number || ':' || content_hash) AS mark FROM conversations"
    table: pd.DataFrame = db.sql(sql).to_arrow_table().to_pandas()
    return table


def extent_of(marks: pd.DataFrame, until: int | None = None) -> Extent:
    """Tell of the conversations numbered below ``until``, or of all, by what :func:`marks_of` gave."""
    numbers, mark = marks["number"].to_numpy(), marks["mark"].to_numpy(dtype=np.uint64)
    if until is None:
        until = int(numbers.max(initial=-1)) + 1
    inside = numbers < until
    digest = int(np.bitwise_xor.reduce(mark[inside]))
    return Extent(until=until, conversations=int(inside.sum()), digest=f"{digest:016x}")


def placed_in(db: duckdb.DuckDBPyConnection, ids: Sequence[str]) -> pa.Table:
    """Find sentences by id: row, id, text_key, before_key, number, in row order; unknown ids are left out."""
    sql = """
        SELECT row, id, text_key, before_key, number FROM sentences
        WHERE id IN (SELECT unnest(?::VARCHAR[])) ORDER BY row
    """
    return db.sql(sql, params=[list(ids)]).to_arrow_table()


def text_keys_of(db: duckdb.DuckDBPyConnection, spans: Sequence[Span] | None = None) -> NDArray[np.int64]:
    """Return the key of every distinct text of the conversations in these spans, or of all, in rising order."""
    found = db.sql(f"SELECT DISTINCT text_key FROM sentences WHERE {_in_spans(spans)}").to_arrow_table()
    keys: NDArray[np.int64] = np.sort(found["text_key"].to_numpy())
    return keys


def distinct_texts_of(
    db: duckdb.DuckDBPyConnection, keys: NDArray[np.int64] | None = None, spans: Sequence[Span] | None = None
) -> duckdb.DuckDBPyRelation:
    """Return every distinct text once, in the order of first use.

    Only those with one of these ``keys``, and of conversations whose numbers lie in these ``spans``, if they are given.
    Where there are so many of them that to read everything is quicker, it gives others, too.
    """
    sql = """
        SELECT text_key, first(text ORDER BY row) AS text FROM sentences WHERE {} AND {}
        GROUP BY text_key ORDER BY min(row)
    """
    if keys is None or len(keys) > MOST_KEYS:
        return db.sql(sql.format(_in_spans(spans), "true"))
    chosen = "text_key IN (SELECT unnest(?::BIGINT[]))"
    return db.sql(sql.format(_in_spans(spans), chosen), params=[keys.tolist()])


def _in_spans(spans: Sequence[Span] | None) -> str:
    """Return SQL, of numbers alone, that lets conversations of these spans through."""
    if spans is None or len(spans) > _MOST_SPANS:
        return "true"
    return "(" + " OR ".join(f"number >= {first:d} AND number < {end:d}" for first, end in spans or [(0, 0)]) + ")"
