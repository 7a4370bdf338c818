"""Groups that are alike are seldom told apart, groups that are not are; calls of two groups weigh alike in both."""

from __future__ import annotations

import numpy as np
import pytest

from workbench.domain.estimates import Interval
from workbench.results.differences import Entries, differences, holm, resampled
from workbench.results.intervals import design_effect


def entries(rates, calls=80, sentences=25, seed=0, spread=6.0):
    rng = np.random.default_rng(seed)
    group = np.repeat(np.arange(len(rates)), calls)
    chance = np.concatenate([rng.beta(spread * rate, spread * (1 - rate), calls) for rate in rates])
    found = rng.binomial(sentences, chance).astype(float)
    return Entries(np.arange(len(group)), group, np.full(len(group), float(sentences)), found)


def verdicts(known, groups, error=(None, None)):
    effect = design_effect(known.group, known.sentences, known.found, groups)[1]
    shares = resampled(known, groups, effect)
    points = np.bincount(known.group, known.found, groups) / np.bincount(known.group, known.sentences, groups)
    pairs = [(a, b) for a in range(groups) for b in range(a + 1, groups)]
    return dict(zip(pairs, differences(shares, pairs, points, 0.1, *error), strict=True))


def test_holm_steps_down():
    assert holm(np.array([0.01, 0.04, 0.03])) == pytest.approx([0.03, 0.06, 0.06])
    assert holm(np.array([0.9, 0.8])) == pytest.approx([1.0, 1.0])


def test_alike_groups_are_told_apart_in_one_of_twenty_runs_at_most():
    wrong = sum(any(one.apart for one in verdicts(entries([0.05] * 4, seed=s), 4).values()) for s in range(150))
    assert wrong <= 13  # 5 % of 150, and what chance adds at 95 %


def test_a_pairs_interval_holds_the_difference():
    held = 0
    for seed in range(150):
        one = verdicts(entries([0.08, 0.04], seed=seed), 2)[0, 1]
        held += one.low <= 0.04 <= one.high
    assert held >= 135


def test_what_differs_is_told_apart_whatever_the_trackers_error():
    known = entries([0.15, 0.03, 0.03], calls=200)
    for error in ((None, None), (Interval(0.5, 0.7, 0.9), Interval(0.4, 0.6, 0.8))):
        found = verdicts(known, 3, error)
        assert found[0, 1].apart
        assert found[0, 1].low > 0
        assert not found[1, 2].apart
        assert found[1, 2].low <= 0 <= found[1, 2].high
        assert found[0, 1].corrected == (error[0] is not None)


def test_nothing_found_in_a_few_calls_tells_little():
    group = np.array([0] * 5 + [1] * 200)
    found = np.array([0.0] * 5 + ([1.0] + [0.0] * 3) * 50)
    known = Entries(np.arange(205), group, np.full(205, 20.0), found)
    assert not verdicts(known, 2)[0, 1].apart


def test_a_call_of_two_people_weighs_alike_for_both():
    """The same calls in both groups: the difference is none, and has no spread but that of the prior."""
    one = entries([0.1], calls=300)
    both = Entries(np.tile(one.call, 2), np.repeat([0, 1], 300), np.tile(one.sentences, 2), np.tile(one.found, 2))
    shares = resampled(both, 2, 1.0)
    assert np.corrcoef(shares.T)[0, 1] > 0.95
    apart = resampled(Entries(np.arange(600), both.group, both.sentences, both.found), 2, 1.0)
    assert abs(np.corrcoef(apart.T)[0, 1]) < 0.2
    assert (shares[:, 0] - shares[:, 1]).std() < (apart[:, 0] - apart[:, 1]).std() / 3
    assert apart.std(axis=0) == pytest.approx(shares.std(axis=0), rel=0.15)


def test_the_same_seed_gives_the_same_draws():
    known = entries([0.1, 0.2])
    assert (resampled(known, 2, 2.0) == resampled(known, 2, 2.0)).all()
