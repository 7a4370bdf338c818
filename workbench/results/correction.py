"""Rates corrected for the tracker's own error.

A tracker that finds 8% of the sentences with a precision of 0.75 and a hit rate of 0.6 leaves 10% to be said: of the
8, 6 are right, and they are 60% of all. In a group that says it less, the same error weighs more: what is constant is
not the precision but how often a sentence is found that does not say it. Rogan & Gladen (1978) subtract that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from workbench.domain.arrays import Floats
from workbench.domain.estimates import Interval
from workbench.results.intervals import Z, wilson_at

DRAWS = 2_000
LEAST = 1e-9  # a hit rate that tells nothing from chance


@dataclass(frozen=True, slots=True)
class Errors:
    """Draws of a tracker's error: how often it finds what says it (``hit``), and what does not (``false``)."""

    hit: Floats
    false: Floats

    def true(self, share: Floats, rng: np.random.Generator | None = None) -> Floats:
        """Compute the share that says it, where ``share`` is found: Rogan & Gladen's estimator, cut to [0, 1].

        A group in which less is found than the draw's false hits alone would be, or more than it can find, contradicts
        the draw: there the tracker errs less. With ``rng`` its share is then anything from what it is without that
        error to 0, or to 1. Cut to 0 or 1 instead, a group with few hits would have an interval without width.
        """
        with np.errstate(invalid="ignore", divide="ignore"):
            out: Floats = (share - self.false) / (self.hit - self.false)
            if rng is not None:
                drawn = rng.random(out.shape)
                all_right = share / np.maximum(self.hit, LEAST)
                none_missed = (share - self.false) / (1 - self.false)
                out = np.where(share < self.false, drawn * all_right, out)
                out = np.where(share > self.hit, none_missed + drawn * (1 - none_missed), out)
        return np.where(self.hit - self.false > LEAST, np.clip(out, 0.0, 1.0), np.nan)


@dataclass(frozen=True, slots=True)
class KnownError:
    """What is known of an error: precision and hit rate in the corpus, where the share ``base`` is found."""

    precision: Interval
    hit_rate: Interval
    base: float

    @property
    def point(self) -> Errors:
        """The error by the estimates' points, a single draw."""
        return errors_of(np.array([self.precision.point]), np.array([self.hit_rate.point]), self.base)

    def draws(self, z: Floats, rng: np.random.Generator) -> Errors:
        """Draw the error, as many times as ``z`` has quantiles.

        Both rates are drawn apart, though they rise and fall together: what comes of them is a little wide.
        """
        precision, hit_rate = drawn(self.precision, rng.permutation(z)), drawn(self.hit_rate, rng.permutation(z))
        return errors_of(precision, hit_rate, self.base)


def errors_of(precision: Floats, hit_rate: Floats, base: float) -> Errors:
    """Return the error of a tracker, from its precision and hit rate in some sentences.

    There it finds the share ``base`` of all.

    What says it is ``base * precision / hit_rate``; a hit rate at which that would be more than everything is raised.
    """
    hit = np.clip(hit_rate, max(base, LEAST) * precision, 1.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        said = base * precision / hit
        false = np.where(said < 1, base * (1 - precision) / (1 - said), 0.0)
    return Errors(hit, np.asarray(false))


def drawn(interval: Interval, z: Floats) -> Floats:
    """Draws of the value from an interval: its three figures are their 2.5%, 50% and 97.5% quantiles.

    Normal on either side of the point, on the scale of the arc sine of the root, where shares near 0 or 1 stay in.
    """
    low, point, high = (
        float(np.arcsin(np.sqrt(np.clip(v, 0, 1)))) for v in (interval.low, interval.point, interval.high)
    )
    side = np.where(z < 0, point - low, high - point)
    out: Floats = np.square(np.sin(np.clip(point + z * side / Z, 0.0, np.pi / 2)))
    return out


def corrected(
    share: Floats, size: Floats, base: float, precision: Interval, hit_rate: Interval, seed: int = 0
) -> tuple[Floats, Floats, Floats]:
    """Return the share of sentences that say it in each group, with both ends of its 95% interval.

    Args:
        share: of the group's sentences that were found.
        size: so many unrelated sentences would tell as much.
        base: the share found wherever the estimate holds.
        precision: in the corpus, with its interval.
        hit_rate: the same. Both are drawn apart, though they rise and fall together: the interval is a little wide.
        seed: of the draws.
    """
    whole = np.ones((len(share), 1))
    return corrected_together(share[:, None], size[:, None], whole, [KnownError(precision, hit_rate, base)], seed)


def corrected_together(
    share: Floats, size: Floats, weight: Floats, errors: Sequence[KnownError], seed: int = 0
) -> tuple[Floats, Floats, Floats]:
    """Return the same where sentences were read in several ways, such as by two versions of a tracker.

    What was found in each way is corrected by its own error, and counts by its share of the group's sentences. All
    three arrays are ``[groups, ways]``.

    Args:
        share: of the way's sentences that were found.
        size: so many unrelated sentences would tell as much.
        weight: the share of the group's sentences; rows add up to 1, or to 0 if there are none.
        errors: what is known of the error of each way.
        seed: of the draws.
    """
    rng = np.random.default_rng(seed)
    z = ndtri((np.arange(DRAWS) + 0.5) / DRAWS)
    draws = [one.draws(z, rng) for one in errors]
    point = combined(np.stack([one.point.true(share[:, at]) for at, one in enumerate(errors)], axis=1), weight)
    ends = np.full((2, len(share)), np.nan)
    for at in range(len(share)):
        ways = np.flatnonzero(size[at] > 0)
        if not len(ways):
            continue
        said = [draws[way].true(wilson_at(share[at, way], size[at, way], rng.permutation(z)), rng) for way in ways]
        whole = combined(np.stack(said, axis=1), weight[at, ways])
        if not np.isnan(whole).all():
            ends[:, at] = np.nanquantile(whole, (0.025, 0.975))
    return point, np.fmin(ends[0], point), np.fmax(ends[1], point)


def combined(shares: Floats, weight: Floats) -> Floats:
    """Return the weighted sums over the last axis.

    What has no weight counts for nothing, even where it cannot be told.
    """
    out: Floats = np.where(weight > 0, shares * weight, 0.0).sum(axis=-1)
    return np.where(weight.sum(axis=-1) > 0, out, np.nan)
