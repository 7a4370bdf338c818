"""From decision values to yes and no.

Scores of sentences that were not trained on are calibrated to probabilities (Platt 1999, with his smoothed targets),
which the selection does not bias: given its score, a sentence is as likely to be right whether it was picked or not.
The balanced threshold maximises the expected F1 over the pool: at the optimum that is half the F1 reached (Lipton,
Elkan & Naryanaswamy 2014), far below 0.5 if a concept is hard. The two other rules keep the expected precision, or the
expected hit rate, at what the person wants.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.domain.arrays import Floats
from workbench.domain.errors import InvalidArgument
from workbench.engine.folds import folds_by_call
from workbench.engine.heads import Gram, Labels, fit_kernel
from workbench.engine.recipes import Recipe

FOLDS = 10
LOOKED_AT_FIRST = 8_192  # the best sentences; more if the threshold is lower


@dataclass(frozen=True, slots=True)
class Calibration:
    """``P(yes | score) = 1 / (1 + exp(-(slope · score + offset)))``."""

    slope: float
    offset: float

    def log_odds(self, scores: NDArray[np.floating]) -> Floats:
        return self.slope * np.asarray(scores, dtype=np.float64) + self.offset

    def probability(self, scores: NDArray[np.floating]) -> Floats:
        return 1 / (1 + np.exp(-np.clip(self.log_odds(scores), -40, 40)))


def out_of_fold(
    gram: Gram,
    labels: Labels,
    recipe: Recipe,
    seed: int,
    folds: int = FOLDS,
    calls: NDArray[np.integer] | None = None,
) -> Floats | None:
    """Compute each sentence's decision value from a machine that saw neither it nor any other from its call.

    None if fewer than two calls have a YES, or a NO. Without ``calls`` each sentence is a call of its own.
    """
    split = folds_by_call(labels, calls, folds, seed)
    if not split:
        return None
    out = np.empty(len(labels))
    for train, test in split:
        machine = fit_kernel(gram[np.ix_(train, train)], labels[train], recipe)
        out[test] = machine.decision_function(gram[np.ix_(test, train)])
    return out


def calibrate(scores: Floats, labels: Labels) -> Calibration:
    """Fit a rising logistic curve to held-out scores (Platt)."""
    from scipy.optimize import minimize

    yes, no = int(labels.sum()), int((1 - labels).sum())
    target = np.where(labels == 1, (yes + 1) / (yes + 2), 1 / (no + 2))

    def loss(at: Floats) -> float:
        z = np.exp(at[0]) * scores + at[1]
        return float((np.logaddexp(0, z) - target * z).sum())

    found = minimize(loss, np.array([0.5, 0.0]), method="Nelder-Mead", options={"maxiter": 200, "xatol": 1e-3}).x
    return Calibration(float(np.exp(found[0])), float(found[1]))


def choose(rule: str, scores: NDArray[np.floating], probability: Floats) -> float:
    """Return the score from which to say yes over the pool, by a rule's name and each sentence's probability.

    Raises:
        InvalidArgument: the rule is not one of ``balanced``, ``precision>=P`` and ``hit_rate>=R``.
    """
    kind, least = _parsed(rule)
    if not len(scores):
        return 0.0
    total, size = probability.sum(), LOOKED_AT_FIRST
    while True:
        top = _Top(scores, probability, size)
        at = top.place(kind, least, total)
        if at + 1 < len(top.scores) or size >= len(scores):
            break
        size *= 8
    if kind == "balanced":
        return _half_of(top.f1(total), top.scores, top.probability)
    return float(top.scores[at])


class _Top:
    """The ``size`` best sentences, or all, one entry per distinct score: a repeated sentence is found as a whole.

    All three rules walk down from the best and stop early in most cases: sorting everything would take far longer.
    """

    def __init__(self, scores: NDArray[np.floating], probability: Floats, size: int):
        # The probability rises with the score: sorted separately, which is much faster, they stay paired.
        order, likely = _largest(scores, size), _largest(probability, size)
        last = np.append(order[1:] != order[:-1], size >= len(scores))
        self.scores, self.probability = order[last], likely[last]
        self._right, self._count = np.cumsum(likely)[last], np.flatnonzero(last) + 1

    def f1(self, total: float) -> Floats:
        """Return the expected F1 if everything down to each entry is found, given the ``total`` of positives."""
        out: Floats = 2 * self._right / (self._count + total)
        return out

    def place(self, kind: str, least: float, total: float) -> int:
        """Return the entry down to which a rule goes; or one after the last, if it may go further still."""
        if not len(self.scores):
            return 0
        if kind == "balanced":
            return int(self.f1(total).argmax())
        if kind == "precision":
            enough = np.flatnonzero(self._right / self._count >= least)
            return int(enough[-1]) if len(enough) else 0
        return min(int(np.searchsorted(self._right, least * total)), len(self.scores) - 1)


def _largest(values: NDArray[np.floating], size: int) -> NDArray[Any]:
    """Return the ``size`` largest values, descending."""
    part = np.partition(values, len(values) - size)[-size:] if size < len(values) else values
    return np.sort(part)[::-1]


def _half_of(f1: Floats, scores: NDArray[np.floating], probability: Floats) -> float:
    """Return where the probability is half the best F1: above the next sentence after the best cut, at most at the cut.

    The pool has no sentences in the gap between the two, but new ones may be there.
    """
    at = int(f1.argmax())
    if at + 1 == len(f1):
        return float(scores[at])
    above, below = _log_odds(probability[at]), _log_odds(probability[at + 1])
    share = (_log_odds(f1[at] / 2) - below) / max(above - below, 1e-12)
    found = scores[at + 1] + np.clip(share, 0, 1) * (scores[at] - scores[at + 1])
    return float(max(found, np.nextafter(scores[at + 1], np.inf, dtype=scores.dtype)))


def _log_odds(p: float) -> float:
    kept = min(max(float(p), 1e-12), 1 - 1e-12)
    return math.log(kept / (1 - kept))


def check_rule(rule: str) -> str:
    """Return the rule itself, if it is valid; raises ``InvalidArgument``."""
    _parsed(rule)
    return rule


def _parsed(rule: str) -> tuple[str, float]:
    kind, _, least = rule.partition(">=")
    try:
        value = float(least or 0)
    except ValueError:
        value = -1
    if not ((kind == "balanced" and not least) or (kind in ("precision", "hit_rate") and 0 < value < 1)):
        raise InvalidArgument(
            f"threshold: must be one of balanced, precision>=0.9, hit_rate>=0.9 (or another share), not {rule!r}"
        )
    return kind, value
