"""List and add ready-made trackers; export and import the definitions of many trackers as one text."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from workbench.domain.estimates import Interval
from workbench.domain.views import RefusedView
from workbench.server.models.definitions import (
    BroughtModel,
    DefinitionsView,
    QualityModel,
    ReadyMadeModel,
    ReadyMades,
)
from workbench.server.models.trackers import IntervalModel
from workbench.server.operations.shared import ref, sliced
from workbench.server.operations.trackers import view
from workbench.server.routing import ApiRequest, RouteReply

if TYPE_CHECKING:
    from workbench.ready_made import Quality, ReadyMade


def list_ready_made(call: ApiRequest) -> ReadyMades:
    page, more = sliced(call.workspace.trackers.ready_made(), call.query.cursor, call.query.limit)
    return ReadyMades(items=[_ready_made(one) for one in page], next_cursor=more)


def add_ready_made(call: ApiRequest) -> RouteReply:
    body = call.body
    made = call.workspace.trackers.from_ready_made(call.path["ready_made"], body.as_examples, body.name)
    return RouteReply(view(made, call.workspace.lake.zone), 201, {"Location": f"../trackers/{quote(made.id)}"})


def export_definitions(call: ApiRequest) -> DefinitionsView:
    trackers, only = call.workspace.trackers, call.query.tracker or None
    text = trackers.to_csv(only=only) if call.query.format == "csv" else trackers.to_json(only=only)
    return DefinitionsView(format=call.query.format, text=str(text))


def import_definitions(call: ApiRequest) -> RouteReply:
    trackers, body = call.workspace.trackers, call.body
    bring = trackers.from_csv if body.format == "csv" else trackers.from_json
    found = bring(text=body.text, skip=body.skip)
    refused = [RefusedView(line=one.line, reason=one.reason) for one in found.refused]
    return RouteReply(BroughtModel(made=[ref(one) for one in found.trackers], refused=refused), 201)


def _ready_made(one: ReadyMade) -> ReadyMadeModel:
    plain = ("key", "name", "description", "language", "kind", "filters")
    about = {name: getattr(one, name) for name in plain}
    return ReadyMadeModel(**about, settings=dict(one.settings), quality=_quality(one.quality))


def _quality(measured: Quality | None) -> QualityModel | None:
    if measured is None:
        return None
    known = {one.name: getattr(measured, one.name) for one in fields(measured) if one.name != "commit"}
    about: dict[str, Any] = {n: _interval(one) if isinstance(one, Interval) else one for n, one in known.items()}
    return QualityModel(**about)


def _interval(interval: Interval) -> IntervalModel:
    return IntervalModel(low=interval.low, point=interval.point, high=interval.high)
