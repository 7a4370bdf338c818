"""Updates the sides and teams in conversations' sentences after a change to their parties; the texts stay."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from workbench.corpus.heads import HeadRow, table_of
from workbench.corpus.manifest import Manifest, part_paths
from workbench.corpus.rewriting import NewRows


def recoloured(root: Path, manifest: Manifest, heads: Mapping[int, HeadRow]) -> dict[int, NewRows]:
    """Return the rows that replace those of conversations, by number, made from their new heads."""
    out: dict[int, NewRows] = {}
    for part in manifest.parts:
        mine = [number for number in heads if part.numbers[0] <= number < part.numbers[1]]
        if not mine:
            continue
        wanted = pc.field("number").isin(mine)
        turns, sentences = (
            pq.read_table(part_paths(root, name, [part])[0], filters=wanted) for name in ("turns", "sentences")
        )
        for number in mine:
            if own := _rows(heads[number], _of(turns, number), _of(sentences, number)):
                out[number] = own
    return out


def _of(table: pa.Table, number: int) -> pa.Table:
    return table.filter(pc.equal(table["number"], number))


def _rows(head: HeadRow, turns: pa.Table, sentences: pa.Table) -> NewRows:
    parties = {party["id"]: party for party in head["parties"]}
    spoken = [parties.get(one, {}) for one in turns["party"].to_pylist()]
    sides = [one.get("side") for one in spoken]
    by_turn = dict(zip(turns["turn"].to_pylist(), sides, strict=True))
    new_turns = _with(_with(turns, "side", sides), "team", [one.get("team") for one in spoken])
    new_sentences = _with(sentences, "side", [by_turn.get(one) for one in sentences["turn"].to_pylist()])
    return NewRows(conversation=table_of(head), turns=new_turns, sentences=new_sentences)


def _with(table: pa.Table, column: str, values: list[str | None]) -> pa.Table:
    place = table.schema.get_field_index(column)
    return table.set_column(place, table.schema.field(place), pa.array(values, pa.string()))
