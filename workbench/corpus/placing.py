"""Large parts of a corpus, which are read in place; only small ones are loaded.

So a kernel's memory does not grow with the corpus. DuckDB reads from a Parquet file only what a query needs: the
columns that it names, and the row groups that can match. A part is read in place if it has at least one row group, and
every speaker's name in it is clean: other names, from earlier versions, are cleaned as they are loaded.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from workbench.corpus.clean_parts import known_clean, note_clean
from workbench.corpus.held_files import HeldFile
from workbench.corpus.kept_names import are_clean
from workbench.corpus.manifest import ROW_GROUP, Manifest, ManifestPart, plain_file
from workbench.corpus.schema import SENTENCES

LEAST = ROW_GROUP  # sentences in a part that is read in place


@dataclass(frozen=True, slots=True, eq=False)
class PlacedPart:
    """A part that is read in place, with its sentences."""

    part: ManifestPart
    sentences: HeldFile


def placed_parts(
    db: duckdb.DuckDBPyConnection,
    root: Path,
    manifest: Manifest,
    before: Iterable[PlacedPart],
    read_only: bool = False,
) -> tuple[PlacedPart, ...]:
    """Return the parts of the manifest that are read in place; those in ``before`` that remain stay open.

    A note next to the corpus says which are clean, unless it is opened read-only.

    Raises:
        duckdb.Error: one is damaged.
        WorkspaceDamaged: one is missing, or a link.
    """
    known = {one.part.name: one.sentences for one in before}
    noted = known_clean(root)
    found = []
    for part in manifest.parts:
        if part.sentences >= LEAST:
            held = known.get(part.name) or _opened(db, root, part, part.name in noted)
            if held is not None:
                found.append(PlacedPart(part, held))
    if not read_only and not (names := names_of(found)) <= noted:
        note_clean(root, names)
    return tuple(found)


def are_within(parts: Iterable[PlacedPart], others: Sequence[PlacedPart]) -> bool:
    """Return whether everything in ``parts`` is in one of the ``others``."""
    spans = [one.part.numbers for one in others]
    return all(any(low <= one.part.numbers[0] and one.part.numbers[1] <= high for low, high in spans) for one in parts)


def names_of(parts: Iterable[PlacedPart]) -> set[str]:
    """Return the names of these parts."""
    return {one.part.name for one in parts}


def reading_of(files: Iterable[HeldFile]) -> str:
    """Return the SQL that reads these Parquet files; no path comes from user input."""
    paths = ", ".join("'" + one.path.replace("'", "''") + "'" for one in files)
    return f"read_parquet([{paths}], hive_partitioning = false)"


def _opened(db: duckdb.DuckDBPyConnection, root: Path, part: ManifestPart, is_clean: bool) -> HeldFile | None:
    held = HeldFile(plain_file(root / "sentences" / part.name))
    try:
        about = pq.ParquetFile(held.path)
        whole = about.metadata.num_rows == part.sentences and set(SENTENCES.names) <= set(about.schema_arrow.names)
    except (OSError, ValueError) as error:
        raise duckdb.Error(str(error)) from None
    if not whole:
        raise duckdb.Error("other rows than in the manifest")
    sql = f"SELECT DISTINCT speaker FROM {reading_of([held])} WHERE speaker IS NOT NULL"
    return held if is_clean or are_clean(db, sql) else None
