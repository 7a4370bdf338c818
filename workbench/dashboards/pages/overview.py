"""All trackers at a glance: what they find, how often, their quality, and what is in progress."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from workbench.dashboards import kinds, known, months, parts, rates
from workbench.dashboards.asked import DashboardQuery, asked
from workbench.dashboards.call_list import call_list
from workbench.dashboards.known import TrackerSummary
from workbench.domain.periods import period_start
from workbench.domain.plurals import plural
from workbench.domain.publications import Run
from workbench.domain.streams import AlertSpec, Measure
from workbench.domain.time_zones import in_zone
from workbench.domain.used_trackers import notes_of
from workbench.results.statistics import Measured, Statistics
from workbench.store.used_trackers import used_trackers
from workbench.widgets.protocol import BlockView, DashboardView, TileView
from workbench.widgets.views import day
from workbench.workspace.workspace import Workspace

DAYS = 30
NO_CALLS = (
    "There are no calls yet. First import calls, then build a tracker and publish it: the notebook 01_build_a_tracker "
    "leads through all three."
)
_COLUMNS: dict[str, tuple[str, parts.CellKind]] = {
    "name": ("Tracker", "text"),
    "state": ("State", "text"),
    "quality": ("Quality", "text"),
    "precision": ("Precision", "interval"),
    "hit_rate": ("Hit rate", "interval"),
}


def build(workspace: Workspace, query: dict[str, str]) -> DashboardView:
    """Return the page."""
    page = asked(workspace, "overview", query, (months.SHOWN,))
    trackers = known.known(workspace)
    finding = known.published(trackers)
    wanted = months.chosen(page, finding)
    measured = {one.id: known.counted(page, one) for one in finding}
    blocks = [_tiles(page, trackers, measured), _table(page, trackers, measured)]
    if finding:
        blocks.append(months.block(page, finding, measured, wanted))
    blocks += [*_runs(page, finding), *_alerts(page)]
    if page.facets.conversations:
        blocks.append(call_list(page))
    lead = NO_CALLS if not page.facets.conversations else known.NO_TRACKER if not trackers else ""
    lead = lead or ("" if finding else known.NONE_IN_USE)
    controls = []
    if finding:
        controls = [months.choice(finding, wanted), *page.controls("team", "side", "account", "stage", "from", "to")]
    return page.view(lead or "What the trackers find in the calls.", blocks, controls, known.progress(finding))


def _tiles(page: DashboardQuery, trackers: Sequence[TrackerSummary], measured: dict[str, Measured]) -> BlockView:
    facets, workspace = page.facets, page.workspace
    counts, period = workspace.lake.counts(page.filters), ""
    if facets.first and facets.last and page.filters is None:
        period = f"{day(facets.first)} to {day(facets.last)}"
    mails = counts.conversations - counts.calls
    active = sum(one.tracker.state == "active" for one in trackers)
    unread = workspace.messages(unread=True)
    told = unread[0].subject if unread else ""
    also = f", and {plural(mails, 'e-mail')}" if mails else ""
    found = [
        parts.tile("Calls", counts.calls, f"{period}{also}".strip(", ")),
        parts.tile("Sentences", counts.sentences),
        parts.tile("Trackers active", active, f"of {len(trackers):,}", link=page.link("View", "tracker")),
        _recent(page, measured),
        parts.tile("Messages unread", len(unread), page.unfiltered(told)),
    ]
    return parts.tiles("figures", found)


def _recent(page: DashboardQuery, measured: dict[str, Measured]) -> TileView:
    last = page.facets.last
    if last is None:
        return parts.tile(f"Found in {DAYS} days", 0)
    zone = page.workspace.lake.zone
    since = in_zone(period_start(last, zone, days=DAYS), zone)
    found = sum(one.found_since(since) for one in measured.values())
    link = page.link("View", "search", **{"from": f"{since:%Y-%m-%d}"})
    return parts.tile(f"Found in {DAYS} days", found, f"sentences, up to {day(last)}", link=link)


def _table(page: DashboardQuery, trackers: Sequence[TrackerSummary], measured: dict[str, Measured]) -> BlockView:
    statistics = {name: one.by() for name, one in measured.items()}
    columns = _COLUMNS | rates.columns(None)
    rows = [_row(one, statistics.get(one.id)) for one in trackers]
    links = [page.link("View", "tracker", tracker=one.id) for one in trackers]
    note = "Shares of sentences are corrected for each tracker's error if it is known; otherwise they are as found."
    if page.filters is not None:
        note += " State and quality are of all calls, whatever the filters."
    return parts.table("trackers", "Trackers", parts.table_view(columns, rows, links), note, known.NO_TRACKER)


def _row(one: TrackerSummary, found: Statistics | None) -> dict[str, Any]:
    quality = one.quality
    figures = rates.cells(found, 0) if found is not None and len(found.rates) else {}
    return {
        "name": one.name,
        "state": _state(one),
        "quality": kinds.badge(quality),
        "precision": parts.interval(quality.precision),
        "hit_rate": parts.interval(quality.hit_rate),
        **figures,
    }


def _state(one: TrackerSummary) -> str:
    reason = one.tracker.spec.pause_reason
    version = "" if one.current is None else f", version {one.current.version}"
    return f"{one.tracker.state}{f': {reason}' if reason else ''}{version}"


def _runs(page: DashboardQuery, finding: Sequence[TrackerSummary]) -> list[BlockView]:
    columns: dict[str, tuple[str, parts.CellKind]] = {
        "name": ("Tracker", "text"),
        "version": ("Version", "number"),
        "done": ("Read", "number"),
        "total": ("Of", "number"),
        "found": ("Found by this version", "number"),
        "message": ("State", "text"),
    }
    open_runs = [one for one in finding if one.current and one.progress and one.progress.state is not Run.DONE]
    rows = [
        {
            "name": one.name,
            "version": one.current and one.current.version,
            **{name: getattr(one.progress, name) for name in ("done", "total", "found", "message")},
        }
        for one in open_runs
    ]
    links = [page.link("View", "tracker", tracker=one.id) for one in open_runs]
    if not rows:
        return []
    return [parts.table("runs", "Reading past calls", parts.table_view(columns, rows, links), page.unfiltered())]


def _alerts(page: DashboardQuery) -> list[BlockView]:
    specs = [alert.spec for alert in page.workspace.alerts.list()]
    if not specs:
        return []
    used = used_trackers(page.workspace.database, [one.tracker_id for one in specs])
    columns: dict[str, tuple[str, parts.CellKind]] = {
        "name": ("Alert", "text"),
        "standing": ("Now", "text"),
        "tracker": ("Tracker", "text"),
        "condition": ("Condition", "text"),
    }
    ordered = sorted(specs, key=lambda one: not one.standing)
    rows = [
        {
            "name": one.name,
            "standing": "active" if one.standing else "not active",
            "tracker": used[one.tracker_id].label,
            "condition": condition_in_words(one),
        }
        for one in ordered
    ]
    firing = sum(one.standing for one in specs)
    now = f"{firing} of {len(specs)} are active." if firing else "No active alerts."
    note = page.unfiltered(" ".join([now, *notes_of(used.values())]))
    return [parts.table("alerts", "Alerts", parts.table_view(columns, rows), note)]


def condition_in_words(one: AlertSpec) -> str:
    """Return text such as "at least 20 calls in 7 days"."""
    rate = one.measure is Measure.RATE
    amount = f"{parts.percent(one.threshold)} of the calls" if rate else plural(one.threshold, "call")
    return f"{'at least' if one.direction == 'at_least' else 'below'} {amount} in {plural(one.days, 'day')}"
