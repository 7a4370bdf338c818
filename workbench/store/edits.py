"""The edits of a tracker's definition, newest last; a limited number is kept for each tracker."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, Engine, bindparam, delete, insert, select

from workbench.domain.edits import Edit, differing
from workbench.domain.publications import definition_of
from workbench.domain.trackers import TrackerSpec
from workbench.store.moments import aware, now
from workbench.store.tables import tracker_edits

MAX_EDITS = 200  # of a tracker: they inform those who have it open and are not an archive


def record(connection: Connection, by: str, changed: Sequence[tuple[TrackerSpec, TrackerSpec]]) -> None:
    """Write edits, from definitions before and after, in the transaction of the change; the oldest are dropped."""
    rows = [
        {
            "tracker_id": after.id,
            "revision": after.revision,
            "at": now(),
            "by": by,
            "changes": {
                name: list(pair) for name, pair in differing(definition_of(before), definition_of(after)).items()
            },
        }
        for before, after in changed
    ]
    connection.execute(insert(tracker_edits), rows)
    old = [
        {"which": after.id, "until": after.revision - MAX_EDITS} for _, after in changed if after.revision > MAX_EDITS
    ]
    if old:
        mine = (tracker_edits.c.tracker_id == bindparam("which")) & (tracker_edits.c.revision <= bindparam("until"))
        connection.execute(delete(tracker_edits).where(mine), old)


def edits_since(connection: Connection, tracker_id: str, revision: int) -> list[Edit]:
    """Return the edits made after a revision, oldest first."""
    mine = (tracker_edits.c.tracker_id == tracker_id) & (tracker_edits.c.revision > revision)
    rows = connection.execute(select(tracker_edits).where(mine).order_by(tracker_edits.c.revision)).mappings()
    return [
        Edit(
            revision=row["revision"],
            at=aware(row["at"]),
            by=row["by"],
            changes={name: (pair[0], pair[1]) for name, pair in row["changes"].items()},
        )
        for row in rows
    ]


def edits(engine: Engine, tracker_id: str, revision: int = 0) -> list[Edit]:
    """As :func:`edits_since`, in a transaction of its own."""
    with engine.connect() as connection:
        return edits_since(connection, tracker_id, revision)
