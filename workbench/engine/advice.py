"""What the tags say about continuing: whether another round would help, and whether it is one concept."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.domain.arrays import Ints, Vectors
from workbench.engine.folds import folds_by_call
from workbench.engine.heads import Gram, Labels, fit_kernel
from workbench.engine.recipes import Recipe

SHARES = (0.5, 0.65, 0.8, 1.0)  # of the tags used for training
REPEATS, FOLDS = 6, 5
LEAST_YES = 8  # in a cluster
POOR = 0.6  # if a smaller share of its sentences is found, a half is worth a tracker of its own
APART = 0.12  # mean silhouette, in cosine distance
UNLIKE = 0.01  # p-value for both clusters being found equally well


def gain(
    gram: Gram, labels: Labels, given: int, recipe: Recipe, seed: int, count: int, calls: Ints | None = None
) -> float | None:
    """Return the expected gain in F1 from ``count`` further tags, by the learning curve of the existing tags.

    None with too few YES or NO. It is right on average (predicted 2.1 points per round, real 2.2, over 64 rounds of
    eight concepts), but the real change in one round is mostly random, by 4 points either way, which no curve predicts.

    In each of several splits, machines learn from growing parts of the same tags and are tested on the same others, so
    that the parts differ only in size. F1 is modelled as linear in the logarithm of the number of tags (over such a
    short range any learning curve is).

    Args:
        gram: scalar products of the training set.
        labels: 1 YES, 0 NO, of each sentence of the training set.
        given: how many of its sentences, the first ones, are the examples.
        recipe: of the machines.
        seed: for the splits.
        count: how many further tags.
        calls: the call of each of its sentences, which no split separates; None if all are independent.
    """
    tagged = np.arange(given, len(labels))
    if min(np.bincount(labels[tagged], minlength=2)) < 2 * FOLDS:
        return None
    rng = np.random.default_rng([seed, len(labels)])
    own = None if calls is None else calls[tagged]
    drawn = [_curve(gram, labels, given, recipe, rng, own) for _ in range(REPEATS)]
    curves = np.array([one for one in drawn if one is not None])
    if not len(curves):
        return None
    size = np.log(np.array(SHARES) * len(tagged) * (1 - 1 / FOLDS))
    slopes = ((size - size.mean()) * (curves - curves.mean(axis=1, keepdims=True))).sum(axis=1)
    slopes /= ((size - size.mean()) ** 2).sum()
    return float(slopes.mean() * np.log1p(count / len(tagged)))


def _curve(
    gram: Gram, labels: Labels, given: int, recipe: Recipe, rng: np.random.Generator, calls: Ints | None
) -> list[float] | None:
    """Compute F1 over all folds' test tags by the share of the training tags, at the best threshold for each share.

    None if the tags of one kind come from too few calls to be split.
    """
    tagged = np.arange(given, len(labels))
    scores = np.zeros((len(SHARES), len(tagged)))
    folds = folds_by_call(labels[tagged], calls, FOLDS, int(rng.integers(2**31)))
    if len(folds) < FOLDS:
        return None
    for train, test in folds:
        order = tagged[rng.permutation(train)]
        for at, share in enumerate(SHARES):
            part = np.concatenate([np.arange(given), order[: round(share * len(order))]])
            if len(np.unique(labels[part])) < 2:
                continue
            machine = fit_kernel(gram[np.ix_(part, part)], labels[part], recipe)
            scores[at, test] = machine.decision_function(gram[np.ix_(tagged[test], part)])
    return [_best_f1(row, labels[tagged]) for row in scores]


def _best_f1(scores: NDArray[np.float64], labels: Labels) -> float:
    right = np.cumsum(labels[np.argsort(-scores, kind="stable")])
    return float((2 * right / (np.arange(1, len(labels) + 1) + labels.sum())).max())


@dataclass(frozen=True, slots=True, eq=False)
class Halves:
    """Two groups of YES sentences, the better found one first, each ordered by how typical they are."""

    typical: tuple[Ints, Ints]
    found: tuple[float, float]


def halves(vectors: Vectors, found: NDArray[np.bool_], seed: int) -> Halves | None:
    """Return the YES sentences in two groups, if they are distinct and one is found poorly; None otherwise.

    Args:
        vectors: unit vectors of the YES sentences, ``[n, dimension]``.
        found: whether a machine that did not see it finds each.
        seed: for the clustering.
    """
    from scipy.stats import fisher_exact
    from sklearn.cluster import KMeans
    from sklearn.metrics import silhouette_score

    if len(vectors) < 2 * LEAST_YES:
        return None
    clusters = KMeans(2, n_init=5, random_state=seed).fit(vectors)
    side = clusters.labels_ == 1
    if min(side.sum(), (~side).sum()) < LEAST_YES or silhouette_score(vectors, side, metric="cosine") < APART:
        return None
    table = [[int((found & at).sum()), int((~found & at).sum())] for at in (side, ~side)]
    if fisher_exact(table).pvalue > UNLIKE:
        return None
    rate = [yes / (yes + no) for yes, no in table]
    groups = [_typical(vectors, at) for at in (side, ~side)]
    if min(rate) >= POOR:
        return None
    first = int(rate[1] > rate[0])
    return Halves((groups[first], groups[1 - first]), (rate[first], rate[1 - first]))


def _typical(vectors: Vectors, inside: NDArray[np.bool_]) -> Ints:
    at = np.flatnonzero(inside)
    order: Ints = at[np.argsort(-(vectors[at] @ vectors[at].mean(axis=0)), kind="stable")]
    return order
