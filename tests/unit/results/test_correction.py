"""Corrected rates hold the truth on simulated calls, and change nothing where the tracker makes no error."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.estimates import Interval
from workbench.results.correction import corrected, drawn, errors_of
from workbench.results.intervals import design_effect, wilson

SHARES = st.floats(0, 1)


@given(share=SHARES, size=st.integers(1, 100_000), base=st.floats(0.0001, 1))
def test_a_tracker_without_errors_is_not_corrected(share, size, base):
    found = np.array([share * size])
    exact = Interval(1.0, 1.0, 1.0)
    point, low, high = corrected(found / size, np.array([float(size)]), base, exact, exact)
    expected = wilson(found, np.array([float(size)]))
    assert point == pytest.approx(expected[0])
    assert low == pytest.approx(expected[1], abs=2e-3)
    assert high == pytest.approx(expected[2], abs=2e-3)


@given(base=st.floats(0.001, 0.5), precision=st.floats(0.05, 1), hit_rate=st.floats(0.05, 1))
def test_over_everything_it_is_what_precision_and_hit_rate_say(base, precision, hit_rate):
    errors = errors_of(np.array([precision]), np.array([hit_rate]), base)
    if base * precision / hit_rate < 0.95 and errors.hit - errors.false > 0.001:  # else no better than chance
        assert errors.true(np.array([base])) == pytest.approx(base * precision / hit_rate, rel=1e-6)
    assert (errors.false >= 0).all()


@given(values=st.tuples(SHARES, SHARES, SHARES).map(sorted), share=SHARES, size=st.integers(0, 5_000))
def test_a_corrected_rate_is_a_share_within_its_interval(values, share, size):
    known = Interval(*values)
    point, low, high = corrected(np.array([share]), np.array([float(size)]), 0.1, known, Interval(0.2, 0.5, 0.9))
    for value in (point, low, high):
        assert np.isnan(value) | ((value >= 0) & (value <= 1))
    if size and not np.isnan(point).any():
        assert low <= point <= high


def test_draws_have_the_intervals_figures():
    z = np.random.default_rng(0).standard_normal(200_000)
    for figures in ((0.4, 0.6, 0.9), (0.7, 1.0, 1.0), (0.0, 0.0, 0.3), (0.5, 0.5, 0.5)):
        found = np.quantile(drawn(Interval(*figures), z), (0.025, 0.5, 0.975))
        assert found == pytest.approx(figures, abs=0.005)


@pytest.mark.parametrize("clustered", [False, True])
def test_intervals_hold_the_truth_in_19_of_20_groups(clustered):
    """Three groups that say it unlike often; precision and hit rate known from 150 and 80 drawn sentences."""
    held, naive, runs = np.zeros(3), np.zeros(3), 250
    for seed in range(runs):
        rng = np.random.default_rng(seed)
        truth, hit, false = np.array([0.02, 0.06, 0.12]), 0.7, 0.015
        calls, sentences = 120, 30.0
        said = rng.binomial(30, _chances(truth, calls, clustered, rng))
        found = rng.binomial(said, hit) + rng.binomial(30 - said, false)
        group = np.repeat(np.arange(3), calls)
        each = np.full(3 * calls, sentences)
        mean = truth.mean()
        base = found.sum() / each.sum()
        precision = _estimated(mean * hit / (mean * hit + (1 - mean) * false), 150, rng)
        hit_rate = _estimated(hit, 80, rng)
        effect, _ = design_effect(group, each, found.ravel().astype(float), 3)
        size = calls * sentences / effect
        _, low, high = corrected(found.sum(axis=1) / (calls * sentences), size, base, precision, hit_rate)
        held += (low <= truth) & (truth <= high)
        _, low, high = wilson(found.sum(axis=1).astype(float), np.full(3, calls * sentences))
        naive += (low <= truth) & (truth <= high)
    assert (held / runs >= 0.92).all(), held / runs
    assert (naive / runs < 0.8).any()


def _chances(truth: np.ndarray, calls: int, clustered: bool, rng: np.random.Generator) -> np.ndarray:
    """Return each sentence's probability of the concept; if clustered, calls differ."""
    if not clustered:
        return np.repeat(truth[:, None], calls, axis=1)
    return np.stack([rng.beta(4 * one, 4 * (1 - one), calls) for one in truth])


def _estimated(truth: float, count: int, rng: np.random.Generator) -> Interval:
    share, low, high = wilson(np.array([float(rng.binomial(count, truth))]), np.array([float(count)]))
    return Interval(float(low[0]), float(share[0]), float(high[0]))


def test_a_group_with_few_hits_has_an_interval_with_width():
    """11 hits in 3,926 sentences, fewer than the tracker's false hits elsewhere, are not known to be 0 of 3,926."""
    share, size = np.array([11 / 3_926, 0.0, 0.0]), np.array([3_926.0, 3_926.0, 40.0])
    point, low, high = corrected(share, size, 0.05, Interval(0.2, 0.3, 0.4), Interval(0.6, 0.7, 0.8))
    assert (point == 0).all()
    assert (low == 0).all()
    assert high[0] > 0.002
    assert 0 < high[1] < high[0]
    assert high[2] > 10 * high[1]


@given(hits=st.integers(0, 30), size=st.integers(2, 5_000), values=st.tuples(SHARES, SHARES, SHARES).map(sorted))
def test_no_interval_is_without_width(hits, size, values):
    known = Interval(*values)
    if known.point > 0:
        share = np.array([min(hits, size) / size])
        _, low, high = corrected(share, np.array([float(size)]), 0.05, Interval(0.2, 0.3, 0.4), known)
        assert np.isnan(high).all() or (high > low).all()
