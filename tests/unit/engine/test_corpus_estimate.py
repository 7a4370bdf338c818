"""The corpus estimate: unbiased evidence, intervals that hold the truth, and audits that narrow them."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.engine.corpus_estimate import (
    FAR,
    FOUND,
    NEAR,
    DrawnTags,
    Population,
    allocate,
    evidence,
    in_corpus,
    posterior,
    reviewed,
    stratify,
    wanted,
)
from workbench.engine.sampling import audit_round, review_round


def drawn(answer, stratum, probability, found=None, reach=None) -> DrawnTags:
    count = len(answer)
    return DrawnTags(
        answer=np.array(answer, dtype=float),
        found=np.array(found if found is not None else np.array(stratum) == FOUND, dtype=bool),
        stratum=np.array(stratum, dtype=np.int8),
        round=np.ones(count, dtype=np.int64),
        probability=np.array(probability, dtype=float),
        reach=np.full(count, np.inf if reach is None else reach),
    )


def population(size, mean=(0.8, 0.05, 0.005)) -> Population:
    stratum = np.repeat(np.arange(3, dtype=np.int8), size)
    mass = np.cumsum(np.full(size[FOUND], mean[FOUND]))
    return Population(stratum, np.array(size), np.array(mean), (0.0, -1.0), mass)


def audited(whole: Population, truth, counts, seed: int) -> DrawnTags:
    draw = audit_round(whole.stratum, np.array(counts), np.random.default_rng(seed))
    at = np.array(draw.at)
    return drawn(truth[at], whole.stratum[at], draw.probabilities)


@given(st.lists(st.booleans(), min_size=6, max_size=6))
def test_evidence_of_all_possible_audits_averages_to_the_truth(truth):
    """Two of each stratum's three: all 27 samples have the same chance."""
    strata = np.repeat([FOUND, NEAR, FAR], 3)
    labels = np.array([*truth, True, False, False], dtype=float)
    totals = []
    for chosen in product(*(combinations(np.flatnonzero(strata == kind), 2) for kind in range(3))):
        at = np.concatenate(chosen)
        yes, count = evidence(drawn(labels[at], strata[at], np.full(6, 2 / 3)))
        assert count.tolist() == [2, 2, 2]
        totals.append(3 * yes / count)
    assert np.mean(totals, axis=0) == pytest.approx([labels[strata == kind].sum() for kind in range(3)])


@given(st.integers(0, 6), st.integers(0, 9), st.integers(0, 30))
def test_chances_of_an_audit_sum_to_its_size(found, near, far):
    stratum = np.repeat(np.array([FOUND, NEAR, FAR, -1], dtype=np.int8), [6, 9, 30, 5])
    draw = audit_round(stratum, np.array([found, near, far]), np.random.default_rng(0))
    assert len(set(draw.at)) == found + near + far
    assert all(stratum[at] >= 0 for at in draw.at)
    # Summed over everybody who could be drawn, each with the chance of its stratum.
    chance = {stratum[at]: p for at, p in zip(draw.at, draw.probabilities, strict=True)}
    assert sum(chance.get(kind, 0) * size for kind, size in zip(range(3), (6, 9, 30), strict=True)) == pytest.approx(
        found + near + far
    )


def test_unequal_draws_count_as_many_as_weigh_as_much():
    yes, count = evidence(drawn([1, 0], [NEAR, NEAR], [0.5, 0.01]))
    assert count[NEAR] == pytest.approx(102**2 / (2**2 + 100**2))
    assert yes[NEAR] / count[NEAR] == pytest.approx(2 / 102)


def test_strata_are_the_found_the_next_and_the_rest_without_the_tagged():
    scores = np.linspace(3, -3, 2_000).astype(np.float32)
    tagged = np.zeros(2_000, dtype=bool)
    tagged[::100] = True
    whole = stratify(scores, 1 / (1 + np.exp(-scores.astype(float))), 2.0, tagged)
    assert whole.size.sum() == 1_980
    assert whole.size[NEAR] == 3 * whole.size[FOUND] + 100
    assert (whole.stratum[tagged] == -1).all()
    assert scores[whole.stratum == NEAR].min() > scores[whole.stratum == FAR].max()
    assert whole.of(scores.astype(float))[~tagged].tolist() == whole.stratum[~tagged].tolist()


@given(st.lists(st.booleans(), min_size=5, max_size=5))
def test_evidence_of_all_possible_reviews_averages_to_the_truth(truth):
    """Two of five that are found: all ten samples have the same chance."""
    labels = np.array(truth, dtype=float)
    shares = []
    for chosen in combinations(range(5), 2):
        tags = drawn(labels[list(chosen)], [FOUND] * 2, np.full(2, 2 / 5), reach=5.0)
        ((reach, yes, count),) = reviewed(tags)
        assert (reach, count) == (5, 2)
        assert evidence(tags)[1].tolist() == [0, 0, 0]
        shares.append(yes / count)
    assert np.mean(shares) == pytest.approx(labels.mean())


