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
        """Return ``s · sentence + b · before + w · words`` for every sentence, reading each vector once.

        The time grows with the pool, not with the table, where the pool uses a small part of a large table.
        """
        some = 4 * len(self) < len(self.vectors)
        if some and len(self) <= _FEW:
            return self.compact().linear(sentence, before, words)
        if some:
            rows, text, turns = self._places()
            own, around = _products_of(self.vectors, rows, sentence, before)
        else:
            text, turns = self.text, self.before
            own, around = _products(self.vectors, sentence, before)
        out: Scores = own[text] + np.append(around, np.float32(0))[turns]  # row -1 is the nought
        if words is not None and self.words is not None and self.said is not None:
            out += _word_sums(self.words, self.said, words) if some else (self.words @ words)[self.said]
        return out

    def compact(self) -> Pool:
        """Return it over a table of its own vectors and words, so that a batch costs the same in any corpus."""
        rows, text, before = self._places()
        said = None if self.said is None else np.arange(len(self), dtype=np.int32)
        words = self.words_at(np.arange(len(self)))
        return replace(self, vectors=self.vectors[rows], text=text, before=before, words=words, said=said)

    def _places(self) -> tuple[NDArray[np.int64], Rows, Rows]:
        """Return the rows of the table that are used, rising, and where among them each text and turn before is."""
        around = self.before >= 0
        rows, place = np.unique(np.concatenate([self.text, self.before[around]]), return_inverse=True)
        before = self.before.copy()
        before[around] = place[len(self) :]
        return rows, place[: len(self)].astype(np.int32), before


def _products(table: Vectors, first: Vectors, second: Vectors) -> tuple[Vectors, Vectors]:
    """Return ``table @ first`` and ``table @ second`` in few large steps: after each, all threads wait for the last."""
    columns = np.stack([first, second], axis=1)
    out = np.empty((len(table), 2), dtype=np.float32)
    for start in range(0, len(table), _AT_ONCE):
        np.dot(table[start : start + _AT_ONCE], columns, out=out[start : start + _AT_ONCE])
    return out[:, 0], out[:, 1]


def _products_of(table: Vectors, rows: NDArray[np.int64], first: Vectors, second: Vectors) -> tuple[Vectors, Vectors]:
    """Return what ``_products`` returns at these rows, to the bit, without reading the others.

    A row's product depends on how many rows are multiplied at once, but not on which, nor on the row's place in a full
    step. So every step is full, and the rows of the table's last step, which need not be, are read with that step.
    """
    columns = np.stack([first, second], axis=1)
    out = np.empty((len(rows), 2), dtype=np.float32)
    last = len(table) // _AT_ONCE * _AT_ONCE
    end = int(np.searchsorted(rows, last))
    for start in range(0, end, _AT_ONCE):
        step = rows[start : min(start + _AT_ONCE, end)]
        out[start : start + len(step)] = np.dot(table[np.resize(step, _AT_ONCE)], columns)[: len(step)]
    if end < len(rows):
        out[end:] = np.dot(table[last:], columns)[rows[end:] - last]
    return out[:, 0], out[:, 1]


def _word_sums(table: Words, rows: Rows, weights: Vectors) -> Vectors:
    """Return ``(table @ weights)[rows]``, without reading the other rows."""
    steps = range(0, len(rows), _AT_ONCE)
    return np.concatenate([table[rows[start : start + _AT_ONCE]] @ weights for start in steps])
