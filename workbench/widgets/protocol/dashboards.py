"""Dashboards."""

from __future__ import annotations

from typing import Any, Literal, TypedDict

from workbench.widgets.protocol.base import Tone
from workbench.widgets.protocol.training import ContextView


class LinkView(TypedDict):
    """A link to a dashboard by name, such as ``tracker``; the page makes the address. ``query`` has the filters."""

    label: str
    page: str
    query: dict[str, str]


class TileView(TypedDict):
    """A headline figure in its display form: ``value`` such as "1,204" or "62%"."""

    label: str
    value: str
    note: str
    tone: Tone
    link: LinkView | None


class ColumnView(TypedDict):
    """Cells of ``percent`` are shares in [0, 1], of ``interval`` [low, high] or [low, point, high] of shares.

    Those of ``date`` are ISO 8601. Each may be None if unknown.
    """

    name: str
    label: str
    kind: Literal["text", "number", "percent", "interval", "date"]


class TableView(TypedDict):
    """``rows`` by column name; ``links`` has one per row, or none; ``total`` includes rows that were not sent."""

    columns: list[ColumnView]
    rows: list[dict[str, Any]]
    links: list[LinkView | None]
    total: int


class FigureView(TypedDict):
    """Plotly's ``data`` and ``layout`` for scatter, bar and heatmap; the page sets colours and fonts.

    ``description`` is a sentence for screen readers, ``table`` has the same figures.
    """

    figure: dict[str, Any]
    description: str
    table: TableView


class MonthView(TypedDict):
    """``share`` of the month's calls, None without calls; ``said`` tells it with its interval. ``few`` are too few."""

    label: str
    said: str
    share: float | None
    few: bool


class MonthsView(TypedDict):
    """A tracker's months, oldest first. ``now`` is the newest one's share, ``change`` and ``said`` the way there."""

    name: str
    link: LinkView | None
    now: str
    change: Literal["up", "down", "level", "unknown"]
    said: str
    months: list[MonthView]


class HitTracker(TypedDict):
    """A tracker that found a sentence, and by which version; null for a draft."""

    id: str
    name: str
    score: float
    version: int | None


class HitView(TypedDict):
    """A match. ``link`` leads to its call; without one the call viewer is asked to show it."""

    sentence_id: str
    conversation_id: str
    title: str | None
    started: str | None
    speaker: str | None
    side: str | None
    start_s: float | None
    text: str
    before: list[ContextView]
    after: list[ContextView]
    trackers: list[HitTracker]
    link: LinkView | None


class BlockView(TypedDict):
    """One part of a dashboard. ``empty`` is what to say where there is nothing; ``total`` counts hits not sent, too.

    ``marked`` are words to mark in hits, and ``suggestions`` lead to where there is something.
    """

    id: str
    kind: Literal["tiles", "figure", "table", "hits", "text", "months"]
    title: str
    note: str
    empty: str
    wide: bool
    tiles: list[TileView]
    figure: FigureView | None
    table: TableView | None
    hits: list[HitView]
    total: int
    months: list[MonthsView]
    marked: str
    suggestions: list[LinkView]


class OptionView(TypedDict):
    value: str
    label: str


class ControlView(TypedDict):
    """A filter; ``name`` is its name in the address, ``value`` what holds; ``many`` joins values with ``|``.

    A ``period`` is chosen in place of the dates beside it. A ``search`` has as options the names under which its text
    can be asked for. With ``more`` it shows only while it holds something, or is added.
    """

    name: str
    label: str
    kind: Literal["choice", "many", "text", "date", "period", "search"]
    options: list[OptionView]
    value: str
    more: bool


class ProgressView(TypedDict):
    label: str
    done: int
    total: int


class DashboardView(TypedDict):
    """A whole page; ``page`` is its name, ``query`` the current filters, by their names in the address.

    ``notices`` say which parts of the address could not be used, and what is left out.
    """

    page: str
    title: str
    lead: str
    notices: list[str]
    pages: list[LinkView]
    controls: list[ControlView]
    query: dict[str, str]
    blocks: list[BlockView]
    progress: ProgressView | None
    role: Literal["reader", "editor"]


class WrongResult(TypedDict):
    """``by`` is the name under which a wrong hit was stored."""

    by: str


class MoreResult(TypedDict):
    """The next hits or rows of a block, and how many there are by now."""

    hits: list[HitView]
    table: TableView | None
    total: int
