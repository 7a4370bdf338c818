"""One tracker: what it looks for, its quality, how often it finds something, and its latest matches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from workbench.dashboards import few, figures, hits, kinds, known, parts, rates
from workbench.dashboards.asked import DashboardQuery, asked
from workbench.dashboards.known import TrackerSummary
from workbench.dashboards.words import filters_in_words
from workbench.domain.assessments import of_estimate
from workbench.domain.disclosure import shown_to_readers
from workbench.domain.estimates import Estimate, Interval
from workbench.domain.filters import Filters
from workbench.domain.publications import ALL, Run
from workbench.domain.time_zones import in_zone
from workbench.domain.trackers import TrackerKind
from workbench.results.statistics import Measured
from workbench.widgets.protocol import BlockView, DashboardView, TileView, Tone
from workbench.workspace.workspace import Workspace

PAST_READ = {None: "none", ALL: "all past calls"}
NEVER_PUBLISHED = "It was never published, so it has found nothing. Publish it to see results here."
DEACTIVATED = "It is deactivated: it reads no new calls, and its matches are kept."
PAUSED = "Its matches are kept. Ask the person who manages the trackers to add credits and publish it again."
UNJUDGED = "They could not be judged. They are retried and cost nothing."
_MEASURES = {"precision": "Right", "hit_rate": "Found"}


def build(workspace: Workspace, query: dict[str, str]) -> DashboardView:
    """Return the page."""
    page = asked(workspace, "tracker", query)
    trackers = known.known(workspace)
    one = known.chosen(page, trackers)
    if one is None:
        return known.nothing(page, trackers, known.NO_TRACKER)
    measured = None if one.current is None else known.counted(page, one)
    blocks = [_tiles(page, one, measured), *_words(page, one)]
    if one.tracker.kind is TrackerKind.EXAMPLE:
        blocks.append(_rounds(page, one))
    if measured is not None:
        blocks += [_trend(measured), _teams(page, one, measured), _hits(page, one, known.names(trackers))]
    blocks.append(_versions(page, one))
    controls = [parts.choice("tracker", "Tracker", known.names(trackers), one.id)]
    if measured is not None:
        controls += page.controls("team", "side", "account", "stage", "from", "to")
    said = [one.tracker.description or "It has no description.", _standing(one)]
    return page.view(" ".join(filter(None, said)), blocks, controls, known.progress([one]), one.name)


def _standing(one: TrackerSummary) -> str:
    """Return what is unusual about the results, or an empty text."""
    if one.current is None:
        return NEVER_PUBLISHED
    current = one.current.frozen
    others = [other for other in one.found_by if other.version != current.version]
    said = [DEACTIVATED] if one.tracker.state == "deactivated" else []
    if alike := [other.version for other in others if other.reading == current.reading]:
        said.append(
            f"What {_versions_in_words(alike)} found is kept, because version {current.version} reads the same way."
        )
    if older := [other.version for other in others if other.reading != current.reading]:
        said.append(f"What {_versions_in_words(older)} found is kept until a newer version has read those calls.")
    return " ".join(said)


def _versions_in_words(numbers: Sequence[int]) -> str:
    first, last = sorted(numbers)[:-1], max(numbers)
    return f"versions {', '.join(map(str, first))} and {last}" if first else f"version {last}"


def _tiles(page: DashboardQuery, one: TrackerSummary, measured: Measured | None) -> BlockView:
    run = one.progress
    found = []
    whole = measured.by() if measured is not None else None
    if whole is not None and len(whole.rates):
        row = whole.rates.iloc[0]
        link = page.link("Search its matches", "search", tracker=one.id, trackers=one.id)
        ends = f"{parts.percent(row['share_low'])} to {parts.percent(row['share_high'])}"
        note = f"{ends}, of {int(row['calls']):,} read"
        found.append(parts.tile("Calls with it", parts.percent(row["share"]), note))
        found.append(parts.tile("Sentences found", int(row["found"]), link=link))
    found += [parts.tile("Quality", kinds.badge(one.quality), one.quality.sentence), _state(one)]
    if run is not None and run.state is not Run.DONE:
        warning: Tone = "" if run.state is Run.RUNNING else "warning"
        found.append(
            parts.tile("Past calls read", f"{run.done:,} of {run.total:,}", shown_to_readers(run.message), warning)
        )
    if run is not None and run.waiting:
        found.append(parts.tile("Upcoming calls", "waiting", shown_to_readers(run.waiting), "warning"))
    if run is not None and run.unjudged:
        found.append(parts.tile("Calls without an answer", run.unjudged, UNJUDGED, "warning"))
    return parts.tiles("figures", found)


def _state(one: TrackerSummary) -> TileView:
    version = "" if one.current is None else f"version {one.current.version}"
    reason = one.tracker.spec.pause_reason
    if reason:
        return parts.tile("State", str(one.tracker.state), f"{reason}; {version}. {PAUSED}", "warning")
    return parts.tile("State", str(one.tracker.state), version, "good" if one.tracker.state == "active" else "")


def _words(page: DashboardQuery, one: TrackerSummary) -> list[BlockView]:
    estimate = one.estimate
    definition = one.definition
    filters = Filters.stored(definition["filters"])
    return [
        parts.text("concept", "What it looks for", kinds.looks_for(definition)),
        parts.text("scope", "Where it looks", filters_in_words(filters, page.workspace.lake.zone), wide=False),
        parts.text("quality", "How well it does", kinds.quality(definition, estimate), wide=False),
    ]


def _rounds(page: DashboardQuery, one: TrackerSummary) -> BlockView:
    """Both estimates of both measures, by round, each with what has changed since it was made."""
    estimates = sorted(one.tracker.estimates.items())
    numbers = [number for number, _ in estimates]
    data: list[dict[str, Any]] = []
    for name, label in _MEASURES.items():
        inside = [getattr(of_estimate(found), name) for _, found in estimates]
        point, low, high = (_ends(inside, end) for end in ("point", "low", "high"))
        data.append(figures.lines(f"{label}, all calls", numbers, point, (low, high)))
        held = [getattr(found.heldout, name) for _, found in estimates]
        data.append(figures.lines(f"{label}, tagged", numbers, held, line={"dash": "dot"}))
    words = "How much of what the tracker finds is right, and how much of what is there it finds, round by round."
    view = figures.figure(data if estimates else [], words, _rounds_table(estimates), x={"dtick": 1})
    view["figure"]["layout"]["yaxis"]["range"] = [0, 1]
    note = (
        "Right: out of 10 that it finds. Found: out of 10 that are there. All calls: judged on "
        "sentences drawn at random. "
        "Tagged: judged on the answers themselves, which were chosen to be hard."
    )
    if estimates and (changed := estimates[-1][1].stale):
        note += f" Out of date since the last round: {changed}."
    note = page.unfiltered(note)
    return parts.figure("rounds", "Training, round by round", view, note, "No round has been judged yet.")


def _rounds_table(estimates: Sequence[tuple[int, Estimate]]) -> Any:
    columns: dict[str, tuple[str, parts.CellKind]] = {
        "round": ("Round", "number"),
        "tags": ("Answers", "number"),
        "precision": ("Right, all calls", "interval"),
        "hit_rate": ("Found, all calls", "interval"),
        "held_precision": ("Right, tagged", "percent"),
        "held_hit_rate": ("Found, tagged", "percent"),
    }
    rows = [
        {
            "round": number,
            "tags": found.heldout.tags,
            "precision": parts.interval(of_estimate(found).precision),
            "hit_rate": parts.interval(of_estimate(found).hit_rate),
            "held_precision": found.heldout.precision,
            "held_hit_rate": found.heldout.hit_rate,
        }
        for number, found in estimates
    ]
    return parts.table_view(columns, rows)


def _trend(measured: Measured) -> BlockView:
    monthly = measured.by("month")
    mine = few.drawn("lines", [rates.series(monthly, rates.days(monthly, "month"))])
    words = "Its share of the sentences, month by month, with intervals."
    table = rates.table(monthly, "month")
    view = figures.figure(mine.data, words, table, rates.measure(monthly), x={"type": "date"}, top=mine.top)
    note = " ".join(filter(None, (rates.how(monthly), mine.note)))
    return parts.figure("trend", "By month", view, note, "It has not read any calls yet.")


def _teams(page: DashboardQuery, one: TrackerSummary, measured: Measured) -> BlockView:
    teams = measured.by("team")
    links = [
        None if pd.isna(name) else page.link("People and teams", "team", tracker=one.id, team=str(name), by="person")
        for name in teams.rates["team"]
    ]
    mine = few.drawn("bars", [rates.series(teams, rates.groups(teams, "team"))])
    words = "Its share of the sentences in each team's calls, with intervals."
    table = rates.table(teams, "team", links)
    view = figures.figure(mine.data, words, table, rates.measure(teams), x={"type": "category"}, top=mine.top)
    note = " ".join(filter(None, (rates.how(teams), mine.note)))
    return parts.figure("teams", "By team", view, note, "It has not read any calls yet.")


def _hits(page: DashboardQuery, one: TrackerSummary, names: dict[str, str]) -> BlockView:
    frame = page.workspace.search(
        trackers=[one.id], filters=page.narrowed(), limit=hits.page_of(page), offset=page.offset
    )
    ids = {label: value for value, label in names.items()}
    found, total = hits.hits_of(page, frame, ids), frame.attrs["total"]
    return parts.hits("hits", "Latest matches", found, total, empty="It has not found anything here yet.")


def _versions(page: DashboardQuery, one: TrackerSummary) -> BlockView:
    columns: dict[str, tuple[str, parts.CellKind]] = {
        "version": ("Version", "number"),
        "published": ("Published", "date"),
        "past": ("Past calls", "text"),
        "answers": ("Answers", "number"),
        "quality": ("How well, in all calls", "text"),
        "now": ("In use", "text"),
    }
    if one.tracker.kind is not TrackerKind.EXAMPLE:  # no answers, and no judgements
        del columns["answers"], columns["quality"]
    rows = []
    for publication in reversed(one.tracker.publications()):
        frozen = publication.frozen
        rows.append(
            {
                "version": frozen.version,
                "published": in_zone(frozen.published, page.workspace.lake.zone).isoformat(),
                "past": PAST_READ.get(frozen.past, frozen.past),
                "answers": frozen.answers,
                "quality": of_estimate(frozen.estimate).sentence,
                "now": "yes" if one.tracker.spec.active_version == frozen.version else "",
            }
        )
    note = page.unfiltered()
    return parts.table("versions", "Versions", parts.table_view(columns, rows), note, empty="It was never published.")


def _ends(intervals: Sequence[Interval | None], name: str) -> list[float | None]:
    return [None if one is None else getattr(one, name) for one in intervals]
