"""A sample of the calls: ratios of it are right on average, and their errors are told as large as they are."""

from __future__ import annotations

import numpy as np
import pytest

from workbench.engine.call_sampling import SampledCalls
from workbench.engine.corpus_estimate import DrawnTags, in_corpus, posterior, stratify

CALLS, EACH = 1_200, 12


def corpus(seed: int):
    """Calls that hold much or little of a concept, with scores that know it fairly well, and calibrated."""
    rng = np.random.default_rng(seed)
    call = np.repeat(np.arange(CALLS), EACH)
    odds = -3.5 + 1.5 * rng.standard_normal(CALLS)[call] + 1.2 * rng.standard_normal(len(call))
    probability = 1 / (1 + np.exp(-odds))
    return call, odds.astype(np.float32), probability, rng.random(len(call)) < probability


def ratios(found, truth) -> np.ndarray:
    right = (found & truth).sum()
    return np.array([right / found.sum(), right / truth.sum(), truth.mean()])


def log_odds(share: np.ndarray) -> np.ndarray:
    return np.log(share / (1 - share))


def part_of(corpus_, share: float, rng):
    call, scores, probability, truth = corpus_
    inside = (rng.random(CALLS) < share)[call]
    _, own = np.unique(call[inside], return_inverse=True)
    return own, scores[inside], probability[inside], truth[inside]


def nothing(size: int = 0) -> DrawnTags:
    none = np.zeros(size)
    return DrawnTags(none, none > 0, none.astype(np.int8), none.astype(np.int64), none, none)


@pytest.mark.parametrize("share", [0.5, 0.125])
def test_errors_of_a_sample_are_as_large_as_they_are_told(share):
    """Over 200 samples of ten corpora, the standardised errors have mean 0 and spread 1."""
    errors = []
    for seed in range(10):
        whole = corpus(seed)
        true = ratios(whole[1] >= -1, whole[3])
        for again in range(20):
            call, scores, probability, truth = part_of(whole, share, np.random.default_rng([seed, again]))
            population = stratify(scores, probability, -1.0, np.zeros(len(scores), dtype=bool))
            known = posterior(population, nothing(), np.random.default_rng(0))
            known.rate[:] = population.mean  # the calibration holds
            sampled = SampledCalls(share, call, scores, probability, np.full(len(scores), np.nan))
            told = sampled.error(population, known)
            errors.append((log_odds(ratios(scores >= -1, truth)) - log_odds(true)) / told)
    errors = np.array(errors)
    assert np.abs(errors.mean(axis=0)).max() < 0.25
    assert ((errors.std(axis=0) > 0.8) & (errors.std(axis=0) < 1.25)).all()
    assert (np.abs(errors) < 1.96).mean(axis=0).min() > 0.9


def test_where_all_of_a_sample_is_answered_intervals_hold_the_truth_of_all_calls():
    """What the sample leaves out is then all that is open; without it the intervals would have no width."""
    held, plain = [], []
    for seed in range(60):
        whole = corpus(seed % 10)
        true = ratios(whole[1] >= -1, whole[3])
        call, scores, probability, truth = part_of(whole, 0.125, np.random.default_rng([seed, 7]))
        population = stratify(scores, probability, -1.0, np.ones(len(scores), dtype=bool))
        tags = DrawnTags(
            answer=truth.astype(float),
            found=scores >= -1,
            stratum=population.of(scores.astype(float)),
            round=np.ones(len(scores), dtype=np.int64),
            probability=np.ones(len(scores)),
            reach=np.full(len(scores), np.inf),
        )
        sampled = SampledCalls(0.125, call, scores, probability, truth.astype(float))
        told = in_corpus(population, tags, 0, lambda known, s=sampled, p=population: s.error(p, known))
        bare = in_corpus(population, tags, 0)
        for one, out in ((told, held), (bare, plain)):
            intervals = (one.precision, one.hit_rate, one.prevalence)
            out.append([each.low <= value <= each.high for each, value in zip(intervals, true, strict=True)])
        assert told.precision.point == pytest.approx(bare.precision.point, abs=0.01)
        assert told.precision.half_width > 0.02
    assert np.mean(held, axis=0).min() >= 0.87
    assert np.mean(held) >= 0.91
    assert np.mean(plain) < 0.1


def test_a_whole_corpus_leaves_nothing_out():
    call, scores, probability, _ = corpus(0)
    population = stratify(scores, probability, -1.0, np.zeros(len(scores), dtype=bool))
    known = posterior(population, nothing(), np.random.default_rng(0))
    sampled = SampledCalls(1.0, call, scores, probability, np.full(len(scores), np.nan))
    assert sampled.error(population, known).tolist() == [0, 0, 0]
    tags = nothing(3)
    assert in_corpus(population, tags, 0, lambda known: np.zeros(3)) == in_corpus(population, tags, 0)


def test_calls_alike_in_themselves_leave_more_open():
    call, scores, probability, _ = corpus(0)
    population = stratify(scores, probability, -1.0, np.zeros(len(scores), dtype=bool))
    known = posterior(population, nothing(), np.random.default_rng(0))
    none = np.full(len(scores), np.nan)
    apart = np.random.default_rng(0).permutation(call)
    together, spread = (
        SampledCalls(0.1, one, scores, probability, none).error(population, known) for one in (call, apart)
    )
    assert together[2] > 1.2 * spread[2]
