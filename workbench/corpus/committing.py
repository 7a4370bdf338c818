"""Writes parts: complete, under a new name, and named in the manifest once all of their tables are on disk."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import chain
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from workbench.corpus.manifest import (
    NAME,
    ROW_GROUP,
    Manifest,
    ManifestPart,
    Span,
    content_of,
    next_name,
)
from workbench.corpus.remote.publishing import publish
from workbench.corpus.schema import SCHEMAS, Tables
from workbench.domain.access import make_folder
from workbench.domain.files import cannot_write, settle, sha256_of

_SPAN = b"span"  # in a file's metadata: what the manifest says about its numbers and rows, in case it is lost


def commit(root: Path, manifest: Manifest, tables: Tables) -> Manifest:
    """Write the tables as a new part, then name it in the manifest. The caller holds the writers' lock.

    Raises:
        CannotWrite: the disk is full or cannot be written; the corpus is as it was.
        CorpusUnavailable: the store cannot be reached, or does not allow it; the corpus is as it was.
        Outrun: a writer elsewhere committed first; the corpus is as they left it.
    """
    number, row = manifest.next_number, manifest.next_row
    numbers = (number, number + len(tables.conversations))
    rows = (row, row + len(tables.sentences))
    try:
        if not (root / NAME).exists():
            publish(root, manifest)  # so that parts without a manifest always mean damage
        renumbered = _renumbered(tables, number, row)
        part = write_part(root, manifest, numbers, rows, [[table] for table in renumbered])
        new = replace(manifest, parts=(*manifest.parts, part), stamp=part.name.removesuffix(".parquet"))
        publish(root, new)
    except OSError as error:
        raise cannot_write(error, root, "the corpus is as it was before") from None
    return new


def write_part(
    root: Path,
    manifest: Manifest,
    numbers: Span,
    rows: Span,
    tables: Iterable[Iterable[pa.Table]],
    moved: Sequence[Span] = (),
) -> ManifestPart:
    """Write a part that the manifest does not name yet: for each table its pieces, in order.

    Raises:
        OSError: the disk is full or cannot be written; complete files may remain.
    """
    name = f"{next_name(manifest):06d}-{uuid.uuid4().hex[:8]}.parquet"
    span = " ".join(map(str, (*numbers, *rows, *chain.from_iterable(moved)))).encode()
    written = [
        _write_table(root / folder / name, schema.with_metadata({_SPAN: span}), pieces)
        for (folder, schema), pieces in zip(SCHEMAS.items(), tables, strict=True)
    ]
    conversations, turns, sentences = (count for count, _ in written)
    hashes = tuple(sha256 for _, sha256 in written)
    own = (conversations, turns, sentences)
    return ManifestPart(name, *own, hashes, numbers, rows, content_of(name), moved=tuple(moved))


def spans_of(file: Path) -> tuple[Span, Span, tuple[Span, ...]] | None:
    """Return the numbers, the rows and the moved rows of a file's part.

    Returns None if an older version wrote it.
    """
    found = (pq.read_schema(file).metadata or {}).get(_SPAN, b"").split()
    if len(found) < 4 or len(found) % 2 or not all(one.isdigit() for one in found):
        return None
    numbers, rows, *moved = _pairs([int(one) for one in found])
    return numbers, rows, tuple(moved)


def _pairs(ends: Sequence[int]) -> list[Span]:
    """Return spans from a flat sequence of first and last values."""
    return list(zip(ends[::2], ends[1::2], strict=True))


def _renumbered(tables: Tables, number: int, row: int) -> Tables:
    """Return the tables with numbers that continue those of the lake."""
    return Tables(
        _shifted(_shifted(tables.conversations, "number", number), "first_row", row),
        _shifted(tables.turns, "number", number),
        _shifted(_shifted(tables.sentences, "number", number), "row", row),
    )


def _shifted(table: pa.Table, column: str, by: int) -> pa.Table:
    place = table.schema.get_field_index(column)
    values = pa.array(table[column].to_numpy() + by, pa.int64())
    return table.set_column(place, table.schema.field(place), values)


def _write_table(path: Path, schema: pa.Schema, pieces: Iterable[pa.Table]) -> tuple[int, str]:
    """Write the pieces in row groups of even size; return the number of rows and the file's hash."""
    make_folder(path.parent)
    half_written = path.with_suffix(".tmp")
    rows = 0
    try:
        with pq.ParquetWriter(half_written, schema, compression="zstd") as writer:
            for group in _groups(schema, pieces):
                writer.write_table(group, ROW_GROUP)
                rows += len(group)
        found = sha256_of(half_written)
        settle(half_written, path)
    except OSError:
        with suppress(OSError):
            half_written.unlink()  # it may be what fills the disk
        raise
    return rows, found


def _groups(schema: pa.Schema, pieces: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """Join small pieces, with no more in memory than one row group and the largest piece."""
    waiting: list[pa.Table] = []
    for piece in pieces:
        waiting.append(piece.cast(schema))
        size = sum(map(len, waiting))
        if size >= ROW_GROUP:
            whole, size = pa.concat_tables(waiting), size - size % ROW_GROUP
            yield whole.slice(0, size)
            waiting = [whole.slice(size)]
    if sum(map(len, waiting)):
        yield pa.concat_tables(waiting)
