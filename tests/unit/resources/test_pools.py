"""What a pool of some conversations reads does not grow with the corpus."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import workbench as wb
from tests.unit.small import conversations
from workbench.domain.filters import Filters
from workbench.engine.encoders import HashingEncoder
from workbench.engine.word_store import WordStore


def test_a_batch_of_conversations_has_its_own_words_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ws = wb.open(tmp_path, encoder=HashingEncoder())
    ws.ingest(conversations(12), detect=False)
    ws.encode()
    everything = ws.resources.pool(Filters())
    assert everything.pool.words is not None

    def read(_: WordStore) -> None:
        raise AssertionError("all words were read")

    with monkeypatch.context() as patched:
        patched.setattr(WordStore, "rows", property(read))
        batch = ws.resources.pool(Filters(), numbers=range(3, 6))
    assert batch.pool.words is not None
    assert batch.pool.words.shape[0] == len(np.unique(batch.pool.said))
    at = np.flatnonzero(np.isin(everything.pool.call, [3, 4, 5]))
    assert (batch.pool.words_at(np.arange(len(batch))) != everything.pool.words_at(at)).nnz == 0
    weights = np.linspace(-1, 1, batch.pool.words.shape[1]).astype(np.float32)
    assert (batch.pool.words_at(np.arange(len(batch))) @ weights == everything.pool.words_at(at) @ weights).all()
