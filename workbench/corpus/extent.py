"""Which conversations exist, in a form that can be stored and compared; and where single sentences are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """The conversations numbered below ``until``: how many there are, and a digest of their content.

    A corpus only grows at its end, so the digest stays the same while nothing below ``until`` is deleted or changed.
    """

    until: int
    conversations: int
    digest: str

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON types: the keyword arguments that recreate it."""
        return {"until": self.until, "conversations": self.conversations, "digest": self.digest}


def marks_of(db: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Return each conversation's number, with a hash of it and its content."""
    sql = "SELECT number, md5_number_lower(number || ':' || content_hash) AS mark FROM conversations"
    table: pd.DataFrame = db.sql(sql).to_arrow_table().to_pandas()
    return table


def extent_of(marks: pd.DataFrame, until: int | None = None) -> Extent:
    """Return the extent of conversations numbered below ``until``, or of all, from the result of :func:`marks_of`."""
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