@given(st.integers(0, 40), st.integers(1, 25), st.integers(0, 3), st.integers(0, 99))
def test_chances_of_a_review_sum_to_its_size_and_are_unknown_after_others_were_passed_over(size, count, skip, seed):
    found = np.arange(100, 100 + size)
    draw = review_round(found, count, skip, np.random.default_rng(seed))
    assert len(set(draw.at)) == len(draw.at) == min(count, size)
    assert set(draw.at) <= set(found.tolist())
    if size:
        assert set(draw.probabilities) == {None if skip else min(count, size) / size}


def test_every_found_sentence_is_reviewed_as_often_and_other_sets_are_others():
    found, counts = np.arange(30), np.zeros(30)
    for seed in range(6_000):
        counts[review_round(found, 10, 0, np.random.default_rng(seed)).at] += 1
    assert np.allclose(counts / 6_000, 1 / 3, atol=0.03)
    sets = [set(review_round(found, 10, skip, np.random.default_rng(0)).at) for skip in range(4)]
    assert sets[0] | sets[1] | sets[2] == set(range(30))
    assert sets[3] == sets[0]


def test_a_review_says_little_of_what_it_could_not_reach():
    """All right among the hundred likeliest of a thousand: the others are judged by what the model says of them."""
    scores = np.linspace(4, -4, 4_000).astype(np.float32)
    probability = 1 / (1 + np.exp(-scores.astype(float)))
    whole = stratify(scores, probability, 0.0, np.zeros(4_000, dtype=bool))
    assert whole.leading(100) > whole.mean[FOUND] == pytest.approx(whole.leading(10_000))
    narrow, wide = (
        in_corpus(whole, drawn([1.0] * 20, [FOUND] * 20, [20 / reach] * 20, reach=reach), seed=0)
        for reach in (100.0, 2_000.0)
    )
    assert narrow.precision.point < wide.precision.point
    assert narrow.precision.half_width > wide.precision.half_width


def test_with_many_draws_the_estimate_comes_to_the_truth_whatever_the_model_said():
    whole = population((500, 1_600, 20_000), mean=(0.95, 0.3, 0.1))  # far too sure of itself
    rng = np.random.default_rng(3)
    truth = rng.random(22_100) < np.repeat([0.6, 0.02, 0.001], (500, 1_600, 20_000))
    right, every = truth[:500].sum(), truth.sum()
    estimate = in_corpus(whole, audited(whole, truth, (300, 800, 8_000), 1), seed=0)
    # The audited ones stay in this population, so their answers count as evidence only.
    assert estimate.precision.low <= right / 500 <= estimate.precision.high
    assert estimate.hit_rate.low <= right / every <= estimate.hit_rate.high
    assert estimate.precision.half_width < 0.06


def test_draws_narrow_the_interval_and_lower_what_is_wanted():
    whole = population((400, 1_300, 8_000))
    rng = np.random.default_rng(0)
    truth = rng.random(9_700) < np.repeat([0.8, 0.03, 0.002], (400, 1_300, 8_000))
    few, many = (in_corpus(whole, audited(whole, truth, n, 2), seed=0) for n in ((3, 3, 3), (60, 60, 60)))
    assert many.precision.half_width < few.precision.half_width
    assert many.hit_rate.half_width < few.hit_rate.half_width
    assert few.wanted is None or few.wanted > many.wanted


def test_not_sure_gives_bounds():
    whole = population((50, 200, 3_000))
    sure = drawn([1, 1, 0, 0, 0, 0], [FOUND] * 3 + [NEAR, FAR, FAR], [0.1] * 3 + [0.02, 0.001, 0.001])
    unsure = drawn([1, 1, np.nan, 0, np.nan, 0], [FOUND] * 3 + [NEAR, FAR, FAR], [0.1] * 3 + [0.02, 0.001, 0.001])
    plain, bounds = in_corpus(whole, sure, seed=0), in_corpus(whole, unsure, seed=0)
    assert bounds.precision.low <= plain.precision.low
    assert bounds.precision.high > plain.precision.high
    assert bounds.hit_rate.half_width > plain.hit_rate.half_width


def test_nothing_drawn_tells_nothing():
    nothing = drawn([1, 0], [FOUND, NEAR], [np.nan, np.nan])
    estimate = in_corpus(population((5, 9, 80)), nothing, seed=0)
    assert (estimate.precision, estimate.hit_rate, estimate.drawn) == (None, None, 0)


def test_an_audit_is_allotted_whole_and_never_beyond_a_stratum():
    whole = population((4, 9, 60))
    known = posterior(whole, drawn([1, 0], [FOUND, FAR], [0.5, 0.02]), np.random.default_rng(0))
    given_out = allocate(known, 25)
    assert given_out.sum() == 25
    assert (given_out <= whole.size).all()
    assert allocate(known, 1_000).tolist() == [4, 9, 60]
    assert wanted(known) is not None
