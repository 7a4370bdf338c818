"""Wilson's interval against known figures, and the design effect on calls whose finds cluster."""

from __future__ import annotations

import numpy as np
import pytest

from workbench.results.intervals import Z, design_effect, wilson, wilson_at


def test_wilson_against_newcombe_1998():
    """81 of 263, 15 of 148, 0 of 20, 1 of 29: table I, method 3."""
    _, low, high = wilson(np.array([81.0, 15, 0, 1]), np.array([263.0, 148, 20, 29]))
    assert low == pytest.approx([0.2553, 0.0624, 0.0, 0.0061], abs=1e-4)
    assert high == pytest.approx([0.3662, 0.1605, 0.1611, 0.1718], abs=1e-4)


def test_nothing_looked_at_is_not_a_rate():
    assert np.isnan(wilson(np.array([0.0]), np.array([0.0]))).all()


def test_the_middle_of_the_distribution_is_the_share():
    share, size = np.array([0.0, 0.2, 1.0]), np.array([10.0, 50.0, 4.0])
    assert wilson_at(share, size, 0.0) == pytest.approx(share)
    assert (wilson_at(share, size, -Z) <= share).all()
    assert (wilson_at(share, size, Z) >= share).all()


def test_sentences_of_one_call_that_are_all_alike_count_as_one():
    rng = np.random.default_rng(0)
    sentences = np.full(400, 20.0)
    group = np.zeros(400, dtype=np.int64)
    alike = 20.0 * (rng.random(400) < 0.2)
    apart = rng.binomial(20, 0.2, 400).astype(float)
    assert design_effect(group, sentences, alike, 1)[0][0] == pytest.approx(20, rel=0.05)
    assert design_effect(group, sentences, apart, 1)[0][0] == pytest.approx(1, abs=0.2)


def test_a_group_without_finds_takes_the_effect_of_all():
    group = np.array([0] * 50 + [1] * 5)
    found = np.array([10.0] * 10 + [0.0] * 45)
    effect, overall = design_effect(group, np.full(55, 10.0), found, 2)
    assert effect[1] == pytest.approx(overall)
    assert overall > 5
