"""Intervals of shares, of single things and of things that come in clusters."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from workbench.domain.arrays import Floats

Z = float(ndtri(0.975))


def wilson_at(share: Floats, size: Floats, z: Floats | float) -> Floats:
    """Return the end of Wilson's score interval (1927), ``z`` standard deviations off.

    It is the lower end for negative ``z``.

    Over all ``z`` it is a distribution of the true share, from which one draws by drawing ``z``. NaN if ``size``
    is 0.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        spread = z * np.sqrt(share * (1 - share) / size + np.square(z) / (4 * np.square(size)))
        out: Floats = (share + np.square(z) / (2 * size) + spread) / (1 + np.square(z) / size)
    return np.clip(out, 0.0, 1.0)


def wilson(found: Floats, size: Floats) -> tuple[Floats, Floats, Floats]:
    """Return the share ``found / size`` and both ends of its 95% interval; NaN if ``size`` is 0."""
    with np.errstate(invalid="ignore", divide="ignore"):
        share: Floats = np.asarray(found / size, dtype=np.float64)
    return share, np.fmin(wilson_at(share, size, -Z), share), np.fmax(wilson_at(share, size, Z), share)


def design_effect(group: NDArray[np.int64], sentences: Floats, found: Floats, groups: int) -> tuple[Floats, float]:
    """Return how many times the variance of each group's share is that of as many unrelated sentences; and overall.

    One entry a call. Finds come in clusters: one call says it five times, most never do. By Rao & Scott (1992,
    section 2) a share of clustered things is that of ``size / design effect`` unrelated ones. At least 1; a group of
    fewer than ten calls, or in which nothing or everything was found, cannot tell and takes the overall one if larger.
    """
    overall = _effect(np.zeros(len(group), dtype=np.int64), sentences, found, 1)[0][0]
    own, calls, varies = _effect(group, sentences, found, groups)
    few = (calls < 10) | ~varies
    return np.where(few, np.maximum(own, overall), own), float(overall)


def _effect(
    group: NDArray[np.int64], sentences: Floats, found: Floats, groups: int
) -> tuple[Floats, NDArray[np.int64], NDArray[np.bool_]]:
    calls = np.bincount(group, minlength=groups)
    size = np.bincount(group, sentences, groups)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.bincount(group, found, groups) / size
        off = np.bincount(group, np.square(found - share[group] * sentences), groups)
        effect = calls / (calls - 1) * off / (size * share * (1 - share))
    varies = (share > 0) & (share < 1) & (calls > 1)
    return np.where(varies, np.maximum(1.0, effect), 1.0), calls, varies
