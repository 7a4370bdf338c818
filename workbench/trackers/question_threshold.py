"""A threshold for a question, from a few of its results that a person called right or wrong."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

MIN_JUDGED = 5


@dataclass(frozen=True, slots=True)
class Tuned:
    """A threshold, and what it would do to the results that were judged."""

    least: float
    right_kept: int
    wrong_dropped: int


def tuned(judged: Iterable[tuple[float, bool]], least: float) -> Tuned | None:
    """Return the threshold that puts most judged results on the right side; the lowest of several.

    It was chosen on the same results that it is described by, so in others it does somewhat worse.

    Args:
        judged: the score of each judged result, and whether it is right.
        least: the threshold in use.

    Returns:
        None if fewer than :data:`MIN_JUDGED` results were judged, all are alike, or no threshold beats the one in use.
    """
    pairs = list(judged)
    scores = np.array([score for score, _ in pairs], dtype=float)
    right = np.array([one for _, one in pairs], dtype=bool)
    if len(pairs) < MIN_JUDGED or right.all() or not right.any():
        return None
    distinct = np.unique(scores)
    best, best_well = least, _well(scores, right, least)
    for low, high in pairwise(distinct.tolist()):
        cut = _between(low, high)
        well = _well(scores, right, cut)
        if well > best_well and (right & (scores >= cut)).any():
            best, best_well = cut, well
    if best == least:
        return None
    kept = scores >= best
    return Tuned(least=best, right_kept=int((kept & right).sum()), wrong_dropped=int((~kept & ~right).sum()))


def _well(scores: np.ndarray, right: np.ndarray, cut: float) -> int:
    """Return how many results a threshold puts on the right side."""
    return int(((scores >= cut) == right).sum())


def _between(low: float, high: float) -> float:
    """Return a short number above ``low`` and at most ``high``."""
    middle = (low + high) / 2
    return next((short for digits in (2, 3, 4) if low < (short := round(middle, digits)) <= high), middle)
