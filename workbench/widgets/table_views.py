"""Trackers, their versions and their runs as plain JSON for the table. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from workbench.domain.assessments import of_estimate
from workbench.domain.estimates import Estimate
from workbench.domain.names import clean_name
from workbench.domain.publications import definition_of
from workbench.domain.time_zones import UTC_ZONE, in_zone
from workbench.ready_made.assessing import assessed
from workbench.widgets import kind_views, views
from workbench.widgets.protocol import (
    ChangesView,
    EstimateView,
    Form,
    ManagedView,
    RunView,
    StandingView,
    VersionView,
)

if TYPE_CHECKING:
    from workbench.domain.unreadable import Unreadable

PARTS = ("name", "description", "filters", "examples", "threshold", "settings")


def managed(tracker: Any, stamp: int, zone: ZoneInfo = UTC_ZONE) -> ManagedView:
    return {
        "id": tracker.id,
        "name": tracker.name,
        "description": tracker.description,
        "kind": str(tracker.spec.kind),
        "state": str(tracker.state),  # type: ignore[typeddict-item]  # the states of the protocol
        "paused": tracker.spec.pause_reason or "",
        "created": in_zone(tracker.spec.created, zone).isoformat(),
        "stamp": stamp,
    }


def damaged(item: Unreadable, stamp: int) -> ManagedView:
    """Return a tracker that cannot be read: its name only; the reason is reported with its state."""
    return {
        "id": item.key,
        "name": clean_name(item.name) or "Unnamed",
        "description": "",
        "kind": "",
        "state": "unreadable",
        "paused": "",
        "created": "",
        "stamp": stamp,
    }


def standing(tracker: Any, shown: Any, stamp: int, zone: ZoneInfo = UTC_ZONE) -> StandingView:
    """Return the parts of the state that take longer to read.

    These are version, changes, estimate, run, and current results by version.

    ``shown`` is the tracker's current publication, None if there is none.
    """
    answering = tracker.answering_versions()
    first = answering[0] if answering else None
    alike = first is not None and first.reading == shown.reading
    measured = first.estimate if first else tracker.last_estimate if shown is None else shown.estimate
    definition = definition_of(tracker.spec) if shown is None else shown.definition
    return {
        "id": tracker.id,
        "stamp": stamp,
        "version": shown.version if shown is not None else None,
        "unpublished": [str(part) for part in tracker.unpublished_changes()],
        "estimate": estimate(measured),
        "estimated": None if first is None else shown.version if alike else first.version,
        "quality": views.assessment(assessed(definition, measured)),
        "run": run(shown, tracker.found_by_version(), tracker.last_run, zone) if shown is not None else None,
        "error": "",
    }


def unreadable(tracker_id: str, stamp: int, message: str) -> StandingView:
    return {
        "id": tracker_id,
        "stamp": stamp,
        "version": None,
        "unpublished": [],
        "estimate": None,
        "estimated": None,
        "quality": None,
        "run": None,
        "error": message,
    }


def estimate(found: Estimate | None) -> EstimateView | None:
    if found is None:
        return None
    return {
        "tags": found.heldout.tags,
        "precision": views.measure(found.heldout, "precision", found.corpus.precision),
        "hit_rate": views.measure(found.heldout, "hit_rate", found.corpus.hit_rate),
        "quality": views.assessment(of_estimate(found)),
    }


def run(publication: Any, found: Mapping[int, int], last_run: datetime | None, zone: ZoneInfo = UTC_ZONE) -> RunView:
    """Return the progress of a version, and when it last read calls.

    ``found`` has its tracker's current results by version.
    """
    progress = publication.progress()
    return {
        "state": str(progress.state),  # type: ignore[typeddict-item]  # the states of the protocol
        "done": progress.done,
        "total": progress.total,
        "found": sum(found.values()),
        "found_by": sorted(found),
        "fraction": float(progress.fraction),
        "message": str(progress.message or "") if progress.state == "failed" else "",
        "last_run": in_zone(last_run, zone).isoformat() if last_run else None,
        "past": publication.past,
        "waiting": progress.waiting,
        "unjudged": progress.unjudged,
        "here": _is_under_way(publication.job),
    }


def _is_under_way(job: Any) -> bool:
    return job is not None and not job.done


def changes(preview: Any, newest: Estimate | None) -> ChangesView:
    return {
        "gained": len(preview.gained),
        "lost": len(preview.lost),
        "kept": preview.kept,
        "estimate": estimate(newest),
    }


def versions(publications: list[Any], active: Any, zone: ZoneInfo = UTC_ZONE) -> list[VersionView]:
    """Return the versions, newest first."""
    before: list[Any] = [None, *publications]
    out = [_version(one, last, active, zone) for one, last in zip(publications, before, strict=False)]
    return out[::-1]


def _version(publication: Any, last: Any, active: Any, zone: ZoneInfo) -> VersionView:
    now = publication.definition
    was = last.definition if last is not None else now
    return {
        "version": publication.version,
        "published": in_zone(publication.published, zone).isoformat(),
        "past": publication.past,
        "rule": now["threshold"],
        "active": active is not None and active.version == publication.version,
        "changed": [part for part in PARTS if now.get(part) != was.get(part)],
        "estimate": estimate(publication.estimate),
        "form": _form(now),
    }


def _form(definition: Mapping[str, Any]) -> Form:
    shown: Form = {
        "name": definition["name"],
        "description": definition["description"],
        "filters": definition["filters"],
        "examples": list(definition["examples"]),
    }
    if "kind" not in definition:
        return shown
    settings = {name: value for name, value in definition["settings"].items() if name in kind_views.NO_SETTINGS}
    return {**shown, "kind": definition["kind"], "settings": {**kind_views.NO_SETTINGS, **settings}}
