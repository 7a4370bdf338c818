"""Finds damage in a corpus's parts, file by file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from workbench.corpus.manifest import REPAIR, RESTORE, ROW_GROUP, Manifest, plain_file
from workbench.corpus.schema import SCHEMAS
from workbench.domain.errors import WorkspaceDamaged
from workbench.domain.files import sha256_of
from workbench.domain.plurals import plural


def damages(root: Path, manifest: Manifest) -> Iterator[tuple[Path, str]]:
    """Read all parts completely; yield each damaged file and how it is damaged."""
    for part in manifest.parts:
        counts = (part.conversations, part.turns, part.sentences)
        for table, count, sha256 in zip(SCHEMAS, counts, part.sha256 or (None,) * len(counts), strict=False):
            file = root / table / part.name
            try:
                found = _rows(plain_file(file), SCHEMAS[table])
            except WorkspaceDamaged as error:
                yield file, str(error).removeprefix(f"{file}: ")
            except PermissionError:
                yield file, "no permission to read it; ask its owner"
            except (pa.ArrowException, OSError, ValueError) as error:
                yield file, f"damaged ({str(error).splitlines()[0][:200]}); {RESTORE}"
            else:
                if found != count:
                    yield file, f"damaged (holds {plural(found, 'row')}, the manifest says {count:,}); {RESTORE}"
                elif sha256 is not None and sha256_of(file) != sha256:
                    yield file, f"changed since it was written (its hash differs); {RESTORE}"


def unreadable(root: Path, manifest: Manifest, error: Exception) -> WorkspaceDamaged:
    """Return the error to raise if the tables cannot be read: the first damaged file, and what to do."""
    for file, how in damages(root, manifest):
        return WorkspaceDamaged(f"{file}: {how}")
    return WorkspaceDamaged(f"{root}: cannot be read ({str(error).splitlines()[0][:200]}); {REPAIR}")


def _rows(file: Path, schema: pa.Schema) -> int:
    found = pq.ParquetFile(file)
    missing = set(schema.names) - set(found.schema_arrow.names)
    if missing:
        raise ValueError(f"has no column {sorted(missing)[0]}")
    return sum(len(batch) for batch in found.iter_batches(ROW_GROUP))
