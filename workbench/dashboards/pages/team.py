"""How often a tracker's concept comes up by team, person or time, and which of them differ."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from workbench.dashboards import few, figures, known, parts, rates
from workbench.dashboards.asked import DashboardQuery, asked
from workbench.dashboards.known import TrackerSummary
from workbench.results.statistics import MOST_COMPARED, Statistics
from workbench.widgets.protocol import BlockView, DashboardView, LinkView
from workbench.workspace.workspace import Workspace

MOST_BARS = 40
TIMES = ("month", "quarter")
_NEXT = {"team": "person", "person": "month", "account": "month", "stage": "team"}


def build(workspace: Workspace, query: dict[str, str]) -> DashboardView:
    """Return the page."""
    page = asked(workspace, "team", query, ("by",))
    trackers = known.known(workspace)
    finding = known.published(trackers)
    one = known.chosen(page, finding)
    if one is None:
        return known.nothing(page, finding, known.NO_TRACKER if not trackers else known.NONE_IN_USE)
    by = page.one_of("by", rates.GROUPS, "team")
    found = known.counted(page, one).by(by)
    blocks = [_figure(page, one, found, by), _told_apart(one, found), _table(page, one, found, by), _pairs(found)]
    controls = [
        parts.choice("tracker", "Tracker", known.names(finding), one.id),
        parts.choice("by", "By", rates.GROUPS, by),
        *page.controls("team", "side", "account", "stage", "from", "to"),
    ]
    return page.view(_lead(one, by), blocks, controls, known.progress([one]))


def _lead(one: TrackerSummary, by: str) -> str:
    whose = " A person's rate covers what they and their customers say." if by == "person" else ""
    return f"How often it comes up: {one.name}.{whose}"


def _figure(page: DashboardQuery, one: TrackerSummary, found: Statistics, by: str) -> BlockView:
    names, kept = rates.groups(found, by), _most(found, by)
    shape: few.FigureShape = "lines" if by == "month" else "bars"
    x = rates.days(found, by) if by == "month" else names
    mine = few.drawn(shape, [rates.series(found, x).at(kept)])
    words = f"{rates.measure(found)}, by {rates.GROUPS[by].lower()}, each with its interval."
    axis = {"type": "date" if by == "month" else "category"}
    view = figures.figure(mine.data, words, _rates(page, one, found, by), x=axis, top=mine.top)
    left = len(names) - len(kept)
    more = f"The {len(kept)} with the most calls; the table has the others." if left and by not in TIMES else ""
    note = " ".join(filter(None, (rates.how(found), more, mine.note)))
    return parts.figure("rates", rates.measure(found), view, note, _empty(one), wide=True)


def _told_apart(one: TrackerSummary, found: Statistics) -> BlockView:
    words = rates.differences_in_words(found.pairs)
    if len(found.rates) > MOST_COMPARED:
        words += f"\nComparing the {MOST_COMPARED} with the most calls."
    return parts.text("apart", "What the data show", f"{words}\nThe tracker itself: {one.quality.sentence}")


def _table(page: DashboardQuery, one: TrackerSummary, found: Statistics, by: str) -> BlockView:
    view = _rates(page, one, found, by)
    return parts.table("groups", "In numbers", view, " ".join(found.notes), _empty(one))


def _rates(page: DashboardQuery, one: TrackerSummary, found: Statistics, by: str) -> Any:
    """Return all groups; a link leads to a group's details."""
    return rates.table(found, by, [_link(page, one, name, by) for name in found.rates[by]])


def _link(page: DashboardQuery, one: TrackerSummary, name: Any, by: str) -> LinkView | None:
    if by not in ("team", "account", "stage") or pd.isna(name):
        return None
    then = _NEXT[by]
    return page.link(f"By {rates.GROUPS[then].lower()}", "team", tracker=one.id, by=then, **{by: str(name)})


def _pairs(found: Statistics) -> BlockView:
    columns: dict[str, tuple[str, parts.CellKind]] = {
        "first": ("First", "text"),
        "verdict": ("Verdict", "text"),
        "second": ("Second", "text"),
        "difference": ("Difference of shares", "text"),
        "p": ("p, adjusted for all pairs", "text"),
    }
    ordered = found.pairs.sort_values("p", kind="stable").head(parts.MOST_ROWS)
    corrected = bool(found.pairs["corrected"].any())
    rows = [rates.pair(row, corrected) for row in ordered.to_dict("records")]
    note = "Each interval is for its pair alone; the verdict applies to all pairs together (at 5%)."
    table = parts.table_view(columns, rows, total=len(rows))
    return parts.table("pairs", "Which differ", table, note, rates.FEWER)


def _most(found: Statistics, by: str) -> Sequence[int]:
    """Return the indices of the groups to draw: periods with a date, or else the groups with the most calls."""
    if by in TIMES:
        return [at for at, day in enumerate(rates.days(found, by)) if day]
    calls = found.rates["calls"].to_numpy()
    return sorted((-calls).argsort(kind="stable")[:MOST_BARS].tolist())


def _empty(one: TrackerSummary) -> str:
    return f"{one.name} has not read any calls that match. Remove a filter, or publish it for past calls too."
