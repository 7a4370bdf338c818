"""Merges small parts into larger ones, so that a corpus to which calls are added one at a time stays fast to read.

Parts are merged by size (a log-structured merge: O'Neil et al. 1996): whenever ``MANY`` neighbours are smaller than a
step, they become one part. So a sentence is rewritten at most a few times, and the number of parts grows with the
logarithm of the number of imports. The content of a part, its numbers and its rows stay the same, and so does what
others have loaded of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from workbench.corpus.committing import write_part
from workbench.corpus.manifest import (
    Manifest,
    ManifestPart,
    Segment,
    joint_content,
    part_files,
    part_paths,
)
from workbench.corpus.remote.outrun import Outrun
from workbench.corpus.remote.publishing import publish
from workbench.corpus.schema import SCHEMAS
from workbench.corpus.word_parts import drop_unnamed, join_words
from workbench.domain.errors import CorpusUnavailable, WorkspaceDamaged
from workbench.domain.leases import unread

LEASE = "readers.lock"
"""Readers of parts hold this lease, so that the files stay until they are done."""

MANY = 16
_SEEN = 64  # imports that a reader who looks only now and then may have missed
STEPS = (1_000, 8_000, 64_000)  # sentences


def merge_small(root: Path, manifest: Manifest) -> Manifest:
    """Merge neighbours while there are many small ones; delete what is no longer named.

    The caller holds the writers' lock. If it fails, because of a full disk, a damaged part or a store that does not
    answer, the corpus stays as it is.
    """
    before = manifest
    with suppress(OSError, WorkspaceDamaged, CorpusUnavailable, Outrun, pa.ArrowException, ValueError, KeyError):
        while place := small_neighbours(manifest.parts):
            manifest = _merged(root, manifest, place)
    if manifest is not before:
        sweep(root, manifest)
    return manifest


def small_neighbours(parts: Sequence[ManifestPart]) -> slice | None:
    """Return a range of many small neighbours; None if there is none."""
    for step in STEPS:
        first = 0
        for place, part in enumerate(parts):
            if part.sentences >= step:
                first = place + 1
            elif place - first + 1 == MANY:
                return slice(first, place + 1)
    return None


def sweep(root: Path, manifest: Manifest) -> None:
    """Delete the files of parts that the manifest does not name, unless someone reads; then a later call does.

    The caller holds the writers' lock, so that no import is under way.
    """
    named = {part.name for part in manifest.parts}
    with suppress(OSError):
        drop_unnamed(root, manifest.parts)
    with unread(root / LEASE) as nobody:
        if not nobody:
            return
        for name in part_files(root):
            if name not in named:
                for table in SCHEMAS:
                    with suppress(OSError):
                        (root / table / name).unlink(missing_ok=True)


def _merged(root: Path, manifest: Manifest, place: slice) -> Manifest:
    old = manifest.parts[place]
    numbers = (old[0].numbers[0], old[-1].numbers[1])
    rows = (old[0].rows[0], old[-1].rows[1])
    pieces = [_pieces(part_paths(root, table, old)) for table in SCHEMAS]
    moved = tuple(span for one in old for span in one.moved)
    part = write_part(root, manifest, numbers, rows, pieces, moved)
    part = replace(
        part,
        content=f"{joint_content(one.content for one in old):016x}",
        steps=tuple(step for one in old for step in one.steps),
        segments=_segments([segment for one in old for segment in one.whole]),
    )
    if (part.conversations, part.turns, part.sentences) != _counts(old):
        raise WorkspaceDamaged(f"{root}: parts hold other numbers of rows than the manifest says")
    join_words(root, old, part)
    earlier = [replace(one, segments=()) for one in manifest.parts[: place.start]]  # no reader is that far behind
    there = set(part_files(root))
    left = tuple(name for name in (*manifest.left, *(one.name for one in old)) if name in there)
    new = replace(manifest, parts=(*earlier, part, *manifest.parts[place.stop :]), left=left)
    publish(root, new)
    return new


def _segments(found: Sequence[Segment]) -> tuple[Segment, ...]:
    """Return the newest ones unchanged, and the others as one."""
    older = found[: max(0, len(found) - _SEEN)]
    joint = [Segment(*older[-1][:2], f"{joint_content(one.content for one in older):016x}")] if older else []
    return (*joint, *found[len(older) :])


def _pieces(files: Iterable[str]) -> Iterator[pa.Table]:
    for file in files:
        with pq.ParquetFile(file) as found:
            for group in range(found.num_row_groups):
                yield found.read_row_group(group)


def _counts(parts: Iterable[ManifestPart]) -> tuple[int, ...]:
    counts = [(part.conversations, part.turns, part.sentences) for part in parts]
    return tuple(map(sum, zip(*counts, strict=True)))
