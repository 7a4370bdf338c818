"""Sentence vectors on disk: one row a distinct text, memory-mapped, append only.

A store is a folder with ``vectors.f32`` (rows of float32) and ``keys.i64`` (one key a row). The keys are
written after their vectors are on disk, so a row exists when its key does: whatever an interrupted append
left behind is overwritten by the next one.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock
from numpy.typing import NDArray

from workbench.engine.keys import KeyIndex, Keys, Rows, has_grown, read_rows, write_at

Vectors = NDArray[np.float32]


class VectorStore:
    """Vectors of one encoder. Any number of readers and writers, in any number of processes.

    Args:
        folder: made where it does not exist.
        dimension: length of a vector.
        about: what made the vectors (model, revision, preprocessing, precision); recorded beside them.
    """

    def __init__(self, folder: str | os.PathLike[str], dimension: int, about: Mapping[str, Any] | None = None):
        self.folder = Path(folder)
        self.dimension = dimension
        self.folder.mkdir(parents=True, exist_ok=True)
        self._keys_file = self.folder / "keys.i64"
        self._vectors_file = self.folder / "vectors.f32"
        self._lock = FileLock(self.folder / "append.lock")
        if about is not None:
            self._record(about)
        self.keys: Keys = np.zeros(0, dtype=np.int64)
        self._index = KeyIndex(self.keys)
        self.refresh()

    def __len__(self) -> int:
        return len(self.keys)

    def refresh(self) -> None:
        """See what others appended since."""
        if has_grown(self._keys_file, "<i8", len(self.keys)):
            self.keys = read_rows(self._keys_file, "<i8")
            self._index = KeyIndex(self.keys)

    @property
    def vectors(self) -> Vectors:
        """All rows, shape ``[len(self), dimension]``, read-only and mapped, not loaded."""
        if not len(self.keys):
            return np.zeros((0, self.dimension), dtype=np.float32)
        shape = (len(self.keys), self.dimension)
        return np.memmap(self._vectors_file, dtype=np.float32, mode="r", shape=shape)

    def lookup(self, keys: Keys) -> Rows:
        """The row of each key, -1 where the store has none."""
        return self._index.rows(keys)

    def append(self, keys: Keys, vectors: Vectors) -> int:
        """Adds the rows whose key is new, atomically; gives their number.

        Raises:
            ValueError: the shapes do not fit, or a vector is not finite.
        """
        if vectors.shape != (len(keys), self.dimension):
            raise ValueError(f"vectors have shape {vectors.shape}, expected {(len(keys), self.dimension)}")
        if not np.isfinite(vectors).all():
            raise ValueError("a vector holds NaN or infinity; the encoder is broken")
        with self._lock:
            self.refresh()
            new = self._index.new(keys)
            if len(new):
                row_bytes = 4 * self.dimension
                write_at(self._vectors_file, row_bytes * len(self.keys), vectors[new].astype("<f4").tobytes())
                write_at(self._keys_file, 8 * len(self.keys), keys[new].astype("<i8").tobytes())
                self.refresh()
            return len(new)

    def _record(self, about: Mapping[str, Any]) -> None:
        file = self.folder / "about.json"
        known = json.loads(file.read_text()) if file.exists() else {}
        if known != dict(about):
            draft = file.with_suffix(".tmp")
            draft.write_text(json.dumps(dict(about), indent=2, sort_keys=True))
            os.replace(draft, file)
