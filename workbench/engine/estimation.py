"""Precision and hit rate of a tracker on its own tags, by repeated hold-out (E6)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.domain.arrays import Bools
from workbench.domain.estimates import HeldOutEstimate
from workbench.engine.folds import call_of
from workbench.engine.heads import Gram, Labels, TrainingSet, fit_kernel
from workbench.engine.recipes import Recipe
from workbench.engine.thresholds import calibrate, choose, out_of_fold

REPEATS = 10
FOLDS = 10
INNER_FOLDS = 5  # for the threshold in each repeat


def held_out(data: TrainingSet, gram: Gram, recipe: Recipe, seed: int, by_call: bool = True) -> HeldOutEstimate:
    """Ten times: set aside a tenth of the tags, in whole calls, with as many YES as possible; train on the rest; test.

    The examples (call -1) always train and never test. Imported answers (calls below -1) never test either, and those
    from the calls set aside do not train. The threshold of each repeat is set on its training part, in folds that keep
    a call together, unless ``by_call`` is False.
    """
    tagged = np.flatnonzero(data.call >= 0)
    labels, calls = data.labels[tagged], call_of(data.call)
    found: list[Bools] = []
    truth: list[Bools] = []
    if 2 <= labels.sum() < len(labels) - 1:
        for repeat in range(REPEATS):
            test = tagged[_tenth(labels, data.call[tagged], seed + repeat)]
            train = np.flatnonzero(~np.isin(calls, data.call[test]))
            said = _say(gram, data, train, test, recipe, seed + repeat, by_call)
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


def _tenth(labels: Labels, calls: NDArray[np.int64], seed: int) -> NDArray[np.int64]:
    """Return a tenth of the tags by whole calls, with at least one YES.

    Calls with YES and calls without are drawn separately.
    """
    _, call = np.unique(calls, return_inverse=True)
    size, yes = np.bincount(call), np.bincount(call, weights=labels)
    order = np.random.default_rng(seed).permutation(len(size))
    with_yes, without = order[yes[order] > 0], order[yes[order] == 0]
    chosen = _up_to(with_yes, yes, labels.sum() / FOLDS, least=1)
    rest = _up_to(without, size, len(labels) / FOLDS - size[chosen].sum())
    return np.flatnonzero(np.isin(call, np.concatenate([chosen, rest])))


def _up_to(calls: NDArray[np.int64], weight: NDArray[Any], wanted: float, least: int = 0) -> NDArray[np.int64]:
    """Return the first calls, ``least`` of them at least, whose weights add up to about ``wanted``."""
    middle = np.cumsum(weight[calls]) - weight[calls] / 2
    first: NDArray[np.int64] = calls[(middle <= wanted) | (np.arange(len(calls)) < least)]
    return first


def _say(
    gram: Gram,
    data: TrainingSet,
    train: NDArray[np.int64],
    test: NDArray[np.int64],
    recipe: Recipe,
    seed: int,
    by_call: bool,
) -> Bools | None:
    labels, inner = data.labels, gram[np.ix_(train, train)]
    if len(np.unique(labels[train])) < 2:
        return None
    machine = fit_kernel(inner, labels[train], recipe)
    scores = machine.decision_function(gram[np.ix_(test, train)])
    calls = data.call[train] if by_call else None
    unseen = out_of_fold(inner, labels[train], recipe, seed, INNER_FOLDS, calls)
    threshold = 0.0
    if unseen is not None:
        threshold = choose(recipe.threshold, unseen, calibrate(unseen, labels[train]).probability(unseen))
    said: Bools = scores >= threshold
    return said


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None
