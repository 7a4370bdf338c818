"""What the tags say about going on: silent on noise, outspoken where it is plain."""

from __future__ import annotations

import numpy as np
import pytest

from tests.unit.engine.populations import population, training_set, unit
from workbench.engine.advice import gain, halves
from workbench.engine.recipes import RECIPES

DEFAULT = RECIPES["default"]


def two_groups(rng: np.random.Generator, apart: float) -> np.ndarray:
    ends = np.zeros((2, 16))
    ends[0, 0] = ends[1, 1] = apart
    return unit(np.repeat(ends, 15, axis=0) + rng.normal(size=(30, 16)) * 0.3).astype(np.float32)


def test_two_groups_of_which_one_is_missed_are_told():
    found = np.arange(30) < 15
    split = halves(two_groups(np.random.default_rng(0), 3.0), found, seed=1)
    assert split is not None
    assert split.found == (1.0, 0.0)
    assert set(split.typical[0]) == set(range(15))
    assert set(split.typical[1]) == set(range(15, 30))


def test_two_groups_that_are_both_found_are_one_concept():
    assert halves(two_groups(np.random.default_rng(0), 3.0), np.ones(30, dtype=bool), seed=1) is None


def test_a_cloud_is_next_to_never_split():
    def is_split(seed):
        rng = np.random.default_rng(seed)
        cloud = unit(rng.normal(size=(30, 16))).astype(np.float32)
        return halves(cloud, rng.random(30) < 0.5, seed=1) is not None

    assert sum(map(is_split, range(60))) <= 1


@pytest.fixture(scope="module")
def crowd():
    pool, truth = population(600, 0.3, seed=1)
    return training_set(pool, truth, np.arange(0, 600, 5))


def test_labels_that_mean_nothing_promise_nothing(crowd):
    gram = crowd.gram(DEFAULT)
    promised = [
        gain(gram, np.random.default_rng(seed).permutation(crowd.labels), 0, DEFAULT, seed, 25) for seed in range(5)
    ]
    assert abs(np.mean(promised)) < 0.02


def test_the_promise_shrinks_as_tags_add_up(crowd):
    few = np.arange(0, 120, 2)
    gram = crowd.gram(DEFAULT)
    early = gain(gram[np.ix_(few, few)], crowd.labels[few], 0, DEFAULT, 1, 25)
    assert early > gain(gram, crowd.labels, 0, DEFAULT, 1, 25) > -0.02


def test_nothing_is_promised_from_too_few(crowd):
    labels = np.zeros(len(crowd.labels), dtype=np.int8)
    labels[:9] = 1
    assert gain(crowd.gram(DEFAULT), labels, 0, DEFAULT, 1, 25) is None
