"""Batches that waste little, and a choice that is measured once a machine."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.engine import local_encoder
from workbench.engine.local_encoder import TOKENS_A_BATCH, LocalEncoder, _batches, _padded
from workbench.engine.precision import Choice


@given(st.lists(st.integers(1, 1_500), max_size=200))
def test_every_text_is_in_one_batch_and_batches_are_no_larger_than_allowed(lengths):
    batches = _batches(lengths)
    assert sorted(i for batch in batches for i in batch) == list(range(len(lengths)))
    for batch in batches:
        assert len(batch) == 1 or max(lengths[i] for i in batch) * len(batch) <= TOKENS_A_BATCH


def test_padding_is_masked():
    ids, mask = _padded([[5, 6, 7], [8]], pad=1)
    assert ids.tolist() == [[5, 6, 7], [8, 1, 1]]
    assert mask.tolist() == [[1, 1, 1], [1, 0, 0]]


@pytest.fixture
def measured(monkeypatch):
    """Counts how often the ways are measured; the second is the better one."""
    calls = []

    def measure(model, encode):
        calls.append(1)
        return [Choice("torch", "float32", 100.0, 1.0), Choice("openvino", "bfloat16", 400.0, 0.999)]

    monkeypatch.setattr(local_encoder, "measure", measure)
    return calls


def unloaded() -> LocalEncoder:
    """An encoder before its choice, without the model."""
    encoder = object.__new__(LocalEncoder)
    encoder.key, encoder._model = "some-model", None
    return encoder


def test_the_choice_is_measured_once_and_kept(tmp_path, measured):
    first, second = (unloaded()._choose(tmp_path / "cache") for _ in range(2))
    assert first == second == Choice("openvino", "bfloat16", 400.0, 0.999)
    assert len(measured) == 1
    record = json.loads((tmp_path / "cache" / "precision-some-model.json").read_text())
    assert len(record["measured"]) == 2


def test_another_machine_measures_anew(tmp_path, measured, monkeypatch):
    unloaded()._choose(tmp_path)
    monkeypatch.setattr(local_encoder, "_processor", lambda: "another")
    unloaded()._choose(tmp_path)
    assert len(measured) == 2


def test_texts_are_normalised_and_halves_of_characters_do_not_stop_the_tokenizer():
    seen: list[str] = []

    class Model:
        max_seq_length = None

        @staticmethod
        def tokenizer(texts, **_):
            seen.extend(texts)
            return {"input_ids": [[1] for _ in texts]}

    encoder = unloaded()
    encoder._model = Model()
    assert encoder._tokenise(["  a\n b ", "x\ud83d"]) == [[1], [1]]
    assert seen == ["a b", "x?"]
    assert encoder._tokenise([]) == []
    assert np.array_equal(_batches([]), [])
