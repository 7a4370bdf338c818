"""Groups that are alike are seldom told apart, groups that are not are; calls of two groups weigh alike in both."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.domain.estimates import Interval
from workbench.results.correction import errors_of
from workbench.results.differences import differences, holm, resampled
from workbench.results.entries import Entries
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
    shares = resampled(both, 2, 1.0).shares
    assert np.corrcoef(shares.T)[0, 1] > 0.95
    apart = resampled(Entries(np.arange(600), both.group, both.sentences, both.found), 2, 1.0).shares
    assert abs(np.corrcoef(apart.T)[0, 1]) < 0.2
    assert (shares[:, 0] - shares[:, 1]).std() < (apart[:, 0] - apart[:, 1]).std() / 3
    assert apart.std(axis=0) == pytest.approx(shares.std(axis=0), rel=0.15)


def test_the_same_seed_gives_the_same_draws():
    known = entries([0.1, 0.2])
    assert (resampled(known, 2, 2.0).shares == resampled(known, 2, 2.0).shares).all()


def test_item_4_a_verdict_points_the_way_of_its_difference_where_corrected_rates_are_cut_to_0():
    """The tracker's false hits alone would be more than either group has; as found, the second has more."""
    known = entries([0.01, 0.03], calls=300, sentences=30, spread=1e6)
    shares, points = resampled(known, 2, 1.0), np.zeros(2)
    one = differences(shares, [(0, 1)], points, 0.10, Interval(0.2, 0.3, 0.4), Interval(0.6, 0.7, 0.8))[0]
    assert one.apart
    assert one.difference == pytest.approx(known.found_rates(2) @ [1, -1])
    assert one.difference < 0
    assert not one.corrected
    assert one.low <= one.difference <= one.high < 0


def test_a_difference_that_cannot_be_told_has_no_verdict():
    """A tracker that finds what does not say it more often than what does tells nothing of who says it more."""
    known = entries([0.12, 0.05], calls=300, sentences=30, spread=1e6)
    points = np.full(2, np.nan)
    one = differences(
        resampled(known, 2, 1.0), [(0, 1)], points, 0.085, Interval(0.02, 0.05, 0.1), Interval(0.03, 0.05, 0.1)
    )[0]
    assert np.isnan(one.difference)
    assert np.isnan(one.p)
    assert not one.apart


@given(
    rates=st.tuples(st.floats(0.0, 0.3), st.floats(0.0, 0.3)),
    precision=st.tuples(*[st.floats(0.0, 1.0)] * 3).map(sorted),
    hit_rate=st.tuples(*[st.floats(0.0, 1.0)] * 3).map(sorted),
    seed=st.integers(0, 99),
)
@settings(max_examples=60)
def test_no_verdict_contradicts_its_difference(rates, precision, hit_rate, seed):
    known = entries([max(rate, 1e-6) for rate in rates], calls=60, seed=seed)
    base = known.found.sum() / known.sentences.sum()
    error = Interval(*precision), Interval(*hit_rate)
    point = errors_of(np.array([precision[1]]), np.array([hit_rate[1]]), base).true(known.found_rates(2))
    one = differences(resampled(known, 2, 1.0, draws=200), [(0, 1)], point, base, *error)[0]
    if one.apart:
        assert np.sign(one.difference) == np.sign(known.found_rates(2) @ [1, -1]) != 0
