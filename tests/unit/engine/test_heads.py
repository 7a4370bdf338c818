"""The head: what its scores are, and what it can tell apart."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import average_precision_score

from tests.unit.engine.populations import population, training_set, unit
from workbench.engine.heads import Model, TrainingSet, fit, fit_kernel
from workbench.engine.pool import Pool
from workbench.engine.recipes import RECIPES
from workbench.engine.word_store import words_of

DEFAULT = RECIPES["default"]


@pytest.fixture(scope="module")
def crowd():
    pool, truth = population(600, 0.2, seed=1)
    return pool, truth, np.arange(0, 600, 6)


def everywhere(model: Model, pool: Pool) -> np.ndarray:
    return model.decide(pool, np.arange(len(pool)))


def test_scores_are_the_machines_own_decision_values(crowd):
    pool, truth, at = crowd
    data = training_set(pool, truth, at)
    machine = fit_kernel(data.gram(DEFAULT), data.labels, DEFAULT)
    scores = everywhere(fit(data, DEFAULT), pool)
    assert scores.dtype == np.float32
    assert np.allclose(scores[at], machine.decision_function(data.gram(DEFAULT)), atol=1e-4)


def test_it_finds_what_it_was_not_shown(crowd):
    pool, truth, at = crowd
    scores = everywhere(fit(training_set(pool, truth, at), DEFAULT), pool)
    unseen = np.setdiff1d(np.arange(600), at)
    assert average_precision_score(truth[unseen], scores[unseen]) > 4 * truth.mean()


def test_behind_the_shortlist_nothing_comes_before_it(crowd):
    pool, truth, at = crowd
    model = fit(training_set(pool, truth, at), replace(DEFAULT, shortlist=50))
    scores, exact = model.scores(pool), everywhere(model, pool)
    first = np.argsort(-scores)[:50]
    rest = np.setdiff1d(np.arange(600), first)
    assert np.allclose(scores[first], exact[first], atol=1e-5)
    assert scores[rest].max() < min(0, scores[first].min())
    assert average_precision_score(truth[rest], scores[rest]) > 2 * truth[rest].mean()


def test_the_kernel_is_one_for_the_same_and_falls_with_distance(crowd):
    pool, truth, at = crowd
    gram = training_set(pool, truth, at).gram(DEFAULT)
    assert np.allclose(np.diag(gram), 1, atol=1e-5)
    assert np.allclose(gram, gram.T, atol=1e-6)
    assert np.linalg.eigvalsh(gram).min() > -1e-5
    assert (gram > 0).all()


def test_it_learns_an_answer_to_a_question_which_no_sum_of_the_two_can_say():
    """YES: one thing after one question, the other thing after the other."""
    rng = np.random.default_rng(0)
    said, asked = rng.integers(0, 2, (2, 400))
    ends = unit(rng.normal(size=(4, 8)))
    vectors = unit(np.vstack([ends[said], ends[2 + asked]]) + 0.1 * rng.normal(size=(800, 8)))
    rows = np.arange(400, dtype=np.int32)
    pool = Pool(vectors, rows, rows + 400, rows)
    truth = said == asked
    scores = everywhere(fit(training_set(pool, truth, np.arange(60)), DEFAULT), pool)
    assert ((scores[60:] > 0) == truth[60:]).mean() > 0.95


def test_without_its_weight_the_turn_before_says_nothing(crowd):
    pool, truth, at = crowd
    alone = replace(DEFAULT, before_weight=0.0)
    data = training_set(pool, truth, at)
    other = replace(data, before=data.before[::-1])
    assert (everywhere(fit(data, alone), pool) == everywhere(fit(other, alone), pool)).all()


@pytest.mark.parametrize(("labels", "both"), [([1, 0], True), ([1, 1], False), ([0, 0], False)])
def test_both_kinds_of_label_are_needed(labels, both):
    nothing = np.zeros((2, 3), dtype=np.float32)
    assert TrainingSet(nothing, nothing, np.array(labels, dtype=np.int8), np.zeros(2, dtype=int)).has_both is both


def test_single_words_count_beside_the_meaning():
    """YES: the sentences with one word, whatever they mean."""
    rng = np.random.default_rng(2)
    truth = rng.random(400) < 0.3
    texts = [f"{'surely' if yes else 'perhaps'} {' '.join(rng.choice(list('abcdefgh'), 4))}" for yes in truth]
    rows = np.arange(400, dtype=np.int32)
    pool = Pool(unit(rng.normal(size=(800, 16))), rows, rows + 400, rows, words_of(texts), rows)
    at = np.arange(60)
    data = replace(training_set(pool, truth, at), words=pool.words_at(at))
    model = fit(data, DEFAULT)
    assert average_precision_score(truth[60:], everywhere(model, pool)[60:]) > 0.95
    assert average_precision_score(truth[60:], everywhere(fit(training_set(pool, truth, at), DEFAULT), pool)[60:]) < 0.6
    short = replace(model, recipe=replace(DEFAULT, shortlist=40)).scores(pool)
    assert truth[np.argsort(-short)[:40]].mean() > 0.95
