"""Rows of numbers by a text's key, on disk: shared by the stores of vectors and of words.

Keys are written after their rows, so a row exists if its key does: whatever an interrupted append left is overwritten
by the next one.
"""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from workbench.domain.access import file_lock, make_folder
from workbench.domain.files import writing_to
from workbench.engine.keys import FileStamp, KeyIndex, Keys, Rows, overwrite, read_rows, stamp_of, tombstones, write_at


class KeyedStore(ABC):
    """A folder with ``keys.i64`` (one key per row) and rows; any number of processes may read and write it.

    A subclass calls :meth:`refresh` once it is ready to check rows.
    """

    def __init__(self, folder: str | os.PathLike[str], read_only: bool):
        self.folder = Path(folder)
        self._room: Keys = np.zeros(0, dtype=np.int64)  # the keys, and space for more
        self._length = 0
        self.removals = 0
        """How often rows were found removed, or replaced by others, since the store was opened."""
        self._read_only = read_only
        self._keys_file = self.folder / "keys.i64"
        self._lock = file_lock(self.folder / "append.lock")
        self._index = KeyIndex(self.keys)
        self._seen: FileStamp = (0, 0)

    @property
    def keys(self) -> Keys:
        """Return the key of each row."""
        return self._room[: self._length]

    def __len__(self) -> int:
        return self._length

    def refresh(self) -> None:
        """Pick up what others have appended or removed since."""
        seen = stamp_of(self._keys_file)
        if seen != self._seen:
            keys = read_rows(self._keys_file, "<i8")
            self._check(len(keys))
            if len(keys) < self._length or not np.array_equal(keys[: self._length], self.keys):
                self.removals += 1
            self._room, self._length, self._seen = keys, len(keys), seen
            self._index = KeyIndex(keys)

    def lookup(self, keys: Keys) -> Rows:
        """Return the row of each key, -1 if the store has none."""
        return self._index.rows(keys)

    def remove(self, keys: Keys) -> int:
        """Overwrite the rows of these keys, and remove the keys; returns how many there were.

        The rows of the others stay. Processes that have the store open notice at their next refresh.

        Raises:
            CannotWrite: the disk cannot be written.
        """
        with writing_to(self.folder, read_only=self._read_only), self._locked():
            self.refresh()
            rows = self.lookup(keys)
            rows = np.unique(rows[rows >= 0])
            if len(rows):
                self._blank(rows)
                overwrite(self._keys_file, "<i8", rows, tombstones(len(rows)))
                self.refresh()
            return len(rows)

    def _append_keys(self, keys: Keys) -> None:
        """Add the keys of rows written after the existing ones; needs the lock, and a refreshed store."""
        before, after = len(self), len(self) + len(keys)
        write_at(self._keys_file, 8 * before, keys.astype("<i8").tobytes())
        if after > len(self._room):  # doubled, so that a store that grows in small steps is rarely copied
            self._room = np.concatenate([self.keys, np.zeros(after, dtype=np.int64)])
        self._room[before:after] = keys
        self._length, self._seen = after, stamp_of(self._keys_file)
        self._index.extend(keys)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        make_folder(self.folder)
        with self._lock:
            yield

    @abstractmethod
    def _check(self, rows: int) -> None:
        """Prepare for this many rows, before their keys are added; raises ``WorkspaceDamaged`` if they do not exist."""

    @abstractmethod
    def _blank(self, rows: Rows) -> None:
        """Overwrite these rows on disk."""
