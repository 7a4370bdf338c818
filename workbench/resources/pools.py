"""From the lake and the vector store to the arrays that the engine works on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast

import numpy as np
import pyarrow as pa

from workbench.corpus.lake import Lake
from workbench.domain.arrays import Vectors
from workbench.domain.call_sample import CallSample
from workbench.domain.errors import CorpusNotEncoded
from workbench.domain.filters import Filters
from workbench.domain.plurals import plural
from workbench.domain.texts import normalise
from workbench.engine.pool import Pool
from workbench.engine.table_rows import TableRows
from workbench.engine.vectors import VectorTable
from workbench.engine.word_store import WordStore, words_of


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

    def apart(self) -> NamedPool:
        """Return the same over a table of its own vectors and words, which can travel without the corpus's."""
        return replace(self, pool=self.pool.compact())

    def places(self, sentence_ids: Sequence[str]) -> list[int]:
        """Return where each sentence stands in the pool, -1 if it is not (the filters changed, say)."""
        found = pa.compute.index_in(pa.array(sentence_ids, pa.string()), self.ids.combine_chunks())
        return [-1 if place is None else place for place in found.to_pylist()]


def build_pool(
    lake: Lake,
    vectors: VectorTable,
    filters: Filters,
    words: WordStore | None = None,
    numbers: range | None = None,
    since: datetime | None = None,
    sample: CallSample | None = None,
) -> NamedPool:
    """Return the sentences that match, with their vectors, and their words where a store of them is given.

    ``numbers``, ``since`` and ``sample`` narrow it as in :meth:`~workbench.corpus.lake.Lake.pool`. Of a sample's
    vectors and words nothing else is read, nor of the words of some ``numbers``, so that what these cost does not grow
    with the corpus.

    Raises:
        CorpusNotEncoded: some of them have none; says how many.
    """
    table = lake.pool(filters, numbers, since, sample)
    keys = table["text_key"].to_numpy()
    text = vectors.lookup(keys)
    before_keys = table["before_key"].fill_null(-1).to_numpy()
    before = vectors.lookup(before_keys)
    missing = int((text < 0).sum() + ((before < 0) & (before_keys >= 0)).sum())
    if missing:
        raise CorpusNotEncoded(
            f"{plural(missing, 'sentence has', 'sentences have')} no vector yet; run ws.encode() or `workbench encode`"
        )
    pool = Pool(vectors.vectors, text, before, table["number"].to_numpy().astype(np.int32))
    if words is not None:
        pool = _with_words(pool, keys, words, lake, whole=sample is None and numbers is None)
    if sample is not None:
        pool = _over_own_rows(pool)
    return NamedPool(pool, table["id"], table["row"].to_numpy())


def apart(
    rows: pa.Table,
    pairs: Sequence[tuple[str, str]],
    table: VectorTable,
    encode: Callable[[Sequence[str]], np.ndarray] | None,
    words: bool,
) -> Pool:
    """Give single sentences, whatever the filters, as a pool with a table of its own; they need not be in the corpus.

    Args:
        rows: as of :meth:`~workbench.corpus.lake.Lake.placed`; their keys and the numbers of their conversations count.
        pairs: what was said before each, and what it says.
        table: vectors by key; a text that it lacks is made with ``encode``, where that is given.
        encode: makes a vector of each text; None if nothing is encoded.
        words: whether their words are wanted, too.

    Raises:
        CorpusNotEncoded: some have no vector, and nothing makes them.
    """
    texts = [said for _, said in pairs]
    own = _vectors(rows["text_key"].to_numpy(), texts, table, encode)
    before_keys = rows["before_key"].fill_null(-1).to_numpy()
    answers = np.flatnonzero(before_keys >= 0)
    around = _vectors(before_keys[answers], [pairs[at][0] for at in answers.tolist()], table, encode)
    before = np.full(len(rows), -1, dtype=np.int32)
    before[answers] = len(rows) + np.arange(len(answers), dtype=np.int32)
    place = np.arange(len(rows), dtype=np.int32)
    call = rows["number"].to_numpy().astype(np.int32)
    made = words_of([normalise(text) for text in texts]) if words else None
    return Pool(np.concatenate([own, around]), place, before, call, made, place if words else None)


def _vectors(
    keys: np.ndarray, texts: Sequence[str], table: VectorTable, encode: Callable[[Sequence[str]], np.ndarray] | None
) -> np.ndarray:
    at = table.lookup(keys)
    missing = np.flatnonzero(at < 0)
    if len(missing) and encode is None:
        raise CorpusNotEncoded(f"{len(missing):,} answered sentences have no vector yet; run ws.encode()")
    out = np.zeros((len(keys), table.vectors.shape[1]), dtype=np.float32)
    out[at >= 0] = table.vectors[at[at >= 0]]
    if len(missing) and encode is not None:
        out[missing] = encode([texts[place] for place in missing.tolist()])
    return out


def _over_own_rows(pool: Pool) -> Pool:
    """Return the pool over those rows alone that it needs of its table, which stay where they lie."""
    around = pool.before >= 0
    rows, place = np.unique(np.concatenate([pool.text, pool.before[around]]), return_inverse=True)
    before = pool.before.copy()
    before[around] = place[len(pool) :]
    vectors = cast(Vectors, TableRows(pool.vectors, rows))
    return replace(pool, vectors=vectors, text=place[: len(pool)].astype(np.int32), before=before)


def _with_words(pool: Pool, keys: np.ndarray, words: WordStore, lake: Lake, whole: bool) -> Pool:
    """Return the pool with its words, or all words there are; those of new texts are found and kept first."""
    words.refresh()
    new = np.unique(keys[words.lookup(keys) < 0])
    if len(new):
        for batch in lake.distinct_texts(keys=new):
            words.append(batch["text_key"].to_numpy(), batch["text"].to_pylist())
    said = words.lookup(keys)
    if whole:
        return replace(pool, words=words.rows, said=said)
    rows, place = np.unique(said, return_inverse=True)
    return replace(pool, words=words.some(rows), said=place.astype(np.int32))
