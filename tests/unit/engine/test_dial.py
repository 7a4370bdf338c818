"""The dial: its settings in order, read off as the strata are, and true where everything is known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.engine.populations import population
from workbench.domain.estimates import Interval
from workbench.domain.tags import Answer
from workbench.engine.corpus_estimate import stratify
from workbench.engine.dial import BALANCED, FEW_FALSE_LEADS, MISS_NOTHING, Ladder, dial
from workbench.engine.recipes import RECIPES
from workbench.engine.training import TaggedSentence, Trainer

SCORES = st.lists(st.integers(-20, 20), min_size=5, max_size=80)


@given(SCORES, st.integers(-21, 21), st.randoms())
def test_a_threshold_s_strata_are_those_of_the_estimate(values, threshold, rng):
    scores = np.array(values, dtype=np.float32)
    tagged = np.array([rng.random() < 0.2 for _ in values])
    probability = 1 / (1 + np.exp(-scores.astype(float)))
    read = Ladder(scores, probability, tagged).at(threshold)
    known = stratify(scores, probability, threshold, tagged)
    assert read.size.tolist() == known.size.tolist()
    assert np.allclose(read.mean, known.mean)
    assert len(read.stratum) == len(known.stratum)


@given(SCORES)
def test_settings_go_from_strict_to_generous_and_count_what_they_find(values):
    scores = np.array(values, dtype=np.float32)
    ladder = Ladder(scores, np.full(len(scores), 0.5), np.zeros(len(scores), dtype=bool))
    rules = {FEW_FALSE_LEADS: float(np.quantile(scores, 0.9)), BALANCED: 0.0, MISS_NOTHING: float(scores.min())}
    points = dial(ladder, rules, lambda found: found / len(scores), lambda *_: (None, None))
    counts = [point.found for point in points]
    assert counts == sorted(set(counts))
    assert counts == [int((scores >= point.threshold).sum()) for point in points]
    assert len(scores) in counts


@settings(max_examples=20)
@given(st.lists(st.floats(0, 1), min_size=25, max_size=25))
def test_the_hit_rate_never_falls_as_more_is_found(noise):
    scores = np.arange(100, dtype=np.float32)
    ladder = Ladder(scores, np.full(100, 0.5), np.zeros(100, dtype=bool))
    said = iter(noise)

    def estimate(*_):
        value = next(said)
        return Interval(value, value, value), Interval(value / 2, value, min(1, value + 0.1))

    points = dial(ladder, {BALANCED: 60.0}, lambda found: found / 100, estimate)
    for name in ("low", "point", "high"):
        rates = [getattr(point.hit_rate, name) for point in points]
        assert rates == sorted(rates)


@pytest.fixture(scope="module")
def everything_tagged():
    pool, truth = population(300, 0.2, seed=3)
    trainer = Trainer(pool, pool.sentence_vectors(np.flatnonzero(truth)[:5]), RECIPES["default"], seed=1)
    tags = [
        TaggedSentence(at=at, answer=Answer.YES if truth[at] else Answer.NO, round=1, probability=1.0)
        for at in range(300)
    ]
    return trainer, trainer.fit(tags), truth


def test_where_everything_is_tagged_the_dial_says_the_truth(everything_tagged):
    trainer, fitted, truth = everything_tagged
    points = trainer.dial(fitted)
    assert {point.rule for point in points} >= {BALANCED}
    for point in points:
        found = fitted.scores >= point.threshold
        right = (found & truth).sum()
        assert point.found == found.sum()
        assert point.precision.point == pytest.approx(right / found.sum())
        assert point.precision.half_width == pytest.approx(0)
        assert point.hit_rate.point == pytest.approx(right / truth.sum())


def test_what_a_setting_adds_lies_between_the_two_thresholds():
    pool, truth = population(300, 0.2, seed=4)
    trainer = Trainer(pool, pool.sentence_vectors(np.flatnonzero(truth)[:5]), RECIPES["default"], seed=1)
    tags = [
        TaggedSentence(at=at, answer=Answer.YES if truth[at] else Answer.NO, round=1, probability=0.5)
        for at in range(0, 300, 3)
    ]
    fitted = trainer.fit(tags)
    strict, generous = trainer.dial(fitted)[0], trainer.dial(fitted)[-1]
    added = trainer.surfaced(fitted, 20, generous.threshold, strict.threshold)
    assert len(added)
    assert ((fitted.scores[added] >= generous.threshold) & (fitted.scores[added] < strict.threshold)).all()
    assert not set(added.tolist()) & {tag.at for tag in tags}
