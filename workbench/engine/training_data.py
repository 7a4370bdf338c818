"""What a trainer learns from: examples, labels from elsewhere, and tags."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from workbench.domain.arrays import Vectors
from workbench.domain.tags import Answer
from workbench.engine.fitted import TaggedSentence
from workbench.engine.folds import only_teaching
from workbench.engine.heads import TrainingSet
from workbench.engine.pool import Pool, Scores
from workbench.engine.recipes import Recipe
from workbench.engine.word_store import WIDTH, Words

METHOD = 2
"""Version of learning and estimating. In the first, folds divided calls, and every drawn tag covered the whole pool."""


class TrainingData:
    """The sentences that a trainer scores, and those it learns from."""

    def __init__(
        self,
        pool: Pool,
        examples: Vectors,
        recipe: Recipe,
        seed: int,
        words: Words | None = None,
        taught: TrainingSet | None = None,
    ):
        self.pool = pool
        self.examples = examples
        self.words = words
        self.recipe = recipe
        self.seed = seed
        self.taught = taught
        self.outside: Pool | None = None
        self.method = METHOD
        self.share = 1.0

    @property
    def given(self) -> int:
        """Return how many sentences in a training set come before the tags: examples and imported labels."""
        return len(self.examples) + (0 if self.taught is None else len(self.taught.labels))

    def similarity(self) -> Scores:
        """Return the cosine of every sentence to its nearest example."""
        nearest: Scores = np.asarray(self.pool.vectors @ self.examples.T, dtype=np.float32).max(axis=1)
        return nearest[self.pool.text]

    def _training_set(self, tags: Sequence[TaggedSentence]) -> TrainingSet:
        """Return the examples as YES, with the mean of the others' turns before; the taught; and YES and NO tags."""
        sure = [tag for tag in tags if tag.answer is not Answer.NOT_SURE]
        own = self._sentences(sure)
        taught = self._taught()
        sentence = np.vstack([taught.sentence, own.sentence])
        before = np.vstack([taught.before, own.before])
        usual = before.mean(axis=0) if len(before) else np.zeros(self.examples.shape[1], dtype=np.float32)
        count = len(self.examples)
        words = own.words if self.recipe.words and self.words is not None else None
        labels = [1] * count + taught.labels.tolist() + own.labels.tolist()
        return TrainingSet(
            sentence=np.vstack([self.examples, sentence]).astype(np.float32),
            before=np.vstack([np.tile(usual, (count, 1)), before]).astype(np.float32),
            labels=np.array(labels, dtype=np.int8),
            call=np.concatenate([np.full(self.given, -1), _only_teaching(own.call, sure)]),
            words=None if words is None else vstack([self.words, taught.words, words], format="csr"),
        )

    def _sentences(self, tags: Sequence[TaggedSentence]) -> TrainingSet:
        """Return the tags' own sentences in order, wherever they are."""
        inside = np.array([tag.inside for tag in tags], dtype=bool)
        at = np.array([tag.at for tag in tags], dtype=np.int64)
        labels = np.array([tag.answer is Answer.YES for tag in tags], dtype=np.int8)
        parts = [_part(self.pool, at[inside])]
        if not inside.all():
            assert self.outside is not None
            parts.append(_part(self.outside, at[~inside]))
        order = np.argsort(np.concatenate([np.flatnonzero(inside), np.flatnonzero(~inside)]), kind="stable")
        words = None
        if all(part.words is not None for part in parts):
            words = vstack([part.words for part in parts], format="csr")[order]
        sentence, before, call = (
            np.concatenate([getattr(part, name) for part in parts])[order] for name in ("sentence", "before", "call")
        )
        return TrainingSet(sentence, before, labels, call, words)

    def _taught(self) -> TrainingSet:
        """Return the taught sentences; empty if there are none, and without words if unknown."""
        if self.taught is None:
            nothing = np.zeros((0, self.examples.shape[1]), dtype=np.float32)
            labels, call = np.zeros(0, dtype=np.int8), np.zeros(0, dtype=np.int64)
            return TrainingSet(nothing, nothing, labels, call, csr_array((0, WIDTH), dtype=np.float32))
        if self.taught.words is not None:
            return self.taught
        return replace(self.taught, words=csr_array((len(self.taught.labels), WIDTH), dtype=np.float32))


def _only_teaching(call: NDArray[np.int64], tags: Sequence[TaggedSentence]) -> NDArray[np.int64]:
    """Return the calls of tags, marked if these are imported."""
    imported = np.array([tag.imported for tag in tags], dtype=bool)
    return np.where(imported, only_teaching(call), call)


def _part(pool: Pool, at: NDArray[np.int64]) -> TrainingSet:
    """Return sentences of a pool, without their labels."""
    nothing = np.zeros(0, dtype=np.int8)
    call = pool.call[at].astype(np.int64)
    return TrainingSet(pool.sentence_vectors(at), pool.before_vectors(at), nothing, call, pool.words_at(at))
