"""Which groups' rates differ: p-values from permuting whole calls between two groups.

Sentences of one call resemble each other, so calls are what is exchanged. The statistic is studentised, which keeps
the test valid where the groups' calls differ in length or spread (Janssen 1997; Chung & Romano 2013). That holds for
many calls; where a group has few, the plain difference is permuted as well, and the larger p-value counts. A call that
belongs to both groups changes sides within itself. Where it counts alike in both, as a call of two teams does, that
changes nothing: it is part of both rates and tells nothing of which is ahead. So only calls that change something count
as a group's calls here, and groups with fewer than two of them cannot be told apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr, stdtrit

from workbench.domain.arrays import Floats
from workbench.results.entries import Entries

DRAWS = 1_999
MAX_PERMUTED = 4_000  # calls of a pair; with more of them the statistic follows Student's t closely enough
MIN_STUDENTISED = 20  # calls of a group; with fewer, a studentised difference alone rejects up to 9% at a level of 5%
_SCREENED = 0.2  # a pair whose p-value by Student's t is larger is not permuted: no verdict depends on it
_MIN_COUNTED = 20  # permutations beyond the observed value; with fewer of them the tail is extrapolated
_CHUNK = 250  # permutations at a time, which bounds the memory


def p_values(entries: Entries, pairs: Sequence[tuple[int, int]], seed: int = 0, draws: int = DRAWS) -> Floats:
    """Compute each pair's two-sided p-value under the null that calls are exchangeable between its groups.

    Args:
        entries: all groups' calls.
        pairs: the groups to compare.
        seed: of the permutations.
        draws: permutations of each pair.

    Returns:
        P-values ``[len(pairs)]``, not corrected for the number of pairs; 1 where a group has fewer than two calls that
        do not count alike in the other.
    """
    rng = np.random.default_rng(seed)
    order = np.argsort(entries.group, kind="stable")
    bounds = np.searchsorted(entries.group[order], np.arange(entries.group.max(initial=-1) + 2))
    rows = [order[start:stop] for start, stop in pairwise(bounds)]
    return np.array([_p_value(_Pair.of(entries, rows[a], rows[b]), rng, draws) for a, b in pairs], dtype=np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class _Pair:
    """Two groups' calls: ``alone`` in the first or the second, and in both; columns are sentences and found."""

    first: Floats
    second: Floats
    both: Floats  # [calls, 4]: sentences and found in the first group, then in the second

    @classmethod
    def of(cls, entries: Entries, left: NDArray[np.int64], right: NDArray[np.int64]) -> _Pair:
        table = np.stack([entries.sentences, entries.found], axis=1)
        _, at, to = np.intersect1d(entries.call[left], entries.call[right], return_indices=True)
        return cls(
            first=np.delete(table[left], at, axis=0),
            second=np.delete(table[right], to, axis=0),
            both=np.hstack([table[left][at], table[right][to]]),
        )

    @property
    def calls(self) -> tuple[int, int]:
        return len(self.first) + len(self.both), len(self.second) + len(self.both)

    @property
    def exchanged(self) -> tuple[int, int]:
        """How many of each group's calls a permutation can tell from those of the other."""
        unlike = int((self.both[:, :2] != self.both[:, 2:]).any(axis=1).sum())
        return len(self.first) + unlike, len(self.second) + unlike


def _p_value(pair: _Pair, rng: np.random.Generator, draws: int) -> float:
    if min(pair.exchanged) < 2:
        return 1.0
    observed, freedom = _observed(pair)
    if np.isnan(observed.studentised):
        return 1.0
    by_student = _two_sided(float(observed.studentised), freedom) if freedom > 0 else 0.0
    if by_student > _SCREENED or sum(pair.exchanged) > MAX_PERMUTED:
        return by_student
    parts: list[_Differences] = []
    for count in _chunks(draws):
        parts.append(_permuted(pair, rng, count))
        if sum(_beyond(one.studentised, observed.studentised) for one in parts) >= _MIN_COUNTED:
            break  # further draws would only tell a large p-value more closely (Besag & Clifford 1991)
    p = _tail(np.concatenate([one.studentised for one in parts]), observed.studentised, freedom)
    if min(pair.exchanged) < MIN_STUDENTISED:
        p = max(p, _share_beyond(np.concatenate([one.plain for one in parts]), observed.plain))
    return p


def _share_beyond(permuted: Floats, observed: Floats) -> float:
    """Return the share of permutations at least as far from 0, the observed value counted among them."""
    return float((_beyond(permuted, observed) + 1) / (len(permuted) + 1))


def _beyond(permuted: Floats, observed: Floats) -> int:
    return int((np.abs(permuted) >= np.abs(observed) * (1 - 1e-9)).sum())


