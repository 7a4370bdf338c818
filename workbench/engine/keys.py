"""Rows found by key, and the append-only files that such rows lie in."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from workbench.domain.access import opener
from workbench.domain.files import plain_bytes

Keys = NDArray[np.int64]
REPAIR = "run `workbench check --repair`, which rebuilds them"
Rows = NDArray[np.int32]


class KeyIndex:
    """Finds the row of each of ``n`` distinct keys, one a row."""

    def __init__(self, keys: Keys):
        self._order = np.argsort(keys, kind="stable")
        self._sorted = keys[self._order]

    def rows(self, keys: Keys) -> Rows:
        """Return the row of each key, -1 if there is none."""
        if not len(self._sorted):
            return np.full(len(keys), -1, dtype=np.int32)
        at = np.minimum(np.searchsorted(self._sorted, keys), len(self._sorted) - 1)
        return np.where(self._sorted[at] == keys, self._order[at], -1).astype(np.int32)

    def new(self, keys: Keys) -> NDArray[np.int64]:
        """Return where the keys stand that have no row yet, each once, in their order."""
        _, first = np.unique(keys, return_index=True)
        out: NDArray[np.int64] = np.sort(first[self.rows(keys[first]) < 0])
        return out


def has_grown(file: Path, dtype: DTypeLike, known: int) -> bool:
    """Return whether an append-only file has other than the ``known`` whole rows."""
    size = file.stat().st_size if file.exists() else 0
    return size // np.dtype(dtype).itemsize != known


def read_rows(file: Path, dtype: DTypeLike) -> NDArray[Any]:
    """Return the whole rows of a file of numbers; what an interrupted write left of another is passed over."""
    try:
        data = plain_bytes(file)
    except FileNotFoundError:
        data = b""
    size = np.dtype(dtype).itemsize
    return np.frombuffer(data[: len(data) // size * size], dtype=dtype).copy()


def write_at(file: Path, offset: int, data: bytes) -> None:
    """Write from ``offset`` bytes on and wait for the disk; drops what an interrupted write left after it."""
    with open(opener(str(file), os.O_RDWR | os.O_CREAT), "r+b", buffering=0) as handle:
        handle.truncate(offset)
        handle.seek(offset)
        view = memoryview(data)
        while view:
            view = view[handle.write(view) :]
        os.fsync(handle.fileno())
