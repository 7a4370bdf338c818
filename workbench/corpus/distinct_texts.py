"""Every distinct text of a corpus once, and its key."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from workbench.corpus.manifest import ROW_GROUP, Span

_MOST_SPANS = 100  # of more, all conversations are read
MOST_KEYS = 50_000  # of more, the corpus is read stretch by stretch
STRETCH = 16 * ROW_GROUP  # rows that are read at once

Ask: TypeAlias = Callable[[], duckdb.DuckDBPyConnection]
"""Gives a cursor over the corpus as it is."""


def text_keys_of(db: duckdb.DuckDBPyConnection, spans: Sequence[Span] | None = None) -> NDArray[np.int64]:
    """Return the key of every distinct text of the conversations in these spans, or of all, in rising order."""
    found = db.sql(f"SELECT DISTINCT text_key FROM sentences WHERE {_in_spans(spans)}").to_arrow_table()
    keys: NDArray[np.int64] = np.sort(found["text_key"].to_numpy())
    return keys


def distinct_texts_of(
    ask: Ask, batch: int, keys: NDArray[np.int64] | None = None, spans: Sequence[Span] | None = None
) -> Iterator[pa.RecordBatch]:
    """Yield every distinct text once, as batches of text_key and text, in the order of first use.

    Only those with one of these ``keys``, and of conversations whose numbers lie in these ``spans``, if they are given.
    Of many keys the texts are read one stretch of rows after the other, each as it is by then, so that no more of them
    are in memory; all others are those of one moment.
    """
    if keys is not None and len(keys) > MOST_KEYS:
        yield from _by_stretches(ask, batch, _rising(keys), _in_spans(spans))
        return
    chosen = "true" if keys is None else "text_key IN (SELECT unnest(?::BIGINT[]))"
    sql = (
        f"SELECT text_key, first(text ORDER BY row) AS text FROM sentences WHERE {_in_spans(spans)} AND {chosen} "
        "GROUP BY text_key ORDER BY min(row)"
    )
    yield from ask().sql(sql, params=[] if keys is None else [keys.tolist()]).to_arrow_reader(batch)


def _by_stretches(ask: Ask, batch: int, keys: NDArray[np.int64], spans: str) -> Iterator[pa.RecordBatch]:
    """Yield the texts with these keys, which rise; ``spans`` is SQL."""
    sql = f"SELECT text_key, text FROM sentences WHERE row >= ? AND row < ? AND {spans} ORDER BY row"
    missing = np.ones(len(keys), dtype=bool)
    start, last = 0, -1
    while missing.any():
        if start > last:  # so that what moved behind meanwhile is read, too
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
    """Return the keys in rising order, each once; ``np.unique`` takes longer where they are in order already."""
    rising: NDArray[np.int64] = np.sort(keys, kind="stable")
    first: NDArray[np.bool_] = np.append([True], rising[1:] != rising[:-1])
    return rising[first]


def _in_spans(spans: Sequence[Span] | None) -> str:
    """Return SQL, of numbers alone, that lets conversations of these spans through."""
    if spans is None or len(spans) > _MOST_SPANS:
        return "true"
    return "(" + " OR ".join(f"number >= {first:d} AND number < {end:d}" for first, end in spans or [(0, 0)]) + ")"
