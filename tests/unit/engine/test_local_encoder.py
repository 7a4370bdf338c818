"""Batches that waste little, and a choice that is measured once a machine."""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.engine import local_encoder
from workbench.engine.local_encoder import TOKENS_A_BATCH, LocalEncoder
from workbench.engine.precision import Choice

PAD = 1


class Model:
    """Stands in for sentence-transformers: a text has as many tokens as words, each the number of its letters."""

    max_seq_length = None
    prompts = None
    default_prompt_name = None

    def __init__(self):
        self.seen: list[str] = []

    def eval(self):
        """Nothing is trained here."""

    def get_embedding_dimension(self):
        return 2

    @property
    def tokenizer(self):
        def tokenize(texts, **_):
            self.seen.extend(texts)
            return {"input_ids": [[100 + len(word) for word in text.split()] for text in texts]}

        tokenize.pad_token_id = PAD
        return tokenize


@contextmanager
def standing_in():
    """An encoder can be made, without torch; what was run and measured is noted."""
    noted = SimpleNamespace(model=Model(), batches=[], measured=0)

    def measure(model, encode):
        noted.measured += 1
        return [Choice("torch", "float32", 100.0, 1.0), Choice("openvino", "bfloat16", 400.0, 0.999)]

    def run(batches, out):
        for rows, ids, mask in batches:
            noted.batches.append((list(rows), ids, mask))
            out[rows] = (ids * mask).sum(axis=1, keepdims=True)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(local_encoder, "encoder_key", lambda model: model)
        patch.setattr(local_encoder, "load_encoder", lambda *_, **__: noted.model)
        patch.setattr(local_encoder, "measure", measure)
        patch.setattr(local_encoder, "build", lambda *_: run)
        yield noted


@pytest.fixture
def noted():
    with standing_in() as noted:
        yield noted


@given(st.lists(st.integers(1, 1_500), max_size=200))
def test_every_text_is_in_one_batch_and_batches_are_no_larger_than_allowed(lengths):
    with standing_in() as noted:
        vectors = LocalEncoder("some-model").encode(["x " * length for length in lengths])
    assert sorted(row for rows, *_ in noted.batches for row in rows) == list(range(len(lengths)))
    for rows, ids, _ in noted.batches:
        assert ids.shape == (len(rows), max(lengths[row] for row in rows))
        assert len(rows) == 1 or ids.size <= TOKENS_A_BATCH
    assert vectors[:, 0].tolist() == [101 * length for length in lengths]  # each in its own row


def test_padding_is_masked(noted):
    LocalEncoder("some-model").encode(["one three five", "fourteen"])
    ((rows, ids, mask),) = noted.batches
    by_row = {row: (ids[at].tolist(), mask[at].tolist()) for at, row in enumerate(rows)}
    assert by_row == {0: ([103, 105, 104], [1, 1, 1]), 1: ([108, PAD, PAD], [1, 0, 0])}


def test_the_choice_is_measured_once_and_kept(tmp_path, noted):
    first, second = (LocalEncoder("some-model", tmp_path / "cache").choice for _ in range(2))
    assert first == second == Choice("openvino", "bfloat16", 400.0, 0.999)
    assert noted.measured == 1
    record = json.loads((tmp_path / "cache" / "precision-some-model.json").read_text())
    assert len(record["measured"]) == 2


def test_another_machine_measures_anew(tmp_path, noted, monkeypatch):
    LocalEncoder("some-model", tmp_path)
    monkeypatch.setattr(local_encoder, "this_machine", lambda: {"processor": "another", "cores": os.cpu_count()})
    LocalEncoder("some-model", tmp_path)
    assert noted.measured == 2


def test_texts_are_normalised_and_halves_of_characters_do_not_stop_the_tokenizer(noted):
    encoder = LocalEncoder("some-model")
    encoder.encode(["  a\n b ", "x\ud83d"])
    assert noted.model.seen == ["a b", "x?"]
    noted.batches.clear()
    assert encoder.encode([]).shape == (0, 2)
    assert noted.batches == []
