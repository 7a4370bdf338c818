"""Cohen's kappa and Krippendorff's alpha over nominal answers, each with a bootstrap interval over sentences.

Half a sentence with agreement and half a one without are added before resampling: otherwise a sample without
disagreement would have no spread, however small it is.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

DRAWS = 1_000
ALPHA_DRAWS = 300
CountMatrix = NDArray[np.float64]
Bounds = tuple[float, float, float]
"""Lower bound, point and upper bound; 95%."""


def kappa(first: Sequence[str], second: Sequence[str], seed: int = 0) -> Bounds | None:
    """Return Cohen's kappa (1960) of two people's answers to the same sentences; None if all answers are equal."""
    from sklearn.metrics import cohen_kappa_score

    labels = sorted({*first, *second})
    if len(labels) < 2:
        return None
    point = float(cohen_kappa_score(first, second, labels=labels))
    table = np.zeros((len(labels), len(labels)))
    for one, other in zip(first, second, strict=True):
        table[labels.index(one), labels.index(other)] += 1
    chances = (table + _half_and_half(len(labels))) / (len(first) + 1)
    draws = np.random.default_rng(seed).multinomial(len(first), chances.ravel(), DRAWS)
    return _bounds(point, _kappas(draws.reshape(DRAWS, *table.shape)))


def alpha(answers: Sequence[Sequence[str]], seed: int = 0) -> Bounds | None:
    """Return Krippendorff's alpha (2011) of sentences with anyone's answers to each; None as for kappa.

    A sentence with fewer than two answers says nothing about agreement and is left out.
    """
    paired = [list(given) for given in answers if len(given) > 1]
    labels = sorted({answer for given in paired for answer in given})
    if len(labels) < 2:
        return None
    counts = np.array([[given.count(label) for label in labels] for given in paired], dtype=float)
    agree = 2 * np.eye(len(labels))
    differ = np.array([agree[a] / 2 + agree[b] / 2 for a in range(len(labels)) for b in range(a)])
    units = _agreeing(np.vstack([counts, agree, differ]))
    weights = np.concatenate([np.ones(len(counts)), *(np.full(len(more), 0.5 / len(more)) for more in (agree, differ))])
    rng = np.random.default_rng(seed)
    drawn = rng.choice(len(units), (ALPHA_DRAWS, len(counts)), p=weights / weights.sum())
    point = float(_alphas(units[: len(counts)].sum(axis=0)))
    return _bounds(point, _alphas(np.array([units[at].sum(axis=0) for at in drawn])))


def _agreeing(counts: CountMatrix) -> CountMatrix:
    """Count each unit's contribution to alpha [units, labels]: its answers by label, and agreeing pairs."""
    given = counts.sum(axis=1)
    pairs = (counts * (counts - 1)).sum(axis=1) / (given - 1)
    return np.column_stack([counts, pairs])


def _alphas(sums: CountMatrix) -> CountMatrix:
    """Compute alpha for nominal data from sums over units [..., labels + 1]; NaN if all answers are the same.

    Krippendorff (2011), "Computing Krippendorff's alpha-reliability", section C: missing answers are allowed.
    """
    values, agreed = sums[..., :-1], sums[..., -1]
    total = values.sum(axis=-1)
    by_chance = (values * (values - 1)).sum(axis=-1) / (total - 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        found: CountMatrix = 1 - (total - agreed) / (total - by_chance)
    return found


def _half_and_half(size: int) -> CountMatrix:
    other = ~np.eye(size, dtype=bool)
    return np.where(other, 0.5 / other.sum(), 0.5 / size)


def _kappas(tables: NDArray[np.int64]) -> CountMatrix:
    """Compute kappa for each table [draws, labels, labels]; NaN if chance alone would agree on everything."""
    total = tables.sum(axis=(1, 2))
    by_chance = (tables.sum(axis=1) * tables.sum(axis=2)).sum(axis=1) / total**2
    seen = np.trace(tables, axis1=1, axis2=2) / total
    with np.errstate(invalid="ignore", divide="ignore"):
        found: CountMatrix = (seen - by_chance) / (1 - by_chance)
    return found


def _bounds(point: float, draws: CountMatrix) -> Bounds:
    low, high = np.nanquantile(draws, [0.025, 0.975])
    return min(float(low), point), point, max(float(high), point)
