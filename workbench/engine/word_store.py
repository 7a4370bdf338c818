"""The words of each distinct text, on disk: what the head uses of a sentence besides its meaning.

Words and pairs of neighbours are hashed, so that a text's row depends only on the text, and a growing corpus changes no
existing row (feature hashing: Weinberger et al. 2009). Every row has length one. A store is a folder with ``words.i32``
(hashes), ``ends.i64`` (where each row's end) and ``keys.i64``; the keys are written last, so a row exists when its key
does.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from workbench.domain.access import make_folder
from workbench.domain.errors import WorkspaceDamaged
from workbench.domain.files import plain_file, writing_to
from workbench.domain.plurals import plural
from workbench.engine.keyed_store import KeyedStore
from workbench.engine.keys import REPAIR, Keys, Rows, overwrite, read_rows, write_at

Words: TypeAlias = Any  # scipy.sparse.csr_array [texts, WIDTH] float32, rows of length one
WIDTH = 2**18
PREPROCESSING = "words-1"  # part of the store's name: change it when the rows of a text change


def words_of(texts: Sequence[str]) -> Words:
    """Return the rows of these texts; zeros for one without a word."""
    return csr_array(_hashing().transform(texts))


@cache
def _hashing() -> Any:
    from sklearn.feature_extraction.text import HashingVectorizer  # heavy, and readers need none of it

    return HashingVectorizer(
        n_features=WIDTH,
        ngram_range=(1, 2),
        token_pattern=r"(?u)\b\w+\b|[?!]",
        binary=True,
        norm="l2",
        alternate_sign=False,
        dtype=np.float32,
    )


class WordStore(KeyedStore):
    """Rows of words by a text's key. Any number of readers and writers, in any number of processes."""

    def __init__(self, folder: str | os.PathLike[str], read_only: bool = False):
        super().__init__(folder, read_only)
        if not read_only:
            with writing_to(self.folder):
                make_folder(self.folder)
        self._rows: Words | None = None
        self._mapped: NDArray[np.int64] | None = None
        self._words: int | None = None  # in all rows, if known
        self.refresh()

    @property
    def rows(self) -> Words:
        """Return all rows, read once and cached.

        Raises:
            WorkspaceDamaged: the files do not fit each other.
        """
        if self._rows is None or self._rows.shape[0] != len(self):
            ends, file = self._ends(), self.folder / "words.i32"
            last = int(ends[-1]) if len(ends) else 0
            words = read_rows(file, "<i4")[:last]
            if len(words) < last or ((words < 0) | (words >= WIDTH)).any():
                raise WorkspaceDamaged(
                    f"{file}: damaged: {len(words):,} of {last:,} words are there, or different ones; {REPAIR}"
                )
            self._rows = csr_words(np.concatenate([[0], ends]), words)
        return self._rows

    def some(self, rows: Rows) -> Words:
        """Return only these rows, in order, without reading the others.

        Raises:
            WorkspaceDamaged: the files do not fit each other.
        """
        ends, file = self._ends(), self.folder / "words.i32"
        starts = _starts(ends, rows)
        own = np.concatenate([[0], np.cumsum(ends[rows] - starts)]).astype(np.int64)
        places = np.repeat(starts - own[:-1], np.diff(own)) + np.arange(own[-1])
        try:
            words = np.memmap(file, dtype="<i4", mode="r")[places] if len(places) else np.zeros(0, dtype=np.int32)
        except (OSError, ValueError, IndexError) as error:
            raise WorkspaceDamaged(f"{file}: damaged ({error}); {REPAIR}") from None
        if ((words < 0) | (words >= WIDTH)).any():
            raise WorkspaceDamaged(f"{file}: damaged: it holds other numbers than words'; {REPAIR}")
        return csr_words(own, np.asarray(words))

    def _ends(self) -> NDArray[np.int64]:
        """Return where each row's words end, mapped from the file, which is checked once."""
        if self._mapped is None or len(self._mapped) != len(self):
            self._mapped = self._map_ends() if len(self) else np.zeros(0, dtype=np.int64)
        return self._mapped

    def _map_ends(self) -> NDArray[np.int64]:
        file = self.folder / "ends.i64"
        found = 0
        with suppress(FileNotFoundError), plain_file(file) as content:
            found = os.fstat(content.fileno()).st_size // 8
            if found >= len(self):
                ends: NDArray[np.int64] = np.memmap(content, dtype="<i8", mode="r", shape=(len(self),))
                if ends[0] >= 0 and not (ends[1:] < ends[:-1]).any():
                    return ends
        raise WorkspaceDamaged(
            f"{file}: damaged: {found:,} of {plural(len(self), 'row')} are there, or different ones; {REPAIR}"
        )

    def append(self, keys: Keys, texts: Sequence[str]) -> int:
        """Add the rows whose key is new, atomically; return their number.

        Raises:
            CannotWrite: the disk is full or cannot be written; the store is as it was.
            WorkspaceDamaged: the files do not fit each other.
        """
        with writing_to(self.folder, "the words are as they were", self._read_only), self._locked():
            self.refresh()
            new = self._index.new(keys)
            if len(new):
                made = words_of([texts[at] for at in new])
                last = self._count()
                write_at(self.folder / "words.i32", 4 * last, made.indices.astype("<i4").tobytes())
                write_at(self.folder / "ends.i64", 8 * len(self), (last + made.indptr[1:]).astype("<i8").tobytes())
                self._append_keys(keys[new])
                self._words = last + len(made.indices)
            return len(new)

    def _count(self) -> int:
        if self._words is None:
            ends = self._ends()
            self._words = int(ends[-1]) if len(ends) else 0
        return self._words

    def _check(self, rows: int) -> None:
        del rows  # checked when they are read
        self._rows = self._mapped = self._words = None

    def _blank(self, rows: Rows) -> None:
        ends = self._ends()
        places = np.concatenate([np.arange(*one) for one in zip(_starts(ends, rows), ends[rows], strict=True)])
        overwrite(self.folder / "words.i32", "<i4", places, np.zeros(len(places), np.int32))


def _starts(ends: NDArray[np.int64], rows: Rows) -> NDArray[np.int64]:
    """Return where the words of these rows begin."""
    return np.where(rows > 0, ends[np.maximum(rows - 1, 0)], 0)


def csr_words(starts: NDArray[np.int64], words: NDArray[np.int32]) -> Words:
    """Return rows of length one: the hashes in row ``i`` are ``words[starts[i]:starts[i + 1]]``."""
    count = np.diff(starts)
    value = (1 / np.sqrt(np.maximum(count, 1))).astype(np.float32)
    index = np.int32 if starts[-1] < 2**31 else np.int64  # the narrower type halves what a product reads
    return csr_array((np.repeat(value, count), words.astype(index), starts.astype(index)), shape=(len(count), WIDTH))
