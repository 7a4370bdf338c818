"""Precision and hit rate in the corpus (E7), from tags drawn with known probability.

The untagged sentences fall into three strata by score: *found*, *near* (the next ones below the threshold) and *far*.
Tagged sentences count with their answers. In each stratum the drawn tags, weighted by the inverse of their probability,
estimate the rate of YES; they are few, so the prior of the rate is the model's own calibrated probability, with an
unknown shift of its log-odds (stratified importance sampling with a prior from the scores: OASIS, Marchant & Rubinstein
2017). The priors of the shifts were measured on conversations with known labels
(docs/decisions/0004-corpus-estimate.md); with more draws they matter less. Sampling from the posterior gives precision,
hit rate and their intervals.

A review draws only from what the tracker found then. It informs only the part of *found* that it could reach, the most
likely, whose rate has the same shift and a prior of its own; so it does not make a more generous threshold look better
than it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from numpy.typing import NDArray

from workbench.domain.arrays import Bools, Floats
from workbench.domain.estimates import CorpusEstimate, Interval

Strata = NDArray[np.int8]

FOUND, NEAR, FAR = 0, 1, 2
KINDS = 3
TARGET = 0.10  # the half-width that an audit aims for
MOST_WANTED = 2_000
_STRIDE = 5
_SAMPLES = 4_000
_GRID = np.linspace(-8, 6, 141)
_STEP = _GRID[1] - _GRID[0]

# Shift of the log-odds in each stratum: its mean at even odds for found ones, its slope in their log-odds, and spread.
_MEAN = np.array([0.05, -0.50, -1.40])
_SLOPE = np.array([0.05, -0.43, -0.55])
_SPREAD = np.array([1.00, 0.95, 1.60])
_NEAR_FAR = 0.7  # correlation of the two
_DRAW = 0.8  # the weight of a draw: its stratum comes from a machine that is not quite the one in use


@dataclass(frozen=True, slots=True, eq=False)
class Population:
    """All sentences: their stratum (-1 if tagged); for the untagged, each stratum's size and mean probability.

    ``mass`` is the cumulative sum of the found ones' probabilities, the most likely first.
    """

    stratum: Strata
    size: NDArray[np.int64]
    mean: Floats
    cuts: tuple[float, float]
    mass: Floats

    def leading(self, count: float) -> float:
        """Return the mean probability of the ``count`` most likely found ones."""
        least = min(max(1, round(count)), len(self.mass))
        return float(self.mass[least - 1] / least) if least else float(self.mean[FOUND])

    def of(self, scores: Floats) -> Strata:
        """Return the population with strata from other scores."""
        out: Strata = np.where(scores >= self.cuts[0], FOUND, np.where(scores >= self.cuts[1], NEAR, FAR)).astype(
            np.int8
        )
        return out


def stratify(scores: NDArray[np.float32], probability: Floats, threshold: float, tagged: Bools) -> Population:
    """Return the strata of the untagged sentences; *near* has three times as many as are found, plus a hundred."""
    free = ~tagged
    found = (scores >= threshold) & free
    below = np.flatnonzero(free & ~found)
    count = min(3 * int(found.sum()) + 100, len(below))
    near = below[np.argpartition(-scores[below], count - 1)[:count]] if count < len(below) else below
    stratum = np.where(free, FAR, -1).astype(np.int8)
    stratum[near] = NEAR
    stratum[found] = FOUND
    size = np.array([(stratum == kind).sum() for kind in range(KINDS)])
    mean = np.array([probability[stratum == kind].mean() if size[kind] else 0.5 for kind in range(KINDS)])
    cut = float(scores[near].min()) if len(near) else -np.inf
    order = np.argsort(-scores[found], kind="stable")
    return Population(stratum, size, mean, (float(threshold), cut), np.cumsum(probability[found][order]))


def corrected(probability: Floats, population: Population) -> Floats:
    """Return probabilities moved by the typical shift of their stratum; drawn tags are not used."""
    # If YES is rare, the mean of the odds is above the odds of the mean, as for a log-normal.
    rare = np.array([0.0, 0.5, 0.5]) * _SPREAD**2
    odds = _log_odds(probability) + (_usual_shift(population) + rare)[np.maximum(population.stratum, 0)]
    out: Floats = 1 / (1 + np.exp(-odds))
    return out


@dataclass(frozen=True, slots=True, eq=False)
class DrawnTags:
    """All tags, with the data that estimates need about each.

    These are the answer (1 YES, 0 NO, NaN NOT SURE), whether the tracker finds the sentence, the stratum by a model
    that did not see it, the round, the probability of being drawn (NaN if picked on purpose), and from how many found
    sentences a review drew it (infinite in rounds that draw from all). Tags of sentences ``beyond`` the sample of calls
    that training uses only inform rates: the sample's population does not include them.
    """

    answer: Floats
    found: Bools
    stratum: Strata
    round: NDArray[np.int64]
    probability: Floats
    reach: Floats
    beyond: Bools | None = None

    @property
    def drawn(self) -> Bools:
        return ~np.isnan(self.probability)

    def settled(self, found: float, other: float) -> DrawnTags:
        """Return the tags with NOT SURE answers read as ``found`` if the tracker finds them, else as ``other``."""
        guess = np.where(np.where(self.drawn, self.stratum == FOUND, self.found), found, other)
        return replace(self, answer=np.where(np.isnan(self.answer), guess, self.answer))

    def sure(self) -> DrawnTags:
        """Return the tags without NOT SURE answers."""
        keep = ~np.isnan(self.answer)
        return DrawnTags(
            self.answer[keep],
            self.found[keep],
            self.stratum[keep],
            self.round[keep],
            self.probability[keep],
            self.reach[keep],
            None if self.beyond is None else self.beyond[keep],
        )

    @property
    def inside(self) -> Bools:
        """Return which tags are in the population itself."""
        return np.ones(len(self.answer), dtype=bool) if self.beyond is None else ~self.beyond


def evidence(tags: DrawnTags) -> tuple[Floats, Floats]:
    """Count YES and all tags in each stratum; unequal draws count by their effective sample size (Kish 1965).

    Reviews are left out; see :func:`reviewed`.
    """
    yes, count = np.zeros(KINDS), np.zeros(KINDS)
    for kind in range(KINDS):
        here = tags.drawn & (tags.stratum == kind) & np.isinf(tags.reach)
        for number in np.unique(tags.round[here]):
            at = here & (tags.round == number)
            weight = 1 / tags.probability[at]
            effective = weight.sum() ** 2 / (weight**2).sum()
            count[kind] += effective
            yes[kind] += effective * (weight * tags.answer[at]).sum() / weight.sum()
    return yes, count


def reviewed(tags: DrawnTags) -> Iterator[tuple[float, float, float]]:
    """Yield for each review its reach, and YES and all tags among those that are still found."""
    here = tags.drawn & (tags.stratum == FOUND) & np.isfinite(tags.reach)
    for number in np.unique(tags.round[here]):
        at = here & (tags.round == number)
        yield float(tags.reach[at][0]), float(tags.answer[at].sum()), float(at.sum())


@dataclass(frozen=True, slots=True, eq=False)
class Posterior:
    """Samples of the uncertain quantities: the rate of YES in each stratum, ``[samples, 3]``; and what is known."""

    rate: Floats
    size: NDArray[np.int64]
    total: int
    tagged_yes: int
    tagged_right: int
    tagged_found: int

    @property
    def found(self) -> int:
        """Return how many sentences the tracker finds, including tagged ones."""
        return int(self.size[FOUND]) + self.tagged_found

    def ratios(self, rng: np.random.Generator) -> tuple[Floats, Floats, Floats]:
        """Return samples of precision, hit rate and prevalence."""
        yes = rng.binomial(self.size, self.rate)
        right = self.tagged_right + yes[:, FOUND]
        every = self.tagged_yes + yes.sum(axis=1)
        return right / max(1, self.found), right / np.maximum(1, every), every / max(1, self.total)

    def widened(self, ratios: Sequence[Floats], error: Floats, rng: np.random.Generator) -> list[Floats]:
        """Widen samples of ratios to those of the corpus, whose log-odds have the approximately normal ``error``."""
        parts = self.found, self.tagged_yes + float((self.size * self.rate.mean(axis=0)).sum()), self.total
        out = []
        for one, whole, spread in zip(ratios, parts, error, strict=True):
            edge, off = 0.5 / (whole + 1), spread * rng.standard_normal(len(one))
            near = np.clip(one, edge, 1 - edge)  # if it is all or nothing, it may be so in the corpus, too
            moved = 1 / (1 + np.exp(-(np.log(near / (1 - near)) + off)))
            out.append(np.where(((one == 1) & (off >= 0)) | ((one == 0) & (off <= 0)), one, moved))
        return out

    def leverage(self) -> Floats:
        """Return how much variance one answer in each stratum contributes to precision and to hit rate, ``[2, 3]``."""
        mean = self.rate.mean(axis=0)
        right = self.tagged_right + self.size[FOUND] * mean[FOUND]
        every = max(self.tagged_yes + float((self.size * mean).sum()), 1.0)
        precision = np.array([self.size[FOUND] / max(1, self.found), 0.0, 0.0])
        hit_rate = -self.size * right / every**2
        hit_rate[FOUND] = self.size[FOUND] * (every - right) / every**2
        leverage: Floats = np.stack([precision, hit_rate]) ** 2 * mean * (1 - mean)
        return leverage

    def worth(self) -> Floats:
        """Return the effective number of answers that each stratum's rate is based on."""
        mean = self.rate.mean(axis=0)
        worth: Floats = mean * (1 - mean) / np.maximum(self.rate.var(axis=0), 1e-12)
        return worth


