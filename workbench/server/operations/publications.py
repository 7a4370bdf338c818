"""Publish, pause and resume trackers, and roll back to an earlier version."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from workbench.domain.errors import NotFound
from workbench.ready_made.assessing import assessed
from workbench.server.models.trackers import PlanModel, Publications, PublicationView, RunModel, TrackerView
from workbench.server.operations.shared import sliced, tracker_of
from workbench.server.operations.trackers import estimate_view, quality_view, view
from workbench.server.routing import ApiRequest, RouteReply

if TYPE_CHECKING:
    from workbench.publishing.publication import Publication
    from workbench.workspace.tracker import Tracker


def publish(call: ApiRequest) -> RouteReply:
    tracker = tracker_of(call.workspace, call.path["tracker"])
    made = tracker.publish(call.body.past, call.body.stream)
    where = f"publications/{made.version}"
    return RouteReply(publication_view(tracker, made), 201, {"Location": where})


def get_plan(call: ApiRequest) -> PlanModel:
    plan = tracker_of(call.workspace, call.path["tracker"]).publish_plan(call.query.past)
    return PlanModel.model_validate(plan.to_dict() | {"since": plan.since})


def list_publications(call: ApiRequest) -> Publications:
    tracker = call.workspace.trackers.get(call.path["tracker"])
    page, more = sliced(tracker.publications(), call.query.cursor, call.query.limit)
    return Publications(items=[publication_view(tracker, one) for one in page], next_cursor=more)


def get_publication(call: ApiRequest) -> PublicationView:
    tracker = call.workspace.trackers.get(call.path["tracker"])
    return publication_view(tracker, _version(tracker, call.path["version"]))


def cancel_backfill(call: ApiRequest) -> PublicationView:
    return _after_backfill(call, lambda version: version.cancel())


def resume_backfill(call: ApiRequest) -> PublicationView:
    return _after_backfill(call, lambda version: version.resume())


def pause(call: ApiRequest) -> TrackerView:
    return _after(call, lambda tracker: tracker.pause())


def resume(call: ApiRequest) -> TrackerView:
    return _after(call, lambda tracker: tracker.resume())


def deactivate(call: ApiRequest) -> TrackerView:
    return _after(call, lambda tracker: tracker.deactivate())


def roll_back(call: ApiRequest) -> TrackerView:
    return _after(call, lambda tracker: tracker.roll_back(call.body.version))


def restore(call: ApiRequest) -> TrackerView:
    found = call.workspace.trackers.get(call.path["tracker"])
    return view(call.workspace.trackers.restore(found.id), call.workspace.lake.zone)


def publication_view(tracker: Tracker, publication: Publication) -> PublicationView:
    frozen, progress = publication.frozen, publication.progress()
    plain = ("tracker_id", "version", "published", "past", "since", "threshold", "definition", "answers")
    told: dict[str, Any] = {name: getattr(frozen, name) for name in plain}
    run = ("state", "done", "total", "found", "message", "last_run")
    return PublicationView(
        **told,
        active=tracker.spec.active_version == frozen.version,
        estimate=estimate_view(frozen.estimate),
        quality=quality_view(assessed(frozen.definition, frozen.estimate)),
        run=RunModel(**{name: getattr(progress, name) for name in run}),
    )


def _after(call: ApiRequest, act: Callable[[Tracker], object]) -> TrackerView:
    """Apply something to a tracker and return it."""
    tracker = tracker_of(call.workspace, call.path["tracker"])
    act(tracker)
    return view(tracker, call.workspace.lake.zone)


def _after_backfill(call: ApiRequest, act: Callable[[Publication], object]) -> PublicationView:
    """Apply something to a version's backfill and return the version."""
    tracker = tracker_of(call.workspace, call.path["tracker"])
    found = _version(tracker, call.path["version"])
    act(found)
    return publication_view(tracker, found)


def _version(tracker: Tracker, number: str) -> Publication:
    found = next((one for one in tracker.publications() if str(one.version) == number), None)
    if found is None:
        raise NotFound(f"tracker {tracker.name!r} has no version {number[:20]!r}")
    return found
