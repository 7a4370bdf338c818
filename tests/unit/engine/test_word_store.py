"""The words of texts: the same whoever asks, found again, and safe from interruptions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.errors import WorkspaceDamaged
from workbench.engine.word_store import WordStore, words_of

TEXTS = ["That costs too much.", "Does it cost much?", "", "…"]
KEYS = np.array([30, 10, 20, 40], dtype=np.int64)


def dense(rows) -> np.ndarray:
    return rows.toarray()


def test_texts_that_share_words_are_alike_and_a_text_without_words_is_like_none():
    likeness = dense(words_of(TEXTS) @ words_of(TEXTS).T)
    assert np.allclose(np.diag(likeness), [1, 1, 0, 0])
    assert 0 < likeness[0, 1] < 1


def test_rows_are_kept_and_found_by_key(tmp_path):
    store = WordStore(tmp_path)
    assert store.append(KEYS[:2], TEXTS[:2]) == 2
    assert store.append(KEYS, TEXTS) == 2
    again = WordStore(tmp_path)
    assert again.lookup(np.array([10, 11])).tolist() == [1, -1]
    assert (dense(again.rows[again.lookup(KEYS)]) == dense(words_of(TEXTS))).all()


def test_readers_see_what_others_append(tmp_path):
    reader, writer = WordStore(tmp_path), WordStore(tmp_path)
    assert reader.rows.shape[0] == 0
    writer.append(KEYS, TEXTS)
    reader.refresh()
    assert (dense(reader.rows) == dense(words_of(TEXTS))).all()


def test_what_an_interrupted_append_left_is_overwritten(tmp_path):
    WordStore(tmp_path).append(KEYS[:1], TEXTS[:1])
    for name in ("words.i32", "ends.i64", "keys.i64"):
        with (tmp_path / name).open("ab") as file:
            file.write(b"abc" if name == "keys.i64" else b"12345678")
    store = WordStore(tmp_path)
    assert len(store) == 1
    store.append(KEYS[1:2], TEXTS[1:2])
    assert (dense(WordStore(tmp_path).rows) == dense(words_of(TEXTS[:2]))).all()


@given(st.lists(st.text(), min_size=1, max_size=6))
def test_a_row_depends_on_its_text_alone_and_has_length_one_or_nothing(texts):
    together = dense(words_of(texts))
    assert all((dense(words_of([text]))[0] == row).all() for text, row in zip(texts, together, strict=True))
    lengths = np.linalg.norm(together, axis=1)
    assert (np.isclose(lengths, 1, atol=1e-5) | (lengths == 0)).all()


def test_some_rows_are_those_of_all_though_the_others_are_not_read(tmp_path):
    store = WordStore(tmp_path)
    store.append(KEYS[:2], TEXTS[:2])
    for at in ([1, 0], [0, 0, 1], []):
        rows = np.array(at, dtype=np.int32)
        assert (dense(store.some(rows)) == dense(WordStore(tmp_path).rows)[rows]).all()
    WordStore(tmp_path).append(KEYS, TEXTS)
    store.refresh()
    assert (dense(store.some(store.lookup(KEYS))) == dense(words_of(TEXTS))).all()


@pytest.mark.parametrize("damage", [b"", b"\xff" * 32, np.array([9, 3, 12, 14]).tobytes()])
def test_ends_that_are_damaged_are_told(tmp_path, damage):
    WordStore(tmp_path).append(KEYS, TEXTS)
    (tmp_path / "ends.i64").write_bytes(damage)
    with pytest.raises(WorkspaceDamaged, match="check --repair"):
        WordStore(tmp_path).some(np.array([1], dtype=np.int32))
