"""The test by which groups are told apart: exact, honest where nothing differs, and sure of what was planted."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.stats import fisher_exact

from workbench.metrics.contrast import adjusted, contrast, newcombe, strata_of

CALLS = 60


def test_in_one_stratum_it_is_fishers_exact_test():
    rng = np.random.default_rng(1)
    first = np.arange(CALLS) < 25
    held = rng.random((CALLS, 30)) < rng.uniform(0.2, 0.8, 30)
    found = contrast(csr_array(held.astype(int)), first, np.zeros(CALLS, dtype=np.int64), level=1.0)
    assert found.tested > 20
    for column, p in zip(found.column, found.p, strict=True):
        a, b = int(held[first, column].sum()), int(held[~first, column].sum())
        assert p == pytest.approx(fisher_exact([[a, 25 - a], [b, CALLS - 25 - b]]).pvalue)
    assert (np.diff(found.p) >= 0).all()


def alike(rng, calls, features=120):
    """Features of which some go together, as words of a phrase do."""
    topic = rng.random((calls, 6)) < 0.5
    own = rng.random((calls, features)) < rng.uniform(0.05, 0.95, features)
    return own | (topic[:, rng.integers(0, 6, features)] & (rng.random((calls, features)) < 0.5))


def test_where_nothing_differs_at_most_one_run_in_twenty_reports_anything():
    """150 runs; that more than 13 do has a chance of 2% even where it is 5% of the runs."""
    reporting = 0
    for seed in range(150):
        rng = np.random.default_rng(seed)
        lengths = rng.integers(5, 80, CALLS)
        first = rng.permutation(CALLS) < 25
        reporting += len(contrast(csr_array(alike(rng, CALLS).astype(int)), first, strata_of(lengths)).apart) > 0
    assert reporting <= 13


def test_what_was_planted_is_found_and_little_else():
    rng = np.random.default_rng(5)
    first = np.arange(120) < 50
    held = alike(rng, 120)
    held[:, :3] = rng.random((120, 3)) < np.where(first, 0.75, 0.15)[:, None]
    found = contrast(csr_array(held.astype(int)), first, strata_of(rng.integers(5, 80, 120)))
    assert {0, 1, 2} <= set(found.column[found.apart].tolist())
    assert len(found.apart) <= 4
    places = [int(np.flatnonzero(found.column == one)[0]) for one in range(3)]
    assert (found.low[places] > 0).all()
    assert (found.low[places] <= found.difference[places]).all()
    assert (found.difference[places] <= found.high[places]).all()


def test_longer_calls_alone_are_no_difference():
    """Long calls hold more of everything, and the first group's are long."""
    rng = np.random.default_rng(3)
    first = np.arange(200) < 100
    lengths = np.where(rng.random(200) < np.where(first, 0.8, 0.2), 60, 10)
    held = rng.random((200, 80)) < np.where(lengths > 30, 0.7, 0.2)[:, None]
    presence = csr_array(held.astype(int))
    assert len(contrast(presence, first, np.zeros(200, dtype=np.int64)).apart) > 20
    assert len(contrast(presence, first, (lengths > 30).astype(np.int64)).apart) == 0


def test_what_cannot_differ_is_not_tested():
    first = np.arange(40) < 20
    held = np.zeros((40, 3), dtype=int)
    held[:, 0], held[:3, 1], held[first, 2] = 1, 1, 1
    found = contrast(csr_array(held), first, np.zeros(40, dtype=np.int64))
    assert found.column.tolist() == [2]
    assert found.difference.tolist() == [1.0]


def test_adjusting_and_intervals():
    assert adjusted(np.array([0.01, 0.02, 0.5])).tolist() == pytest.approx([0.03, 0.03, 0.5])
    assert len(adjusted(np.array([]))) == 0
    p = np.sort(np.random.default_rng(0).beta(0.5, 2, 200))
    steps = [min(1.0, min(p[j] * 200 / (j + 1) for j in range(i, 200))) for i in range(200)]  # as the paper defines it
    assert adjusted(p).tolist() == pytest.approx(steps)
    difference, low, high = newcombe(np.array([[56 / 70, 48 / 80]]), np.array([70.0, 80.0]), 1.959964)
    assert (difference[0], low[0], high[0]) == pytest.approx((0.2, 0.0524, 0.3339), abs=1e-4)  # Newcombe 1998, case a


def test_strata_hold_calls_of_alike_length():
    assert strata_of(np.arange(15)).tolist() == [0] * 15
    assert np.bincount(strata_of(np.arange(100))).tolist() == pytest.approx([25] * 4, abs=1)
    assert strata_of(np.full(100, 7)).max() == 0