NO_ERROR: Floats = np.zeros(3)
SamplingError = Callable[[Posterior], Floats]
"""Standard errors of the log-odds of precision, hit rate and prevalence, due to a sample of the calls."""


def nothing_left_out(_: Posterior) -> Floats:
    """Return no error: the population is complete."""
    return NO_ERROR


def posterior(population: Population, tags: DrawnTags, rng: np.random.Generator) -> Posterior:
    """Return the posterior given these tags, none of them NOT SURE."""
    yes, count = evidence(tags)
    base, mean = _log_odds(population.mean), _usual_shift(population)
    fit = [_DRAW * _likelihood(base[kind], yes[kind], count[kind]) for kind in range(KINDS)]
    for reach, right_ones, judged in reviewed(tags):
        fit[FOUND] += _likelihood(_log_odds(np.array(population.leading(reach))), right_ones, judged)
    found = fit[FOUND] - 0.5 * ((_GRID - mean[FOUND]) / _SPREAD[FOUND]) ** 2
    near = ((_GRID - mean[NEAR]) / _SPREAD[NEAR])[:, None]
    far = ((_GRID - mean[FAR]) / _SPREAD[FAR])[None, :]
    both = -0.5 * (near**2 - 2 * _NEAR_FAR * near * far + far**2) / (1 - _NEAR_FAR**2)
    both += fit[NEAR][:, None] + fit[FAR][None, :]
    at_near, at_far = np.divmod(_draw(both.ravel(), rng), len(_GRID))
    shift = _GRID[np.stack([_draw(found, rng), at_near, at_far], axis=1)]
    shift += rng.uniform(-_STEP / 2, _STEP / 2, shift.shape)
    yes_here = (tags.answer == 1) & tags.inside
    return Posterior(
        rate=1 / (1 + np.exp(-(base + shift))),
        size=population.size,
        total=len(population.stratum),
        tagged_yes=int(yes_here.sum()),
        tagged_right=int((yes_here & tags.found).sum()),
        tagged_found=int((tags.found & tags.inside).sum()),
    )


