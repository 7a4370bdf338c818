"""Texts deleted from the corpus elsewhere: their keys are stored until everything derived from them is deleted, too."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from workbench.corpus.manifest import Manifest, ManifestPart, part_paths
from workbench.domain.files import plain_bytes, write_whole

_NAME = "gone.i64"


def note_gone(root: Path, before: Manifest, after: Manifest) -> None:
    """Note what ``after`` may no longer contain, before the files of ``before`` are deleted."""
    if after.since(before) is not None:
        return
    kept = {part.name for part in after.parts} & {part.name for part in before.parts}
    lost = _keys(root, [part for part in before.parts if part.name not in kept])
    add_gone(root, lost - _keys(root, [part for part in after.parts if part.name not in kept]))


def add_gone(root: Path, keys: Iterable[int]) -> None:
    """Note further keys of texts."""
    new = set(keys)
    if new:
        write_whole(root / _NAME, np.array(sorted(new | set(gone_keys(root))), np.int64).tobytes())


def gone_keys(root: Path) -> list[int]:
    """Return the noted keys."""
    try:
        data = plain_bytes(root / _NAME)
    except FileNotFoundError:
        return []
    return list(map(int, np.frombuffer(data[: len(data) // 8 * 8], np.int64)))


def forget_gone(root: Path) -> None:
    """Delete these keys."""
    (root / _NAME).unlink(missing_ok=True)


def _keys(root: Path, parts: Iterable[ManifestPart]) -> set[int]:
    found: set[int] = set()
    for file in part_paths(root, "sentences", list(parts)):
        found.update(pq.read_table(file, columns=["text_key"], partitioning=None)["text_key"].to_pylist())
    return found
