"""From scores to yes and no: calibration, and the threshold with the best expected F1."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.errors import WorkbenchError
from workbench.engine import thresholds
from workbench.engine.recipes import RECIPES
from workbench.engine.thresholds import Calibration, calibrate, choose, out_of_fold

DEFAULT = RECIPES["default"]


def expected_f1(scores: np.ndarray, calibration: Calibration, threshold: float) -> float:
    probability = calibration.probability(scores)
    said = scores >= threshold
    return 2 * probability[said].sum() / (said.sum() + probability.sum())


# Many sentences share a score: short answers are said again and again.
pools = st.lists(
    st.sampled_from([-2.0, -0.5, 0.0, 1.0, 2.5]) | st.floats(-6, 6, width=16), min_size=1, max_size=40
).map(lambda values: np.array(values, dtype=np.float32))
curves = st.builds(Calibration, st.floats(0.1, 5), st.floats(-5, 5))


@given(pools, curves)
def test_no_other_threshold_promises_more(scores, calibration):
    best = max(expected_f1(scores, calibration, float(t)) for t in scores)
    assert expected_f1(
        scores, calibration, choose("balanced", scores, calibration.probability(scores))
    ) == pytest.approx(best)


def expected_ratios(scores: np.ndarray, calibration: Calibration, threshold: float) -> tuple[float, float]:
    probability = calibration.probability(scores)
    said = scores >= threshold
    return probability[said].sum() / said.sum(), probability[said].sum() / probability.sum()


@given(pools, curves, st.floats(0.05, 0.95))
def test_the_precision_that_is_wanted_is_kept_with_as_many_found_as_may_be(scores, calibration, least):
    good = [t for t in scores if expected_ratios(scores, calibration, t)[0] >= least]
    assert choose(f"precision>={least}", scores, calibration.probability(scores)) == min(good, default=scores.max())


@given(pools, curves, st.floats(0.05, 0.95))
def test_the_hit_rate_that_is_wanted_is_reached_with_as_few_found_as_may_be(scores, calibration, least):
    chosen = choose(f"hit_rate>={least}", scores, calibration.probability(scores))
    assert expected_ratios(scores, calibration, chosen)[1] >= least - 1e-9
    if (higher := scores[scores > chosen]).size:
        assert expected_ratios(scores, calibration, higher.min())[1] < least + 1e-9


@pytest.mark.parametrize("rule", ["", "best", "balanced>=0.5", "precision", "precision>=2", "hit_rate>=x", "f1>=0.9"])
def test_an_unknown_rule_is_refused(rule):
    with pytest.raises(WorkbenchError, match="balanced"):
        choose(rule, np.zeros(2, dtype=np.float32), np.zeros(2))


@pytest.mark.parametrize("offset", [0.0, -2.0, -4.0])
def test_on_a_known_distribution_it_is_the_best_and_lies_at_half_the_f1(offset):
    """Lipton, Elkan & Naryanaswamy 2014: where the F1 is best, the probability is half of it."""
    rng = np.random.default_rng(3)
    scores = rng.normal(size=40_000).astype(np.float32)
    calibration = Calibration(1.5, offset)
    truth = rng.random(40_000) < calibration.probability(scores)
    order = np.argsort(-scores)
    right = truth[order].cumsum()
    f1 = 2 * right / (np.arange(1, 40_001) + right[-1])
    threshold = choose("balanced", scores, calibration.probability(scores))
    reached = f1[(scores >= threshold).sum() - 1]
    assert reached == pytest.approx(f1.max(), abs=0.01)
    assert calibration.probability(np.array([threshold]))[0] == pytest.approx(f1.max() / 2, abs=0.02)


@pytest.mark.parametrize("true", [Calibration(1.0, 0.0), Calibration(3.0, -2.0), Calibration(0.5, -1.0)])
def test_calibration_finds_the_curve_that_made_the_labels(true):
    rng = np.random.default_rng(4)
    scores = rng.normal(scale=2, size=20_000)
    labels = (rng.random(20_000) < true.probability(scores)).astype(np.int8)
    found = calibrate(scores, labels)
    assert found.slope == pytest.approx(true.slope, rel=0.1)
    assert found.offset == pytest.approx(true.offset, abs=0.1)


@given(st.lists(st.tuples(st.floats(-5, 5), st.booleans()), min_size=2, max_size=30))
def test_a_higher_score_never_means_less_likely(pairs):
    scores = np.array([score for score, _ in pairs])
    labels = np.array([label for _, label in pairs], dtype=np.int8)
    probability = calibrate(scores, labels).probability(np.sort(scores))
    assert (np.diff(probability) >= 0).all()
    assert ((probability > 0) & (probability < 1)).all()


class Witness:
    """A machine whose score of a sentence is its number, and that must not have seen it."""

    def __init__(self, gram, labels, recipe):
        self.seen = set((gram[0] % 1000).astype(int).tolist())

    def decision_function(self, gram):
        numbers = gram[:, 0] // 1000
        assert not self.seen & set(numbers.astype(int).tolist())
        return numbers


def test_each_score_is_from_a_machine_that_did_not_see_the_sentence(monkeypatch):
    monkeypatch.setattr(thresholds, "fit_kernel", Witness)
    labels = np.array([1, 0, 0, 0] * 10, dtype=np.int8)
    numbers = np.arange(40)
    gram = 1000.0 * numbers[:, None] + numbers
    assert out_of_fold(gram, labels, DEFAULT, 0).tolist() == numbers.tolist()


def test_one_yes_cannot_be_held_out():
    assert out_of_fold(np.eye(4), np.array([1, 0, 0, 0], dtype=np.int8), DEFAULT, 0) is None


@pytest.mark.parametrize("top", [0.9, 0.99])
def test_in_a_gap_the_balanced_threshold_lies_where_the_probability_is_half_the_f1(top):
    scores = np.array([3.0, 2.9, 2.8, -2.8, -2.9, -3.0], dtype=np.float32)
    curve = Calibration(1.5, 0.0)
    probability = np.where(scores > 0, top, curve.probability(scores))
    found = choose("balanced", scores, probability)
    assert -2.8 < found < 2.0
    assert ((scores >= found) == (scores > 0)).all()


@pytest.mark.parametrize("rule", ["balanced", "precision>=0.6", "hit_rate>=0.95"])
@pytest.mark.parametrize("tied", [False, True])
def test_looking_at_the_best_only_changes_nothing(rule, tied, monkeypatch):
    rng = np.random.default_rng(5)
    scores = rng.normal(size=3_000).astype(np.float32)
    scores = np.round(scores, 1) if tied else scores
    probability = Calibration(1.5, -2.0).probability(scores)
    whole = choose(rule, scores, probability)
    monkeypatch.setattr("workbench.engine.thresholds.LOOKED_AT_FIRST", 16)
    assert choose(rule, scores, probability) == whole