def in_corpus(
    population: Population, tags: DrawnTags, seed: int, left_out: SamplingError = nothing_left_out
) -> CorpusEstimate:
    """Return precision, hit rate and prevalence in the corpus. NOT SURE answers widen the intervals to their bounds.

    ``left_out`` returns the error of the population if it is a sample of the calls.
    """
    if not tags.drawn.any():
        return CorpusEstimate(precision=None, hit_rate=None, prevalence=None, drawn=0)
    known = posterior(population, tags.sure(), np.random.default_rng(seed))
    error = left_out(known)
    every = [_intervals(known, seed, error)]
    if np.isnan(tags.answer).any():
        settled = [tags.settled(*guess) for guess in product((0.0, 1.0), repeat=2)]
        every += [_intervals(posterior(population, s, np.random.default_rng(seed)), seed, error) for s in settled]
    precision, hit_rate, prevalence = (
        Interval(min(i.low for i in one), one[0].point, max(i.high for i in one)) for one in zip(*every, strict=True)
    )
    return CorpusEstimate(
        precision=precision,
        hit_rate=hit_rate,
        prevalence=prevalence,
        drawn=int(tags.drawn.sum()),
        wanted=wanted(known, error),
    )


def allocate(known: Posterior, count: int) -> NDArray[np.int64]:
    """Return how many of ``count`` further tags to draw in each stratum, to narrow both intervals the most."""
    leverage, worth = known.leverage().sum(axis=0), known.worth()
    given = np.zeros(KINDS, dtype=np.int64)
    for _ in range(min(count, int(known.size.sum()))):
        room = given < known.size
        gain = np.where(room, leverage / (worth + given) - leverage / (worth + given + 1), -1.0)
        given[int(gain.argmax())] += 1
    return given


