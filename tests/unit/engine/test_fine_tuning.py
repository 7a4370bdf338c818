"""The second stage: honest scores, no win on noise, and an end when it is asked to stop."""

from __future__ import annotations

import numpy as np
import pytest

from workbench.engine import second_stage
from workbench.engine.encoders import DEFAULT_MODEL
from workbench.engine.loading import load_encoder

YES = ("that costs too much", "the price is too high", "we cannot pay that", "it is over our budget")
NO = ("see you on monday", "my dog barks a lot", "could you share your screen", "the weather is lovely")
PAIRS = [("what do you think?", f"{text} {number}") for number in range(5) for text in (*YES, *NO)]
LABELS = np.array([1, 1, 1, 1, 0, 0, 0, 0] * 5, dtype=np.int8)
EXAMPLES = [("", text) for text in YES]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def model():
    return load_encoder(DEFAULT_MODEL)


@pytest.fixture(autouse=True)
def brief(monkeypatch):
    from workbench.engine import fine_tuning

    monkeypatch.setattr(fine_tuning, "EPOCHS", 2)
    monkeypatch.setattr(second_stage, "SHORTLIST", 20)


def tune(*given, **more):
    """Loads torch, and so not before a test runs: every worker imports the tests."""
    from workbench.engine import fine_tuning

    return fine_tuning.tune(*given, **more)


def test_it_learns_what_the_first_stage_could_not_say(model):
    guess = np.random.default_rng(0).normal(size=len(LABELS))
    stage = tune(model, PAIRS, LABELS, guess, EXAMPLES, seed=1)
    assert stage.wins
    assert stage.unseen[LABELS == 1].mean() > stage.unseen[LABELS == 0].mean()
    first = np.linspace(1, -1, len(PAIRS)).astype(np.float32)
    scores = stage.scores(first, PAIRS)
    assert scores.shape == (len(PAIRS),)
    assert scores[:20].min() > scores[20:].max()  # what the second stage does not read stays behind


def test_labels_that_mean_nothing_leave_the_first_stage_in_place(model):
    labels = np.random.default_rng(3).permutation(LABELS)
    first = np.where(labels == 1, 1.0, -1.0) + np.random.default_rng(4).normal(size=len(labels)) * 0.3
    assert not tune(model, PAIRS, labels, first, EXAMPLES, seed=1).wins


def test_it_stops_when_told_to_and_needs_enough_of_both_kinds(model):
    said = []
    assert tune(model, PAIRS, LABELS, np.zeros(40), EXAMPLES, 1, lambda done, what: said.append(done) or False) is None
    assert said == [0.0]
    few = np.array([1, 1] + [0] * 38, dtype=np.int8)
    assert tune(model, PAIRS, few, np.zeros(40), EXAMPLES, 1) is None
