"""What learns from the tags: a kernel machine that sees the sentence and the turn before it.

The kernel is ``exp(-gamma (|s - s'|² + w² |b - b'|²))`` over unit vectors s (sentence) and b (turn before): a
sentence counts as alike when it *and* what it answers are alike, which no sum of the two can say. Over a large
pool a linear model, fitted to the same tags, makes a shortlist for it.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.svm import SVC

from workbench.engine.pool import Pool, Scores, Vectors
from workbench.engine.recipes import Recipe

Labels = NDArray[np.int8]  # 1 yes, 0 no
Gram = NDArray[np.float64]
_BLOCK = 4_096


class Head(Protocol):
    """What is fitted to a kernel matrix: scikit-learn's classifiers with a precomputed kernel, and the like."""

    def decision_function(self, kernel: Gram) -> NDArray[np.float64]:
        """A decision value for each row of ``[n, k]`` kernels to the ``k`` training sentences; larger is likelier."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class TrainingSet:
    """``k`` labelled sentences: vectors ``[k, dimension]``, labels, and the call of each (-1 for examples)."""

    sentence: Vectors
    before: Vectors
    labels: Labels
    call: NDArray[np.int64]

    def gram(self, recipe: Recipe) -> Gram:
        """The kernel between all pairs, ``[k, k]``."""
        return _kernel(self.sentence, self.before, self.sentence, self.before, recipe)

    @property
    def has_both(self) -> bool:
        return bool(self.labels.any() and not self.labels.all())


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """A fitted head. Scores are decision values: larger means likelier."""

    recipe: Recipe
    data: TrainingSet
    head: Head
    linear: Vectors
    linear_before: Vectors

    def scores(self, pool: Pool) -> Scores:
        """A decision value for every sentence of the pool, float32 ``[len(pool)]``."""
        rough = pool.linear(self.linear, self.linear_before)
        keep = min(self.recipe.shortlist, len(pool))
        order = np.sort(np.argpartition(-rough, keep - 1)[:keep]) if keep < len(pool) else np.arange(len(pool))
        exact = self.decide(pool, order)
        out: Scores = rough - rough.max(initial=0) + (exact.min(initial=0) - 1)
        out[order] = exact
        return out

    def decide(self, pool: Pool, at: NDArray[np.int64]) -> Scores:
        """Decision values of the sentences ``at``, by the kernel."""
        out = np.empty(len(at), dtype=np.float32)
        for start in range(0, len(at), _BLOCK):
            part = at[start : start + _BLOCK]
            sentence, before = pool.sentence_vectors(part), pool.before_vectors(part)
            kernel = _kernel(sentence, before, self.data.sentence, self.data.before, self.recipe)
            out[start : start + _BLOCK] = self.head.decision_function(kernel)
        return out


def fit(data: TrainingSet, recipe: Recipe, gram: Gram | None = None) -> Model:
    """The head fitted to labels of both kinds."""
    head = fit_kernel(data.gram(recipe) if gram is None else gram, data.labels, recipe)
    features = np.hstack([data.sentence, recipe.before_weight * data.before])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        line = LogisticRegression(C=10.0, class_weight="balanced", max_iter=200).fit(features, data.labels)
    weights = line.coef_[0].astype(np.float32)
    half = len(weights) // 2
    before = weights[half:] * np.float32(recipe.before_weight)
    return Model(recipe=recipe, data=data, head=head, linear=weights[:half], linear_before=before)


def fit_kernel(gram: Gram, labels: Labels, recipe: Recipe) -> Head:
    """The recipe's head on a kernel matrix, both kinds of label weighing the same in all."""
    if recipe.head == "nearest":
        return Nearest(labels, recipe.neighbours)
    return _Machine(SVC(C=recipe.c, kernel="precomputed", class_weight="balanced").fit(gram, labels))


class _Machine:
    """A fitted support vector machine, read without scikit-learn's checks, which cost more than the reading."""

    def __init__(self, machine: SVC):
        self._support = machine.support_
        self._dual = machine.dual_coef_[0]
        self._intercept = float(machine.intercept_[0])

    def decision_function(self, kernel: Gram) -> NDArray[np.float64]:
        out: NDArray[np.float64] = kernel[:, self._support] @ self._dual + self._intercept
        return out


class Nearest:
    """Votes of the nearest answers, each weighed by its likeness: from -1, all NO, to 1, all YES."""

    def __init__(self, labels: Labels, neighbours: int):
        self._sign = np.where(labels == 1, 1.0, -1.0)
        self._count = min(neighbours, len(labels))

    def decision_function(self, kernel: Gram) -> NDArray[np.float64]:
        nearest = np.argpartition(-kernel, self._count - 1, axis=1)[:, : self._count]
        weight = np.take_along_axis(kernel, nearest, axis=1)
        votes: NDArray[np.float64] = (weight * self._sign[nearest]).sum(axis=1) / np.maximum(weight.sum(axis=1), 1e-12)
        return votes


def _kernel(sentence: Vectors, before: Vectors, other: Vectors, other_before: Vectors, recipe: Recipe) -> Gram:
    weight = recipe.before_weight**2
    distance = _squared_distance(sentence, other)
    if weight:
        distance += weight * _squared_distance(before, other_before)
    return np.exp(-recipe.gamma * distance.astype(np.float64))


def _squared_distance(a: Vectors, b: Vectors) -> Vectors:
    squares: Vectors = (a**2).sum(axis=1)[:, None] + (b**2).sum(axis=1)[None, :] - 2 * (a @ b.T)
    return np.maximum(squares, 0)
