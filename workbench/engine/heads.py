"""The classifier for tags: a kernel machine over the sentence, its words, and the turn before it.

The kernel is ``exp(-gamma (|s - s'|² + w² |b - b'|²)) + m v · v'`` over unit vectors s (sentence), b (turn before) and
v (words). In the first part sentences are similar if they *and* the turns before them are, which no sum of the two can
express; the second gives weight to single words, which matter for many concepts. Over a large pool the kernel's
first-order part, which is linear in the vectors, selects a shortlist.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from workbench.domain.arrays import Vectors
from workbench.engine.pool import Pool, Scores
from workbench.engine.recipes import Recipe
from workbench.engine.word_store import Words

Labels = NDArray[np.int8]  # 1 yes, 0 no
Gram = NDArray[np.float64]
_BLOCK = 4_096


class Head(Protocol):
    """A classifier fitted to a kernel matrix.

    ``weights`` has the weight of each of the ``k`` training sentences, ``[k]``: towards YES if positive.
    """

    weights: NDArray[np.float64]
    intercept: float

    def decision_function(self, kernel: NDArray[Any]) -> NDArray[np.float64]:
        """Return a decision value for each row of ``[n, k]`` kernels; larger is more likely YES.

        Columns are the ``k`` training sentences.
        """
        ...


@dataclass(frozen=True, slots=True, eq=False)
class TrainingSet:
    """``k`` labelled sentences: vectors ``[k, dimension]``, labels, the call of each (-1 for examples), and words."""

    sentence: Vectors
    before: Vectors
    labels: Labels
    call: NDArray[np.int64]
    words: Words | None = None

    def gram(self, recipe: Recipe) -> Gram:
        """Return the kernel between all pairs, ``[k, k]``."""
        return kernel_of(self.sentence, self.before, self.words, self, recipe).astype(np.float64)

    @property
    def has_both(self) -> bool:
        return bool(self.labels.any() and not self.labels.all())


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """A fitted head. Scores are decision values: larger is more likely YES."""

    recipe: Recipe
    data: TrainingSet
    head: Head

    def scores(self, pool: Pool, keep: int | None = None) -> Scores:
        """Return a decision value for every sentence of the pool, float32 ``[len(pool)]``.

        The ``keep`` best by the linear part (the recipe's shortlist) get the kernel's value; the others follow in
        linear order.
        """
        keep = self.recipe.shortlist if keep is None else keep
        if keep >= len(pool):
            return self.decide(pool, np.arange(len(pool)))
        rough = self.first_order(pool)
        order = np.sort(np.argpartition(-rough, keep - 1)[:keep])
        exact = self.decide(pool, order)
        out: Scores = rough - rough.max(initial=0) + (exact.min(initial=0) - 1)
        out[order] = exact
        return out

    def first_order(self, pool: Pool) -> Scores:
        """Return the part of each sentence's decision value that is linear in the vectors.

        Defined for every sentence of the pool, up to a constant.
        """
        return pool.linear(*self.slopes())

    def slopes(self) -> tuple[Vectors, Vectors, Vectors | None]:
        """Return the linear weights of sentence, turn before ``[dimension]`` and words ``[WIDTH]``."""
        pull, recipe, data = self.head.weights, self.recipe, self.data
        own = 1 + recipe.before_weight**2
        slope = 2 * recipe.gamma * np.exp(-recipe.gamma * own)
        sentence = (slope * pull @ data.sentence).astype(np.float32)
        before = (slope * recipe.before_weight**2 * pull @ data.before).astype(np.float32)
        words = None if data.words is None else (recipe.words * (pull @ data.words)).astype(np.float32)
        return sentence, before, words

    def decide(self, pool: Pool, at: NDArray[np.int64]) -> Scores:
        """Return decision values of the sentences ``at``, by the kernel."""
        out = np.empty(len(at), dtype=np.float32)
        model = self.supported()
        words = None if model is self else self.slopes()[2]
        for start in range(0, len(at), _BLOCK):
            part = at[start : start + _BLOCK]
            sentence, before, said = pool.sentence_vectors(part), pool.before_vectors(part), pool.words_at(part)
            kernel = kernel_of(sentence, before, said, model.data, self.recipe)
            out[start : start + _BLOCK] = model.head.decision_function(kernel)
            if words is not None and said is not None:
                out[start : start + _BLOCK] += said @ words
        return out

    def supported(self) -> Model:
        """Return a machine with only its support vectors, without words: its value is linear in those, by ``slopes``.

        Any other model is returned unchanged.
        """
        head, data = self.head, self.data
        if not isinstance(head, Machine):
            return self
        pulls = np.flatnonzero(head.weights)
        part = replace(
            data,
            sentence=data.sentence[pulls],
            before=data.before[pulls],
            labels=data.labels[pulls],
            call=data.call[pulls],
            words=None,
        )
        return replace(self, data=part, head=Machine(head.weights[pulls], head.intercept))


def fit(data: TrainingSet, recipe: Recipe, gram: Gram | None = None) -> Model:
    """Return the head fitted to labels of both classes."""
    head = fit_kernel(data.gram(recipe) if gram is None else gram, data.labels, recipe)
    return Model(recipe=recipe, data=data, head=head)


def fit_kernel(gram: Gram, labels: Labels, recipe: Recipe) -> Head:
    """Return the recipe's head on a kernel matrix, with equal total weight for both labels."""
    if recipe.head == "nearest":
        return Nearest(labels, recipe.neighbours)
    from sklearn import config_context
    from sklearn.svm import SVC

    with config_context(assume_finite=True, skip_parameter_validation=True):  # a hundred fits per round
        machine = SVC(C=recipe.c, kernel="precomputed", class_weight=_balance(labels)).fit(gram, labels)
    weights = np.zeros(machine.shape_fit_[0])
    weights[machine.support_] = machine.dual_coef_[0]
    return Machine(weights, float(machine.intercept_[0]))


def _balance(labels: Labels) -> dict[int, float]:
    """Return scikit-learn's "balanced" weights, whose computation takes it as long as fitting."""
    return {kind: len(labels) / (2 * max(1, int((labels == kind).sum()))) for kind in (0, 1)}


def head_of(weights: NDArray[np.float64], intercept: float, labels: Labels, recipe: Recipe) -> Head:
    """Return a head with stored parameters."""
    return Nearest(labels, recipe.neighbours) if recipe.head == "nearest" else Machine(weights, intercept)


class Machine:
    """A fitted support vector machine, evaluated without scikit-learn's checks, which take longer than that."""

    def __init__(self, weights: NDArray[np.float64], intercept: float):
        self.weights = weights
        self.intercept = intercept

    def decision_function(self, kernel: NDArray[Any]) -> NDArray[np.float64]:
        out: NDArray[np.float64] = kernel @ self.weights.astype(kernel.dtype) + self.intercept
        return out


class Nearest:
    """Votes of the nearest answers, weighted by similarity: from -1, all NO, to 1, all YES."""

    def __init__(self, labels: Labels, neighbours: int):
        self.weights = np.where(labels == 1, 1.0, -1.0)
        self.intercept = 0.0
        self._count = min(neighbours, len(labels))

    def decision_function(self, kernel: NDArray[Any]) -> NDArray[np.float64]:
        nearest = np.argpartition(-kernel, self._count - 1, axis=1)[:, : self._count]
        weight = np.take_along_axis(kernel, nearest, axis=1)
        votes: NDArray[np.float64] = (weight * self.weights[nearest]).sum(axis=1) / np.maximum(
            weight.sum(axis=1), 1e-12
        )
        return votes


def kernel_of(sentence: Vectors, before: Vectors, words: Words | None, data: TrainingSet, recipe: Recipe) -> Vectors:
    """Return the kernel between any sentences and the training set, ``[n, k]``."""
    distance = _squared_distance(sentence, data.sentence)
    if recipe.before_weight:
        distance += np.float32(recipe.before_weight**2) * _squared_distance(before, data.before)
    distance *= np.float32(-recipe.gamma)
    kernel = np.exp(distance, out=distance)
    if words is not None and data.words is not None:
        kernel += np.float32(recipe.words) * (words @ data.words.T).toarray()
    return kernel


def _squared_distance(a: Vectors, b: Vectors) -> Vectors:
    squares: Vectors = a @ (-2 * b.T)
    squares += np.einsum("ij,ij->i", a, a)[:, None]
    squares += np.einsum("ij,ij->i", b, b)[None, :]
    return np.maximum(squares, 0, out=squares)
