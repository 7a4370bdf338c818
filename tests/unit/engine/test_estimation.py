"""The held-out estimate (E6): whole calls on one side, and figures that are what was counted."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.engine.populations import population
from workbench.domain.tags import Answer
from workbench.engine import estimation, thresholds
from workbench.engine.estimation import REPEATS, held_out
from workbench.engine.heads import TrainingSet
from workbench.engine.recipes import RECIPES
from workbench.engine.training import TaggedSentence, Trainer

DEFAULT = RECIPES["default"]


class Splits:
    """Stands in for the machine: notes what it is trained and tested on, and answers by the truth, or its contrary."""

    def __init__(self, labels: np.ndarray, right: bool = True):
        self.sign = (2.0 * labels - 1) * (1 if right else -1)
        self.train: list[set[int]] = []
        self.test: list[set[int]] = []

    def fit_kernel(self, gram, labels, recipe):
        self.train.append(set((gram[0] % 1000).astype(int).tolist()))
        return self

    def decision_function(self, gram):
        numbers = (gram[:, 0] // 1000).astype(int)
        self.test.append(set(numbers.tolist()))
        return self.sign[numbers]


def watched(labels: np.ndarray, calls: np.ndarray, seed: int = 0):
    """A held-out estimate, and the splits that it was made on."""
    numbers = np.arange(len(labels))
    nothing = np.zeros((len(labels), 1), dtype=np.float32)
    data = TrainingSet(nothing, nothing, labels, calls)
    splits = Splits(labels)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(estimation, "fit_kernel", splits.fit_kernel)
        patched.setattr(thresholds, "fit_kernel", Splits(labels).fit_kernel)
        estimate = held_out(data, 1000.0 * numbers[:, None] + numbers, DEFAULT, seed)
    return estimate, splits


tags = st.lists(st.tuples(st.booleans(), st.integers(0, 30)), min_size=12, max_size=80)


@settings(max_examples=40)
@given(tags, st.integers(0, 5), st.integers(0, 99))
def test_no_call_is_on_both_sides_and_examples_always_train(pairs, examples, seed):
    labels = np.array([1] * examples + [yes for yes, _ in pairs], dtype=np.int8)
    calls = np.array([-1] * examples + [call for _, call in pairs])
    estimate, splits = watched(labels, calls, seed)
    assert len(splits.test) == len(splits.train) == estimate.repeats
    for train, test in zip(splits.train, splits.test, strict=True):
        assert train | test == set(range(len(labels)))
        assert not set(calls[list(train)]) & set(calls[list(test)])
        assert labels[list(test)].any()


def test_a_tenth_of_the_tags_is_held_out_each_time_another_one():
    labels = np.array([1, 0, 0, 0] * 50, dtype=np.int8)
    _, splits = watched(labels, np.arange(200))
    sizes = [len(test) for test in splits.test]
    assert len(sizes) == REPEATS
    assert all(18 <= size <= 22 for size in sizes)
    assert [labels[list(test)].sum() for test in splits.test] == pytest.approx([5] * REPEATS, abs=1)
    assert len({frozenset(test) for test in splits.test}) == REPEATS


def test_a_machine_that_is_always_right_gets_full_marks():
    labels = np.array([1, 0, 0] * 20, dtype=np.int8)
    estimate, _ = watched(labels, np.arange(60))
    assert (estimate.precision, estimate.hit_rate) == (1.0, 1.0)
    assert (estimate.precision_spread, estimate.hit_rate_spread) == (0.0, 0.0)
    assert (estimate.repeats, estimate.tags, estimate.yes) == (REPEATS, 60, 20)


@pytest.mark.parametrize("yes", [0, 1, 12])
def test_where_one_kind_of_answer_is_missing_nothing_is_claimed(yes):
    labels = np.array([1] * yes + [0] * (12 - yes), dtype=np.int8)
    estimate, _ = watched(labels, np.arange(12))
    assert (estimate.precision, estimate.hit_rate, estimate.repeats) == (None, None, 0)


def test_on_fresh_sentences_of_the_same_kind_it_comes_out_as_promised():
    """Tags drawn evenly: the tagged set is then like the corpus, and the estimate speaks of it."""
    pool, truth = population(4_000, 0.3, seed=5, noise=0.6)
    order = np.random.default_rng(0).permutation(4_000)
    examples, at, rest = np.flatnonzero(truth)[:5], order[:300], order[300:]
    tags = [
        TaggedSentence(at=int(i), answer=Answer.YES if truth[i] else Answer.NO, round=1, probability=None) for i in at
    ]
    fitted = Trainer(pool, pool.sentence_vectors(examples), DEFAULT, 0).fit(tags)
    estimate = held_out(fitted.data, fitted.data.gram(DEFAULT), DEFAULT, 0)
    found = fitted.found[rest]
    right = (found & truth[rest]).sum()
    assert estimate.precision == pytest.approx(right / found.sum(), abs=0.1)
    assert estimate.hit_rate == pytest.approx(right / truth[rest].sum(), abs=0.1)
