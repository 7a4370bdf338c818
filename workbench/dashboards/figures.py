"""Plotly figures as plain dictionaries: plotly itself is slow to import, and only the page needs it.

The page sets colours, fonts and margins.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from workbench.widgets.protocol import FigureView, TableView

SeriesValues = Sequence[float | None]
Ends = tuple[SeriesValues, SeriesValues]
"""Low and high ends of intervals."""
FEW, ROOM = 3, timedelta(days=15)
SHARE = ".3~p"  # in percent, to three digits however small it is, so that no two axis labels are equal


def lines(name: str, x: Sequence[Any], y: SeriesValues, ends: Ends | None = None, **also: Any) -> dict[str, Any]:
    """Return a line with one mark per value; a value of None is a gap."""
    trace = {"type": "scatter", "mode": "lines+markers", "name": name, "x": list(x), "y": list(y), "connectgaps": False}
    return trace | (_errors(y, ends) if ends else {}) | also


def bars(name: str, x: Sequence[Any], y: SeriesValues, ends: Ends | None = None) -> dict[str, Any]:
    trace: dict[str, Any] = {"type": "bar", "name": name, "x": list(x), "y": list(y)}
    if ends:
        trace |= _errors(y, ends)
        trace["error_y"]["color"] = "var(--wb-text)"
    return trace


def marks(name: str, x: Sequence[Any], y: Sequence[Any], counts: Sequence[int], words: Sequence[str]) -> dict[str, Any]:
    """Return one mark per call, larger if more was found, in one shape and colour for all rows."""
    sizes = [0 if count == 0 else min(6 + 3 * count, 18) for count in counts]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": list(x),
        "y": list(y),
        "text": list(words),
        "hoverinfo": "text+x",
        "marker": {"size": sizes, "symbol": "circle", "color": "var(--wb-accent)"},
    }


def target(share: float, x: Sequence[Any]) -> dict[str, Any]:
    """Return a target level, from the first value to the last."""
    ends = [x[0], x[-1]] if x else []
    return {
        "type": "scatter",
        "mode": "lines",
        "name": "Target",
        "x": ends,
        "y": [share] * len(ends),
        "line": {"dash": "dash", "color": "var(--wb-text)"},
    }


def figure(
    data: Sequence[Mapping[str, Any]],
    description: str,
    table: TableView,
    y: str = "",
    share: bool = True,
    x: Mapping[str, Any] | None = None,
    top: float | None = None,
    **also: Any,
) -> FigureView:
    """Return the view. ``y`` names its axis, from 0 to ``top`` if given; with ``share`` it is in percent."""
    axis: dict[str, Any] = {"title": {"text": y}, "rangemode": "tozero", "automargin": True}
    if share:
        axis["tickformat"] = SHARE
        axis["hoverformat"] = SHARE
    if top:
        axis["range"] = [0, top]
    if any(trace["type"] == "bar" for trace in data):
        also.setdefault("barmode", "overlay")
    layout: dict[str, Any] = {
        "yaxis": axis,
        "xaxis": {"automargin": True, **_across(data, x or {})},
        "showlegend": sum(trace.get("showlegend", True) for trace in data) > 1,
        **also,
    }
    return {
        "figure": {"data": [dict(one) for one in data], "layout": layout},
        "description": description,
        "table": table,
    }


def _across(data: Sequence[Mapping[str, Any]], x: Mapping[str, Any]) -> dict[str, Any]:
    """Return the horizontal axis. If there are few days, it labels only these, not the seconds between them."""
    days = sorted({day for trace in data for day in trace["x"] if day}) if x.get("type") == "date" else []
    if "range" in x or not 1 <= len(days) <= FEW:
        return dict(x)
    ends = (date.fromisoformat(days[0]) - ROOM, date.fromisoformat(days[-1]) + ROOM)
    shown = "%b %Y" if all(day.endswith("-01") for day in days) else "%-d %b %Y"
    return {**x, "tickvals": days, "tickformat": shown, "range": [end.isoformat() for end in ends]}


def _errors(y: SeriesValues, ends: Ends) -> dict[str, Any]:
    pairs = list(zip(y, *ends, strict=True))
    return {
        "error_y": {
            "type": "data",
            "symmetric": False,
            "array": [None if v is None or h is None else h - v for v, _, h in pairs],
            "arrayminus": [None if v is None or lo is None else v - lo for v, lo, _ in pairs],
            "thickness": 1,
        }
    }
