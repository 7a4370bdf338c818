"""Search, statistics, streams and wrong hits."""

from __future__ import annotations

from typing import Any, cast

from workbench.domain.errors import InvalidArgument
from workbench.domain.names import clean_name
from workbench.domain.reporters import Reporter
from workbench.domain.results import checked_note
from workbench.domain.rules import MAX_PERSON
from workbench.server.cursors import cursor_of, place_of
from workbench.server.models.results import (
    Group,
    HitModel,
    Hits,
    MeasureModel,
    PairView,
    RateView,
    StatisticsView,
    StreamCall,
    StreamCalls,
    StreamPage,
    StreamView,
    WrongHitBody,
    WrongHitView,
)
from workbench.server.operations.shared import group, known, published, ref, rows, sliced, tracker_of, used
from workbench.server.routing import ApiRequest, RouteReply

_HIT = (
    *("sentence_id", "text", "speaker", "side", "start_s", "before", "after", "conversation_id", "kind", "title"),
    *("started", "team", "account", "deal", "stage", "trackers", "versions", "score"),
)
_MEASURES = ("share", "rate", "true_rate", "per_100_calls", "true_per_100_calls", "per_hour", "true_per_hour")


def search(call: ApiRequest) -> Hits:
    query = call.query
    workspace = call.workspace
    size, start = place_of(query.cursor, int, int) or [workspace.lake.size, 0]
    trackers = [published(workspace, one).id for one in query.tracker]
    frame = workspace.search(
        query.words,
        query.meaning,
        trackers,
        query.to_filters(),
        query.limit,
        start,
        upto=size,
    )
    end = start + len(frame)
    total = int(frame.attrs["total"])
    return Hits(
        items=[HitModel(**row) for row in rows(frame, _HIT)],
        total=total,
        note=frame.attrs["note"],
        next_cursor=cursor_of(size, end) if len(frame) and end < total else None,
    )


def get_statistics(call: ApiRequest) -> StatisticsView:
    query = call.query
    tracker = published(call.workspace, query.tracker)
    found = call.workspace.statistics(tracker.id, query.by, query.narrowing(), query.least_calls)
    pairs = None
    if query.pairs:
        names = ("first", "second", "difference", "low", "high", "p", "corrected", "verdict")
        pairs = [PairView(**row) for row in rows(found.pairs, names)]
    return StatisticsView(
        tracker=ref(tracker),
        by=list(cast("tuple[Group, ...]", found.by)),
        rates=[_rate(row, found.by) for row in found.rates.to_dict("records")],
        pairs=pairs,
        notes=list(found.notes),
    )


def list_streams(call: ApiRequest) -> StreamPage:
    page, more = sliced(call.workspace.streams.list(), call.query.cursor, call.query.limit)
    items = [
        StreamView(
            id=one.id,
            name=one.name,
            trackers=[used(tracker) for tracker in one.trackers],
            channels=[str(channel.kind) for channel in one.channels],
            created=one.spec.created,
        )
        for one in page
    ]
    return StreamPage(items=items, next_cursor=more)


def list_stream_calls(call: ApiRequest) -> StreamCalls:
    frame = call.workspace.streams.get(call.path["stream"]).calls()
    (start,) = place_of(call.query.cursor, int) or [0]
    page = frame.iloc[start : start + call.query.limit]
    names = ("conversation_id", "title", "started", "account", "team", "tracker", "version", "sentence_ids")
    end = start + len(page)
    more = cursor_of(end) if len(page) and end < len(frame) else None
    return StreamCalls(items=[StreamCall(**row) for row in rows(page, names)], next_cursor=more)


def say_wrong(call: ApiRequest) -> RouteReply:
    body: WrongHitBody = call.body
    tracker = tracker_of(call.workspace, body.tracker)
    reporter = _reporter(call, body.by)
    call.workspace.wrong_hit(tracker.id, body.sentence_id, by=reporter, note=body.note)
    note = checked_note(body.note)
    view = WrongHitView(tracker=ref(tracker), sentence_id=body.sentence_id, by=reporter.name, note=note)
    return RouteReply(view, 201)


def _reporter(call: ApiRequest, by: str | None) -> Reporter:
    """Return who reports: the caller, or whom they name; both are kept apart from people who report in other ways."""
    name = clean_name(by if by is not None else call.by[:MAX_PERSON])
    if not name:
        raise InvalidArgument("by: required; give the name of the person who reports the wrong hit")
    return Reporter(name=name, key=f"api:{call.user}" if by is None else f"api-for:{name}")


def measure(row: Any, name: str, low: str, high: str) -> MeasureModel:
    return MeasureModel(low=known(row[low]), point=known(row[name]), high=known(row[high]))


def _rate(row: Any, by: tuple[str, ...]) -> RateView:
    names = ("versions", "calls", "sentences", "hours", "found", "calls_found")
    about: dict[str, Any] = {name: known(row[name]) for name in names}
    about |= {name: measure(row, name, f"{name}_low", f"{name}_high") for name in _MEASURES}
    return RateView(group=group(row, by), **about)
