"""Versions and what they find. A batch's detections and its cursor are written in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, RowMapping, Select, func, insert, select, update

from workbench.domain.errors import TrackerNotFound, WrongState
from workbench.domain.estimates import estimate_of
from workbench.domain.filters import Filters
from workbench.domain.publications import Version
from workbench.domain.trackers import TrackerKind
from workbench.domain.unreadable import Unreadable
from workbench.store.authority import ENDPOINT
from workbench.store.database import add_all_where_new
from workbench.store.moments import aware, now
from workbench.store.notices import run_failed
from workbench.store.reading import VERSION, checked_list, checked_mapping, readable
from workbench.store.tables import detections, publications, trackers
from workbench.store.trust import extending
from workbench.store.unit_of_work import NOTHING, Write

_IS_ACTIVE = (publications.c.tracker_id == trackers.c.id) & (publications.c.version == trackers.c.active_version)


class Cursors(NamedTuple):
    """``past_left`` conversations below ``first_upcoming`` are still to be read; ``next_upcoming`` is read next."""

    past_left: int
    next_upcoming: int
    cancelled: bool
    failure: str | None
    last_run: datetime | None


class Detection(NamedTuple):
    sentence_id: str
    number: int
    score: float


class PublicationRepository:
    """The publications of one workspace. Any number of processes may use it at once."""

    def __init__(self, engine: Engine):
        self._engine = engine

    def add(self, version: Version, write: Write = NOTHING) -> None:
        """Write it and make it the tracker's active version; ``write`` is in the same transaction.

        Raises:
            IntegrityError: another process published this version number.
        """
        values = asdict(version)
        values["reading"] = version.reading or version.id
        values["past_left"] = version.first_upcoming if version.past else 0
        values["next_upcoming"] = version.first_upcoming
        with self._agreeing(version), self._engine.begin() as connection:
            connection.execute(insert(publications).values(values | {"cancelled": False}))
            self._activate(connection, version.tracker_id, version.version)
            write(connection)

    def _agreeing(self, version: Version) -> AbstractContextManager[None]:
        asks = version.definition.get("settings", {}).get("judge") == ENDPOINT
        return extending(self._engine) if asks else nullcontext()

    def activate(self, tracker_id: str, version: int | None, state: str) -> None:
        """Make one version active, or none, and write the tracker's state."""
        with self._engine.begin() as connection:
            self._activate(connection, tracker_id, version, state)

    def versions(self, tracker_id: str) -> list[Version]:
        """Return all versions of a tracker, oldest first."""
        query = select(publications).where(publications.c.tracker_id == tracker_id).order_by(publications.c.version)
        with self._engine.connect() as connection:
            return _readable(connection, query)[0]

    def by_id(self, ids: Sequence[str]) -> list[Version]:
        """Return the versions with these ids, the oldest first; those that cannot be read are left out."""
        query = select(publications).where(publications.c.id.in_(list(ids))).order_by(publications.c.published)
        with self._engine.connect() as connection:
            return _readable(connection, query)[0]

    def in_use(self, *states: str) -> list[Version]:
        """Return the active version of every tracker in one of these states, the oldest tracker first."""
        query = select(publications).join(trackers, _IS_ACTIVE).where(trackers.c.state.in_(states))
        with self._engine.connect() as connection:
            return _readable(connection, query.order_by(trackers.c.created, trackers.c.id))[0]

    def unreadable(self) -> list[Unreadable]:
        """Versions of trackers that are not deleted that cannot be read; ``versions`` and ``in_use`` leave them out."""
        query = select(publications).join(trackers, publications.c.tracker_id == trackers.c.id)
        with self._engine.connect() as connection:
            return _readable(connection, query.where(trackers.c.state != "deleted"))[1]

    def ids_in_use(self, *states: str) -> frozenset[str]:
        """Return the ids of what ``in_use`` returns."""
        query = select(publications.c.id).join(trackers, _IS_ACTIVE).where(trackers.c.state.in_(states))
        with self._engine.connect() as connection:
            return frozenset(connection.execute(query).scalars())

    def cursors(self, publication_id: str) -> Cursors:
        columns = [publications.c[name] for name in Cursors._fields]
        with self._engine.connect() as connection:
            row = connection.execute(select(*columns).where(publications.c.id == publication_id)).one()
        found = Cursors(**row._mapping)
        return found._replace(last_run=None if found.last_run is None else aware(found.last_run))

    def advance(
        self,
        publication_id: str,
        cursor: str,
        was: int,
        becomes: int,
        found: Sequence[Detection],
        write: Write = NOTHING,
    ) -> bool:
        """Move ``past_left`` or ``next_upcoming``, and store what was found on the way.

        ``write`` is in the same transaction.

        Returns False and stores nothing if another process moved it first or the backfill was cancelled.
        """
        column = publications.c[cursor]
        mine = (publications.c.id == publication_id) & (column == was)
        if cursor == "past_left":
            mine &= ~publications.c.cancelled
        with self._engine.begin() as connection:
            moved = connection.execute(update(publications).where(mine).values({cursor: becomes, "last_run": now()}))
            if not moved.rowcount:
                return False
            if found:
                rows = [{"publication_id": publication_id, **one._asdict()} for one in found]
                add_all_where_new(connection, detections, rows)  # a hidden copy of a call may have been read before
            write(connection)
        return True

    def mark(self, publication_id: str, **values: Any) -> None:
        """Write ``cancelled``, or clear a failure; see :meth:`fail`."""
        with self._engine.begin() as connection:
            connection.execute(update(publications).where(publications.c.id == publication_id).values(values))

    def fail(self, version: Version, reason: str, past: bool) -> None:
        """Write why a version could not continue reading, and notify of it; see :func:`notices.run_failed`."""
        with self._engine.begin() as connection:
            run_failed(connection, version, reason, past)

    def pause_reason(self, tracker_id: str) -> str | None:
        """Return why the workbench paused a tracker; None if it did not."""
        query = select(trackers.c.pause_reason).where(trackers.c.id == tracker_id)
        with self._engine.connect() as connection:
            found: str | None = connection.execute(query).scalar()
            return found

    def last_run(self, tracker_id: str) -> datetime | None:
        """Return when any version of a tracker last read calls; None if none ever did."""
        query = select(func.max(publications.c.last_run)).where(publications.c.tracker_id == tracker_id)
        with self._engine.connect() as connection:
            found = connection.execute(query).scalar_one()
            return None if found is None else aware(found)

    def found(self, publication_id: str) -> int:
        """Return how many sentences it has found so far."""
        query = select(func.count()).where(detections.c.publication_id == publication_id)
        with self._engine.connect() as connection:
            return int(connection.execute(query).scalar_one())

    def detections(self, publication_id: str) -> list[Detection]:
        """Return all of them, in the corpus's order."""
        query = (
            select(detections.c.sentence_id, detections.c.number, detections.c.score)
            .where(detections.c.publication_id == publication_id)
            .order_by(detections.c.number, detections.c.sentence_id)
        )
        with self._engine.connect() as connection:
            return [Detection(*row) for row in connection.execute(query).all()]

    @staticmethod
    def _activate(connection: Connection, tracker_id: str, version: int | None, state: str = "active") -> None:
        mine = (trackers.c.id == tracker_id) & ~trackers.c.erased
        values = {"active_version": version, "state": state, "pause_reason": None}
        if not connection.execute(update(trackers).where(mine, trackers.c.state != "deleted").values(values)).rowcount:
            if connection.execute(select(trackers.c.id).where(mine)).first() is not None:
                raise WrongState("the tracker is deleted; restore it first")
            raise TrackerNotFound("the tracker was deleted permanently in the meantime")
        if version is not None:
            _put_first(connection, tracker_id, version)


