"""The linear reading of a pool: the same values whether all of the table is read or the pool's own rows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from workbench.engine.pool import Pool
from workbench.engine.word_store import words_of

DIMENSION, ROWS, SENTENCES = 32, 200_003, 40_000


class CountingTable:
    """A table that counts the rows that are read."""

    def __init__(self, table: np.ndarray):
        self.table, self.read, self.shape = table, 0, table.shape

    def __len__(self) -> int:
        return len(self.table)

    def __getitem__(self, at):
        found = self.table[at]
        self.read += len(found)
        return found


@pytest.fixture(name="table", scope="module")
def _table() -> np.ndarray:
    return np.random.default_rng(0).standard_normal((ROWS, DIMENSION)).astype(np.float32)


@pytest.fixture(name="pool", scope="module")
def _pool(table) -> Pool:
    """Give a pool of a fifth of the table, with repeated texts, missing turns before, and rows of the last step."""
    rng = np.random.default_rng(1)
    text = rng.integers(0, ROWS, SENTENCES).astype(np.int32)
    text[-1] = ROWS - 1
    before = np.where(rng.random(SENTENCES) < 0.3, -1, rng.integers(0, ROWS, SENTENCES)).astype(np.int32)
    words = words_of([f"a{at % 7} b{at % 11} c{at % 13}" for at in range(1_000)])
    said = rng.integers(0, 1_000, SENTENCES).astype(np.int32)
    return Pool(table, text, before, text, words, said)


@pytest.mark.parametrize("with_words", [True, False])
def test_a_part_of_a_large_table_is_read_to_the_bit_as_the_whole_table_is(pool, table, with_words):
    weights = np.random.default_rng(2).standard_normal((2, DIMENSION)).astype(np.float32)
    words = np.random.default_rng(3).standard_normal(pool.words.shape[1]).astype(np.float32) if with_words else None
    found = pool.linear(*weights, words)
    whole = _over_all(pool, table)
    assert np.array_equal(found, whole.linear(*weights, words)[: len(pool)])
    expected = pool.sentence_vectors(np.arange(9)) @ weights[0] + pool.before_vectors(np.arange(9)) @ weights[1]
    if words is not None:
        expected += pool.words_at(np.arange(9)) @ words
    assert np.allclose(found[:9], expected, atol=1e-4)


@pytest.mark.parametrize("size", [300, SENTENCES])
def test_what_is_read_does_not_grow_with_the_table(pool, table, size):
    weights = np.zeros((2, DIMENSION), dtype=np.float32)
    read = []
    for times in (1, 3):
        counted = CountingTable(np.broadcast_to(table[:1], (times * ROWS, DIMENSION)))
        replace(pool.part(np.arange(len(pool)) < size), vectors=counted).linear(*weights)
        read.append(counted.read)
    assert max(read) <= 3 * 65_536
    if size == 300:
        assert read[0] == read[1] < 600


def _over_all(pool: Pool, table: np.ndarray) -> Pool:
    """Return the pool with further sentences, so many that the whole table is read."""
    more = np.arange(ROWS, dtype=np.int32) % len(table)
    return Pool(
        table,
        np.concatenate([pool.text, more]),
        np.concatenate([pool.before, more]),
        np.concatenate([pool.call, more]),
        pool.words,
        np.concatenate([pool.said, np.zeros(len(more), np.int32)]),
    )