def _tail(permuted: Floats, observed: Floats, freedom: float) -> float:
    """As :func:`_share_beyond`; far out by Student's t, stretched to fit what was permuted."""
    counted = _share_beyond(permuted, observed)
    if _beyond(permuted, observed) >= _MIN_COUNTED or not np.isfinite(observed) or freedom <= 0:
        return counted
    at = _MIN_COUNTED / len(permuted)
    edge = float(np.quantile(np.abs(permuted), 1 - at, method="higher"))
    if not np.isfinite(edge) or edge <= 0:
        return counted
    stretch = max(1.0, edge / -float(stdtrit(freedom, at / 2)))
    return min(counted, _two_sided(float(observed / stretch), freedom))


def _two_sided(studentised: float, freedom: float) -> float:
    """Return the p-value by Student's t, for which ``scipy.stats`` need not be imported: that takes long."""
    return float(2 * stdtr(freedom, -abs(studentised)))


class _Differences(NamedTuple):
    """Differences of two rates: over their standard errors, and plain; and the variances of both rates."""

    studentised: Floats
    plain: Floats
    variances: tuple[Floats, Floats]


def _observed(pair: _Pair) -> tuple[_Differences, float]:
    """Return the observed difference, and its degrees of freedom (Welch & Satterthwaite)."""
    first = _moments(np.vstack([pair.first, pair.both[:, :2]])).sum(axis=0)
    second = _moments(np.vstack([pair.second, pair.both[:, 2:]])).sum(axis=0)
    out = _differences(first, second, _shared(pair.both), pair.calls)
    total = float(sum(out.variances))
    if total <= 0:
        return out, 0.0
    parts = [float(one) ** 2 / (calls - 1) for one, calls in zip(out.variances, pair.exchanged, strict=True)]
    return out, total**2 / sum(parts)


def _permuted(pair: _Pair, rng: np.random.Generator, draws: int) -> _Differences:
    """Return the differences of ``draws`` random exchanges of calls."""
    alone = np.vstack([pair.first, pair.second])
    moments, size = _moments(alone), len(pair.first)
    first = np.tile(_moments(pair.first).sum(axis=0), (draws, 1))
    if 0 < size < len(alone):
        chosen = np.zeros((draws, len(alone)))
        np.put_along_axis(
            chosen, np.argpartition(rng.random((draws, len(alone)), np.float32), size, axis=1)[:, :size], 1.0, axis=1
        )
        first = chosen @ moments
    second = moments.sum(axis=0) - first
    shared = _shared(pair.both)
    if len(pair.both):
        swap = (rng.random((draws, len(pair.both))) < 0.5).astype(float)
        left, right = _moments(pair.both[:, :2]), _moments(pair.both[:, 2:])
        first = first + (1 - swap) @ left + swap @ right
        second = second + (1 - swap) @ right + swap @ left
        one, other = pair.both[:, 1] * pair.both[:, 2], pair.both[:, 0] * pair.both[:, 3]
        shared = (shared[0], (1 - swap) @ one + swap @ other, (1 - swap) @ other + swap @ one, shared[3])
    return _differences(first.T, second.T, shared, pair.calls)


def _differences(first: Floats, second: Floats, shared: tuple[Floats, ...], calls: tuple[int, int]) -> _Differences:
    """Compare two rates, once or for each of many permutations.

    A rate is a ratio of sums over calls, so its variance is that of the linearised ratio. ``first`` and ``second``
    hold sums over a group's calls of sentences, found, found², found * sentences and sentences².
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        rates = [found / size for size, found, *_ in (first, second)]
        spread = [
            count / (count - 1) * np.maximum(ff - 2 * rate * fs + rate * rate * ss, 0.0) / (size * size)
            for (size, _, ff, fs, ss), rate, count in zip((first, second), rates, calls, strict=True)
        ]
        ff, fs, sf, ss = shared
        common = (ff - rates[1] * fs - rates[0] * sf + rates[0] * rates[1] * ss) / (first[0] * second[0])
        apart = rates[0] - rates[1]
        variance = np.maximum(spread[0] + spread[1] - 2 * common, 0.0)
        studentised = np.where(np.abs(apart) < 1e-12, 0.0, apart / np.sqrt(variance))
    return _Differences(studentised, np.asarray(apart), (spread[0], spread[1]))


def _moments(table: Floats) -> Floats:
    size, found = table[:, 0], table[:, 1]
    return np.stack([size, found, found * found, found * size, size * size], axis=1)


def _shared(both: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Return sums of products over the calls of both groups, by which their rates covary."""
    size, found, other_size, other_found = both.T
    products = (found * other_found, found * other_size, size * other_found, size * other_size)
    founds, found_size, size_found, sizes = (np.asarray(one.sum()) for one in products)
    return founds, found_size, size_found, sizes


def _chunks(draws: int) -> list[int]:
    return [min(_CHUNK, draws - start) for start in range(0, draws, _CHUNK)]
