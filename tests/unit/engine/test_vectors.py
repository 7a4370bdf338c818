"""Vectors on disk survive interruptions and find their rows."""

from __future__ import annotations

import numpy as np
import pytest

from workbench.engine.vectors import VectorStore


def test_append_adds_only_what_is_new_and_lookup_finds_it(tmp_path):
    store = VectorStore(tmp_path, 3)
    keys = np.array([5, 9, 5], dtype=np.int64)
    rows = np.arange(9, dtype=np.float32).reshape(3, 3)
    assert store.append(keys, rows) == 2
    assert store.append(keys, rows) == 0
    assert store.lookup(np.array([9, 4, 5])).tolist() == [1, -1, 0]
    assert VectorStore(tmp_path, 3).vectors.tolist() == rows[:2].tolist()


def test_what_an_interrupted_append_left_is_overwritten(tmp_path):
    store = VectorStore(tmp_path, 2)
    store.append(np.array([1]), np.ones((1, 2), dtype=np.float32))
    with (tmp_path / "vectors.f32").open("ab") as file:
        file.write(b"half a vec")
    with (tmp_path / "keys.i64").open("ab") as file:
        file.write(b"abc")
    again = VectorStore(tmp_path, 2)
    assert len(again) == 1
    again.append(np.array([2]), np.full((1, 2), 7, dtype=np.float32))
    assert VectorStore(tmp_path, 2).vectors.tolist() == [[1, 1], [7, 7]]


def test_wrong_shapes_and_broken_vectors_are_refused(tmp_path):
    store = VectorStore(tmp_path, 2)
    with pytest.raises(ValueError, match="shape"):
        store.append(np.array([1]), np.ones((1, 3), dtype=np.float32))
    with pytest.raises(ValueError, match="NaN"):
        store.append(np.array([1]), np.full((1, 2), np.nan, dtype=np.float32))


def test_what_another_process_appends_is_seen_on_refresh(tmp_path):
    mine, other = VectorStore(tmp_path, 2), VectorStore(tmp_path, 2)
    other.append(np.array([5, 3]), np.eye(2, dtype=np.float32))
    assert len(mine) == 0
    mine.refresh()
    assert mine.lookup(np.array([3, 5, 9])).tolist() == [1, 0, -1]
    assert (mine.vectors == np.eye(2)).all()
