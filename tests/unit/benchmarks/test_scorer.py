"""What is said of a run, and of two methods on the same tasks."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.quality.files import Prediction, Task
from benchmarks.quality.scorer import difference, figures, mean

TASK = Task(
    pool=np.arange(6),
    upcoming=np.arange(6, 10),
    truth=np.array([True, True, True, True, False, False]),
    examples=np.array([0]),
    first=np.array([1]),
    seed=0,
)


def test_figures_by_hand():
    truth = np.array([True, True, False, False])
    made = Prediction(
        scores=np.array([0.9, 0.1, 0.5, 0.0]),
        found=np.array([True, False, True, False]),
        asked=np.array([0, 1, 4]),
        seconds={"train": 1.0, "predict": 0.5},
    )
    assert figures(TASK, truth, made) == pytest.approx(
        {
            "f1": 0.5,
            "average_precision": (1 + 2 / 3) / 2,
            "precision": 0.5,
            "hit_rate": 0.5,
            "met": 1 / 3,
            "yes": 2.0,
            "seconds": 1.5,
        }
    )


def test_a_run_that_finds_nothing_has_no_precision():
    made = Prediction(np.zeros(4), np.zeros(4, bool), np.array([5]), {})
    scored = figures(TASK, np.array([True, False, False, False]), made)
    assert (scored["f1"], scored["precision"], scored["hit_rate"]) == (0, 0, 0)


def runs(values):
    return {key: {"f1": value} for key, value in values.items()}


def test_differences_are_paired_by_label_and_seed():
    ours = runs({("a", 0): 0.9, ("a", 1): 0.7, ("b", 0): 0.5, ("c", 0): 1.0})
    peer = runs({("a", 0): 0.8, ("a", 1): 0.5, ("b", 0): 0.5})
    found = difference(ours, peer, "f1")
    assert found.pairs == 3
    assert found.mean == pytest.approx(0.1)
    assert found.low == pytest.approx(0.0)
    assert found.high == pytest.approx(0.15)


def test_seeds_of_a_label_are_no_independent_witnesses():
    """Ten seeds of two labels leave the interval as wide as one seed of each."""
    few = {("a", 0): 0.0, ("b", 0): 1.0}
    many = {(label, seed): few[label, 0] for label in "ab" for seed in range(10)}
    zero = dict.fromkeys(many, 0.0)
    one, other = (difference(runs(v), runs(zero), "f1") for v in (few, many))
    assert (one.low, one.high) == (other.low, other.high) == (0.0, 1.0)


def test_without_common_tasks_there_is_no_difference():
    assert difference(runs({("a", 0): 1.0}), runs({("b", 0): 1.0}), "f1").pairs == 0
    assert np.isnan(mean({}, "f1"))
