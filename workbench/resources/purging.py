"""Takes what was made of deleted sentences out of the stores of vectors and words, unless someone else says it, too."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import numpy as np

from workbench.corpus.lake import Lake
from workbench.engine.vectors import VectorStore, described
from workbench.engine.word_store import WordStore


def purge(path: Path, lake: Lake, keys: Collection[int]) -> int:
    """Take out the vectors and words of texts that the corpus does not hold any more; return how many vectors went.

    Args:
        path: the workspace's folder.
        lake: its corpus.
        keys: of texts that some deleted conversation said.
    """
    unsaid = np.array(sorted(set(keys) - lake.said_keys(keys)), dtype=np.int64)
    if not len(unsaid):
        return 0
    for folder in _stores(path / "words"):
        WordStore(folder).remove(unsaid)
    return sum(store.remove(unsaid) for folder in _stores(path / "vectors") if (store := _opened(folder)))


def _stores(folder: Path) -> list[Path]:
    return sorted(file.parent for file in folder.glob("*/keys.i64") if not file.parent.is_symlink())


def _opened(folder: Path) -> VectorStore | None:
    """Return a store of vectors; None of one that cannot tell how long they are, and holds none."""
    known, keys = described(folder), (folder / "keys.i64").stat().st_size // 8
    if known is not None:
        return VectorStore(folder, int(known["dimension"]))
    return VectorStore(folder, (folder / "vectors.f32").stat().st_size // 4 // keys) if keys else None
