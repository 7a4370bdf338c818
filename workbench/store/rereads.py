"""Conversations that changed after a version had read them, and that it has to read again."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from sqlalchemy import Engine, delete, func, insert, select

from workbench.domain.trackers import TrackerState
from workbench.store.database import writing
from workbench.store.publications import Detection
from workbench.store.renaming import AT_ONCE
from workbench.store.tables import detections, publications, rereads, trackers
from workbench.store.unit_of_work import NOTHING, Write


class _ReadElsewhere(Exception):
    """Another process has read one of them meanwhile, so nothing is stored."""


class RereadRepository:
    """What has to be read again in one workspace. Any number of processes may use it at the same time."""

    def __init__(self, engine: Engine):
        self._engine = engine

    def waiting(self) -> dict[str, list[int]]:
        """Return the numbers of the conversations that versions of active trackers are to read again, by version."""
        joined = rereads.join(publications, publications.c.id == rereads.c.publication_id)
        joined = joined.join(trackers, trackers.c.id == publications.c.tracker_id)
        query = select(rereads.c.publication_id, rereads.c.number).select_from(joined)
        query = query.where(trackers.c.state == str(TrackerState.ACTIVE)).order_by(rereads.c.number)
        out: dict[str, list[int]] = {}
        with self._engine.connect() as connection:
            for publication_id, number in connection.execute(query):
                out.setdefault(publication_id, []).append(number)
        return out

    def count(self) -> int:
        """Return how many readings are waiting, those of trackers that are not active among them."""
        with self._engine.connect() as connection:
            return int(connection.execute(select(func.count()).select_from(rereads)).scalar_one())

    def found_before(self, publication_id: str, numbers: Sequence[int]) -> set[str]:
        """Return the sentences of these conversations that a version has found."""
        out = set[str]()
        with self._engine.connect() as connection:
            for start in range(0, len(numbers), AT_ONCE):
                some = detections.c.number.in_(list(numbers[start : start + AT_ONCE]))
                query = select(detections.c.sentence_id).where(detections.c.publication_id == publication_id, some)
                out.update(connection.execute(query).scalars())
        return out

    def read(
        self, publication_id: str, numbers: Sequence[int], found: Sequence[Detection], write: Write = NOTHING
    ) -> bool:
        """Replace what was found in these conversations, and mark them as read.

        ``write`` is in the same transaction. Returns False and stores nothing if another process has read one of them.
        """
        with suppress(_ReadElsewhere), writing(self._engine) as connection:
            mine = rereads.c.publication_id == publication_id
            counted = 0
            for start in range(0, len(numbers), AT_ONCE):
                some = list(numbers[start : start + AT_ONCE])
                counted += connection.execute(delete(rereads).where(mine, rereads.c.number.in_(some))).rowcount
                own = (detections.c.publication_id == publication_id) & detections.c.number.in_(some)
                connection.execute(delete(detections).where(own))
            if counted != len(numbers):
                raise _ReadElsewhere
            if found:
                rows = [{"publication_id": publication_id, **one._asdict()} for one in found]
                connection.execute(insert(detections), rows)
            write(connection)
            return True
        return False

    def drop(self, publication_id: str, numbers: Sequence[int]) -> None:
        """Forget that these are to be read again, because the results of another version now apply there."""
        with writing(self._engine) as connection:
            for start in range(0, len(numbers), AT_ONCE):
                some = rereads.c.number.in_(list(numbers[start : start + AT_ONCE]))
                connection.execute(delete(rereads).where(rereads.c.publication_id == publication_id, some))
