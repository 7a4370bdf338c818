"""The sentences that a tracker may ask about or find, as arrays."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from workbench.engine.word_store import Words

Vectors = NDArray[np.float32]
Rows = NDArray[np.int32]
Scores = NDArray[np.float32]
_BLOCK = 4_096


@dataclass(frozen=True, slots=True, eq=False)
class Pool:
    """``n`` sentences over a table of vectors, one a distinct text.

    ``text`` and ``before`` are rows of ``vectors`` for each sentence and for the last sentence of the turn before it
    (-1 where there is none); ``call`` numbers the conversations, so that splits keep a call together. Where words
    are known too, ``said`` is each sentence's row of ``words``.
    """

    vectors: Vectors
    text: Rows
    before: Rows
    call: Rows
    words: Words | None = None
    said: Rows | None = None

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

    def words_at(self, at: NDArray[np.int64]) -> Words | None:
        """The words of these sentences, where they are known."""
        return None if self.words is None or self.said is None else self.words[self.said[at]]

    def part(self, inside: NDArray[np.bool_]) -> Pool:
        """The sentences where ``inside`` is true."""
        said = None if self.said is None else self.said[inside]
        return replace(self, text=self.text[inside], before=self.before[inside], call=self.call[inside], said=said)

    def linear(self, sentence: Vectors, before: Vectors, words: Vectors | None = None) -> Scores:
        """``s · sentence + b · before + w · words`` for every sentence; of a large pool each vector is read once."""
        if 4 * len(self) < len(self.vectors):
            return self._linear_of_few(sentence, before, words)
        own, around = _products(self.vectors, sentence, before)
        out: Scores = own[self.text] + np.append(around, np.float32(0))[self.before]  # row -1 is the nought
        if words is not None and self.words is not None and self.said is not None:
            out += (self.words @ words)[self.said]
        return out

    def _linear_of_few(self, sentence: Vectors, before: Vectors, words: Vectors | None) -> Scores:
        """Reads the vectors of its own sentences only, so that a batch of calls costs the same in any corpus."""
        out = np.empty(len(self), dtype=np.float32)
        for start in range(0, len(self), _BLOCK):
            at = np.arange(start, min(start + _BLOCK, len(self)))
            out[at] = self.sentence_vectors(at) @ sentence + self.before_vectors(at) @ before
            if words is not None and (said := self.words_at(at)) is not None:
                out[at] += said @ words
        return out


def _products(table: Vectors, first: Vectors, second: Vectors) -> tuple[Vectors, Vectors]:
    """``table @ first`` and ``table @ second``; a block is in the cache still when the second reads it."""
    out = np.empty((2, len(table)), dtype=np.float32)
    for start in range(0, len(table), _BLOCK):
        block = table[start : start + _BLOCK]
        np.dot(block, first, out=out[0, start : start + _BLOCK])
        np.dot(block, second, out=out[1, start : start + _BLOCK])
    return out[0], out[1]
