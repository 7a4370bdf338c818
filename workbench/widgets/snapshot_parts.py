"""The figures and tables that snapshots of widgets consist of."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from workbench.domain.assessments import in_words
from workbench.domain.estimates import Estimate
from workbench.domain.plurals import plural
from workbench.widgets import views
from workbench.widgets.protocol import DashboardView, IntervalView, ManagedView, StandingView, TableView
from workbench.widgets.snapshots import Snapshot
from workbench.widgets.static_html import (
    BLUE,
    ORANGE,
    ChartMark,
    Html,
    chart,
    facts,
    listing,
    percent,
    range_of,
    table,
    tag,
)

LOOK_S = 2.0  # at most, to see how trackers stand, since the cell waits for it
MOST_ROWS, MOST_MARKS = 100, 24  # of a dashboard's table, and of a picture
NONE_CHOSEN = "no tracker chosen"


def trackers(rows: Sequence[ManagedView], look: Callable[[str], StandingView]) -> Snapshot:
    """Return all trackers with what is known of each; ``look`` says how one stands, as long as there is time."""
    until = time.monotonic() + LOOK_S
    cells = []
    for row in rows:
        stands = look(row["id"]) if time.monotonic() < until else None
        cells.append([_name(row["name"]), row["kind"], row["state"], *_stands(stands)])
    columns = ["Tracker", "Kind", "State", "Version", "Precision", "Hit rate", "Quality"]
    return Snapshot(plural(len(rows), "tracker"), [table(columns, cells)] if cells else [])


def quality(tracker: Any) -> Snapshot:
    """Return a tracker's estimates by round, in charts, a table and words."""
    every: Mapping[int, Estimate] = dict(sorted(getattr(tracker, "estimates", {}).items()))
    if not every:
        return Snapshot(_name(tracker.name))
    marks = {
        name: [
            ChartMark(str(number), getattr(one.heldout, name), _told(getattr(one.corpus, name)))
            for number, one in every.items()
        ]
        for name in ("precision", "hit_rate")
    }
    rows = [
        [
            str(number),
            percent(one.heldout.precision),
            percent(one.heldout.hit_rate),
            range_of(one.corpus.precision),
            range_of(one.corpus.hit_rate),
        ]
        for number, one in every.items()
    ]
    columns = ["Round", "Precision, tags", "Hit rate, tags", "Precision, all calls", "Hit rate, all calls"]
    words = [tag("p", one) for one in in_words(every[max(every)])]
    charts = [
        chart("Precision by round", marks["precision"], BLUE),
        chart("Hit rate by round", marks["hit_rate"], ORANGE),
    ]
    legend = tag("p", "Filled: in all calls, with interval. Hollow: on the tagged sentences only.", style="opacity:.8")
    said = f"{_name(tracker.name)} · {plural(len(every), 'round')}"
    return Snapshot(said, [*words, *charts, legend, table(columns, rows)])


def chosen(widget: Any, take: Callable[[Any], Snapshot]) -> Snapshot:
    """Return the snapshot of the tracker that a widget shows, if it shows one."""
    return take(widget.workspace.trackers.get(widget.tracker_id)) if widget.tracker_id else Snapshot(NONE_CHOSEN)


def definition(tracker: Any) -> Snapshot:
    """Return what a tracker is; its description and examples are quotes."""
    known = {"Kind": str(tracker.kind), "State": str(tracker.state), "Examples": _count(tracker)}
    said = [tag("p", tracker.description, dir="auto")] if tracker.description else []
    asked = str(getattr(tracker, "settings", {}).get("question", ""))
    lists = [listing([asked])] if asked else []
    lists += [listing(tracker.examples)] if tracker.examples else []
    return Snapshot(_name(tracker.name), [facts(known)], [*said, *lists])


def sentences(cards: Iterable[Mapping[str, Any]]) -> list[Html]:
    """Return the sentences of cards, as quotes."""
    texts = [f"{one['speaker'] or 'Somebody'}: {one['text']}" for one in cards]
    return [listing(texts)] if texts else []


def dashboard(view: DashboardView) -> Snapshot:
    """Return the figures and tables of a dashboard; what was found, and what people wrote, are quotes."""
    parts, quotes = [], []
    for block in view["blocks"]:
        inside = [facts({one["label"]: f"{one['value']} {one['note']}".strip() for one in block["tiles"]})]
        figure = block["figure"]
        if figure is not None:
            inside += [
                *_chart(block["title"], figure["table"]),
                tag("p", figure["description"]),
                _table(figure["table"]),
            ]
        if any(inside):
            parts.append(tag("section", tag("h4", block["title"], dir="auto"), *inside))
        if block["hits"] or block["table"] is not None:
            quotes += [tag("h4", block["title"], dir="auto"), *sentences(block["hits"])]
            quotes += [] if block["table"] is None else [_table(block["table"])]
    return Snapshot(view["title"], parts, quotes)


def _chart(title: str, shown: TableView) -> list[Html]:
    """Return a picture of the first column of shares, where there is one and it has few rows."""
    names = [one["name"] for one in shown["columns"]]
    shares = [one for one in shown["columns"] if one["kind"] == "percent"]
    if not shares or not 0 < len(shown["rows"]) <= MOST_MARKS:
        return []
    marks = [ChartMark(views.clip(str(row.get(names[0], "")), 12), row.get(shares[0]["name"])) for row in shown["rows"]]
    return [chart(f"{title}: {shares[0]['label']}", marks)]


def _table(shown: TableView) -> Html:
    """Return a table as text, its first rows only."""
    columns = shown["columns"]
    rows = [[_cell(row.get(one["name"]), one["kind"]) for one in columns] for row in shown["rows"][:MOST_ROWS]]
    left = len(shown["rows"]) - len(rows)
    return table([one["label"] for one in columns], rows, f"{left} more rows are left out." if left > 0 else "")


def _cell(value: Any, kind: str) -> str:
    if value is None:
        return "–"
    if kind == "percent":
        return percent(value)
    if kind == "interval":
        return "–".join(percent(one) for one in (value[0], value[-1]))
    return views.clip(str(value), views.LONGEST_NAME)


def _stands(stands: StandingView | None) -> list[str]:
    if stands is None:
        return ["", "", "", "open to see"]
    found = stands["quality"]
    version = "" if stands["version"] is None else f"v{stands['version']}"
    if found is None:
        return [version, "–", "–", ""]
    return [version, _range(found["precision"]), _range(found["hit_rate"]), found["badge"]]


def _range(one: IntervalView | None) -> str:
    if one is None or not one["tells"]:
        return "–"
    return f"{one['point']:.0%} ({100 * one['low']:.0f}–{one['high']:.0%})"


def _told(interval: Any) -> Any:
    return interval if interval is not None and interval.tells else None


def _count(tracker: Any) -> str:
    return str(len(tracker.examples)) if tracker.examples else ""


def _name(name: str) -> str:
    return views.clip(name, views.LONGEST_NAME)
