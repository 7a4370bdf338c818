"""The parts of every page: complete views, and the frame around them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, cast

from workbench.domain.disclosure import shown_to_readers
from workbench.domain.estimates import Interval
from workbench.widgets.protocol import (
    BlockView,
    ColumnView,
    ControlView,
    FigureView,
    HitView,
    LinkView,
    MonthsView,
    TableView,
    TileView,
    Tone,
)

TITLES = {
    "overview": "Overview",
    "tracker": "Tracker",
    "search": "Search",
    "team": "Teams and people",
    "initiative": "Initiatives",
    "deal": "Deals",
    "playbook": "Playbooks",
    "metrics": "Metrics",
}
NAVIGATION = TITLES | {"live": "Live"}
"""All pages that a reader switches between; the live one is a monitor, not a page of results."""

MOST_ROWS = 100  # rows of a table shown together
CellKind = Literal["text", "number", "percent", "interval", "date"]


def tile(label: str, value: str | int, note: str = "", tone: Tone = "", link: LinkView | None = None) -> TileView:
    shown = f"{value:,}" if isinstance(value, int) else value
    return {"label": label, "value": shown, "note": note, "tone": tone, "link": link}


def tiles(name: str, found: Sequence[TileView], title: str = "") -> BlockView:
    return _block(name, "tiles", title, tiles=list(found), wide=True)


def text(name: str, title: str, words: str, wide: bool = True) -> BlockView:
    """Return the paragraphs, separated by line breaks."""
    return _block(name, "text", title, words, wide=wide)


def notes(own: Sequence[str], others: Sequence[str]) -> str:
    """Join notes, one per line and each once.

    These are our own, and those of ``others`` that are for readers.
    """
    told = (shown_to_readers(one) for one in others if one not in own)
    return "\n".join(dict.fromkeys([*own, *told]))


def table_view(
    columns: Mapping[str, tuple[str, CellKind]],
    rows: Sequence[dict[str, Any]],
    links: Sequence[LinkView | None] = (),
    total: int | None = None,
) -> TableView:
    """Return a table; ``columns`` map names to labels and kinds."""
    heads: list[ColumnView] = [{"name": name, "label": label, "kind": kind} for name, (label, kind) in columns.items()]
    return {
        "columns": heads,
        "rows": [{name: row.get(name) for name in columns} for row in rows],
        "links": list(links),
        "total": len(rows) if total is None else total,
    }


def table(name: str, title: str, found: TableView, note: str = "", empty: str = "", wide: bool = True) -> BlockView:
    return _block(name, "table", title, note, empty, wide, table=found, total=found["total"])


def figure(name: str, title: str, found: FigureView, note: str = "", empty: str = "", wide: bool = False) -> BlockView:
    return _block(name, "figure", title, note, empty, wide, figure=found)


def hits(
    name: str, title: str, found: Sequence[HitView], total: int, note: str = "", empty: str = "", **more: Any
) -> BlockView:
    """``more`` are ``marked`` words and ``suggestions``."""
    return _block(name, "hits", title, note, empty, True, hits=list(found), total=total, **more)


def months(
    name: str, title: str, found: Sequence[MonthsView], table: TableView, note: str, empty: str = ""
) -> BlockView:
    """Return pictures of months; ``table`` is what is saved of them."""
    return _block(name, "months", title, note, empty, True, months=list(found), table=table, total=table["total"])


def percent(share: float) -> str:
    """Return text such as "39%", as in tables; below ten with a decimal."""
    value = 100 * share
    return f"{value:.1f}".removesuffix(".0") + "%" if 0 < abs(value) < 9.95 else f"{value:.0f}%"


def interval(one: Interval | None) -> list[float] | None:
    """Return a cell of kind ``interval``."""
    return None if one is None else [one.low, one.point, one.high]


def choice(
    name: str,
    label: str,
    options: Mapping[str, str],
    value: str,
    kind: Literal["choice", "many", "period", "search"] = "choice",
    more: bool = False,
) -> ControlView:
    """``options`` map values to labels; ``more`` hides it among the filters that can be added."""
    return {
        "name": name,
        "label": label,
        "kind": kind,
        "options": [{"value": one, "label": words} for one, words in options.items()],
        "value": value,
        "more": more,
    }


def field(name: str, label: str, value: str, kind: Literal["text", "date"] = "text", more: bool = False) -> ControlView:
    return {"name": name, "label": label, "kind": kind, "options": [], "value": value, "more": more}


def _block(
    name: str, kind: str, title: str, note: str = "", empty: str = "", wide: bool = False, **content: Any
) -> BlockView:
    block: dict[str, Any] = {"id": name, "kind": kind, "title": title, "note": note, "empty": empty, "wide": wide}
    block |= {
        "tiles": [],
        "figure": None,
        "table": None,
        "hits": [],
        "total": 0,
        "months": [],
        "marked": "",
        "suggestions": [],
    }
    return cast(BlockView, block | content)
