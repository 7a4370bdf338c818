"""How strongly a sentence says what a vocabulary says, counted by how few sentences of the corpus come as near.

Each entry is measured by itself: vectors are centred on the corpus's mean, and an entry's strength is -log10 of the
share of the corpus that comes as near as the sentence does. So 2 is one sentence in a hundred, whatever the corpus and
the encoder. An entry that says the opposite has no strength. As nothing depends on the other entries and all of them
add up, another entry never removes a match.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.domain.arrays import Vectors
from workbench.trackers.polarity import opposed

BACKGROUND = 20_000
"""The most sentences that are used to measure the entries; of more, a random sample."""

LEAST_BACKGROUND = 200
"""Sentences that a corpus needs for entries to be measured over it alone."""

A_TENTH = 0.2
"""How much more closeness finds a tenth as many sentences, up to ``_EVEN``."""

SHARES = (1.0, 0.5, 0.3, 0.2, 0.1, 0.05, 0.03, 0.02, 0.01, 0.005, 0.003, 0.001)
_WEAK = 1.0  # what entries add up beyond: nearer than nine in ten sentences of the corpus
_EVEN = 4.0  # strengths beyond are told apart less and less, so that no score comes to 1
_MOST = 0.9999  # the score of what repeats no entry
_SAME = 0.98  # centred cosine from which two texts differ by case, stops and the like
_TAIL = 0.05  # the share from which on strengths beyond the corpus are extended
_BLOCK = 16_384

PhraseScores = NDArray[np.float32]
"""One for each sentence, in [0, 1]."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class PhraseModel:
    """A vocabulary over a corpus.

    Attributes:
        centre: the corpus's mean, ``[dimension]``.
        directions: the entries, centred, ``[entries, dimension]``, of length 1.
        knots: the cosines that the ``SHARES`` of the corpus reach, ``[entries, len(SHARES)]``, rising.
    """

    centre: Vectors
    directions: Vectors
    knots: Vectors

    def scores(self, vectors: Vectors) -> PhraseScores:
        """Return the most that each sentence, ``[n, dimension]``, can score: what it has if it negates no entry."""
        out = np.empty(len(vectors), dtype=np.float32)
        for start in range(0, len(vectors), _BLOCK):
            out[start : start + _BLOCK] = combined(self._strengths(vectors[start : start + _BLOCK]))
        return out

    def scores_said(
        self, vectors: Vectors, said: Sequence[tuple[str, str | None]], vocabulary: Sequence[str]
    ) -> PhraseScores:
        """Return the score of each sentence, for which an entry that says the opposite counts nothing.

        Args:
            vectors: of the sentences, ``[n, dimension]``; all are held in memory.
            said: text and language of each.
            vocabulary: the entries' texts.
        """
        strengths = self._strengths(vectors)
        for row, (text, language) in enumerate(said):
            for at in np.flatnonzero(strengths[row] > 0).tolist():
                if opposed(vocabulary[at], text, language):
                    strengths[row, at] = 0
        return combined(strengths)

    def _strengths(self, vectors: Vectors) -> NDArray[np.float64]:
        """Return how strongly each sentence says each entry; infinite where it repeats it."""
        near = _centred(vectors, self.centre) @ self.directions.T
        columns = [_strength(near[:, at], knots) for at, knots in enumerate(self.knots)]
        return np.where(near >= _SAME, np.inf, np.stack(columns, axis=1))


def model_of(entries: Vectors, corpus: Vectors, neutral: Vectors) -> PhraseModel:
    """Measure entries over a corpus, all vectors of length 1.

    Args:
        entries: those of the vocabulary, ``[entries, dimension]``.
        corpus: sentences of the corpus, ``[n, dimension]``; see :func:`background`.
        neutral: sentences that any call may contain, ``[m, dimension]``, which join a small corpus.
    """
    said = np.vstack([corpus, neutral]) if len(corpus) < LEAST_BACKGROUND else corpus
    centre = said.mean(axis=0).astype(np.float32)
    own, directions = _centred(said, centre), _centred(entries, centre)
    knots = np.quantile(own @ directions.T, 1 - np.array(SHARES), axis=0).T
    return PhraseModel(centre=centre, directions=directions, knots=knots.astype(np.float32))


def background(count: int) -> NDArray[np.int64]:
    """Return the places of the sentences, of so many, by which entries are measured; the same each time."""
    if count <= BACKGROUND:
        return np.arange(count)
    return np.sort(np.random.default_rng(0).choice(count, BACKGROUND, replace=False))


def combined(strengths: NDArray[np.float64]) -> PhraseScores:
    """Return one score for the strengths of each sentence, ``[n, entries]``, in [0, 1]; 1 where it repeats an entry.

    With another column, none is lower than without.
    """
    beyond = np.maximum(strengths - _WEAK, 0)
    whole = np.minimum(strengths.max(axis=1), _WEAK) + beyond.sum(axis=1)
    far = np.maximum(whole - _EVEN, 0)
    scores = A_TENTH * np.minimum(whole, _EVEN) + (1 - A_TENTH * _EVEN) * (1 - 1 / (1 + far))
    return np.where(np.isinf(whole), 1, np.minimum(np.round(scores, 6), _MOST)).astype(np.float32)


def _centred(vectors: Vectors, centre: Vectors) -> Vectors:
    moved = np.asarray(vectors, dtype=np.float32) - centre
    out: Vectors = moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-6)
    return out


def _strength(near: Vectors, knots: Vectors) -> NDArray[np.float64]:
    """Return -log10 of the share of the corpus that comes as near; beyond it, the line of its nearest part goes on."""
    rising = np.maximum.accumulate(knots.astype(np.float64) + np.arange(len(knots)) * 1e-6)
    strengths = -np.log10(np.array(SHARES))
    first = SHARES.index(_TAIL)
    slope = (strengths[-1] - strengths[first]) / max(rising[-1] - rising[first], 0.02)
    strength: NDArray[np.float64] = np.interp(near, rising, strengths) + np.maximum(near - rising[-1], 0) * slope
    return strength
