"""The list of committed parts: what it does not name does not exist, so readers see whole batches only."""

from __future__ import annotations

import hashlib
import json
import os
import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from workbench.corpus.schema import SCHEMAS, Tables
from workbench.domain import plain_json
from workbench.domain.access import make_folder
from workbench.domain.errors import NewerWorkspace, WorkspaceDamaged
from workbench.domain.files import cannot_write, plain_bytes, settle, write_whole

FORMAT = 1
NAME = "manifest.json"
RESTORE = "restore a backup with `workbench restore`"
REPAIR = "run `workbench check --repair`, or restore a backup with `workbench restore`"
_ROW_GROUP = 16_384  # small enough that reading a few sentences by row stays cheap
_PART = re.compile(r"(\d{6,9})-[0-9a-f]{8}\.parquet")
_MOST_BYTES = 256 * 2**20


@dataclass(frozen=True, slots=True)
class ManifestPart:
    """One committed batch: its file name in each table's folder, how much it holds, and each table's hash.

    ``sha256`` is in the order of the tables; empty if an older version wrote the part.
    """

    name: str
    conversations: int
    turns: int
    sentences: int
    sha256: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Manifest:
    parts: tuple[ManifestPart, ...] = ()

    @property
    def version(self) -> str:
        """Changes with every append; "0" where there is nothing yet."""
        return self.parts[-1].name.removesuffix(".parquet") if self.parts else "0"

    @property
    def conversations(self) -> int:
        return sum(part.conversations for part in self.parts)

    @property
    def sentences(self) -> int:
        return sum(part.sentences for part in self.parts)


def read_manifest(root: Path) -> Manifest:
    """Return the committed parts of the lake in ``root``; none where there is no lake yet.

    Raises:
        WorkspaceDamaged: the manifest is damaged, or missing although there are parts.
        NewerWorkspace: a newer version of the workbench wrote it.
    """
    try:
        data = plain_bytes(root / NAME, _MOST_BYTES)
    except FileNotFoundError:
        if part_files(root):
            raise WorkspaceDamaged(f"{root / NAME}: missing, although there are parts of a corpus; {REPAIR}") from None
        return Manifest()
    return parsed(data, root / NAME)


def parsed(data: bytes, file: Path) -> Manifest:
    """Return the manifest that stands in the content of ``file``; raises as :func:`read_manifest`."""
    try:
        found = json.loads(data.decode())
        form = found["format"]
        if type(form) is int and form > FORMAT:
            raise NewerWorkspace(
                f"{file}: written by a newer version of the workbench (format {form}; this version reads up to "
                f"{FORMAT}); upgrade the workbench to open it"
            )
        if type(form) is not int or form < 1:
            raise ValueError(f"format {form!r} is unknown")
        hashes = found.get("sha256", {})
        return Manifest(tuple(_part(one, hashes) for one in found["parts"]))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        said = f"{error} is missing" if isinstance(error, KeyError) else str(error) or type(error).__name__
        raise WorkspaceDamaged(f"{file}: damaged ({said}); {REPAIR}") from None


def _part(data: Mapping[str, Any], hashes: Mapping[str, Any]) -> ManifestPart:
    """Only names that ``commit`` gives, so that a manifest from elsewhere points at nothing outside its folder."""
    counts: list[int] = [data[name] for name in ("conversations", "turns", "sentences")]
    name = data["name"]
    if not isinstance(name, str) or not _PART.fullmatch(name):
        raise ValueError(f"{str(name)[:80]!r} is not the name of a part")
    if any(type(count) is not int or not 0 <= count < 2**40 for count in counts):
        raise ValueError(f"the counts of {name} are not whole numbers")
    known = hashes.get(name, [])
    if not isinstance(known, list) or not all(isinstance(one, str) for one in known):
        raise ValueError(f"the hashes of {name} are not texts")
    return ManifestPart(name, counts[0], counts[1], counts[2], tuple(known))


def part_files(root: Path) -> list[str]:
    """Return the names of all parts that lie in any table's folder, named by the manifest or not, in order."""
    found: set[str] = set()
    for table in SCHEMAS:
        with suppress(FileNotFoundError, NotADirectoryError):
            found.update(name for name in os.listdir(root / table) if _PART.fullmatch(name))
    return sorted(found)


