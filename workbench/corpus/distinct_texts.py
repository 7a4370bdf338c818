"""The distinct texts of a corpus, with their keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from workbench.corpus.manifest import ROW_GROUP, Span

_MOST_SPANS = 100  # for more, all conversations are read
MOST_KEYS = 50_000  # for more, the corpus is read range by range
STRETCH = 16 * ROW_GROUP  # rows read at a time

Ask: TypeAlias = Callable[[], duckdb.DuckDBPyConnection]
"""Returns a cursor over the current corpus."""


def text_keys_of(db: duckdb.DuckDBPyConnection, spans: Sequence[Span] | None = None) -> NDArray[np.int64]:
    """Return the key of every distinct text in the conversations in these spans, or in all, in ascending order."""
    found = db.sql(f"SELECT DISTINCT text_key FROM sentences WHERE {_in_spans(spans)}").to_arrow_table()
    keys: NDArray[np.int64] = np.sort(found["text_key"].to_numpy())
    return keys


def distinct_texts_of(
    ask: Ask, batch: int, keys: NDArray[np.int64] | None = None, spans: Sequence[Span] | None = None
) -> Iterator[pa.RecordBatch]:
    """Yield every distinct text once, as batches of text_key and text, in the order of first use.

    Only those with one of these ``keys``, and of conversations whose numbers lie in these ``spans``, if they are given.
    Many texts are read one stretch of rows after the other, each as it is by then, so that no more of them are in
    memory; few are those of one moment.
    """
    many = _many_keys(ask, keys, spans)
    if many is not None:
        yield from _by_stretches(ask, batch, many, _in_spans(spans))
        return
    chosen = "true" if keys is None else "text_key IN (SELECT unnest(?::BIGINT[]))"
    sql = (
        f"SELECT text_key, first(text ORDER BY row) AS text FROM sentences WHERE {_in_spans(spans)} AND {chosen} "
        "GROUP BY text_key ORDER BY min(row)"
    )
    yield from ask().sql(sql, params=[] if keys is None else [keys.tolist()]).to_arrow_reader(batch)


def _many_keys(ask: Ask, keys: NDArray[np.int64] | None, spans: Sequence[Span] | None) -> NDArray[np.int64] | None:
    """Return the keys wanted, in rising order, if they are too many for their texts to be in memory; else None."""
    if keys is not None:
        return _rising(keys) if len(keys) > MOST_KEYS else None
    (rows,) = ask().execute(f"SELECT count(*) FROM sentences WHERE {_in_spans(spans)}").fetchone() or (0,)
    if rows <= MOST_KEYS:  # counted without looking at the keys
        return None
    found = text_keys_of(ask(), spans)
    return found if len(found) > MOST_KEYS else None


def _by_stretches(ask: Ask, batch: int, keys: NDArray[np.int64], spans: str) -> Iterator[pa.RecordBatch]:
    """Yield the texts with these keys, in ascending order; ``spans`` is SQL."""
    sql = f"SELECT text_key, text FROM sentences WHERE row >= ? AND row < ? AND {spans} ORDER BY row"
    missing = np.ones(len(keys), dtype=bool)
    start, last = 0, -1
    while missing.any():
        if start > last:  # so that rows that moved to the end meanwhile are read, too
            (last,) = ask().execute("SELECT coalesce(max(row), -1) FROM sentences").fetchone() or (-1,)
            if start > last:
                return
        found = ask().sql(sql, params=[start, start + STRETCH]).to_arrow_table()
        own = found["text_key"].to_numpy()
        at = np.minimum(np.searchsorted(keys, own), len(keys) - 1)
        places = np.flatnonzero((keys[at] == own) & missing[at])
        first = np.sort(places[np.unique(at[places], return_index=True)[1]])
        missing[at[first]] = False
        yield from found.take(first).to_batches(batch)
        start += STRETCH


def _rising(keys: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the distinct keys in ascending order; ``np.unique`` takes longer if they are already sorted."""
    rising: NDArray[np.int64] = np.sort(keys, kind="stable")
    first: NDArray[np.bool_] = np.append([True], rising[1:] != rising[:-1])
    return rising[first]


def _in_spans(spans: Sequence[Span] | None) -> str:
    """Return SQL, made of numbers only, that selects conversations in these spans."""
    if spans is None or len(spans) > _MOST_SPANS:
        return "true"
    return "(" + " OR ".join(f"number >= {first:d} AND number < {end:d}" for first, end in spans or [(0, 0)]) + ")"
