"""Which groups differ, and by how much.

Intervals come from a bootstrap over whole calls, p-values from permuting whole calls, corrected for the number of
comparisons.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.special import ndtri

from workbench.domain.arrays import Floats, Ints
from workbench.domain.estimates import Interval
from workbench.results.correction import drawn, errors_of
from workbench.results.entries import Entries
from workbench.results.permutation import p_values

DRAWS = 1_000
_CHUNK = 100  # draws at a time: what the weights of all calls take in memory
MAX_P = 0.05  # of a pair that can be told apart, over all comparisons together


@dataclass(frozen=True, slots=True)
class Difference:
    """The first group's rate less the second's, with its 95% interval.

    Attributes:
        difference: NaN if it can't be told.
        low: the interval's lower end.
        high: its upper end.
        p: corrected for all comparisons made (Holm 1979); NaN if the difference can't be told.
        corrected: whether the rates are corrected for the tracker's own error. Where both corrected rates are 0,
            the rates as found are compared instead.
        apart: whether the two can be told apart; the sign of ``difference`` then says which is ahead.
    """

    difference: float
    low: float
    high: float
    p: float
    corrected: bool
    apart: bool


@dataclass(frozen=True, slots=True, eq=False)
class Resampled:
    """Draws of the groups' shares found, ``[draws, groups]``, and the entries they were drawn from."""

    shares: Floats
    entries: Entries


def resampled(entries: Entries, groups: int, effect: float, seed: int = 0, draws: int = DRAWS) -> Resampled:
    """Draw the groups' shares found: each draw weighs every call again, alike in all groups it belongs to.

    The Bayesian bootstrap (Rubin 1981), with Jeffreys' half a find and half a miss added, as many times as finds
    cluster (``effect``): without them a group in which nothing was found would have no spread.
    """
    rng = np.random.default_rng(seed)
    cell, kept, calls = _cells(entries)
    shape, at = (len(calls), groups), (cell[kept], entries.group[kept])
    size = csr_array((entries.sentences[kept], at), shape=shape)
    hits = csr_array((entries.found[kept], at), shape=shape)
    out = np.empty((draws, groups))
    for start in range(0, draws, _CHUNK):
        count = min(_CHUNK, draws - start)
        weights = _weights(calls, count, rng)
        half = effect * rng.standard_gamma(0.5, size=(2, count, groups))
        out[start : start + count] = (weights @ hits + half[0]) / (weights @ size + half.sum(axis=0))
    return Resampled(out, entries)


def differences(
    resampled: Resampled,
    pairs: Sequence[tuple[int, int]],
    points: Floats,
    base: float,
    precision: Interval | None,
    hit_rate: Interval | None,
    seed: int = 0,
    rates: Floats | None = None,
) -> list[Difference]:
    """Compare pairs of groups, from the draws of :func:`resampled` and the groups' rates (``points``).

    Where the tracker's error is known both groups of a draw have the same one. It cannot change which of them is
    ahead, so ``p`` is about what was found. A pair counts as apart only where the difference shown points the same way.
    ``rates`` are draws of the corrected rates, where they are not to be drawn from this error.
    """
    if not pairs:
        return []
    left, right = np.array(pairs).T
    known = precision is not None and hit_rate is not None
    shares = resampled.shares
    found = _compared(shares, resampled.entries.found_rates(shares.shape[1]), left, right)
    shown = found
    if precision is not None and hit_rate is not None:
        true = _true(shares, base, precision, hit_rate, seed) if rates is None else rates
        shown = _compared(true, points, left, right)
    as_found = shown[0] == 0  # both corrected rates were cut to 0, which says nothing of which is ahead
    difference, low, high = np.where(as_found, found, shown)
    p = np.where(np.isnan(difference), np.nan, holm(p_values(resampled.entries, pairs, seed)))
    apart = (p < MAX_P) & (np.sign(difference) == np.sign(found[0]))
    columns = (difference, np.fmin(low, difference), np.fmax(high, difference), p, known & ~as_found, apart)
    return [
        Difference(float(d), float(a), float(b), float(one), bool(is_corrected), bool(is_apart))
        for d, a, b, one, is_corrected, is_apart in zip(*columns, strict=True)
    ]


def _compared(draws: Floats, points: Floats, left: Ints, right: Ints) -> Floats:
    """Differences, and both ends of their 95% intervals: ``[3, pairs]``."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # of pairs whose draws are all NaN
        ends = np.nanquantile(draws[:, left] - draws[:, right], (0.025, 0.975), axis=0)
    return np.stack([points[left] - points[right], *ends])


def _true(shares: Floats, base: float, precision: Interval, hit_rate: Interval, seed: int) -> Floats:
    """Draws of the share that says it, from draws of the share found and of the tracker's error."""
    rng = np.random.default_rng(seed)
    z = ndtri((np.arange(len(shares)) + 0.5) / len(shares))
    errors = errors_of(drawn(precision, rng.permutation(z)), drawn(hit_rate, rng.permutation(z)), base)
    return np.stack([errors.true(column, rng) for column in shares.T], axis=1)


def holm(p: Floats) -> Floats:
    """Holm's (1979) step-down correction: each p-value, to be compared with the level of all together."""
    order = np.argsort(p)
    stepped = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1))
    out = np.empty(len(p))
    out[order] = np.minimum(stepped, 1.0)
    return out


def _cells(entries: Entries) -> tuple[Ints, Ints, Floats]:
    """Return the cell of each entry, the entries that stand for their cells, and how many calls each cell holds.

    Calls of one group that are alike share a cell: the weights of ``n`` calls add up to a gamma variable of shape
    ``n``. A call of several groups has a cell of its own, with an entry for each group.
    """
    _, call, times = np.unique(entries.call, return_inverse=True, return_counts=True)
    alone = np.flatnonzero(times[call] == 1)
    shared = np.flatnonzero(times[call] > 1)
    alike = np.stack([entries.group[alone], entries.sentences[alone], entries.found[alone]], axis=1)
    _, first, own, size = np.unique(alike, axis=0, return_index=True, return_inverse=True, return_counts=True)
    _, others = np.unique(call[shared], return_inverse=True)
    cell = np.empty(len(call), dtype=np.int64)
    cell[alone] = own.ravel()
    cell[shared] = len(size) + others
    calls = np.concatenate([size, np.ones(others.max(initial=-1) + 1)])
    return cell, np.concatenate([alone[first], shared]), calls


def _weights(calls: Floats, count: int, rng: np.random.Generator) -> Floats:
    """Weights ``[count, cells]``; those of single calls are exponential, which is quicker to draw."""
    out = np.empty((count, len(calls)))
    single = calls == 1
    out[:, single] = rng.standard_exponential((count, int(single.sum())))
    out[:, ~single] = rng.standard_gamma(calls[~single], size=(count, int((~single).sum())))
    return out