def _put_first(connection: Connection, tracker_id: str, version: int) -> None:
    """Has the results of a version come before those of all others, after those of older ones that read alike."""
    columns, mine = publications.c, publications.c.tracker_id == tracker_id
    highest = connection.execute(select(func.max(columns.precedence)).where(mine)).scalar_one()
    reading = select(columns.reading).where(mine, columns.version == version).scalar_subquery()
    alike = select(columns.id).where(mine, columns.reading == reading).order_by(columns.version.desc())
    for place, name in enumerate(connection.execute(alike).scalars().all(), start=1):
        connection.execute(update(publications).where(columns.id == name).values(precedence=highest + place))


def _readable(connection: Connection, query: Select[Any]) -> tuple[list[Version], list[Unreadable]]:
    owner = trackers.alias()  # the query may join trackers itself
    named = (
        select(owner.c.name).where(owner.c.id == publications.c.tracker_id).correlate(publications).scalar_subquery()
    )
    return readable(connection, query, VERSION, publications.c.id, named, _version)


def _version(row: RowMapping) -> Version:
    values = {name: row[name] for name in Version.__dataclass_fields__}
    values["definition"] = _definition(row["definition"])
    values["published"] = aware(row["published"])
    values["since"] = None if row["since"] is None else aware(row["since"])
    values["estimate"] = estimate_of(row["estimate"])
    return Version(**values)


def _definition(stored: Any) -> dict[str, Any]:
    """Return the frozen definition, with what all readers use; raises if that is not valid."""
    found = checked_mapping(stored)
    checked_list([found["name"], found["description"], found["threshold"]])
    checked_list(found["examples"])
    Filters.stored(found["filters"])
    TrackerKind(found.get("kind", TrackerKind.EXAMPLE))
    checked_mapping(found.get("settings", {}))
    return found
