"""Figures of a run on calls that nobody has seen, and differences between methods with their uncertainty."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from sklearn.metrics import average_precision_score

from benchmarks.quality.files import Prediction, Task

RESAMPLES = 10_000
Figures = dict[str, float]
Key = tuple[str, int]  # label, seed


@dataclass(frozen=True, slots=True)
class Difference:
    """A mean of paired differences with its 95% interval."""

    mean: float
    low: float
    high: float
    pairs: int


def figures(task: Task, truth: np.ndarray, made: Prediction) -> Figures:
    """On the upcoming units: at the method's own threshold, and of its order.

    ``met`` is the share of the pool's bearers of the label, the examples left out, that the rounds asked about;
    ``yes`` how many of the answers were YES.
    """
    right = float((made.found & truth).sum())
    met = np.setdiff1d(made.asked, task.examples)
    others = task.truth.sum() - len(task.examples)
    return {
        "f1": 2 * right / max(1.0, float(made.found.sum() + truth.sum())),
        "average_precision": float(average_precision_score(truth, made.scores)) if truth.any() else 0.0,
        "precision": right / max(1.0, float(made.found.sum())),
        "hit_rate": right / max(1.0, float(truth.sum())),
        "met": float(task.truth[met].sum() / max(1, others)),
        "yes": float(task.truth[made.asked].sum()),
        "seconds": sum(made.seconds.values()),
    }


def difference(ours: Mapping[Key, Figures], peer: Mapping[Key, Figures], metric: str) -> Difference:
    """Return ours less the peer's over the labels and seeds that both have; whole labels are drawn in the bootstrap.

    Seeds of one label share its difficulty, so they are not independent witnesses (cluster bootstrap, Cameron,
    Gelbach and Miller 2008, section IV).
    """
    labels: dict[str, list[float]] = {}
    for key in sorted(ours.keys() & peer.keys()):
        labels.setdefault(key[0], []).append(ours[key][metric] - peer[key][metric])
    if not labels:
        return Difference(np.nan, np.nan, np.nan, 0)
    total = np.array([sum(values) for values in labels.values()])
    count = np.array([len(values) for values in labels.values()])
    drawn = np.random.default_rng(0).integers(len(total), size=(RESAMPLES, len(total)))
    means = total[drawn].sum(axis=1) / count[drawn].sum(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    return Difference(float(total.sum() / count.sum()), float(low), float(high), int(count.sum()))


def mean(runs: Mapping[Key, Figures], metric: str) -> float:
    """Over labels and seeds."""
    return float(np.mean([run[metric] for run in runs.values()])) if runs else float("nan")
