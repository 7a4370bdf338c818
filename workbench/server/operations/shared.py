"""Small things that several operations need."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from workbench.domain.errors import TrackerNotFound, WrongState
from workbench.domain.trackers import TrackerState
from workbench.domain.views import TrackerRef
from workbench.server.cursors import cursor_of, place_of
from workbench.server.models.base import UsedTrackerView
from workbench.server.problems import RequestRefused
from workbench.server.routing import ApiRequest, RouteReply

if TYPE_CHECKING:
    from workbench.domain.used_trackers import UsedTracker
    from workbench.server.models.metrics import MetricView
    from workbench.server.models.trackers import TrackerView
    from workbench.workspace.tracker import Tracker
    from workbench.workspace.workspace import Workspace

T = TypeVar("T")


def ref(tracker: Any) -> TrackerRef:
    """Return a reference to a tracker or its spec."""
    return TrackerRef(id=tracker.id, name=tracker.name)


def used(tracker: UsedTracker) -> UsedTrackerView:
    """Return the view of a tracker that something uses, even if it was deleted."""
    about = {name: getattr(tracker, name) for name in ("id", "name", "status", "deleted", "note")}
    return UsedTrackerView(**about)


def tracker_of(workspace: Workspace, id_or_name: str) -> Tracker:
    """Return a tracker that is not deleted. Raises ``TrackerNotFound``."""
    found = workspace.trackers.get(id_or_name)
    if found.state is TrackerState.DELETED:
        raise TrackerNotFound(f"tracker {found.name!r} is deleted; restore it first")
    return found


def published(workspace: Workspace, id_or_name: str) -> Tracker:
    """Return a tracker that was published, because the API only returns stored results and trains nothing.

    Raises:
        TrackerNotFound: there is no such tracker.
        WrongState: it was never published.
    """
    tracker = tracker_of(workspace, id_or_name)
    if not tracker.publications():
        raise WrongState(f"tracker {tracker.name!r} has no results because it was never published; publish it first")
    return tracker


def sliced(items: Sequence[T], cursor: str | None, limit: int) -> tuple[Sequence[T], str | None]:
    """Return a page of a list that only ever grows at its end, and the cursor of the next page."""
    (start,) = place_of(cursor, int) or [0]
    end = start + limit
    return items[start:end], cursor_of(end) if end < len(items) else None


def known(value: Any) -> Any:
    """Return a value for JSON: None for what pandas calls missing, plain numbers, times in UTC."""
    import pandas as pd

    if isinstance(value, (list, tuple)):
        return list(value)
    if value is None or pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        return in_utc(value.to_pydatetime())
    return value.item() if hasattr(value, "item") else value


def in_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def tagged(view: TrackerView | MetricView) -> RouteReply:
    """Return a view with its entity tag (RFC 9110, 8.8.3), so that callers change only what they have seen."""
    return RouteReply(view, 200, {"ETag": f'"{view.tag}"'})


def expected_tag(call: ApiRequest) -> str | None:
    """Return the tag in ``If-Match``, which the thing to change must still have; None if any tag is allowed.

    Raises:
        Refused: 412, it gives several tags or a weak one, which can never match.
    """
    given = (call.if_match or "").strip()
    if not given or given == "*":
        return None
    if not re.fullmatch(r'"[!#-~]*"', given):
        raise RequestRefused(412, "If-Match: give a single entity tag from a reply's ETag header, including its quotes")
    return given[1:-1]


def rows(frame: Any, names: Mapping[str, str] | Sequence[str]) -> list[dict[str, Any]]:
    """Return the frame's rows as plain values; a mapping renames the columns."""
    columns = dict(names) if isinstance(names, Mapping) else {name: name for name in names}
    values = [[known(value) for value in frame[column]] for column in columns]
    return [dict(zip(columns.values(), row, strict=True)) for row in zip(*values, strict=True)]


def group(row: Mapping[Any, Any], by: Sequence[str]) -> dict[str, str | None]:
    """Return the values that a row is grouped by, with periods as the date of their first day."""
    out = {}
    for name in by:
        value = known(row[name])
        out[name] = value.date().isoformat() if isinstance(value, datetime) else None if value is None else str(value)
    return out
