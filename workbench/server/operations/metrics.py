"""List, create, change and delete metrics; show them over time; log values for a call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from workbench.server.models.conversations import MetricValueView
from workbench.server.models.metrics import (
    Events,
    EventView,
    LoggedView,
    MetricChange,
    MetricPage,
    MetricView,
    TrendRow,
    TrendView,
)
from workbench.server.operations.results import measure
from workbench.server.operations.shared import expected_tag, group, in_utc, sliced, tagged, used
from workbench.server.problems import invalid
from workbench.server.routing import ApiRequest, RouteReply
from workbench.store.metrics import metric_tag

if TYPE_CHECKING:
    from workbench.domain.metrics import Metric, MetricOutcome
    from workbench.domain.used_trackers import UsedTracker
    from workbench.workspace.workspace import Workspace

_PLAIN = ("id", "name", "definition", "success", "failure", "partial", "applies_when", "version")


def list_metrics(call: ApiRequest) -> MetricPage:
    page, more = sliced(call.workspace.metrics.list(), call.query.cursor, call.query.limit)
    known = call.workspace.metrics.used(page)
    return MetricPage(items=[view(one, known) for one in page], next_cursor=more)


def get_metric(call: ApiRequest) -> RouteReply:
    return tagged(_viewed(call.workspace, call.workspace.metrics.get(call.path["metric"])))


def create_metric(call: ApiRequest) -> RouteReply:
    values = call.body.model_dump()
    made = _viewed(call.workspace, call.workspace.metrics.create(values.pop("name"), **values))
    return RouteReply(made, 201, {"Location": f"metrics/{quote(made.id)}"})


def update_metric(call: ApiRequest) -> RouteReply:
    body: MetricChange = call.body
    changes = {name: value for name, value in body.model_dump().items() if value is not None}
    changed = call.workspace.metrics.change(call.path["metric"], changes, expected_tag(call))
    return tagged(_viewed(call.workspace, changed))


def delete_metric(call: ApiRequest) -> RouteReply:
    call.workspace.metrics.delete(call.path["metric"])
    return RouteReply(None, 204)


def get_trend(call: ApiRequest) -> TrendView:
    query = call.query
    every = None if query.every == "all" else query.every
    name = call.path["metric"]
    found = call.workspace.metrics.trend(name, query.by, every, query.to_filters(), query.least_calls)
    counts = ("count", "known", "not_applicable", "unknown", "calls")
    rows = [
        TrendRow(
            group=group(row, found.by),
            value=row["value"],
            **{one: int(row[one]) for one in counts},
            share=measure(row, "share", "low", "high"),
        )
        for row in found.table.to_dict("records")
    ]
    return TrendView(metric=found.metric, notes=list(found.notes), rows=rows)


def log_metric(call: ApiRequest) -> RouteReply:
    body = call.body
    logged = call.workspace.call(call.path["call"]).log_metric(body.metric, body.value, evidence=tuple(body.evidence))
    return RouteReply(value_view(logged), 201)


def log_call(call: ApiRequest) -> RouteReply:
    body = call.body
    events = [one.model_dump() for one in body.events]
    call.workspace.call(call.path["call"]).log(body.metrics, events)
    return RouteReply(LoggedView(metrics=len(body.metrics), events=len(events)), 201)


def list_events(call: ApiRequest) -> Events:
    from workbench.store.metrics import ValueRepository

    workspace = call.workspace
    found = ValueRepository(workspace.database).events(workspace.call(call.path["call"]).id)
    items = [EventView(name=one.name, value=one.value, at_s=one.at_s, at=in_utc(one.at)) for one in found]
    return Events(items=items)


def numbers(workspace: Workspace, wanted: list[str]) -> list[int] | None:
    """Return the calls that have all the values given as ``name=value``; None if none is given."""
    if not wanted:
        return None
    from workbench.domain.metrics import read

    values: dict[str, Any] = {}
    for one in wanted:
        name, sign, value = one.rpartition("=")
        if not sign or not name:
            raise invalid("metric", f"{one!r} has no value; write NAME=VALUE, such as Paid=false")
        values.setdefault(name.strip(), []).append(read(value.strip()))
    found: list[int] = workspace.metrics.numbers(values).tolist()
    return found


def _viewed(workspace: Workspace, metric: Metric) -> MetricView:
    return view(metric, workspace.metrics.used([metric]))


def view(metric: Metric, known: Mapping[str, UsedTracker]) -> MetricView:
    """Return the view of a metric; ``known`` includes the trackers that it uses."""
    from workbench.domain.metric_checks import source_data
    from workbench.domain.metrics import TrackerRule

    trackers = metric.source.trackers if isinstance(metric.source, TrackerRule) else ()

    return MetricView(
        **{name: getattr(metric, name) for name in _PLAIN},
        kind=str(metric.kind),
        categories=list(metric.categories),
        source=source_data(metric.source),
        uses=[used(known[one]) for one in trackers],
        created=in_utc(metric.created),
        changed=in_utc(metric.changed),
        tag=metric_tag(metric),
    )


def value_view(outcome: MetricOutcome) -> MetricValueView:
    return MetricValueView(
        value=outcome.value,
        source=outcome.source,
        version=outcome.version,
        evidence=list(outcome.evidence),
        found_by=list(outcome.found_by),
        at=outcome.at,
        why=outcome.why,
    )
