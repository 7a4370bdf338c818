"""Many trained trackers over a few sentences at once, as in a live call.

One product per part gives the linear scores of all of them; the kernel is then computed only where a tracker's own
score reaches its cut-off. The result equals that of running each by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from workbench.domain.arrays import Vectors
from workbench.engine.detection import Detector
from workbench.engine.heads import Machine, Model, kernel_of
from workbench.engine.pool import Pool
from workbench.engine.word_store import WIDTH, Words

FoundAt = tuple[NDArray[np.int64], NDArray[np.float64]]
_NOTHING: FoundAt = (np.zeros(0, dtype=np.int64), np.zeros(0))


@dataclass(frozen=True, slots=True, eq=False)
class _Sentences:
    own: Vectors
    before: Vectors
    words: Words | None


class ManyDetectors:
    """Precomputes what is the same for every sentence. Words' weights stay sparse: most words have none."""

    def __init__(self, detectors: Sequence[Detector]):
        self._all = list(detectors)
        self._quick = [at for at, one in enumerate(self._all) if isinstance(one.model.head, Machine)]
        self._others = sorted(set(range(len(self._all))) - set(self._quick))
        slopes = [self._all[at].model.slopes() for at in self._quick]
        if not slopes:
            return
        self._sentence = np.stack([sentence for sentence, _, _ in slopes])
        self._before = np.stack([before for _, before, _ in slopes])
        self._words = vstack([_sparse(words) for _, _, words in slopes], format="csr")
        self._cuts = np.array([self._all[at].least_looked_at() for at in self._quick])
        self._models = [self._all[at].model.supported() for at in self._quick]

    def found(self, pool: Pool) -> list[FoundAt]:
        """Return for each tracker, in order, what :meth:`Detector.found` returns."""
        out = [_NOTHING] * len(self._all)
        for at in self._others:
            out[at] = self._all[at].found(pool)
        if self._quick and len(pool):
            self._look(pool, out)
        return out

    def _look(self, pool: Pool, out: list[FoundAt]) -> None:
        every = np.arange(len(pool))
        said = _Sentences(pool.sentence_vectors(every), pool.before_vectors(every), pool.words_at(every))
        by_words = np.zeros((len(pool), len(self._quick)), dtype=np.float32)
        if said.words is not None:
            by_words = (said.words @ self._words.T).toarray()
        rough = said.own @ self._sentence.T + said.before @ self._before.T + by_words
        wanted = rough >= self._cuts
        for column in np.flatnonzero(wanted.any(axis=0)).tolist():
            at = np.flatnonzero(wanted[:, column])
            detector, model = self._all[self._quick[column]], self._models[column]
            scores = _decided(model, said, at) + by_words[at, column]
            hits = scores >= detector.threshold
            out[self._quick[column]] = (at[hits], detector.calibration.probability(scores[hits]))


def _decided(model: Model, said: _Sentences, at: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return decision values without the words' part."""
    kernel = kernel_of(said.own[at], said.before[at], None, model.data, model.recipe)
    out: NDArray[np.float32] = model.head.decision_function(kernel).astype(np.float32)
    return out


def _sparse(words: Vectors | None) -> Words:
    return csr_array((1, WIDTH), dtype=np.float32) if words is None else csr_array(words[np.newaxis, :])
