"""Vectors of words alone: tf-idf of words and word pairs, projected to few dimensions. A baseline, and a recipe."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from workbench.engine.keys import KeyIndex

DIMENSION = 512  # preserves cosines within about 0.04 (Johnson & Lindenstrauss 1984)


class WordVectors:
    """Vectors of a corpus's distinct texts, found by key, as in a :class:`~workbench.engine.vectors.VectorStore`.

    Args:
        keys: one per text.
        texts: distinct; they determine the weights of words.
    """

    def __init__(self, keys: NDArray[np.int64], texts: Sequence[str]):
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.random_projection import SparseRandomProjection

        self.size = len(keys)
        self._index = KeyIndex(keys)
        self._tfidf = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=min(2, len(texts)), max_df=0.9)
        weights = self._tfidf.fit_transform(texts)
        self._projection = SparseRandomProjection(DIMENSION, random_state=0)
        self._projection.fit(weights)
        self.vectors = self._project(weights)

    def lookup(self, keys: NDArray[np.int64]) -> NDArray[np.int32]:
        """Return the row of each key, -1 if there is none."""
        return self._index.rows(keys)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit vectors ``[len(texts), 512]``; zeros for a text without a known word."""
        return self._project(self._tfidf.transform(texts))

    def _project(self, weights: object) -> NDArray[np.float32]:
        from sklearn.preprocessing import normalize

        out: NDArray[np.float32] = normalize(self._projection.transform(weights).toarray()).astype(np.float32)
        return out
