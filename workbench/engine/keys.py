"""Finds rows by key, and reads and writes the append-only files with such rows."""

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
    """Finds the row of each of ``n`` distinct keys, one a row.

    The keys are in sorted runs, each at least twice as long as the next: adding keys sorts only those, and occasionally
    merges runs, so that an index built in small steps takes about as long as one built at once.
    """

    def __init__(self, keys: Keys):
        self._runs: list[tuple[Keys, Rows]] = []  # sorted keys, and the row of each
        self._size = 0
        self.extend(keys)

    def extend(self, keys: Keys) -> None:
        """Add keys, whose rows follow the existing ones."""
        if not len(keys):
            return
        added = _sorted_run(keys, np.arange(self._size, self._size + len(keys), dtype=np.int32))
        runs = list(self._runs)  # so that another thread sees all keys, with or without these
        while runs and len(runs[-1][0]) < 2 * len(added[0]):
            before = runs.pop()
            added = _sorted_run(np.concatenate([before[0], added[0]]), np.concatenate([before[1], added[1]]))
        self._runs, self._size = [*runs, added], self._size + len(keys)

    def rows(self, keys: Keys) -> Rows:
        """Return the row of each key, -1 if there is none."""
        out = np.full(len(keys), -1, dtype=np.int32)
        for known, rows in self._runs:
            at = np.minimum(np.searchsorted(known, keys), len(known) - 1)
            found = known[at] == keys
            out[found] = rows[at[found]]
        return out

    def new(self, keys: Keys) -> NDArray[np.int64]:
        """Return the indices of keys without a row, each key once, in order."""
        _, first = np.unique(keys, return_index=True)
        out: NDArray[np.int64] = np.sort(first[self.rows(keys[first]) < 0])
        return out


def _sorted_run(keys: Keys, rows: Rows) -> tuple[Keys, Rows]:
    order = np.argsort(keys, kind="stable")  # benefits from sorted keys
    return keys[order], rows[order]


def stamp_of(file: Path) -> FileStamp:
    """Return a stamp that changes whenever a file is written to: its size and modification time."""
    try:
        found = file.stat()
    except FileNotFoundError:
        return (0, 0)
    return (found.st_size, found.st_mtime_ns)


def tombstones(count: int) -> Keys:
    """Return keys for rows whose vectors were removed: no text has them."""
    return np.frombuffer(os.urandom(8 * count), dtype=np.int64).copy()


def overwrite(file: Path, dtype: DTypeLike, rows: Rows, values: NDArray[Any]) -> None:
    """Overwrite some rows of a file in place, and sync to disk; ``values`` is a row, or a value, for each."""
    data = np.ascontiguousarray(values, dtype=dtype)
    with open(opener(str(file), os.O_RDWR), "r+b", buffering=0) as handle:
        for row, value in zip(rows.tolist(), data, strict=True):
            handle.seek(row * value.nbytes)
            handle.write(value.tobytes())
        os.fsync(handle.fileno())


def read_rows(file: Path, dtype: DTypeLike) -> NDArray[Any]:
    """Return the complete rows of a file of numbers; an incomplete one from an interrupted write is ignored."""
    try:
        data = plain_bytes(file)
    except FileNotFoundError:
        data = b""
    size = np.dtype(dtype).itemsize
    return np.frombuffer(data[: len(data) // size * size], dtype=dtype).copy()


def write_at(file: Path, offset: int, data: bytes) -> None:
    """Write from ``offset`` bytes on and sync to disk; truncates what an interrupted write left after it."""
    with open(opener(str(file), os.O_RDWR | os.O_CREAT), "r+b", buffering=0) as handle:
        handle.truncate(offset)
        handle.seek(offset)
        view = memoryview(data)
        while view:
            view = view[handle.write(view) :]
        os.fsync(handle.fileno())
