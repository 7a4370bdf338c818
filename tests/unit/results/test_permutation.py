"""Groups that are alike are told apart in one of twenty comparisons at most, whatever their calls look like."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

from workbench.results.differences import holm
from workbench.results.entries import Entries
from workbench.results.permutation import p_values


def entries(rng, rate, calls, sentences, spread):
    """Groups that say it alike often, by ``calls`` and mean ``sentences`` a call; a small spread clusters finds."""
    group = np.repeat(np.arange(len(calls)), calls)
    size = np.concatenate(
        [np.maximum(1, rng.poisson(mean, count)) for count, mean in zip(calls, sentences, strict=True)]
    )
    chance = np.full(len(group), rate) if spread is None else rng.beta(rate * spread, (1 - rate) * spread, len(group))
    return Entries(np.arange(len(group)), group, size.astype(float), rng.binomial(size, chance).astype(float))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("rate", "calls", "sentences", "spread"),
    [
        (0.02, [40] * 2, [30] * 2, 10),
        (0.02, [100] * 2, [30] * 2, 10),
        (0.02, [15] * 2, [30] * 2, 2),
        (0.003, [40] * 2, [30] * 2, 10),
        (0.02, [40] * 6, [30] * 6, 10),
        (0.02, [40] * 6, [30] * 6, None),
        (0.02, [20, 200], [60, 15], 10),
        (0.02, [10, 100], [60, 15], 4),
        (0.05, [6, 12, 100], [30, 10, 30], 4),
    ],
)
def test_the_family_wise_error_is_at_most_5_percent(rate, calls, sentences, spread):
    rng, runs = np.random.default_rng(1), 1_000 if len(calls) == 2 else 400
    pairs = [(a, b) for a in range(len(calls)) for b in range(a + 1, len(calls))]
    wrong = sum(
        bool((holm(p_values(entries(rng, rate, calls, sentences, spread), pairs, seed)) < 0.05).any())
        for seed in range(runs)
    )
    assert wrong <= binom.isf(0.005, runs, 0.05)  # 68 of 1,000: what a true 5% exceeds once in 200 runs of this test


def test_what_differs_much_has_a_p_value_far_below_what_can_be_counted():
    rng = np.random.default_rng(0)
    known = [entries(rng, rate, [200], [30], 10) for rate in (0.02, 0.10)]
    both = Entries(
        np.arange(400),
        np.repeat([0, 1], 200),
        np.concatenate([one.sentences for one in known]),
        np.concatenate([one.found for one in known]),
    )
    assert p_values(both, [(0, 1)])[0] < 1e-5


def test_the_order_of_a_pair_does_not_matter():
    known = entries(np.random.default_rng(3), 0.05, [30, 50], [30, 20], 5)
    assert p_values(known, [(0, 1)])[0] == pytest.approx(p_values(known, [(1, 0)])[0], abs=0.02)


def test_calls_of_both_groups_cancel_out():
    """Everybody is in every call: what one call holds is no evidence that its people differ."""
    rng = np.random.default_rng(5)
    one = entries(rng, 0.05, [60], [30], 2)
    jitter = np.where(one.found > 0, rng.integers(-1, 2, 60), 0)
    both = Entries(
        np.tile(one.call, 2),
        np.repeat([0, 1], 60),
        np.tile(one.sentences, 2),
        np.concatenate([one.found, one.found + jitter]),
    )
    assert p_values(both, [(0, 1)])[0] > 0.05
    always = Entries(both.call, both.group, both.sentences, np.concatenate([one.found, one.found + 2]))
    assert p_values(always, [(0, 1)])[0] < 0.001


def test_one_group_may_hold_all_calls_of_the_other():
    found = np.array([1.0, 0, 2, 0, 1, 0, 0, 1, 1, 0, 2, 0])
    known = Entries(
        np.array([*range(12), *range(6)]), np.repeat([0, 1], [12, 6]), np.full(18, 20.0), np.tile(found, 2)[:18]
    )
    assert 0.05 < p_values(known, [(0, 1)])[0] <= 1


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ([0.0] * 30, [0.0] * 30, 1.0),  # nothing found in either
        ([1.0], [0.0] * 50, 1.0),  # one call cannot vary
        ([], [1.0] * 5, 1.0),
    ],
)
def test_groups_that_tell_nothing_have_a_p_value_of_1(first, second, expected):
    found = np.array(first + second)
    group = np.repeat([0, 1], [len(first), len(second)])
    known = Entries(np.arange(len(found)), group, np.full(len(found), 20.0), found)
    assert p_values(known, [(0, 1)])[0] == expected


def test_the_same_seed_gives_the_same_p_values():
    known = entries(np.random.default_rng(3), 0.05, [30, 50, 40], [30, 20, 25], 5)
    pairs = [(0, 1), (0, 2), (1, 2)]
    assert (p_values(known, pairs, seed=4) == p_values(known, pairs, seed=4)).all()


def shared_by(known, alone, both):
    """The calls in order: of the first team alone, of the second alone, and of both, which count alike in each."""
    first, second = np.arange(alone[0]), np.arange(alone[0], sum(alone))
    together = np.arange(sum(alone), sum(alone) + both)
    call = np.concatenate([first, together, second, together])
    group = np.repeat([0, 1], [alone[0] + both, alone[1] + both])
    return Entries(call, group, known.sentences[call], known.found[call])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("alone", "both", "ratio"),
    [((40, 40), 40, 1), ((4, 4), 100, 1), ((10, 60), 60, 1), ((40, 40), 40, 4), ((10, 60), 60, 4), ((3, 3), 4_500, 2)],
)
def test_calls_of_two_teams_raise_no_family_wise_error(alone, both, ratio):
    """Those calls are like the others, or say it ``ratio`` times as often."""
    rng, runs = np.random.default_rng(2), 1_000 if both < 1_000 else 200
    wrong = 0
    for seed in range(runs):
        parts = [entries(rng, rate, [count], [30], 8) for rate, count in ((0.03, sum(alone)), (0.03 * ratio, both))]
        known = Entries(
            np.arange(sum(alone) + both),
            np.zeros(sum(alone) + both, np.int64),
            np.concatenate([one.sentences for one in parts]),
            np.concatenate([one.found for one in parts]),
        )
        wrong += bool(p_values(shared_by(known, alone, both), [(0, 1)], seed)[0] < 0.05)
    assert wrong <= binom.isf(0.005, runs, 0.05)


def test_teams_that_share_nearly_all_calls_cannot_be_told_apart():
    known = entries(np.random.default_rng(4), 0.05, [61], [30], 4)
    assert p_values(shared_by(known, (1, 0), 60), [(0, 1)])[0] == 1
    assert p_values(shared_by(known, (0, 0), 61), [(0, 1)])[0] == 1


def test_calls_of_two_teams_hide_no_difference_of_the_others():
    rng = np.random.default_rng(6)
    parts = [entries(rng, rate, [count], [30], 10) for rate, count in ((0.02, 100), (0.15, 100), (0.08, 50))]
    sums = [np.concatenate([getattr(one, name) for one in parts]) for name in ("sentences", "found")]
    known = Entries(np.arange(250), np.zeros(250, np.int64), *sums)
    assert p_values(shared_by(known, (100, 100), 50), [(0, 1)])[0] < 1e-4
