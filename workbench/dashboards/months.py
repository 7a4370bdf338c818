"""How often each tracker comes up in calls, month by month: a small picture each, all on one scale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import pandas as pd

from workbench.dashboards import parts, rates
from workbench.dashboards.asked import DashboardQuery
from workbench.dashboards.known import TrackerSummary
from workbench.domain.plurals import plural
from workbench.results.grouping import MIN_CALLS
from workbench.results.statistics import Measured, Statistics
from workbench.widgets.protocol import BlockView, ControlView, MonthsView, MonthView

MONTHS = 12
MOST = 12  # trackers, without a choice
SHOWN = "shown"  # the choice's name in the address
_LABEL = "Trackers by month"
_COLUMNS: dict[str, tuple[str, parts.CellKind]] = {
    "tracker": ("Tracker", "text"),
    "month": ("Month", "date"),
    "calls": ("Calls read", "number"),
    "share": ("Calls with it", "interval"),
}


def chosen(page: DashboardQuery, finding: Sequence[TrackerSummary]) -> list[str]:
    """Return the ids of the trackers that were chosen; none where it was left open. What is unknown is told."""
    names = {one.id: one.name for one in finding}
    given = [one for one in page.query.pop(SHOWN, "").split("|") if one]
    wanted = [one for one in given if one in names]
    page.notices += [f"{SHOWN}: {page.missing('tracker', one)}" for one in given if one not in names]
    if wanted:
        page.query[SHOWN] = "|".join(wanted)
    return wanted


def choice(finding: Sequence[TrackerSummary], wanted: Sequence[str]) -> ControlView:
    """Return the control to choose trackers by."""
    options = {"": "Those in most calls" if len(finding) > MOST else "All"} | {one.id: one.name for one in finding}
    return parts.choice(SHOWN, _LABEL, options, "|".join(wanted), "many")


def block(
    page: DashboardQuery, finding: Sequence[TrackerSummary], measured: Mapping[str, Measured], wanted: Sequence[str]
) -> BlockView:
    """Return the trackers' pictures: those wanted, else those in most calls, the most frequent first."""
    monthly = {one.id: measured[one.id].by("month") for one in finding if not wanted or one.id in wanted}
    newest = max((last for one in monthly.values() if (last := _newest(one)) is not None), default=None)
    if newest is None:
        return parts.months("trend", "By month", [], parts.table_view(_COLUMNS, []), "", "Nothing has been read yet.")
    months = [one.to_timestamp() for one in pd.period_range(end=pd.Period(newest, "M"), periods=MONTHS, freq="M")]
    overall = {name: _overall(measured[name]) for name in monthly}
    ordered = sorted((one for one in finding if one.id in monthly), key=lambda one: -overall[one.id])
    shown = ordered if wanted else ordered[:MOST]
    pictures = [_picture(page, one, monthly[one.id], months) for one in shown]
    rows = [row for one in shown for row in _rows(one.name, monthly[one.id])]
    note = "The share of calls in which each was found, on one scale; the last 12 months."
    if len(shown) < len(monthly):
        note += f" The {len(shown)} of {plural(len(monthly), 'tracker')} that most calls contain; choose others above."
    if any(month["few"] for one in pictures for month in one["months"]):
        note += f" Hollow months have fewer than {MIN_CALLS} calls, which are too few to tell."
    return parts.months("trend", "By month", pictures, parts.table_view(_COLUMNS, rows), note)


def _newest(monthly: Statistics) -> pd.Timestamp | None:
    last = monthly.rates["month"].max()
    return None if pd.isna(last) else pd.Timestamp(last)


def _overall(measured: Measured) -> float:
    whole = measured.by().rates
    return float(whole["share"].iloc[0]) if len(whole) and not pd.isna(whole["share"].iloc[0]) else -1.0


def _picture(
    page: DashboardQuery, one: TrackerSummary, monthly: Statistics, months: Sequence[pd.Timestamp]
) -> MonthsView:
    known = {f"{row['month']:%Y-%m}": row for row in _dated(monthly)}
    shown = [_month(month, known.get(f"{month:%Y-%m}")) for month in months]
    told = [known[f"{month:%Y-%m}"] for month, view in zip(months, shown, strict=True) if _is_told(view)]
    change, said = _change(told)
    return {
        "name": one.name,
        "link": page.link(one.name, "tracker", tracker=one.id),
        "now": parts.percent(told[-1]["share"]) if told else "–",
        "change": change,
        "said": said,
        "months": shown,
    }


def _month(month: pd.Timestamp, row: Any) -> MonthView:
    name = f"{month:%b %Y}"
    if row is None or pd.isna(row["share"]):
        return {"label": name, "said": f"{name}: no calls", "share": None, "few": False}
    ends = f"{parts.percent(row['share_low'])} to {parts.percent(row['share_high'])}"
    said = f"{name}: in {parts.percent(row['share'])} of {plural(int(row['calls']), 'call')}, likely {ends}"
    return {"label": name, "said": said, "share": float(row["share"]), "few": bool(row["calls"] < MIN_CALLS)}


def _is_told(month: MonthView) -> bool:
    return month["share"] is not None and not month["few"]


def _change(told: Sequence[Any]) -> tuple[Literal["up", "down", "level", "unknown"], str]:
    """Return how the newest month stands against the first; a change only where their intervals lie apart."""
    if len(told) < 2:
        return "unknown", "Too few calls to tell a trend"
    first, last = told[0], told[-1]
    since = f"{parts.percent(first['share'])} in {first['month']:%b %Y}"
    now = f"{last['month']:%b %Y}"
    if last["share_low"] > first["share_high"]:
        return "up", f"{now}, up from {since}"
    if last["share_high"] < first["share_low"]:
        return "down", f"{now}, down from {since}"
    return "level", f"{now}, no clear change since {first['month']:%b %Y}"


def _dated(monthly: Statistics) -> list[Any]:
    return [row for row in monthly.rates.to_dict("records") if not pd.isna(row["month"])]


def _rows(name: str, monthly: Statistics) -> list[dict[str, Any]]:
    return [
        {
            "tracker": name,
            "month": rates.label(row["month"], "month"),
            "calls": int(row["calls"]),
            "share": [row["share_low"], row["share"], row["share_high"]],
        }
        for row in _dated(monthly)
    ]
