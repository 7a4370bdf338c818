"""A published tracker finds what a plain reading of every sentence finds, whatever the batch it reads it in."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.unit.engine.populations import play, population
from workbench.engine.detection import detector_of
from workbench.engine.heads import Machine, Model
from workbench.engine.pool import Pool
from workbench.engine.recipes import DEFAULT
from workbench.engine.training import Trainer
from workbench.engine.word_store import words_of

RECIPE = replace(DEFAULT, words=0.3)


@pytest.fixture(scope="module")
def trained():
    pool, truth = population(6_000, 0.05, seed=3)
    rng = np.random.default_rng(0)
    said = [f"{'dear' if yes else 'cheap'} {' '.join(rng.choice(list('abcdefgh'), 5))}" for yes in truth]
    pool = replace(pool, words=words_of(said), said=np.arange(len(said), dtype=np.int32))
    at = np.flatnonzero(truth)[:5]
    trainer = Trainer(pool, pool.sentence_vectors(at), RECIPE, seed=1, words=pool.words_at(at))
    return pool, play(trainer, truth, 4)[1]


def plain(model: Model, pool: Pool) -> np.ndarray:
    """The kernel's sum as the head's docstring writes it, in float64 and for one sentence at a time."""
    recipe, data = model.recipe, model.data
    own = np.hstack([data.sentence, recipe.before_weight * data.before]).astype(np.float64)
    out = np.empty(len(pool))
    for at in range(len(pool)):
        place = np.array([at])
        here = np.hstack([pool.sentence_vectors(place), recipe.before_weight * pool.before_vectors(place)])
        kernel = np.exp(-recipe.gamma * ((own - here) ** 2).sum(axis=1))
        kernel += recipe.words * (data.words @ pool.words_at(place).T).toarray()[:, 0]
        out[at] = kernel @ model.head.weights + model.head.intercept
    return out


def test_it_finds_what_a_plain_reading_finds(trained):
    pool, fitted = trained
    detector = detector_of(fitted, pool)
    assert isinstance(fitted.model.head, Machine)
    assert detector.cut > -np.inf
    scores = plain(fitted.model, pool)
    at, probability = detector.found(pool)
    clear = np.abs(scores - detector.threshold) > 1e-4  # of float32
    assert 100 < len(at) < 1_000
    assert (np.isin(np.flatnonzero(clear), at) == (scores[clear] >= detector.threshold)).all()
    assert np.allclose(probability, fitted.calibration.probability(scores[at]), atol=1e-4)
    assert (replace(detector, cut=-np.inf).found(pool)[0] == at).all()


def test_a_batch_of_calls_finds_what_the_whole_pool_does(trained):
    """Of a small pool only its own vectors are read, which rounds otherwise."""
    pool, fitted = trained
    detector = detector_of(fitted, pool)
    whole, probability = detector.found(pool)
    found, values = [], []
    for start in range(0, 600, 20):
        at, value = detector.found(pool.part((pool.call >= start) & (pool.call < start + 20)))
        found += (at + 10 * start).tolist()
        values += value.tolist()
    assert found == whole.tolist()
    assert np.allclose(values, probability, atol=1e-5)


@pytest.mark.parametrize("words", [True, False])
def test_a_small_pool_is_read_as_a_large_one_is(trained, words):
    pool, fitted = trained
    if not words:
        pool = replace(pool, words=None, said=None)
    few = pool.part(pool.call < 40)
    whole = fitted.model.first_order(pool)[:400]
    assert np.allclose(fitted.model.first_order(few), whole, atol=1e-5)
    assert few.linear(*fitted.model.slopes()).dtype == np.float32


def test_the_last_sentence_above_the_cut_is_not_lost_to_rounding(trained):
    pool, fitted = trained
    detector = detector_of(fitted, pool)
    lowest = fitted.model.first_order(pool)[fitted.found].min()
    tight = replace(detector, cut=float(np.nextafter(lowest, np.float32(np.inf))))
    assert (tight.found(pool)[0] == detector.found(pool)[0]).all()


def test_an_empty_pool_has_nothing_to_find(trained):
    pool, fitted = trained
    at, probability = detector_of(fitted, pool).found(pool.part(np.zeros(len(pool), dtype=bool)))
    assert len(at) == len(probability) == 0
