"""Vectors and words: whether each store is intact and has every text of the corpus."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from workbench.checking.report import Problem
from workbench.domain.access import file_lock
from workbench.domain.errors import WorkspaceDamaged
from workbench.domain.plurals import plural
from workbench.engine.keys import Keys, read_rows, write_at
from workbench.engine.vectors import ABOUT, described
from workbench.engine.word_store import PREPROCESSING, WordStore

_ROWS = 65_536  # looked at together
_WORDS = ("keys.i64", "ends.i64", "words.i32")
_AGAIN = "a repair removes and rebuilds them"


def vector_problems(
    folder: Path, texts: Keys | None, own: str, dimension: int | None, encode: Any
) -> Iterator[Problem]:
    """Yield what is wrong with the vectors of one encoder; ``own`` is the key of the one that the workspace has.

    Args:
        folder: where they lie.
        texts: the keys of all texts of the corpus; None if it could not be read.
        own: the key of the workspace's encoder.
        dimension: of the workspace's encoder, where that is known; the record's counts first.
        encode: makes what is missing, for the workspace's encoder.
    """
    is_own = folder.name == own
    try:
        known = described(folder)
    except WorkspaceDamaged as error:
        if not is_own:
            yield _of(error, folder / ABOUT, "open the workspace with that encoder once it is removed")
            return

        def write_anew() -> None:
            (folder / ABOUT).unlink()
            encode()

        yield _of(error, folder / ABOUT, "a repair rewrites it", write_anew)
        return
    size = dimension if known is None else int(known["dimension"])
    if size is None and is_own:
        yield Problem(str(folder / ABOUT), "missing", "a repair rewrites it", encode)
        return
    if size is None:
        yield Problem(str(folder), "of an encoder that is not known here", "nothing to do", is_note=True)
        return
    try:
        keys = read_rows(folder / "keys.i64", "<i8")
        whole = _sound_rows(folder / "vectors.f32", keys, size)
    except WorkspaceDamaged as error:
        yield _of(error, folder, "restore a backup with `workbench restore`")
        return
    if whole < len(keys):
        what = f"{len(keys) - whole:,} of {len(keys):,} vectors are missing or damaged"
        yield Problem(str(folder / "vectors.f32"), what, _AGAIN, _cut(folder, whole))
        return
    missing = 0 if texts is None else len(np.setdiff1d(texts, keys[:whole]))
    if missing and is_own and any((folder / name).exists() for name in ("keys.i64", "vectors.f32")):
        yield Problem(
            str(folder),
            f"{plural(missing, 'text has', 'texts have')} no vector",
            "a repair makes them",
            encode,
            is_note=True,
        )


def word_problems(folder: Path, texts: Keys | None, rebuild: Callable[[], Any]) -> Iterator[Problem]:
    """Yield what is wrong with the words of the texts; ``rebuild`` makes them again."""
    if not any((folder / name).exists() for name in _WORDS):
        return

    def again() -> None:
        with file_lock(folder / "append.lock"):
            for name in _WORDS:
                (folder / name).unlink(missing_ok=True)
        rebuild()

    try:
        store = WordStore(folder, read_only=True)
        rows = store.rows.shape[0]
    except (WorkspaceDamaged, ValueError) as error:
        yield _of(error, folder, "a repair rebuilds the words", again)
        return
    if len(np.unique(store.keys)) < rows:
        yield Problem(str(folder), "texts are stored twice", "a repair rebuilds the words", again)
    elif texts is not None and len(texts) and len(np.setdiff1d(texts, store.keys)):
        missing = len(np.setdiff1d(texts, store.keys))
        yield Problem(
            str(folder),
            f"{plural(missing, 'text has', 'texts have')} no words",
            "a repair makes them",
            rebuild,
            is_note=True,
        )


def own_words(path: Path) -> Path:
    """Return the folder of the words as this version reads them."""
    return path / "words" / PREPROCESSING


def count_vectors(folder: Path) -> int:
    """Return how many vectors there are."""
    try:
        return len(read_rows(folder / "keys.i64", "<i8"))
    except WorkspaceDamaged:
        return 0


def _sound_rows(file: Path, keys: Keys, dimension: int) -> int:
    """Return how many rows from the first on have a key of their own, and a vector that is one."""
    if file.is_symlink() or file.is_dir():
        raise WorkspaceDamaged(f"{file}: not a file; move it away, then check again")
    size = file.stat().st_size if file.exists() else 0
    rows = min(len(keys), size // (4 * dimension))
    _, first = np.unique(keys[:rows], return_index=True)
    if len(first) < rows:
        rows = int(np.setdiff1d(np.arange(rows), first)[0])
    if not rows:
        return 0
    try:
        vectors = np.memmap(file, dtype=np.float32, mode="r", shape=(rows, dimension))
    except PermissionError:
        raise WorkspaceDamaged(f"{file}: no permission to read it; ask its owner") from None
    for start in range(0, rows, _ROWS):
        part = vectors[start : start + _ROWS]
        bad = ~(np.isfinite(part).all(axis=1) & (np.abs(part) <= 1e6).all(axis=1) & part.any(axis=1))
        if bad.any():
            return start + int(np.argmax(bad))
    return rows


def _cut(folder: Path, rows: int) -> Callable[[], None]:
    """Return what takes out all from a row on: the keys, by which rows are known; what lies behind is written over."""

    def cut() -> None:
        with file_lock(folder / "append.lock"):
            write_at(folder / "keys.i64", 8 * rows, b"")

    return cut


def _of(error: Exception, place: Path, remedy: str, repair: Callable[[], Any] | None = None) -> Problem:
    where, _, what = str(error).partition(": ")
    if not where.startswith("/"):
        where, what = str(place), str(error)
    return Problem(where, what.partition("; ")[0], remedy, repair)
