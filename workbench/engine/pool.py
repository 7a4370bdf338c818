"""The sentences that a tracker may ask about or find, as arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Rows = NDArray[np.int32]
Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Pool:
    """``n`` sentences over a table of vectors, one a distinct text.

    ``text`` and ``before`` are rows of ``vectors`` for each sentence and for the last sentence of the turn before it
    (-1 where there is none); ``call`` numbers the conversations, so that splits keep a call together.
    """

    vectors: Vectors
    text: Rows
    before: Rows
    call: Rows

    def __len__(self) -> int:
        return len(self.text)

    def sentence_vectors(self, at: NDArray[np.int64]) -> Vectors:
        """The sentences' own vectors, ``[len(at), dimension]``."""
        return np.asarray(self.vectors[self.text[at]], dtype=np.float32)

    def before_vectors(self, at: NDArray[np.int64]) -> Vectors:
        """The vectors of the turn before, zeros where there is none, ``[len(at), dimension]``."""
        rows = self.before[at]
        found = np.asarray(self.vectors[np.maximum(rows, 0)], dtype=np.float32)
        return found * (rows >= 0)[:, None].astype(np.float32)

    def linear(self, sentence: Vectors, before: Vectors) -> Scores:
        """``s · sentence + b · before`` for every sentence, reading each vector once."""
        both = np.asarray(self.vectors @ np.stack([sentence, before], axis=1), dtype=np.float32)
        out: Scores = both[self.text, 0] + np.where(self.before >= 0, both[np.maximum(self.before, 0), 1], 0)
        return out
