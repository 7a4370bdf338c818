"""From the lake and the vector store to the arrays that the engine works on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

import numpy as np
import pyarrow as pa

from workbench.corpus.lake import Lake
from workbench.domain.errors import CorpusNotEncoded
from workbench.domain.filters import Filters
from workbench.engine.pool import Pool
from workbench.engine.word_store import WordStore


class VectorTable(Protocol):
    """Vectors ``[n, dimension]`` of texts, and the row of each text's key (-1 where there is none)."""

    @property
    def vectors(self) -> Any: ...

    def lookup(self, keys: np.ndarray) -> np.ndarray: ...


@dataclass(frozen=True, slots=True, eq=False)
class NamedPool:
    """A pool with the id of each of its sentences; ``rows`` are the lake's, rising."""

    pool: Pool
    ids: pa.ChunkedArray
    rows: np.ndarray

    def __len__(self) -> int:
        return len(self.pool)

    def id_at(self, at: int) -> str:
        return str(self.ids[at].as_py())

    def places(self, sentence_ids: Sequence[str]) -> list[int]:
        """Where each sentence stands in the pool, -1 where it is not (the filters changed, say)."""
        found = pa.compute.index_in(pa.array(sentence_ids, pa.string()), self.ids.combine_chunks())
        return [-1 if place is None else place for place in found.to_pylist()]


def build_pool(
    lake: Lake,
    vectors: VectorTable,
    filters: Filters,
    words: WordStore | None = None,
    numbers: range | None = None,
    since: datetime | None = None,
) -> NamedPool:
    """The sentences that match, with their vectors, and their words where a store of them is given.

    ``numbers`` and ``since`` narrow it as in :meth:`~workbench.corpus.lake.Lake.pool`.

    Raises:
        CorpusNotEncoded: some of them have none; says how many.
    """
    table = lake.pool(filters, numbers, since)
    keys = table["text_key"].to_numpy()
    text = vectors.lookup(keys)
    before_keys = table["before_key"].fill_null(-1).to_numpy()
    before = vectors.lookup(before_keys)
    missing = int((text < 0).sum() + ((before < 0) & (before_keys >= 0)).sum())
    if missing:
        raise CorpusNotEncoded(f"{missing:,} sentences have no vector yet; run ws.encode() or `workbench encode`")
    pool = Pool(vectors.vectors, text, before, table["number"].to_numpy().astype(np.int32))
    if words is not None:
        pool = _with_words(pool, keys, words, lake)
    return NamedPool(pool, table["id"], table["row"].to_numpy())


def _with_words(pool: Pool, keys: np.ndarray, words: WordStore, lake: Lake) -> Pool:
    """The pool with its words; those of new texts are found and kept first."""
    words.refresh()
    if (words.lookup(keys) < 0).any():
        for batch in lake.distinct_texts():
            words.append(batch["text_key"].to_numpy(), batch["text"].to_pylist())
    return replace(pool, words=words.rows, said=words.lookup(keys))
