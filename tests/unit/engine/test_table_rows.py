"""Some rows of a large table: what they give is what a copy of them gives."""

from __future__ import annotations

import numpy as np
import pytest

from workbench.engine import table_rows
from workbench.engine.pool import Pool
from workbench.engine.table_rows import TableRows
from workbench.engine.word_store import WordStore

ROWS = np.array([2, 3, 5, 40, 41, 99])


@pytest.fixture(name="table")
def _table() -> np.ndarray:
    return np.random.default_rng(0).standard_normal((100, 8)).astype(np.float32)


def test_rows_are_read_as_from_a_table_of_their_own(table):
    some = TableRows(table, ROWS)
    assert (len(some), some.shape) == (6, (6, 8))
    for at in (0, slice(1, 4), np.array([5, 0, 0]), np.zeros(0, dtype=np.int64)):
        assert np.array_equal(some[at], table[ROWS][at])


def test_products_are_those_of_a_copy_in_steps_of_any_size(table, monkeypatch):
    columns = np.eye(8, 3, dtype=np.float32)
    for step in (1, 4, 1_000):
        monkeypatch.setattr(table_rows, "AT_ONCE", step)
        assert np.allclose(TableRows(table, ROWS) @ columns, table[ROWS] @ columns)


def test_a_pool_over_some_rows_scores_as_over_all(table):
    text, before, call = (np.array(one, dtype=np.int32) for one in ([0, 2, 5], [-1, 1, 4], [0, 0, 1]))
    part = Pool(TableRows(table, ROWS), text, before, call)  # type: ignore[arg-type]
    whole = Pool(table, ROWS[text].astype(np.int32), np.where(before < 0, -1, ROWS[before]).astype(np.int32), call)
    assert np.allclose(part.linear(table[0], table[1]), whole.linear(table[0], table[1]), atol=1e-5)
    at = np.arange(3)
    assert np.array_equal(part.before_vectors(at), whole.before_vectors(at))


def test_some_words_are_those_of_all(tmp_path):
    store = WordStore(tmp_path)
    store.append(np.arange(5), ["too much", "", "a price", "too much money", "fine"])
    rows = np.array([3, 1, 4], dtype=np.int32)
    assert (store.some(rows) != store.rows[rows]).nnz == 0
    assert store.some(rows[:0]).shape == (0, store.rows.shape[1])
