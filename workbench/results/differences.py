"""Which groups can be told apart: a bootstrap over whole calls, corrected for the number of comparisons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.special import ndtr, ndtri

from workbench.domain.estimates import Interval
from workbench.results.correction import drawn, errors_of
from workbench.results.intervals import Floats

DRAWS = 1_000
_CHUNK = 100  # draws at a time: what the weights of all calls take in memory
_COUNTED = 20  # draws beyond 0 from which on they are counted; with fewer the tail is a normal one's

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Entries:
    """One entry for each call of each group: how many sentences count there, and how many of them are found."""

    call: Numbers
    group: Numbers
    sentences: Floats
    found: Floats


@dataclass(frozen=True, slots=True)
class Difference:
    """Of the first group's rate over the second's, with its 95 % interval.

    ``p`` is corrected for all comparisons made (Holm 1979); ``corrected`` says whether the tracker's own error is.
    """

    difference: float
    low: float
    high: float
    p: float
    corrected: bool

    @property
    def apart(self) -> bool:
        """Whether the two can be told apart: at 5 %, over all comparisons together."""
        return self.p < 0.05


def resampled(entries: Entries, groups: int, effect: float, seed: int = 0, draws: int = DRAWS) -> Floats:
    """Shares found, ``[draws, groups]``: each draw weighs every call anew, alike in all groups it belongs to.

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
    return out


def differences(
    shares: Floats,
    pairs: Sequence[tuple[int, int]],
    points: Floats,
    base: float,
    precision: Interval | None,
    hit_rate: Interval | None,
    seed: int = 0,
) -> list[Difference]:
    """Each pair's difference, from the draws of :func:`resampled` and the groups' rates (``points``).

    Where the tracker's error is known both groups of a draw have the same one. It cannot change which of them is
    ahead, so ``p`` goes by what was found.
    """
    if not pairs:
        return []
    left, right = np.array(pairs).T
    known = precision is not None and hit_rate is not None
    rates = shares
    if precision is not None and hit_rate is not None:
        rng = np.random.default_rng(seed)
        z = ndtri((np.arange(len(shares)) + 0.5) / len(shares))
        errors = errors_of(drawn(precision, rng.permutation(z)), drawn(hit_rate, rng.permutation(z)), base)
        rates = np.stack([errors.true(column) for column in shares.T], axis=1)
    low, high = np.nanquantile(rates[:, left] - rates[:, right], (0.025, 0.975), axis=0)
    point = points[left] - points[right]
    p = holm(_two_sided(shares, left, right))
    return [
        Difference(float(d), float(min(a, d)), float(max(b, d)), float(one), known)
        for d, a, b, one in zip(point, low, high, p, strict=True)
    ]


def holm(p: Floats) -> Floats:
    """Holm's (1979) step-down correction: each p-value, to be compared with the level of all together."""
    order = np.argsort(p)
    stepped = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1))
    out = np.empty(len(p))
    out[order] = np.minimum(stepped, 1.0)
    return out


def _two_sided(shares: Floats, left: Numbers, right: Numbers) -> Floats:
    """How likely so great a difference is where there is none.

    By the number of draws on the other side of 0; where these are few, by the normal tail of the difference between
    the arc sines of the roots, whose variance hardly depends on the share.
    """
    over = (shares[:, left] > shares[:, right]).sum(axis=0)
    beyond = np.minimum(over, len(shares) - over)
    angles = np.arcsin(np.sqrt(shares))
    apart = angles[:, left] - angles[:, right]
    tail = 2 * ndtr(-np.abs(apart.mean(axis=0)) / np.maximum(apart.std(axis=0), 1e-12))
    counted = 2 * (beyond + 1) / (len(shares) + 1)
    p: Floats = np.minimum(np.where(beyond >= _COUNTED, counted, np.minimum(tail, counted)), 1.0)
    return p


def _cells(entries: Entries) -> tuple[Numbers, Numbers, Floats]:
    """The cell of each entry, the entries that stand for their cells, and how many calls each cell holds.

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
