"""What has become of the trackers that something uses: their names and states, also of those that were deleted."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Engine, RowMapping, exists, null, select

from workbench.domain.names import clean_name
from workbench.domain.trackers import TrackerState
from workbench.domain.used_trackers import Status, UsedTracker
from workbench.store.moments import aware
from workbench.store.tables import publications, trackers
from workbench.store.trackers import shown_name

_AT_ONCE = 800  # a statement takes so many values only
_COLUMNS = (trackers.c.id, trackers.c.name, trackers.c.state, trackers.c.deleted, trackers.c.erased)
_PUBLISHED = exists(select(publications.c.id).where(publications.c.tracker_id == trackers.c.id))


def used_trackers(engine: Engine, tracker_ids: Iterable[str]) -> dict[str, UsedTracker]:
    """Return what these trackers are called and what has become of them, by id, in this order; also of those not known.

    Nothing but names and states is read, so that a tracker whose definition is damaged has its name, too.
    """
    wanted = list(dict.fromkeys(tracker_ids))
    found: dict[str, UsedTracker] = {}
    with engine.connect() as connection:
        for start in range(0, len(wanted), _AT_ONCE):
            mine = trackers.c.id.in_(wanted[start : start + _AT_ONCE])
            query = select(*_COLUMNS, _PUBLISHED.label("published")).where(mine)
            try:
                rows = connection.execute(query).mappings().all()
            except ValueError:  # a moment that cannot be read
                undated = select(
                    *_COLUMNS[:3], null().label("deleted"), trackers.c.erased, _PUBLISHED.label("published")
                )
                rows = connection.execute(undated.where(mine)).mappings().all()
            found |= {row["id"]: _used(row) for row in rows}
    return {one: found.get(one, UsedTracker(id=one, name="", status="deleted forever")) for one in wanted}


def _used(row: RowMapping) -> UsedTracker:
    deleted = None if row["deleted"] is None else aware(row["deleted"])
    name = clean_name(shown_name(row["id"], str(row["name"])))
    return UsedTracker(id=row["id"], name=name, status=_status(row), deleted=deleted)


def _status(row: RowMapping) -> Status:
    if row["erased"]:
        return "deleted forever"
    if row["state"] == TrackerState.DELETED:
        return "deleted"
    if not row["published"]:
        return "never published"
    known: dict[str, Status] = {"paused": "paused", "deactivated": "deactivated"}
    return known.get(row["state"], "active")
