"""Splits of a training set that keep a call together.

What is said in one call is alike: the same people, the same matter. A machine that has seen a call's other sentences is
not one that did not see the sentence, and what it says of it is too good.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

PlaceArray = NDArray[np.int64]


def folds_by_call(
    labels: NDArray[np.integer], calls: NDArray[np.integer] | Sequence[int] | None, count: int, seed: int
) -> list[tuple[PlaceArray, PlaceArray]]:
    """Split into up to ``count`` folds, each a pair of training and test places.

    Every training part holds both kinds of label, and each kind is spread as evenly as whole calls allow. The same
    arguments give the same folds.

    Args:
        labels: 1 YES, 0 NO.
        calls: the call of each sentence; those below 0 (examples) stand alone. None if all stand alone.
        count: the folds wanted; fewer are given where fewer calls hold a YES, or a NO.
        seed: of the order in which calls are dealt out.

    Returns:
        The folds; none where fewer than two calls hold a YES, or a NO.
    """
    groups = _groups(calls, len(labels))
    kinds = [len(np.unique(groups[labels == kind])) for kind in (0, 1)]
    for folds in range(min(count, *kinds), 1, -1):
        split = _split(labels, groups, folds, seed)
        if all(len(np.unique(labels[train])) == 2 for train, _ in split):
            return split
    return []


def _groups(calls: NDArray[np.integer] | Sequence[int] | None, size: int) -> PlaceArray:
    if calls is None:
        return np.arange(size)
    groups = np.asarray(calls, dtype=np.int64).copy()
    alone = np.flatnonzero(groups < 0)
    groups[alone] = groups.max(initial=0) + 1 + np.arange(len(alone))
    return groups


def _split(
    labels: NDArray[np.integer], groups: PlaceArray, folds: int, seed: int
) -> list[tuple[PlaceArray, PlaceArray]]:
    from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

    kind: type[StratifiedGroupKFold] | type[StratifiedKFold] = StratifiedGroupKFold
    if len(np.unique(groups)) == len(groups):
        kind = StratifiedKFold  # the same where each stands alone, and spread more evenly
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # one kind in fewer sentences than folds: seen to by the caller
        split = kind(folds, shuffle=True, random_state=seed).split(labels, labels, groups)
        return [(train, test) for train, test in split if len(test)]
