"""How close sentences are to what would be said if a question's answer is yes: scores calibrated on the corpus itself.

All vectors are centred on the corpus's mean, which takes out what its sentences have in common. The likeness to the
statements (:mod:`workbench.judges.statements`) is their mean cosine; the sentences that come nearest then say in the
corpus's own words what is looked for (pseudo-relevance feedback: Rocchio 1971), and so do the turns before them. The
score counts robust standard deviations above the corpus's median. Which of this helps was chosen on the questions that
``benchmarks.asked`` keeps apart for it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.domain.arrays import Vectors
from workbench.engine.pool import Pool

NEAREST = 15
FEEDBACK, BEFORE = 1.0, 0.3
DEVIATIONS = 3.0
"""Robust standard deviations above the median at which the score is 0.5."""

BACKGROUND = 20_000
"""The most sentences that are used; of more, a random sample."""

LEAST_BACKGROUND = 200
_BLOCK = 8_192


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Meaning:
    """A question over a corpus, all vectors ``[dimension]``; ``usual`` and ``spread`` are of the corpus's values."""

    centre: Vectors
    centre_before: Vectors
    sentence: Vectors
    before: Vectors
    usual: float
    spread: float

    def scores(self, pool: Pool) -> NDArray[np.float32]:
        """Return how likely each sentence of the pool is meant, in (0, 1), ``[len(pool)]``; not a probability."""
        deviations = (self.values(pool) - self.usual) / self.spread
        out: NDArray[np.float32] = (1 / (1 + np.exp(DEVIATIONS - deviations))).astype(np.float32)
        return out

    def values(self, pool: Pool) -> NDArray[np.float32]:
        out = np.empty(len(pool), dtype=np.float32)
        for start in range(0, len(pool), _BLOCK):
            at = np.arange(start, min(start + _BLOCK, len(pool)))
            own, around = _centred(pool, at, self.centre, self.centre_before)
            out[at] = own @ self.sentence + around @ self.before
        return out


def meaning_of(statements: Vectors, pool: Pool, neutral: Vectors, seed: int = 0) -> Meaning:
    """Fit statements ``[n, dimension]`` to a pool.

    Where the pool has fewer than ``LEAST_BACKGROUND`` sentences, ``neutral`` ones ``[m, dimension]`` stand in for the
    rest, and nothing is learnt from those that come nearest.
    """
    at = np.arange(len(pool))
    if len(pool) > BACKGROUND:
        at = np.sort(np.random.default_rng(seed).choice(len(pool), BACKGROUND, replace=False))
    said, around = pool.sentence_vectors(at), pool.before_vectors(at)
    few = len(pool) < LEAST_BACKGROUND
    centre = np.vstack([said, neutral]).mean(axis=0) if few else said.mean(axis=0)
    spoken = around[pool.before[at] >= 0]
    centre_before = spoken.mean(axis=0) if len(spoken) and not few else centre
    sentence = _unit(statements - centre).mean(axis=0)
    before = np.zeros_like(sentence)
    own = _unit((np.vstack([said, neutral]) if few else said) - centre)
    if not few:
        beside = _beside(around, centre_before)
        nearest = _first_of_each(pool.text[at], own @ sentence)[:NEAREST]
        sentence = sentence + FEEDBACK * _unit(own[nearest].mean(axis=0))
        before = BEFORE * _unit(beside[nearest].mean(axis=0))
        values = own @ sentence + beside @ before
    else:
        values = own @ sentence
    usual = float(np.median(values))
    spread = float(1.4826 * np.median(np.abs(values - usual)))
    return Meaning(
        centre=centre.astype(np.float32),
        centre_before=centre_before.astype(np.float32),
        sentence=sentence.astype(np.float32),
        before=before.astype(np.float32),
        usual=usual,
        spread=spread if spread > 0 else 1.0,
    )


def _centred(pool: Pool, at: NDArray[np.int64], centre: Vectors, centre_before: Vectors) -> tuple[Vectors, Vectors]:
    return _unit(pool.sentence_vectors(at) - centre), _beside(pool.before_vectors(at), centre_before)


def _beside(around: Vectors, centre: Vectors) -> Vectors:
    """Centred vectors of the turns before; noughts where there is none."""
    known = np.any(around, axis=1, keepdims=True)
    out: Vectors = _unit(around - centre) * known
    return out


def _first_of_each(texts: NDArray[np.int32], values: NDArray[np.float32]) -> NDArray[np.int64]:
    """Return where the distinct texts stand first, the largest value first."""
    first = np.unique(texts, return_index=True)[1]
    out: NDArray[np.int64] = first[np.argsort(-values[first], kind="stable")]
    return out


def _unit(vectors: Vectors) -> Vectors:
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    out: Vectors = (vectors / np.where(length > 0, length, 1)).astype(np.float32)
    return out
