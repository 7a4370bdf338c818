"""What learns from the tags: a support vector machine whose kernel sees the sentence and the turn before it.

The kernel is ``exp(-gamma (|s - s'|² + w² |b - b'|²))`` over unit vectors s (sentence) and b (turn before): a
sentence counts as alike when it *and* what it answers are alike, which no sum of the two can say. Over a large
pool a linear model, fitted to the same tags, makes a shortlist for it.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

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
    """A fitted head. Scores are decision values: 0 is the machine's own boundary, and larger means likelier."""

    recipe: Recipe
    support: Vectors
    support_before: Vectors
    dual: NDArray[np.float64]
    intercept: float
    linear: Vectors
    linear_before: Vectors

    def scores(self, pool: Pool) -> Scores:
        """A decision value for every sentence of the pool, float32 ``[len(pool)]``."""
        rough = pool.linear(self.linear, self.linear_before)
        keep = min(self.recipe.shortlist, len(pool))
        order = np.argpartition(-rough, keep - 1)[:keep] if keep < len(pool) else np.arange(len(pool))
        exact = self.decide(pool, np.sort(order))
        out: Scores = rough - rough.max(initial=0) + (exact.min(initial=0) - 1)
        out[np.sort(order)] = exact
        return out

    def decide(self, pool: Pool, at: NDArray[np.int64]) -> Scores:
        """Decision values of the sentences ``at``, by the kernel."""
        out = np.empty(len(at), dtype=np.float32)
        for start in range(0, len(at), _BLOCK):
            part = at[start : start + _BLOCK]
            kernel = _kernel(
                pool.sentence_vectors(part), pool.before_vectors(part), self.support, self.support_before, self.recipe
            )
            out[start : start + _BLOCK] = kernel @ self.dual + self.intercept
        return out


def fit(data: TrainingSet, recipe: Recipe, gram: Gram | None = None) -> Model:
    """The head fitted to labels of both kinds."""
    machine = fit_kernel(data.gram(recipe) if gram is None else gram, data.labels, recipe)
    features = np.hstack([data.sentence, recipe.before_weight * data.before])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        line = LogisticRegression(C=10.0, class_weight="balanced", max_iter=200).fit(features, data.labels)
    weights = line.coef_[0].astype(np.float32)
    half = len(weights) // 2
    return Model(
        recipe=recipe,
        support=data.sentence[machine.support_],
        support_before=data.before[machine.support_],
        dual=machine.dual_coef_[0],
        intercept=float(machine.intercept_[0]),
        linear=weights[:half],
        linear_before=weights[half:] * np.float32(recipe.before_weight),
    )


def fit_kernel(gram: Gram, labels: Labels, recipe: Recipe) -> SVC:
    """The machine on a kernel matrix, both kinds of label weighing the same in all."""
    return SVC(C=recipe.c, kernel="precomputed", class_weight="balanced").fit(gram, labels)


def _kernel(sentence: Vectors, before: Vectors, other: Vectors, other_before: Vectors, recipe: Recipe) -> Gram:
    weight = recipe.before_weight**2
    distance = _squared_distance(sentence, other) + weight * _squared_distance(before, other_before)
    return np.exp(-recipe.gamma * distance.astype(np.float64))


def _squared_distance(a: Vectors, b: Vectors) -> Vectors:
    squares: Vectors = (a**2).sum(axis=1)[:, None] + (b**2).sum(axis=1)[None, :] - 2 * (a @ b.T)
    return np.maximum(squares, 0)
