"""Real sentences to use as examples: by words at once, by meaning where there are vectors."""

from __future__ import annotations

import threading

import numpy as np
import pytest

import workbench as wb
from tests.support.patience import PATIENCE_S
from tests.unit.small import EXAMPLES, PRICEY, conversations
from workbench.domain.errors import EncoderUnavailable
from workbench.engine.encoders import HashingEncoder
from workbench.resources import patient_encoder
from workbench.trackers.coaching import ALIKE, likeness
from workbench.training import suggestions
from workbench.training.suggestions import contradicting


class Slow(HashingEncoder):
    """Encodes when it is let; or fails with ``error``."""

    def __init__(self) -> None:
        super().__init__()
        self.let = threading.Event()
        self.error: Exception | None = None

    def encode(self, texts):
        self.let.wait(PATIENCE_S)
        if self.error:
            raise self.error
        return super().encode(texts)


@pytest.fixture
def workspace(tmp_path):
    ws = wb.open(tmp_path / "w", encoder=HashingEncoder())
    ws.ingest(conversations())
    return ws


@pytest.fixture
def slow(workspace):
    """The same workspace, encoded, as it is opened with an encoder that takes its time; and that encoder."""
    workspace.encode()
    workspace.close()
    encoder = Slow()
    with wb.open(workspace.path, encoder=encoder) as again:
        yield again, encoder
        encoder.let.set()


def texts(found):
    return [sentence.text for sentence in found.sentences]


def test_before_the_corpus_is_encoded_words_are_all_there_is(workspace):
    found = workspace.similar_sentences("expensive")
    assert texts(found)
    assert all("expensive" in text for text in texts(found))
    assert (found.meaning, found.close) == (False, None)
    assert "ws.encode()" in found.note
    assert found.sentences[0].speaker in ("Cy", "Ro")


def test_without_a_query_it_finds_what_is_like_the_examples_and_repeats_none(workspace):
    workspace.encode()
    found = workspace.similar_sentences(examples=EXAMPLES)
    assert found.meaning
    assert found.close > 50
    assert all(any(said in text for said in PRICEY) for text in texts(found)[:3])
    said = [*EXAMPLES, *texts(found)]
    assert all(likeness(a, b) < ALIKE for at, a in enumerate(said) for b in said[:at] if a not in EXAMPLES)


def test_it_keeps_to_the_filters(workspace):
    workspace.encode()
    for query in ("expensive", ""):
        found = workspace.similar_sentences(query, wb.Filters(side="customer"), examples=EXAMPLES)
        assert {sentence.side for sentence in found.sentences} == {"customer"}


def test_nothing_is_asked_and_nothing_found(workspace):
    assert workspace.similar_sentences(" ", examples=["", " "]) == suggestions.Suggestions()
    assert texts(workspace.similar_sentences("zebra")) == []


def test_an_encoder_that_starts_is_not_waited_for(slow, monkeypatch):
    monkeypatch.setattr(patient_encoder, "MOMENT_S", 0.01)
    workspace, encoder = slow
    first = workspace.similar_sentences("expensive", wait=False)
    assert (first.pending, first.meaning) == (True, False)
    assert texts(first)
    encoder.let.set()
    assert workspace.similar_sentences("expensive").meaning
    assert workspace.similar_sentences("expensive", wait=False).meaning


def test_an_encoder_that_fails_is_told_and_asked_again(slow):
    workspace, encoder = slow
    encoder.let.set()
    encoder.error = EncoderUnavailable("no memory is left")
    found = workspace.similar_sentences("expensive")
    assert (found.pending, found.meaning) == (False, False)
    assert "no memory" in found.note
    encoder.error = None
    assert workspace.similar_sentences("expensive").meaning


def test_of_a_huge_corpus_a_part_is_looked_at(workspace, monkeypatch):
    workspace.encode()
    monkeypatch.setattr(suggestions, "MOST_TEXTS", 100)
    found = workspace.similar_sentences("expensive")
    assert found.meaning
    assert "100 of" in found.note


def test_calls_that_came_since_are_found(workspace):
    workspace.encode()
    workspace.similar_sentences("walrus")
    turn = {"party": "c", "text": "A walrus would be cheaper than that licence."}
    workspace.ingest(
        [{"id": "new", "scope": "external", "parties": [{"id": "c", "side": "customer"}], "turns": [turn]}]
    )
    found = workspace.similar_sentences("walrus")
    assert texts(found)[0] == turn["text"]
    assert "by words only: 1." in found.note


def test_examples_that_only_the_other_side_says(workspace):
    turns = [{"party": "r", "text": "Are you happy with the price?"}, {"party": "c", "text": "We are not."}]
    parties = [{"id": "c", "side": "customer"}, {"id": "r", "side": "company"}]
    workspace.ingest([{"id": "new", "parties": parties, "turns": turns}])
    examples = ["We are not.", "Are you  happy with the price?", "Nobody says this."]
    assert contradicting(workspace, examples, wb.Filters(side="customer")) == [1]
    assert contradicting(workspace, examples, wb.Filters(side="company")) == [0]
    assert contradicting(workspace, examples, wb.Filters()) == []


def test_vectors_are_kept_and_not_without_end(monkeypatch):
    monkeypatch.setattr(patient_encoder, "MOST_KEPT", 4)
    seen, real = [], HashingEncoder.encode
    monkeypatch.setattr(HashingEncoder, "encode", lambda self, texts: seen.extend(texts) or real(self, texts))
    encoder = patient_encoder.PatientEncoder(HashingEncoder())
    every = [[f"{n} a", f"{n} b"] for n in range(10)]
    for asked in every:
        assert np.allclose(encoder.encode(asked), real(HashingEncoder(), asked))
    seen.clear()
    encoder.encode([*every[-2], *every[-1]])
    assert seen == []
    encoder.encode(every[-3])
    assert seen == every[-3]
