"""Which features distinguish two groups of calls, beyond chance. Pure functions over arrays.

A feature is there in a call or not, however often, so that a long call counts once; and calls are compared within
strata of alike length, as a long call holds more of everything. The test is exact: given how many calls of each stratum
have the feature, any of them may be those of the first group (the exact form of Mantel & Haenszel 1959). Benjamini &
Hochberg (1995) keep the expected share of false ones among what is reported at 5%, so that where the groups do not
differ anything is reported in at most one comparison of twenty. Intervals of what is reported are widened for having
been selected (Benjamini & Yekutieli 2005).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.special import gammaln, ndtri

from workbench.domain.arrays import Floats, Ints
from workbench.results.intervals import wilson_at

LEVEL = 0.05
LEAST_WITH = 5  # calls with a feature, and without it, from which on it is tested
_STRATUM = 20  # calls that a stratum holds at least
_MOST_STRATA = 4
_TIMES = 1.5  # how much longer the calls of the next stratum are, at least about

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Contrast:
    """Of each tested feature, ``column`` of the presence matrix, p-values sorted from the least.

    ``q`` is ``p`` adjusted for all that was tested; ``apart`` are the places of those reported. ``difference`` is the
    share of the first group's calls over that of the second's, with ``low`` and ``high``.
    """

    column: Ints
    p: Floats
    q: Floats
    share: Floats
    """``[tested, 2]``."""
    counts: Ints
    difference: Floats
    low: Floats
    high: Floats
    apart: Ints

    @property
    def tested(self) -> int:
        return len(self.column)


def contrast(presence: csr_array, first: Flags, strata: Ints, level: float = LEVEL) -> Contrast:
    """Compare ``presence``, ``[calls, features]`` of zeros and ones, between ``first`` calls and the others.

    Which features are tested is decided without looking at the groups: only how many calls have them, and how many
    calls of each stratum are in which group, tells whether a test could say anything at all.
    """
    present = csr_array(presence).astype(np.int64)
    with_it = np.asarray(present.sum(axis=0)).ravel()
    usual = np.flatnonzero((with_it >= LEAST_WITH) & (with_it <= len(first) - LEAST_WITH))
    layers = [strata == one for one in np.unique(strata)]
    size, size_first = np.array([one.sum() for one in layers]), np.array([(one & first).sum() for one in layers])
    held = np.stack([_sums(present, one)[usual] for one in layers])
    held_first = np.stack([_sums(present, one & first)[usual] for one in layers]).sum(axis=0)
    p, least, expected = _exact(held, held_first, size, size_first)
    at = np.flatnonzero(least <= level)
    at = at[np.argsort(p[at], kind="stable")]
    counts = np.stack([held_first[at], with_it[usual][at] - held_first[at]], axis=1)
    sizes = np.array([first.sum(), (~first).sum()], dtype=float)
    share = counts / sizes
    q = adjusted(p[at])
    same_way = np.sign(share[:, 0] - share[:, 1]) == np.sign(held_first[at] - expected[at])
    apart = np.flatnonzero((q <= level) & same_way)
    z = float(ndtri(1 - level * max(1, len(apart)) / max(1, len(at)) / 2))
    difference, low, high = newcombe(share, sizes, z)
    return Contrast(usual[at], p[at], q, share, counts, difference, low, high, apart)


def strata_of(lengths: Ints) -> Ints:
    """Put calls of alike length into a stratum: at most four, of about as many calls each.

    One sentence more must not decide in which stratum a call is, or what is said would explain itself away: where
    lengths are much alike there is one stratum only.
    """
    if not len(lengths):
        return np.zeros(0, dtype=np.int64)
    short, long = np.quantile(np.maximum(lengths, 1), (0.1, 0.9))
    spread = int(np.log(long / short) / np.log(_TIMES))
    count = int(np.clip(min(len(lengths) // _STRATUM, spread), 1, _MOST_STRATA))
    edges = np.quantile(lengths, np.arange(1, count) / count)
    out: Ints = np.searchsorted(edges, lengths, side="left").astype(np.int64)
    return out


def adjusted(p: Floats) -> Floats:
    """Return Benjamini & Hochberg's adjusted p-values."""
    from scipy.stats import false_discovery_control  # takes as long to import as half of the package

    out: Floats = np.asarray(false_discovery_control(p, method="bh"), dtype=np.float64)
    return out


def newcombe(share: Floats, sizes: Floats, z: float) -> tuple[Floats, Floats, Floats]:
    """Return the difference of two shares with its interval, from Wilson's of each (Newcombe 1998, method 10)."""
    low, high = wilson_at(share, sizes, -z), wilson_at(share, sizes, z)
    difference = share[:, 0] - share[:, 1]
    below = np.hypot(share[:, 0] - low[:, 0], high[:, 1] - share[:, 1])
    above = np.hypot(high[:, 0] - share[:, 0], share[:, 1] - low[:, 1])
    return difference, np.maximum(difference - below, -1.0), np.minimum(difference + above, 1.0)


def _sums(present: csr_array, rows: Flags) -> Ints:
    out: Ints = np.asarray(rows.astype(np.int64) @ present).ravel()
    return out


def _exact(held: Ints, first: Ints, size: Ints, size_first: Ints) -> tuple[Floats, Floats, Floats]:
    """Two-sided p of each feature, the least that it could have been, and how many were to be expected."""
    cases, which = np.unique(held, axis=1, return_inverse=True)
    which = which.ravel()
    p, least, expected = np.ones(len(first)), np.ones(len(first)), np.zeros(len(first))
    for place, case in enumerate(cases.T):
        chances, lowest = _chances(case, size, size_first)
        order = np.sort(chances)
        sums = np.cumsum(order)
        of_case = np.flatnonzero(which == place)
        mine = chances[first[of_case] - lowest] * (1 + 1e-7)
        p[of_case] = np.minimum(sums[np.searchsorted(order, mine, side="right") - 1], 1.0)
        least[of_case] = sums[np.searchsorted(order, order[0] * (1 + 1e-7), side="right") - 1]
        expected[of_case] = (case * size_first / size).sum()
    return p, least, expected


def _chances(held: Ints, size: Ints, size_first: Ints) -> tuple[Floats, int]:
    """Return the distribution of how many of the first group's calls have the feature.

    The least of these numbers comes with it.
    """
    out, lowest = np.ones(1), 0
    for have, calls, drawn in zip(held, size, size_first, strict=True):
        start, stop = max(0, drawn + have - calls), min(drawn, have)
        at = np.arange(start, stop + 1)
        ways = _choose(have, at) + _choose(calls - have, drawn - at) - _choose(calls, drawn)
        out, lowest = np.convolve(out, np.exp(ways)), lowest + int(start)
    return out / out.sum(), lowest


def _choose(n: int, k: Ints | int) -> Floats:
    """Return the logarithm of the number of ways."""
    out: Floats = gammaln(n + 1) - gammaln(np.asarray(k) + 1) - gammaln(n - np.asarray(k) + 1)
    return out
