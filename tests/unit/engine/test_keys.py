"""An index of keys finds the same rows however it came to be; stores that grow piece by piece do, too."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.engine import keyed_store
from workbench.engine.keys import KeyIndex
from workbench.engine.vectors import VectorStore
from workbench.engine.word_store import WordStore, words_of

KEYS = st.lists(st.integers(-(2**63), 2**63 - 1), unique=True, max_size=200)


@settings(max_examples=60)
@given(keys=KEYS, cuts=st.lists(st.integers(0, 200), max_size=12), others=KEYS)
def test_an_index_that_grows_finds_what_one_made_at_once_does(
    keys: list[int], cuts: list[int], others: list[int]
) -> None:
    all_keys = np.array(keys, dtype=np.int64)
    index = KeyIndex(all_keys[:0])
    for part in np.split(all_keys, sorted(min(cut, len(keys)) for cut in cuts)):
        index.extend(part)
    asked = np.array([*keys, *others], dtype=np.int64)
    rows = {key: row for row, key in enumerate(keys)}
    assert index.rows(asked).tolist() == [rows.get(key, -1) for key in asked.tolist()]
    assert KeyIndex(all_keys).rows(asked).tolist() == index.rows(asked).tolist()


def test_a_store_that_grows_reads_its_keys_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reads: list[Path] = []
    real = keyed_store.read_rows

    def read(file: Path, dtype: Any) -> Any:
        reads.append(file)
        return real(file, dtype)

    monkeypatch.setattr(keyed_store, "read_rows", read)
    store = VectorStore(tmp_path, 2)
    for start in range(0, 400, 10):
        keys = np.arange(start, start + 10, dtype=np.int64)
        assert store.append(keys, np.full((10, 2), start, dtype=np.float32)) == 10
    assert reads == []
    assert store.lookup(np.arange(410)).tolist() == [*range(400), *[-1] * 10]
    assert VectorStore(tmp_path, 2).keys.tolist() == store.keys.tolist() == [*range(400)]


def test_writers_that_take_turns_and_one_that_removes_agree(tmp_path: Path) -> None:
    one, other = WordStore(tmp_path), WordStore(tmp_path)
    texts = [f"word{n} and word{n % 7}" for n in range(60)]
    for at in range(0, 60, 5):
        keys = np.arange(at, at + 5, dtype=np.int64)
        (one if at % 2 else other).append(keys, texts[at : at + 5])
    assert one.remove(np.array([7, 8], dtype=np.int64)) == 2
    assert other.append(np.array([7], dtype=np.int64), [texts[7]]) == 1
    one.refresh()
    for store in (one, other, WordStore(tmp_path)):
        rows = store.lookup(np.array([0, 59, 7, 8], dtype=np.int64))
        assert rows.tolist() == [0, 59, 60, -1]
        assert (store.rows[rows[:3]] != words_of([texts[0], texts[59], texts[7]])).nnz == 0
