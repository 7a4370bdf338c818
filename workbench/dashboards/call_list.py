"""A page's calls, as a table to read and save: newest first, one column per tracker and metric."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

from workbench.dashboards import parts
from workbench.dashboards.asked import DashboardQuery
from workbench.results.call_tables import KNOWN
from workbench.widgets.protocol import BlockView
from workbench.workspace.call_tables import calls_table

_LABELS: dict[str, tuple[str, parts.CellKind]] = {
    "conversation_id": ("Call", "text"),
    "title": ("Title", "text"),
    "started": ("Started", "date"),
    "account": ("Account", "text"),
    "team": ("Team", "text"),
    "deal_stage": ("Stage", "text"),
}


def call_list(page: DashboardQuery) -> BlockView:
    """Return the block, with some of the columns of ``ws.calls_table()``."""
    lake, count = page.workspace.lake, page.limit or parts.MOST_ROWS
    cards = lake.cards(page.filters, limit=page.offset + count, newest=True)[page.offset :]
    frame = calls_table(page.workspace.resources, page.workspace.metrics, cards)
    own = [name for name in frame.columns if name not in KNOWN]
    columns = dict(_LABELS)
    for at, name in enumerate(own):
        columns[f"own-{at}"] = (name, "number" if str(frame[name].dtype) == "Int64" else "text")
    shown = frame[[*_LABELS, *own]].set_axis([*columns], axis="columns")
    total = lake.counts(page.filters).conversations
    links = [page.call_link("Go to call", card.id) for card in cards]
    view = parts.table_view(columns, _rows(shown.to_dict("records")), links, total)
    note = "How many sentences each tracker found, empty where it has not read the call; and the value of each metric."
    return parts.table("calls", "Calls", view, note, "No call matches.")


def _rows(rows: Sequence[Any]) -> list[dict[str, Any]]:
    return [{str(name): _cell(value) for name, value in row.items()} for row in rows]


def _cell(value: Any) -> Any:
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, pd.Timestamp):
        return value.isoformat()
    return value if isinstance(value, int | float | str) and not isinstance(value, bool) else str(value)
