"""Many trackers over a few sentences at once find what each of them finds by itself."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.unit.engine.populations import play, population
from workbench.engine.detection import detector_of
from workbench.engine.many_detectors import ManyDetectors
from workbench.engine.recipes import DEFAULT, recipe
from workbench.engine.training import Trainer
from workbench.engine.word_store import words_of


@pytest.fixture(scope="module")
def trained():
    """Trackers of several recipes over one pool, one of them without a cut, and the pool."""
    pool, truth = population(3_000, 0.05, seed=3)
    rng = np.random.default_rng(0)
    said = [f"{'dear' if yes else 'cheap'} {' '.join(rng.choice(list('abcdefgh'), 5))}" for yes in truth]
    pool = replace(pool, words=words_of(said), said=np.arange(len(said), dtype=np.int32))
    at = np.flatnonzero(truth)[:5]
    detectors = []
    for chosen in (replace(DEFAULT, words=0.3), replace(DEFAULT, words=0.0), recipe("knn"), recipe("few-false-leads")):
        words = pool.words_at(at) if chosen.words else None
        trainer = Trainer(pool, pool.sentence_vectors(at), chosen, seed=1, words=words)
        detectors.append(detector_of(play(trainer, truth, 4)[1], pool))
    return [*detectors, replace(detectors[0], cut=-np.inf)], pool


@pytest.mark.parametrize("count", [0, 1, 7, 400])
def test_each_finds_what_it_finds_alone(trained, count):
    detectors, pool = trained
    inside = np.zeros(len(pool), dtype=bool)
    inside[np.random.default_rng(count).permutation(len(pool))[:count]] = True
    part = pool.part(inside)
    assert count == len(part)
    found = ManyDetectors(detectors).found(part)
    for one, (at, probability) in zip(detectors, found, strict=True):
        own_at, own_probability = one.found(part) if count else (np.zeros(0, int), np.zeros(0))
        assert at.tolist() == own_at.tolist()
        np.testing.assert_allclose(probability, own_probability, rtol=1e-4, atol=1e-6)
    assert count < 400 or all(len(at) for at, _ in found)


def test_none_finds_nothing(trained):
    assert ManyDetectors([]).found(trained[1]) == []
