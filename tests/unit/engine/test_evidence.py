"""Which words speak for a sentence."""

from __future__ import annotations

import numpy as np
import pytest

import workbench as wb
from tests.unit import small
from workbench.domain.errors import NotEnoughTags, UnknownCandidate
from workbench.engine.encoders import HashingEncoder
from workbench.engine.evidence import MOST, evidence
from workbench.engine.pool import Pool
from workbench.engine.word_store import words_of


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    return small.ready(tmp_path_factory.mktemp("w"), rounds=2).trackers.get("Price").train()


def test_the_words_that_make_it_fit_speak_for_it(session):
    candidate = next(c for c in session.surfaced(20) if "price" in c.text)
    pieces = session.evidence(candidate.sentence_id)
    assert "".join(piece.text for piece in pieces) == candidate.text
    said = [piece for piece in pieces if piece.text in ["the", "price", "is", "far", "too", "high"]]
    assert max(pieces, key=lambda piece: piece.pull) in said
    assert sum(piece.pull for piece in said) > 0.5
    assert all(piece.pull == 0 for piece in pieces if not piece.text.strip())


def test_a_pull_is_what_the_score_loses_without_the_word(session):
    _, fitted = session.learning.first_stage()
    pool, encode = session.learning.scope.trainer.pool, HashingEncoder().encode

    def score(text):
        vectors = np.vstack([encode([text]), pool.before_vectors(np.array([3]))])
        before = np.array([1 if pool.before[3] >= 0 else -1])
        alone = Pool(vectors, np.array([0]), before, np.array([0]), words_of([text]), np.array([0]))
        return float(fitted.model.decide(alone, np.array([0]))[0])

    pieces = evidence(fitted.model, pool, 3, "well the price is", encode)
    assert [piece.text for piece in pieces] == ["well", " ", "the", " ", "price", " ", "is"]
    assert pieces[4].pull == pytest.approx(score("well the price is") - score("well the is"), abs=1e-5)


@pytest.mark.parametrize("text", ["", "?!", "🙂🙂", "<b>&amp;</b> \u202e reversed", "word " * 500, "x" * 100_000])
def test_any_text_is_cut_and_kept_whole(session, text):
    _, fitted = session.learning.first_stage()
    pieces = evidence(fitted.model, session.learning.scope.trainer.pool, 0, text, HashingEncoder().encode)
    assert "".join(piece.text for piece in pieces) == text
    assert sum(piece.pull != 0 for piece in pieces) <= MOST
    assert np.isfinite([piece.pull for piece in pieces]).all()


def test_before_the_first_round_there_is_none(tmp_path):
    ws = wb.open(tmp_path, encoder=HashingEncoder())
    ws.ingest(small.conversations())
    ws.encode()
    session = ws.trackers.create("Price", examples=small.EXAMPLES).train()
    with pytest.raises(NotEnoughTags):
        session.evidence(session.next_round()[0].sentence_id)


def test_a_sentence_outside_the_filters_is_refused(session):
    with pytest.raises(UnknownCandidate):
        session.evidence("nowhere")
