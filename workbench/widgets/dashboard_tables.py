"""A dashboard's content as plain JSON, and its blocks as tables to save."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import Enum
from typing import Any

import numpy as np
import pandas as pd

from workbench.domain.errors import WorkbenchError
from workbench.results.csv_export import to_csv
from workbench.widgets.protocol import BlockView, ColumnView, HitView, TableView

HIT_COLUMNS = ("title", "started", "speaker", "side", "start_s", "text")


def plain(value: Any) -> Any:
    """Return the value in valid JSON: no NaN, moments as ISO 8601, arrays as lists."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str) or value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, Iterable):
        return [plain(one) for one in value]
    raise TypeError(f"a view contains {type(value).__name__}, which no page can show")


def table_of(block: BlockView) -> TableView | None:
    """Return the block's table, or that of its figure."""
    figure = block["figure"]
    return figure["table"] if figure is not None else block["table"]


def count_of(block: BlockView) -> int:
    """Return the number of hits or rows in the block itself."""
    table = table_of(block)
    return len(block["hits"] if table is None else table["rows"])


def total_of(block: BlockView) -> int:
    """Return the total number of hits or rows."""
    table = table_of(block)
    return block["total"] if table is None else table["total"]


def csv(blocks: Sequence[BlockView]) -> str:
    """Return the same block's pages as one CSV; text that a spreadsheet would execute is made harmless.

    Raises:
        WorkbenchError: the block is not hits, a table or a figure.
    """
    first = blocks[0]
    table = table_of(first)
    if table is not None:
        rows = [row for block in blocks if (part := table_of(block)) for row in part["rows"]]
        return to_csv(_frame(table["columns"], rows))
    if first["kind"] != "hits":
        raise WorkbenchError(f"{first['title'] or 'This part'} has no table to save.")
    return to_csv(_hits([hit for block in blocks for hit in block["hits"]]))


def _frame(columns: Sequence[ColumnView], rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    found: list[tuple[str, list[Any]]] = []
    for column in columns:
        cells = [row.get(column["name"]) for row in rows]
        if column["kind"] == "interval":
            if any(cell and len(cell) > 2 for cell in cells):
                found.append((column["label"], [cell[1] if cell and len(cell) > 2 else None for cell in cells]))
            found += [(f"{column['label']}, {end}", _ends(cells, at)) for end, at in (("low", 0), ("high", -1))]
        else:
            found.append((column["label"], cells))
    frame = pd.DataFrame({at: pd.Series(cells) for at, (_, cells) in enumerate(found)})
    frame.columns = pd.Index([label for label, _ in found])
    return frame


def _ends(cells: Sequence[Any], at: int) -> list[Any]:
    return [cell[at] if cell else None for cell in cells]


def _hits(hits: Sequence[HitView]) -> pd.DataFrame:
    values = {name: [hit[name] for hit in hits] for name in HIT_COLUMNS}  # type: ignore[literal-required]  # all are keys of it
    names = ["; ".join(one["name"] for one in hit["trackers"]) for hit in hits]
    ids = {name: [hit[name] for hit in hits] for name in ("conversation_id", "sentence_id")}
    return pd.DataFrame({**values, "trackers": names, **ids})