def wanted(known: Posterior, error: Floats = NO_ERROR) -> int | None:
    """Return how many further drawn tags would bring both half-widths to 10 points; None if over 2,000.

    Further tags cannot reduce the ``error`` of a sample of the calls (see :func:`in_corpus`).
    """
    leverage, worth = known.leverage(), known.worth()
    given = np.zeros(KINDS)
    fixed = error[:2] ** 2 / 16  # an error of e in log-odds is an error of a quarter of that at most in a share
    for count in range(0, MOST_WANTED + 1, _STRIDE):
        left = 1 - given / np.maximum(known.size, 1)  # tagged sentences are certain
        variance = (leverage * left / (worth + given)).sum(axis=1)
        if (1.96 * np.sqrt(variance + fixed) <= TARGET).all():
            return count
        pull = leverage[variance.argmax()] / (worth + given) ** 2
        kind = int(np.where(given < known.size, pull, -1.0).argmax())
        given[kind] = min(given[kind] + _STRIDE, known.size[kind])
    return None


def _intervals(known: Posterior, seed: int, error: Floats) -> list[Interval]:
    rng = np.random.default_rng([seed, 1])
    samples: Sequence[Floats] = known.ratios(rng)
    if error.any():
        samples = known.widened(samples, error, rng)
    return [Interval(*np.quantile(one, [0.025, 0.5, 0.975]).tolist()) for one in samples]


def _usual_shift(population: Population) -> Floats:
    """Return the typical shift of each stratum's log-odds: larger if the model is more certain of its matches."""
    mean: Floats = _MEAN + _SLOPE * np.clip(_log_odds(population.mean)[FOUND], -3, 4)
    return mean


def _likelihood(base: float | Floats, yes: float, count: float) -> Floats:
    z = base + _GRID
    out: Floats = -yes * np.logaddexp(0, -z) - (count - yes) * np.logaddexp(0, z)
    return out


def _draw(log_weight: Floats, rng: np.random.Generator) -> NDArray[np.int64]:
    ends = np.cumsum(np.exp(log_weight - log_weight.max()))
    at: NDArray[np.int64] = np.searchsorted(ends, rng.random(_SAMPLES) * ends[-1])
    return np.minimum(at, len(ends) - 1)


def _log_odds(p: Floats) -> Floats:
    clipped = np.clip(p, 1e-6, 1 - 1e-6)
    odds: Floats = np.log(clipped / (1 - clipped))
    return odds
