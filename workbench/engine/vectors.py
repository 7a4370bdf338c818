"""Sentence vectors on disk: one row per distinct text, memory-mapped, append-only.

A store is a folder with ``vectors.f32`` (rows of float32) and ``keys.i64`` (one key per row).
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from workbench.domain import plain_json
from workbench.domain.access import make_folder
from workbench.domain.arrays import Vectors
from workbench.domain.errors import WorkspaceDamaged
from workbench.domain.files import plain_bytes, write_whole, writing_to
from workbench.engine.keyed_store import KeyedStore
from workbench.engine.keys import REPAIR, Keys, Rows, overwrite, write_at

ABOUT = "about.json"
_LOOKED_AT = 32
_LARGEST = 1e6  # vectors have length one


class VectorTable(Protocol):
    """Vectors ``[n, dimension]`` of texts, and the row of each text's key (-1 if there is none)."""

    @property
    def vectors(self) -> Any: ...

    def lookup(self, keys: np.ndarray) -> np.ndarray: ...


class VectorStore(KeyedStore):
    """Vectors from one encoder. Any number of readers and writers, in any number of processes.

    Args:
        folder: created if missing.
        dimension: length of a vector.
        about: what made the vectors (model, revision, preprocessing, precision); stored with them.
        read_only: writes nothing, not even the folder.

    Raises:
        WorkspaceDamaged: there are fewer vectors than keys, or one of the files is a link or a folder.
    """

    def __init__(
        self,
        folder: str | os.PathLike[str],
        dimension: int,
        about: Mapping[str, Any] | None = None,
        read_only: bool = False,
    ):
        super().__init__(folder, read_only)
        self.dimension = dimension
        self._vectors_file = self.folder / "vectors.f32"
        if about is not None and not read_only:
            self._record(about)
        self.refresh()

    @property
    def vectors(self) -> Vectors:
        """Return all rows, shape ``[len(self), dimension]``, read-only and mapped, not loaded."""
        return self._mapped(len(self.keys))

    def _mapped(self, rows: int) -> Vectors:
        if not rows:
            return np.zeros((0, self.dimension), dtype=np.float32)
        try:
            return np.memmap(self._vectors_file, dtype=np.float32, mode="r", shape=(rows, self.dimension))
        except PermissionError:
            raise WorkspaceDamaged(f"{self._vectors_file}: no permission to read it; ask its owner") from None
        except (OSError, ValueError) as error:
            raise WorkspaceDamaged(f"{self._vectors_file}: damaged ({error}); {REPAIR}") from None

    def append(self, keys: Keys, vectors: Vectors) -> int:
        """Add the rows whose key is new, atomically; return their number.

        Raises:
            ValueError: the shapes do not fit, or a vector is not finite.
            CannotWrite: the disk is full or cannot be written; the store is as it was.
        """
        if vectors.shape != (len(keys), self.dimension):
            raise ValueError(f"vectors have shape {vectors.shape}, expected {(len(keys), self.dimension)}")
        if not np.isfinite(vectors).all():
            raise ValueError("a vector holds NaN or infinity; the encoder is broken")
        with writing_to(self.folder, "the vectors are as they were", self._read_only), self._locked():
            self.refresh()
            new = self._index.new(keys)
            if len(new):
                row_bytes = 4 * self.dimension
                write_at(self._vectors_file, row_bytes * len(self.keys), vectors[new].astype("<f4").tobytes())
                self._append_keys(keys[new])
            return len(new)

    def _check(self, rows: int) -> None:
        self._check_size(rows)
        self._check_some(self._mapped(rows))

    def _blank(self, rows: Rows) -> None:
        blank = np.zeros((len(rows), self.dimension), dtype=np.float32)
        blank[:, 0] = 1
        overwrite(self._vectors_file, "<f4", rows, blank)

    def _check_size(self, rows: int) -> None:
        """Check the rows: one exists when its key does, so there are at least as many vectors as keys."""
        wanted, found = 4 * self.dimension * rows, 0
        if self._vectors_file.is_symlink() or self._vectors_file.is_dir():
            raise WorkspaceDamaged(f"{self._vectors_file}: not a file; move it away, then {REPAIR}")
        with suppress(FileNotFoundError):
            found = self._vectors_file.stat().st_size
        if found < wanted:
            raise WorkspaceDamaged(f"{self._vectors_file}: damaged: cut off at {found:,} of {wanted:,} bytes; {REPAIR}")

    def _check_some(self, vectors: Vectors) -> None:
        """Check a few rows, which is enough to detect garbage; `workbench check` reads all of them."""
        some = vectors[np.unique(np.linspace(0, max(0, len(vectors) - 1), _LOOKED_AT).astype(np.int64))[: len(vectors)]]
        if len(some) and (not np.isfinite(some).all() or (np.abs(some) > _LARGEST).any() or not some.any()):
            raise WorkspaceDamaged(f"{self._vectors_file}: damaged: it does not contain vectors; {REPAIR}")

    def _record(self, about: Mapping[str, Any]) -> None:
        file = self.folder / ABOUT
        known = described(self.folder) or {}
        if known != dict(about):
            with writing_to(self.folder):
                make_folder(self.folder)
                write_whole(file, plain_json.dumps(dict(about), indent=2, sort_keys=True).encode())


def described(folder: Path) -> dict[str, Any] | None:
    """Return the record of what made the vectors in a folder, None if there is none.

    Raises:
        WorkspaceDamaged: the record is damaged.
    """
    file = folder / ABOUT
    try:
        found = json.loads(plain_bytes(file, 2**20).decode())
        if type(found["dimension"]) is not int or not 0 < found["dimension"] < 2**20:
            raise ValueError("its dimension is not a whole number above 0")
    except FileNotFoundError:
        return None
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise WorkspaceDamaged(f"{file}: damaged ({error}); {REPAIR}") from None
    return dict(found)
