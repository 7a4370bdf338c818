"""How well a tracker does: on its tags held out (E6), and in the corpus (E7)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import beta

from workbench.domain.estimates import CorpusEstimate, HeldOutEstimate, Interval
from workbench.engine.heads import Gram, Labels, TrainingSet, fit_kernel
from workbench.engine.recipes import Recipe
from workbench.engine.thresholds import best_expected_f1, calibrate, out_of_fold

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
REPEATS = 10
FOLDS = 10
MIN_EFFECTIVE = 3.0  # drawn tags, weighed, under which an interval would say nothing


def held_out(data: TrainingSet, gram: Gram, recipe: Recipe, seed: int) -> HeldOutEstimate:
    """Ten times: set aside a tenth of the tags, whole calls, as many YES as can be; train on the rest; test.

    The examples (call -1) always train and never test. The threshold of each repeat is set on its training part.
    """
    tagged = np.flatnonzero(data.call >= 0)
    labels = data.labels[tagged]
    found: list[Bools] = []
    truth: list[Bools] = []
    if 2 <= labels.sum() < len(labels) - 1:
        for repeat in range(REPEATS):
            test = tagged[_tenth(labels, data.call[tagged], seed + repeat)]
            train = np.setdiff1d(np.arange(len(data.labels)), test)
            said = _say(gram, data.labels, train, test, recipe, seed + repeat)
            if said is not None:
                found.append(said)
                truth.append(data.labels[test] == 1)
    precisions = [(f & t).sum() / f.sum() for f, t in zip(found, truth, strict=True) if f.any()]
    hit_rates = [(f & t).sum() / t.sum() for f, t in zip(found, truth, strict=True) if t.any()]
    right = sum(int((f & t).sum()) for f, t in zip(found, truth, strict=True))
    return HeldOutEstimate(
        precision=_ratio(right, sum(int(f.sum()) for f in found)),
        hit_rate=_ratio(right, sum(int(t.sum()) for t in truth)),
        precision_spread=float(np.std(precisions)) if precisions else None,
        hit_rate_spread=float(np.std(hit_rates)) if hit_rates else None,
        repeats=len(found),
        tags=len(tagged),
        yes=int(labels.sum()),
    )


@dataclass(frozen=True, slots=True, eq=False)
class DrawnTags:
    """All tags in the order of their rounds: YES (1) or not, found by the model that did not see them, the round, and
    the probability of being drawn (NaN where picked on purpose). NOT SURE counts as no YES here."""

    yes: Bools
    found: Bools
    round: NDArray[np.int64]
    probability: Floats


def in_corpus(tags: DrawnTags, found: int, population: int) -> CorpusEstimate:
    """Precision, hit rate and prevalence over ``population`` sentences, of which the tracker finds ``found``.

    Each round gives an unbiased estimate of every total: what was tagged before it, counted, and what it drew from
    the others, weighted by one over the probability (Horvitz & Thompson 1952). The rounds are averaged. The interval
    is Jeffreys' over the number of draws that weigh as much (Kish 1965).
    """
    drawn = ~np.isnan(tags.probability)
    weights = _weights(tags, drawn)
    right, yes, hits = tags.yes & tags.found, tags.yes, tags.found
    return CorpusEstimate(
        precision=_interval(weights, right, hits, drawn),
        hit_rate=_interval(weights, right, yes, drawn),
        prevalence=_interval(weights, yes, np.ones(len(yes), dtype=bool), drawn),
        drawn=int(drawn.sum()),
    )


def _weights(tags: DrawnTags, drawn: Bools) -> Floats:
    """What each tag stands for, averaged over the rounds that drew any."""
    rounds = np.unique(tags.round[drawn])
    weights = np.zeros(len(tags.yes))
    for number in rounds:
        weights[tags.round < number] += 1
        here = drawn & (tags.round == number)
        weights[here] += 1 / tags.probability[here]
    return weights / max(1, len(rounds))


def _interval(weights: Floats, top: Bools, bottom: Bools, drawn: Bools) -> Interval | None:
    inside = weights * bottom
    chance = inside[drawn]
    if not chance.sum() > 0:
        return None
    effective = float(chance.sum() ** 2 / (chance**2).sum())
    if effective < MIN_EFFECTIVE:
        return None
    point = float((weights * top).sum() / inside.sum())
    yes, no = point * effective + 0.5, (1 - point) * effective + 0.5
    low, high = beta.ppf([0.025, 0.975], yes, no)
    return Interval(float(min(low, point)), point, float(max(high, point)))


def _tenth(labels: Labels, calls: NDArray[np.int64], seed: int) -> NDArray[np.int64]:
    """A tenth of the tags by whole calls, drawn apart among calls with YES and calls without, at least one YES."""
    _, call = np.unique(calls, return_inverse=True)
    size, yes = np.bincount(call), np.bincount(call, weights=labels)
    order = np.random.default_rng(seed).permutation(len(size))
    with_yes, without = order[yes[order] > 0], order[yes[order] == 0]
    chosen = _up_to(with_yes, yes, labels.sum() / FOLDS, least=1)
    rest = _up_to(without, size, len(labels) / FOLDS - size[chosen].sum())
    return np.flatnonzero(np.isin(call, np.concatenate([chosen, rest])))


def _up_to(calls: NDArray[np.int64], weight: NDArray[Any], wanted: float, least: int = 0) -> NDArray[np.int64]:
    """The first calls, ``least`` of them at least, whose weights add up to about ``wanted``."""
    middle = np.cumsum(weight[calls]) - weight[calls] / 2
    first: NDArray[np.int64] = calls[(middle <= wanted) | (np.arange(len(calls)) < least)]
    return first


def _say(
    gram: Gram, labels: Labels, train: NDArray[np.int64], test: NDArray[np.int64], recipe: Recipe, seed: int
) -> Bools | None:
    inner = gram[np.ix_(train, train)]
    if len(np.unique(labels[train])) < 2:
        return None
    machine = fit_kernel(inner, labels[train], recipe)
    scores = machine.decision_function(gram[np.ix_(test, train)])
    unseen = out_of_fold(inner, labels[train], recipe, seed)
    threshold = 0.0
    if unseen is not None:
        threshold = best_expected_f1(unseen.astype(np.float32), calibrate(unseen, labels[train]))
    said: Bools = scores >= threshold
    return said


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None
