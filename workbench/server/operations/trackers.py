"""List, create, change and delete trackers, one or many; each of many succeeds or fails on its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from workbench.domain.errors import InvalidFilters, InvalidTracker, TrackerNotFound, WorkbenchError
from workbench.domain.trackers import TrackerState
from workbench.server.cursors import cursor_of, place_of
from workbench.server.models.trackers import (
    AssessmentModel,
    CorpusView,
    EstimateModel,
    HeldOutView,
    IntervalModel,
    ItemResult,
    ItemResults,
    ProblemView,
    TrackerChange,
    TrackerNew,
    TrackersNew,
    TrackersPage,
    TrackerView,
)
from workbench.server.operations.shared import expected_tag, in_utc, tagged, tracker_of
from workbench.server.problems import RequestRefused, refused_of
from workbench.server.routing import ApiRequest, RouteReply

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from workbench.domain.assessments import Assessment
    from workbench.domain.estimates import Estimate, Interval
    from workbench.domain.filters import Filters
    from workbench.workspace.tracker import Tracker
    from workbench.workspace.workspace import Workspace

_TAKEN = {"self", "name", "kind", "description", "filters", "examples", "threshold", "seed", "settings"}


def list_trackers(call: ApiRequest) -> TrackersPage:
    trackers = call.workspace.trackers
    every = trackers.deleted() if call.query.deleted else trackers.list()
    if call.query.tracker:
        every = _those(every, call.query.tracker)
    place = place_of(call.query.cursor, str, str)
    if place is not None:
        every = [one for one in every if list(_place(one)) > place]
    page = every[: call.query.limit]
    more = cursor_of(*_place(page[-1])) if len(every) > len(page) else None
    zone = call.workspace.lake.zone
    return TrackersPage(items=[view(one, zone) for one in page], next_cursor=more)


def _those(every: list[Tracker], wanted: list[str]) -> list[Tracker]:
    """Return the trackers asked for, in their own order; a deleted one is found only by its id.

    Raises:
        TrackerNotFound: the first that is not among them.
    """
    known = {one.name: one.id for one in every if one.state is not TrackerState.DELETED}
    known |= {one.id: one.id for one in every}
    for name in wanted:
        if name not in known:
            raise TrackerNotFound(f"no tracker has the id or name {name!r}")
    ids = {known[name] for name in wanted}
    return [one for one in every if one.id in ids]


def get_tracker(call: ApiRequest) -> RouteReply:
    return tagged(view(call.workspace.trackers.get(call.path["tracker"]), call.workspace.lake.zone))


def create_trackers(call: ApiRequest) -> RouteReply:
    zone = call.workspace.lake.zone
    if isinstance(call.body, TrackersNew):
        names = [one.name for one in call.body.trackers]
        return _many(names, lambda at: view(_create(call.workspace, call.body.trackers[at]), zone), 201)
    made = view(_create(call.workspace, call.body), zone)
    return RouteReply(made, 201, {"Location": f"trackers/{quote(made.id)}"})


def update_tracker(call: ApiRequest) -> RouteReply:
    return tagged(_update(call.workspace, call.path["tracker"], call.body, expected_tag(call)))


def update_trackers(call: ApiRequest) -> RouteReply:
    changes = call.body.trackers
    names = [one.tracker for one in changes]
    return _many(names, lambda at: _update(call.workspace, names[at], changes[at], changes[at].if_tag), 200)


def delete_tracker(call: ApiRequest) -> RouteReply:
    _delete(call.workspace, call.path["tracker"], call.query.forever)
    return RouteReply(None, 204)


def delete_trackers(call: ApiRequest) -> RouteReply:
    names = call.query.tracker
    return _many(names, lambda at: _delete(call.workspace, names[at], call.query.forever), 204)


def view(tracker: Tracker, zone: ZoneInfo) -> TrackerView:
    """Return the view of a tracker without asking the encoder; dates without an offset are read in ``zone``."""
    spec = tracker.spec
    return TrackerView(
        **{name: getattr(spec, name) for name in ("id", "name", "kind", "description", "threshold", "state")},
        filters=_in_utc(spec.filters, zone),
        examples=list(spec.examples),
        settings=dict(spec.settings),
        created=spec.created,
        deleted=spec.deleted,
        active_version=spec.active_version,
        unpublished=list(tracker.unpublished_changes()),
        estimate=estimate_view(tracker.last_estimate),
        quality=quality_view(tracker.quality),
        tag=tracker.tag,
    )


def _in_utc(filters: Filters, zone: ZoneInfo) -> Filters:
    try:
        return filters.in_utc(zone)
    except InvalidFilters:  # at the ends of the calendar
        return filters


def estimate_view(estimate: Estimate | None) -> EstimateModel | None:
    if estimate is None:
        return None
    corpus = estimate.corpus
    return EstimateModel(
        round=estimate.round,
        heldout=HeldOutView(**asdict(estimate.heldout)),
        corpus=CorpusView(
            **{name: _interval(getattr(corpus, name)) for name in ("precision", "hit_rate", "prevalence")},
            drawn=corpus.drawn,
            reason=corpus.reason,
            calls=corpus.calls,
            of_calls=corpus.of_calls,
        ),
        answers=estimate.answers,
        in_scope=estimate.in_scope,
        gone=estimate.gone,
        stale=estimate.stale,
        threshold=estimate.threshold,
        rule=estimate.rule,
    )


def quality_view(quality: Assessment) -> AssessmentModel:
    told = {name: _interval(getattr(quality, name)) for name in ("precision", "hit_rate")}
    return AssessmentModel(
        badge=quality.badge, sentence=quality.sentence, basis=quality.basis, stale=quality.stale, **told
    )


def _interval(interval: Interval | None) -> IntervalModel | None:
    return None if interval is None else IntervalModel(low=interval.low, point=interval.point, high=interval.high)


def _place(tracker: Tracker) -> tuple[str, str]:
    return in_utc(tracker.spec.created).isoformat(timespec="microseconds"), tracker.id


def _create(workspace: Workspace, body: TrackerNew) -> Tracker:
    made = workspace.trackers.create(
        body.name,
        str(body.kind),
        body.description,
        body.filters.to_filters().in_utc(workspace.lake.zone),
        body.examples,
        body.seed,
        **_settings(body.settings),
    )
    if body.threshold != "balanced":
        made.update(threshold=body.threshold)
    return made


def _update(workspace: Workspace, name: str, body: TrackerChange, expected: str | None) -> TrackerView:
    tracker = tracker_of(workspace, name)
    plain = ("name", "description", "examples", "threshold")
    changes: dict[str, Any] = {field: getattr(body, field) for field in plain}
    if body.filters is not None:
        changes["filters"] = body.filters.to_filters().in_utc(workspace.lake.zone)
    given = {field: value for field, value in changes.items() if value is not None}
    tracker.change({**given, **_settings(body.settings or {})}, expected)
    return view(tracker, workspace.lake.zone)


def _settings(given: dict[str, Any]) -> dict[str, Any]:
    clash = sorted(_TAKEN & set(given))
    if clash:
        raise InvalidTracker(f"settings.{clash[0]}: not a setting; pass {clash[0]!r} at the top level")
    return given


def _delete(workspace: Workspace, name: str, forever: bool) -> None:
    tracker = workspace.trackers.get(name)
    if forever or tracker.state is not TrackerState.DELETED:
        workspace.trackers.delete(tracker.id, forever)


def _many(names: Iterable[str], do: Callable[[int], TrackerView | None], status: int) -> RouteReply:
    """Return each result in order; a failure of one does not affect the others."""
    items = []
    for at, name in enumerate(names):
        try:
            items.append(ItemResult(tracker=name, status=status, result=do(at), problem=None))
        except (WorkbenchError, RequestRefused) as error:
            refused = error if isinstance(error, RequestRefused) else refused_of(error)
            problem = ProblemView.model_validate(refused.to_dict())
            items.append(ItemResult(tracker=name, status=refused.status, result=None, problem=problem))
    return RouteReply(ItemResults(items=items), 207)
