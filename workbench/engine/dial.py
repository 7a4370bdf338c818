"""The dial between "few false leads" and "miss nothing" (E9): what each threshold finds, and how well.

Settings are at fixed multiples of what the balanced rule finds, and at the thresholds of the three named rules, which
use probabilities from machines that did not see a tag. The figures for a setting come from the corpus estimate at that
setting: from tags drawn at random, each judged by a machine that did not see it. So no setting is judged by the scores
that were used to choose it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from workbench.domain.estimates import DialPoint, Interval
from workbench.engine.corpus_estimate import FAR, FOUND, NEAR, Population
from workbench.engine.pool import Scores

FEW_FALSE_LEADS, MISS_NOTHING, BALANCED = RULES = ("precision>=0.9", "hit_rate>=0.9", "balanced")
SHARES = np.geomspace(1 / 8, 6, 19)  # of what the balanced rule finds
Estimator = Callable[[float, Population], tuple[Interval | None, Interval | None]]


class Ladder:
    """All sentences in the order of their scores, sorted once, to look up any threshold's strata."""

    def __init__(self, scores: Scores, probability: NDArray[np.float64], tagged: NDArray[np.bool_]):
        self._count = len(scores)
        free = ~tagged
        order = np.argsort(-scores[free], kind="stable")
        self._every = np.sort(scores)[::-1]
        self._free = scores[free][order]
        self._mass = np.concatenate([[0.0], np.cumsum(probability[free][order])])

    def found(self, threshold: float) -> int:
        """Return how many sentences, including tagged ones, have at least this score."""
        return int(np.searchsorted(-self._every, -threshold, side="right"))

    def score_of(self, count: int) -> float:
        """Return the score from which about ``count`` sentences are found; equal scores are found together."""
        return float(self._every[min(max(count, 1), self._count) - 1])

    def at(self, threshold: float) -> Population:
        """Return the strata of the untagged sentences; see :func:`~workbench.engine.corpus_estimate.stratify`."""
        found = int(np.searchsorted(-self._free, -threshold, side="right"))
        near = min(found + 3 * found + 100, len(self._free))
        ends = np.array([0, found, near, len(self._free)])
        size, mass = np.diff(ends), np.diff(self._mass[ends])
        mean = np.where(size > 0, mass / np.maximum(size, 1), 0.5)
        assert (FOUND, NEAR, FAR) == (0, 1, 2)
        cut = float(self._free[near - 1]) if near > found else -np.inf
        nowhere = np.broadcast_to(np.int8(-1), (self._count,))
        return Population(nowhere, size.astype(np.int64), mean, (threshold, cut), self._mass[1 : found + 1])


def dial(
    ladder: Ladder, rules: Mapping[str, float], share: Callable[[int], float], estimate: Estimator
) -> tuple[DialPoint, ...]:
    """Return the settings, strictest first.

    Args:
        ladder: all sentences in the order of their scores.
        rules: thresholds of the named rules, the one in use last; ``balanced`` is among them. The settings between
            guarantee a minimum hit rate.
        share: the expected hit rate from finding this many, by the rules' probabilities.
        estimate: precision and hit rate in the corpus at a threshold.
    """
    usual = max(1, ladder.found(rules[BALANCED]))
    between = {ladder.score_of(round(part * usual)) for part in SHARES.tolist()}
    settings: dict[int, tuple[float, list[str]]] = {ladder.found(t): (t, []) for t in between}
    for rule, threshold in rules.items():
        found = ladder.found(threshold)
        settings[found] = threshold, [*settings.get(found, (0.0, []))[1], rule]
    points = []
    for found, (threshold, names) in sorted(settings.items()):
        precision, hit_rate = estimate(threshold, ladder.at(threshold))
        *also, rule = names or [f"hit_rate>={min(max(share(found), 0.01), 0.99):.2f}"]
        points.append(
            DialPoint(
                threshold=threshold, found=found, precision=precision, hit_rate=hit_rate, rule=rule, also=tuple(also)
            )
        )
    return _rising(points)


def _rising(points: Iterable[DialPoint]) -> tuple[DialPoint, ...]:
    """Return the points with hit rates that never fall as more is found, as true ones cannot."""
    from sklearn.isotonic import IsotonicRegression

    points = tuple(points)
    rates = [point.hit_rate for point in points]
    if any(rate is None for rate in rates):
        return points
    values = np.array([[rate.low, rate.point, rate.high] for rate in rates if rate is not None])
    place = np.arange(len(points))
    risen = np.stack([IsotonicRegression().fit_transform(place, column) for column in values.T], axis=1)
    return tuple(replace(point, hit_rate=Interval(*row)) for point, row in zip(points, risen.tolist(), strict=True))
