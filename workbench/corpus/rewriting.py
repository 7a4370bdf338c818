"""Rewrites parts: conversations are replaced or deleted in place, so that the numbers of the others stay the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from workbench.corpus.committing import write_part
from workbench.corpus.manifest import Manifest, ManifestPart, part_files, part_paths
from workbench.corpus.schema import SCHEMAS

_ORDER = {"conversations": "number", "turns": "turn", "sentences": "row"}


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class NewRows:
    """The replacement of a conversation: its row, and its turns and sentences; None if those stay.

    ``number``, ``row`` and ``first_row`` are filled in.
    """

    conversation: pa.Table
    turns: pa.Table | None = None
    sentences: pa.Table | None = None


NewOrNone = Mapping[int, NewRows | None]
"""The replacement by a conversation's number; None deletes it."""


def rewritten(root: Path, manifest: Manifest, wanted: NewOrNone) -> Manifest:
    """Rewrite the parts with these conversations; return the new manifest.

    The caller holds the writers' lock, and writes the manifest; nothing changes before that.

    Raises:
        OSError: the disk is full or cannot be written.
    """
    parts, next_row, left = [], manifest.next_row, list(manifest.left)
    for part in manifest.parts:
        own = {number: new for number, new in wanted.items() if part.numbers[0] <= number < part.numbers[1]}
        if not own:
            parts.append(part)
            continue
        placed, end = _placed(root, part, own, next_row)
        moved = (*part.moved, *([(next_row, end)] if end > next_row else ()))
        pieces = [_pieces(root, part, table, placed) for table in SCHEMAS]
        new = write_part(root, manifest, part.numbers, part.rows, pieces, moved)
        manifest = replace(manifest, parts=(*manifest.parts, new))  # so that the next one gets another name
        parts.append(replace(new, steps=part.steps))
        left.append(part.name)
        next_row = end
    there = set(part_files(root))
    left = [name for name in left if name in there]
    return replace(manifest, parts=tuple(parts), stamp=_stamp(manifest), left=tuple(left))


def _stamp(manifest: Manifest) -> str:
    return max(part.name for part in manifest.parts).removesuffix(".parquet")


def _placed(root: Path, part: ManifestPart, own: NewOrNone, next_row: int) -> tuple[NewOrNone, int]:
    """Assign numbers and rows to the conversations: their old ones if they are sufficient, else new ones."""
    heads = pq.read_table(part_paths(root, "conversations", [part])[0], columns=["number", "first_row", "sentences"])
    known = {row["number"]: row for row in heads.to_pylist()}
    out: dict[int, NewRows | None] = {}
    for number, new in own.items():
        if new is None or number not in known:
            out[number] = None
            continue
        first = known[number]["first_row"]
        if new.sentences is not None and len(new.sentences) > known[number]["sentences"]:
            first, next_row = next_row, next_row + len(new.sentences)
        out[number] = _numbered(new, number, first)
    return out, next_row


def _numbered(new: NewRows, number: int, first: int) -> NewRows:
    conversation = _filled(_filled(new.conversation, "number", [number]), "first_row", [first])
    if new.turns is None or new.sentences is None:
        return replace(new, conversation=conversation)
    turns = _filled(new.turns, "number", [number] * len(new.turns))
    sentences = _filled(new.sentences, "number", [number] * len(new.sentences))
    sentences = _filled(sentences, "row", range(first, first + len(sentences)))
    return NewRows(conversation=conversation, turns=turns, sentences=sentences)


def _filled(table: pa.Table, column: str, values: object) -> pa.Table:
    place = table.schema.get_field_index(column)
    return table.set_column(place, table.schema.field(place), pa.array(values, pa.int64()))


def _pieces(root: Path, part: ManifestPart, table: str, placed: NewOrNone) -> Iterator[pa.Table]:
    """Read a table one row group at a time, with the new rows in place of the old ones."""
    waiting = {number: rows for number, new in sorted(placed.items()) if (rows := _rows(table, new)) is not None}
    replaced = [number for number, new in placed.items() if new is None or _rows(table, new) is not None]
    with pq.ParquetFile(part_paths(root, table, [part])[0]) as found:
        for group in range(found.num_row_groups):
            piece = found.read_row_group(group)
            numbers = piece["number"].to_numpy()
            last = int(numbers[-1]) if len(numbers) else -1
            coming = [waiting.pop(number) for number in [one for one in waiting if one <= last]]
            kept = piece.filter(pa.array(~np.isin(numbers, replaced)))
            if not coming:
                yield kept
                continue
            both = pa.concat_tables([kept, *(one.cast(kept.schema) for one in coming)])
            yield both.sort_by([("number", "ascending"), (_ORDER[table], "ascending")])
    yield from waiting.values()


def _rows(table: str, new: NewRows | None) -> pa.Table | None:
    """Return the new rows of a table; None if they stay, or there are none."""
    if new is None:
        return None
    return {"conversations": new.conversation, "turns": new.turns, "sentences": new.sentences}[table]
