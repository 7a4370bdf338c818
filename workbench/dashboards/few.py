"""Figures for groups: those with few calls are drawn hollow, next to the others, and do not affect the axis."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from workbench.dashboards import figures
from workbench.dashboards.figures import Ends, SeriesValues
from workbench.domain.plurals import plural
from workbench.results.grouping import MIN_CALLS

HOLLOW = f"Hollow marks are groups with fewer than {MIN_CALLS} calls, which are too few to tell."
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
ROOM = 1.08  # above the highest value
FigureShape = Literal["lines", "bars"]


@dataclass(frozen=True, slots=True)
class Series:
    """A value for each group or period, with its number of calls; ``told`` says which are shown, by default all.

    Attributes:
        ends: of the values' intervals; None if they are not drawn.
    """

    name: str
    x: Sequence[Any]
    y: SeriesValues
    calls: Sequence[int]
    ends: Ends | None = None
    told: Sequence[bool] | None = None

    def at(self, kept: Sequence[int]) -> Series:
        """Return the series at these indices."""
        ends = None if self.ends is None else ([self.ends[0][at] for at in kept], [self.ends[1][at] for at in kept])
        told = None if self.told is None else [self.told[at] for at in kept]
        x, y = [self.x[at] for at in kept], [self.y[at] for at in kept]
        return Series(self.name, x, y, [self.calls[at] for at in kept], ends, told)

    @property
    def is_told(self) -> list[bool]:
        """Return which have enough calls, and are shown."""
        told = self.told or [True] * len(self.x)
        return [calls >= MIN_CALLS and one for calls, one in zip(self.calls, told, strict=True)]


@dataclass(frozen=True, slots=True)
class Drawn:
    """Plotly's traces; ``top`` is the end of the axis, None to show everything; ``note`` explains hollow marks."""

    data: list[dict[str, Any]]
    top: float | None
    note: str


def drawn(shape: FigureShape, several: Sequence[Series], least: float = 0.0) -> Drawn:
    """Return the figure of one or more series, whose axis shows at least up to ``least``."""
    every = [one for one in several if any(value is not None for value in one.y)]
    highest = [value for one in every for value in _highest(one)]
    top = max(*highest, least) * ROOM if highest else None
    traces = [_trace(shape, one) for one in every]
    hollow = [trace for one in every if (trace := _hollow(shape, one, top)) is not None]
    return Drawn([*traces, *hollow], top, HOLLOW if hollow else "")


def _highest(one: Series) -> list[float]:
    ends = one.y if one.ends is None else one.ends[1]
    values = zip(one.y, ends, one.is_told, strict=True)
    return [max(y, y if high is None else high) for y, high, told in values if told and y is not None]


def _trace(shape: FigureShape, one: Series) -> dict[str, Any]:
    y = [value if told else None for value, told in zip(one.y, one.is_told, strict=True)]
    if shape == "lines":
        trace = figures.lines(one.name, one.x, y, one.ends)
    else:
        trace = figures.bars(one.name, one.x, y, one.ends)
    counts = [plural(calls, "call") for calls in one.calls]
    low, high = one.ends or ([None] * len(counts), [None] * len(counts))
    said = f"%{{fullData.name}}<br>{_place(one.x)}: %{{y:.3~p}}"
    interval = "" if one.ends is None else " (%{customdata[1]:.3~p} to %{customdata[2]:.3~p})"
    return trace | {
        "customdata": [list(point) for point in zip(counts, low, high, strict=True)],
        "hovertemplate": f"{said}{interval}, %{{customdata[0]}}<extra></extra>",
    }


def _place(x: Sequence[Any]) -> str:
    """Return how a template names a group, a month, or another day on which a period begins."""
    days = [str(one) for one in x if one is not None]
    if not days or not all(_DAY.fullmatch(one) for one in days):
        return "%{x}"
    return "%{x|%b %Y}" if all(one.endswith("-01") for one in days) else "%{x|%-d %b %Y}"


def _hollow(shape: FigureShape, one: Series, top: float | None) -> dict[str, Any] | None:
    """Return the hollow marks, each in its place or, if that is above the axis, at its end."""
    few = [at for at, told in enumerate(one.is_told) if not told and None not in (one.x[at], one.y[at])]
    if not few:
        return None
    values = [float(one.y[at] or 0) for at in few]
    said = f"%{{fullData.name}}<br>{_place(one.x)}: %{{customdata:.3~p}}"
    trace: dict[str, Any] = {
        "name": one.name,
        "x": [one.x[at] for at in few],
        "y": [value if top is None else min(value, top) for value in values],
        "text": [plural(one.calls[at], "call") for at in few],
        "customdata": values,
        "hovertemplate": f"{said}, %{{text}}: too few to tell<extra></extra>",
        "showlegend": False,
    }
    line = {"color": "var(--wb-muted)", "width": 1.5}
    if shape == "bars":
        return trace | {"type": "bar", "textposition": "inside", "marker": {"color": "rgba(0,0,0,0)", "line": line}}
    marker = {"symbol": "circle-open", "size": 8, "color": "var(--wb-muted)"}
    return trace | {"type": "scatter", "mode": "markers", "marker": marker, "cliponaxis": False}
