"""The list of committed parts: what it does not name does not exist, so readers see whole batches only."""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from workbench.corpus.schema import SCHEMAS, Tables

_FORMAT = 1
_ROW_GROUP = 16_384  # small enough that reading a few sentences by row stays cheap


@dataclass(frozen=True, slots=True)
class Part:
    """One committed batch: its file name in each table's folder, and how much it holds."""

    name: str
    conversations: int
    turns: int
    sentences: int


@dataclass(frozen=True, slots=True)
class Manifest:
    parts: tuple[Part, ...] = ()

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
    """The committed parts of the lake in ``root``; empty where there is no lake yet."""
    try:
        data = json.loads((root / "manifest.json").read_text("utf-8"))
    except FileNotFoundError:
        return Manifest()
    return Manifest(tuple(Part(**part) for part in data["parts"]))


def commit(root: Path, manifest: Manifest, tables: Tables) -> Manifest:
    """Write the tables as one more part, then name it in the manifest. The caller holds the writers' lock."""
    part = Part(f"{len(manifest.parts) + 1:06d}-{uuid.uuid4().hex[:8]}.parquet", *map(len, tables))
    for folder, table in zip(SCHEMAS, _renumbered(tables, manifest), strict=True):
        _write_table(root / folder / part.name, table)
    new = Manifest((*manifest.parts, part))
    data = {"format": _FORMAT, "parts": [asdict(part) for part in new.parts]}
    _replace(root / "manifest.json", json.dumps(data, indent=1).encode())
    return new


def part_paths(root: Path, table: str, parts: Sequence[Part]) -> list[str]:
    return [str(root / table / part.name) for part in parts]


def _renumbered(tables: Tables, manifest: Manifest) -> Tables:
    """The tables with numbers that follow on those of the lake."""
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


def _write_table(path: Path, table: pa.Table) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    half_written = path.with_suffix(".tmp")
    pq.write_table(table, half_written, compression="zstd", row_group_size=_ROW_GROUP)
    _settle(half_written, path)


def _replace(path: Path, content: bytes) -> None:
    half_written = path.with_suffix(".tmp")
    half_written.write_bytes(content)
    _settle(half_written, path)


def _settle(half_written: Path, path: Path) -> None:
    with half_written.open("rb") as file:
        os.fsync(file.fileno())
    os.replace(half_written, path)
