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
FileStamp = tuple[int, int]


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


def stamp_of(file: Path) -> FileStamp:
    """Return what changes whenever a file is written to: its size, and the time of its last change."""
    try:
        found = file.stat()
    except FileNotFoundError:
        return (0, 0)
    return (found.st_size, found.st_mtime_ns)


def tombstones(count: int) -> Keys:
    """Return keys of rows whose vectors were taken out: no text has them."""
    return np.frombuffer(os.urandom(8 * count), dtype=np.int64).copy()


def overwrite(file: Path, dtype: DTypeLike, rows: Rows, values: NDArray[Any]) -> None:
    """Write over some rows of a file in place, and wait for the disk; ``values`` is a row, or a value, for each."""
    data = np.ascontiguousarray(values, dtype=dtype)
    with open(opener(str(file), os.O_RDWR), "r+b", buffering=0) as handle:
        for row, value in zip(rows.tolist(), data, strict=True):
            handle.seek(row * value.nbytes)
            handle.write(value.tobytes())
        os.fsync(handle.fileno())


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
