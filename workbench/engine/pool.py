"""The sentences that a tracker may ask about or find, as arrays."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from workbench.domain.arrays import Vectors
from workbench.engine.keys import Rows
from workbench.engine.word_store import Words

Scores = NDArray[np.float32]
_FEW, _AT_ONCE = 32_768, 65_536


@dataclass(frozen=True, slots=True, eq=False)
class Pool:
    """``n`` sentences over a table of vectors, one per distinct text.

    ``text`` and ``before`` are rows of ``vectors`` for each sentence and for the last sentence of the turn before it
    (-1 if there is none); ``call`` numbers the conversations, so that splits keep a call together. If words are known
    too, ``said`` is each sentence's row in ``words``.
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
        """Return the sentences' own vectors, ``[len(at), dimension]``."""
        return np.asarray(self.vectors[self.text[at]], dtype=np.float32)

    def before_vectors(self, at: NDArray[np.int64]) -> Vectors:
        """Return the vectors of the turn before, zeros if there is none, ``[len(at), dimension]``."""
        rows = self.before[at]
        found = np.asarray(self.vectors[np.maximum(rows, 0)], dtype=np.float32)
        return found * (rows >= 0)[:, None].astype(np.float32)

    def words_at(self, at: NDArray[np.int64]) -> Words | None:
        """Return the words of these sentences, if known."""
        return None if self.words is None or self.said is None else self.words[self.said[at]]

    def part(self, inside: NDArray[np.bool_]) -> Pool:
        """Return the sentences where ``inside`` is true."""
        said = None if self.said is None else self.said[inside]
        return replace(self, text=self.text[inside], before=self.before[inside], call=self.call[inside], said=said)

    def linear(self, sentence: Vectors, before: Vectors, words: Vectors | None = None) -> Scores:
        """Return ``s · sentence + b · before + w · words`` for all sentences; a large pool reads each vector once."""
        if len(self) <= _FEW and 4 * len(self) < len(self.vectors):
            return self.compact().linear(sentence, before, words)
        own, around = _products(self.vectors, sentence, before)
        out: Scores = own[self.text] + np.append(around, np.float32(0))[self.before]  # row -1 is zero
        if words is not None and self.words is not None and self.said is not None:
            out += (self.words @ words)[self.said]
        return out

    def compact(self) -> Pool:
        """Return the pool with only its own vectors and words, so that a batch costs the same in any corpus."""
        around = self.before >= 0
        rows, place = np.unique(np.concatenate([self.text, self.before[around]]), return_inverse=True)
        before = self.before.copy()
        before[around] = place[len(self) :]
        said = None if self.said is None else np.arange(len(self), dtype=np.int32)
        text = place[: len(self)].astype(np.int32)
        words = self.words_at(np.arange(len(self)))
        return replace(self, vectors=self.vectors[rows], text=text, before=before, words=words, said=said)


def _products(table: Vectors, first: Vectors, second: Vectors) -> tuple[Vectors, Vectors]:
    """Return ``table @ first`` and ``table @ second`` in few large steps: after each, all threads wait for the last."""
    columns = np.stack([first, second], axis=1)
    out = np.empty((len(table), 2), dtype=np.float32)
    for start in range(0, len(table), _AT_ONCE):
        np.dot(table[start : start + _AT_ONCE], columns, out=out[start : start + _AT_ONCE])
    return out[:, 0], out[:, 1]
