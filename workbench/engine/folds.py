"""Splits of a training set that never divide a call.

Sentences of one call are similar: the same people, the same subject. A machine that has seen a call's other sentences
is not independent of the sentence, and its score is too optimistic.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

PlaceArray = NDArray[np.int64]


def only_teaching(calls: NDArray[np.integer]) -> PlaceArray:
    """Mark the calls of sentences that only teach and never test: below -1, decoded by :func:`call_of`."""
    return -2 - np.asarray(calls, dtype=np.int64)


def call_of(calls: NDArray[np.integer]) -> PlaceArray:
    """Return the calls without marks; -1 stays, for sentences without a call."""
    found = np.asarray(calls, dtype=np.int64)
    return np.where(found < -1, -2 - found, found)


def folds_by_call(
    labels: NDArray[np.integer], calls: NDArray[np.integer] | Sequence[int] | None, count: int, seed: int
) -> list[tuple[PlaceArray, PlaceArray]]:
    """Split into up to ``count`` folds, each a pair of training and test indices.

    Every training part has both labels, and each label is spread as evenly as whole calls allow. The same arguments
    give the same folds.

    Args:
        labels: 1 YES, 0 NO.
        calls: the call of each sentence, marked by ``only_teaching`` or not; examples, -1, are independent. None if all
            are independent.
        count: the number of folds; fewer are returned if fewer calls have a YES, or a NO.
        seed: for the order in which calls are assigned.

    Returns:
        The folds; none if fewer than two calls have a YES, or a NO.
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
    groups = call_of(np.asarray(calls, dtype=np.int64))
    alone = np.flatnonzero(groups < 0)
    groups[alone] = groups.max(initial=0) + 1 + np.arange(len(alone))
    return groups


def _split(
    labels: NDArray[np.integer], groups: PlaceArray, folds: int, seed: int
) -> list[tuple[PlaceArray, PlaceArray]]:
    if len(np.unique(groups)) < len(groups):
        fold = _dealt(labels, groups, folds, seed)
        return [(np.flatnonzero(fold != one), np.flatnonzero(fold == one)) for one in np.unique(fold)]
    from sklearn.model_selection import StratifiedKFold

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # one label in fewer sentences than folds: handled by the caller
        # the same if each is independent, and spread more evenly
        split = StratifiedKFold(folds, shuffle=True, random_state=seed).split(labels, labels)
        return [(train, test) for train, test in split if len(test)]


def _dealt(labels: NDArray[np.integer], groups: PlaceArray, folds: int, seed: int) -> PlaceArray:
    """Return the fold of each sentence; calls are assigned one by one, those with the most of one label first.

    The folds are those of scikit-learn's ``StratifiedGroupKFold``, which would take most of an estimate's time.
    """
    _, group = np.unique(groups, return_inverse=True)
    order = np.arange(group.max() + 1)
    np.random.RandomState(seed).shuffle(order)
    counts = np.zeros((len(order), 2))  # NO and YES in each call
    np.add.at(counts, (group, labels), 1)
    counts, all_of_kind = counts[order], counts.sum(axis=0)
    held, out = np.zeros((folds, 2)), np.empty(len(order), dtype=np.int64)
    added_to_one = np.eye(folds)[:, :, None]
    for at in np.argsort(-counts.std(axis=1), kind="stable"):
        shares = (held + added_to_one * counts[at]) / all_of_kind
        best = _least(shares.std(axis=1).mean(axis=1).tolist(), held.sum(axis=1).tolist())
        held[best] += counts[at]
        out[order[at]] = best
    return out[group]


def _least(uneven: list[float], sizes: list[float]) -> int:
    """Return the fold that leaves the labels spread most evenly, or the smallest among near ties."""
    best = 0
    for at in range(1, len(uneven)):
        about_as_even = math.isclose(uneven[at], uneven[best], rel_tol=1e-5, abs_tol=1e-8)
        if uneven[at] < uneven[best] or (about_as_even and sizes[at] < sizes[best]):
            best = at
    return best
