"""A corpus from which calls were deleted, or in which one says something else, as later versions may leave it."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from workbench.corpus.lake import Lake
from workbench.corpus.manifest import Manifest, ManifestPart, part_paths, read_manifest, write_manifest
from workbench.corpus.schema import SCHEMAS
from workbench.domain.texts import text_key

Change = Callable[[str, pa.Table], pa.Table]


def delete_calls(lake: Lake, *ids: str) -> None:
    """Take calls out; the others keep their numbers and rows."""

    def without(name: str, table: pa.Table) -> pa.Table:
        column = "id" if name == "conversations" else "conversation_id"
        return table.filter(pc.invert(pc.is_in(table[column], pa.array(ids))))

    _rewrite(lake, without)


def correct_sentence(lake: Lake, sentence_id: str, text: str) -> None:
    """Have a sentence say something else, as after a correction of its call."""

    def corrected(name: str, table: pa.Table) -> pa.Table:
        if name == "sentences":
            here = pc.equal(table["id"], sentence_id)
            table = _set(table, "text", pc.if_else(here, text, table["text"]))
            return _set(table, "text_key", pc.if_else(here, text_key(text), table["text_key"]))
        if name == "conversations":
            here = pc.equal(table["id"], sentence_id.rsplit(":", 2)[0])
            return _set(table, "content_hash", pc.if_else(here, uuid.uuid4().hex, table["content_hash"]))
        return table

    _rewrite(lake, corrected)


def _set(table: pa.Table, column: str, values: pa.ChunkedArray) -> pa.Table:
    place = table.schema.get_field_index(column)
    return table.set_column(place, table.schema.field(place), values.cast(table.schema.field(place).type))


def _rewrite(lake: Lake, change: Change) -> None:
    """All parts as one, under another name."""
    manifest = read_manifest(lake.root)
    name = f"{len(manifest.parts) + 1:06d}-{uuid.uuid4().hex[:8]}.parquet"
    sizes = []
    for folder in SCHEMAS:
        tables = [pq.read_table(path) for path in part_paths(lake.root, folder, manifest.parts)]
        table = change(folder, pa.concat_tables(tables))
        pq.write_table(table, lake.root / folder / name)
        sizes.append(len(table))
    write_manifest(lake.root, Manifest((ManifestPart(name, *sizes),)))