def commit(root: Path, manifest: Manifest, tables: Tables) -> Manifest:
    """Write the tables as one more part, then name it in the manifest. The caller holds the writers' lock.

    Raises:
        CannotWrite: the disk is full or cannot be written; the corpus is as it was.
    """
    name = f"{_next(manifest):06d}-{uuid.uuid4().hex[:8]}.parquet"
    try:
        if not (root / NAME).exists():
            write_manifest(root, manifest)  # so that parts without a manifest are always a damage
        hashes = [
            _write_table(root / folder / name, table)
            for folder, table in zip(SCHEMAS, _renumbered(tables, manifest), strict=True)
        ]
        new = Manifest((*manifest.parts, ManifestPart(name, *_sizes(tables), sha256=tuple(hashes))))
        write_manifest(root, new)
    except OSError as error:
        raise cannot_write(error, root, "the corpus is as it was before") from None
    return new


def write_manifest(root: Path, manifest: Manifest) -> None:
    """Replace the manifest in one step. The caller holds the writers' lock."""
    parts = [asdict(part) for part in manifest.parts]
    hashes = {part["name"]: part.pop("sha256") for part in parts}  # apart, so that older versions can read the parts
    data = {"format": FORMAT, "parts": parts, "sha256": {name: found for name, found in hashes.items() if found}}
    write_whole(root / NAME, plain_json.dumps(data, indent=1).encode())


def part_paths(root: Path, table: str, parts: Sequence[ManifestPart]) -> list[str]:
    """Return the files of a table.

    Raises:
        WorkspaceDamaged: one is missing, or is not a file of this folder but a link to another.
    """
    return [str(plain_file(root / table / part.name)) for part in parts]


def plain_file(file: Path) -> Path:
    """Return the file; raises ``WorkspaceDamaged`` if it is missing, a link or a folder."""
    if file.is_symlink() or file.parent.is_symlink():
        raise WorkspaceDamaged(f"{file}: a link; put the file itself in its place, as links are not followed")
    if not file.is_file():
        what = "not a file" if file.exists() else "missing, although the manifest names it"
        raise WorkspaceDamaged(f"{file}: {what}; {RESTORE}")
    return file


def damages(root: Path, manifest: Manifest) -> Iterator[tuple[Path, str]]:
    """Read all parts whole; yield each file that is damaged, and how."""
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
                    yield file, f"damaged (holds {found:,} rows, the manifest says {count:,}); {RESTORE}"
                elif sha256 is not None and sha256_of(file) != sha256:
                    yield file, f"changed since it was written (its hash differs); {RESTORE}"


def unreadable(root: Path, manifest: Manifest, error: Exception) -> WorkspaceDamaged:
    """Return what to raise where the tables could not be read: the first damaged file, and what to do."""
    for file, how in damages(root, manifest):
        return WorkspaceDamaged(f"{file}: {how}")
    return WorkspaceDamaged(f"{root}: cannot be read ({str(error).splitlines()[0][:200]}); {REPAIR}")


def _rows(file: Path, schema: pa.Schema) -> int:
    found = pq.ParquetFile(file)
    missing = set(schema.names) - set(found.schema_arrow.names)
    if missing:
        raise ValueError(f"has no column {sorted(missing)[0]}")
    return sum(len(batch) for batch in found.iter_batches(_ROW_GROUP))


def sha256_of(file: Path) -> str:
    """Return the hash of a file's content, in hexadecimal digits."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _sizes(tables: Tables) -> tuple[int, int, int]:
    return len(tables.conversations), len(tables.turns), len(tables.sentences)


def _next(manifest: Manifest) -> int:
    """Return one more than the newest part's number: parts that were taken out leave gaps."""
    found = (_PART.fullmatch(part.name) for part in manifest.parts)
    return max((int(one[1]) for one in found if one), default=0) + 1


def _renumbered(tables: Tables, manifest: Manifest) -> Tables:
    """Return the tables with numbers that follow on those of the lake."""
    number, row = manifest.conversations, manifest.sentences
    return Tables(
        _shifted(_shifted(tables.conversations, "number", number), "first_row", row),
        _shifted(tables.turns, "number", number),
        _shifted(_shifted(tables.sentences, "number", number), "row", row),
    )


def _shifted(table: pa.Table, column: str, by: int) -> pa.Table:
    place = table.schema.get_field_index(column)
    values = pa.array(table[column].to_numpy() + by, pa.int64())
    return table.set_column(place, table.schema.field(place), values)


def _write_table(path: Path, table: pa.Table) -> str:
    make_folder(path.parent)
    half_written = path.with_suffix(".tmp")
    try:
        pq.write_table(table, half_written, compression="zstd", row_group_size=_ROW_GROUP)
        found = sha256_of(half_written)
        settle(half_written, path)
    except OSError:
        with suppress(OSError):
            half_written.unlink()  # it may be what fills the disk
        raise
    return found
