"""What people say was found wrongly, kept apart from rounds and answers (R8)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, func, insert, select, text, update

from workbench.domain.reporters import Reporter, ReporterKind
from workbench.domain.results import MAX_A_MINUTE, MAX_OPEN, MAX_OPEN_OF_GUESTS, TooManyReports, WrongHit
from workbench.store.database import writing
from workbench.store.moments import aware, now
from workbench.store.tables import wrong_hits

_MINUTE = timedelta(minutes=1)
_COUNTING = 0x77726F6E67686974  # one lock for all writers here: the count is still valid when a row is added


class WrongHitRepository:
    """The queue of one tracker."""

    def __init__(self, engine: Engine, tracker_id: str):
        self._engine = engine
        self.tracker_id = tracker_id
        self._mine = wrong_hits.c.tracker_id == tracker_id

    def add(self, sentence_id: str, by: Reporter, note: str, version: int | None) -> None:
        """Keep what someone says, one row a person: again changes the note, if one is given, and opens a closed one.

        Raises:
            TooManyReports: they have said enough for now; nothing is kept.
        """
        key = {"tracker_id": self.tracker_id, "sentence_id": sentence_id, "person": by.key}
        same = self._mine & (wrong_hits.c.sentence_id == sentence_id) & (wrong_hits.c.person == by.key)
        values = {"by": by.name, "version": version, "at": now(), "closed": None}
        with writing(self._engine) as connection:
            _alone(connection)
            known = connection.execute(select(wrong_hits).where(same)).mappings().first()
            if known is not None and known["closed"] is None and note in ("", known["note"]):
                return
            self._check(connection, by, opens=known is None or known["closed"] is not None)
            if known is None:
                connection.execute(insert(wrong_hits).values(key | values | {"note": note}))
            else:
                connection.execute(update(wrong_hits).where(same).values(values | {"note": note or known["note"]}))

    def open(self) -> list[WrongHit]:
        """Return those that the trainer has not closed, oldest first."""
        query = select(wrong_hits).where(self._mine, wrong_hits.c.closed.is_(None))
        order = (wrong_hits.c.at, wrong_hits.c.sentence_id, wrong_hits.c.by, wrong_hits.c.person)
        with self._engine.connect() as connection:
            return [_hit(row) for row in connection.execute(query.order_by(*order)).mappings()]

    def close(self, sentence_ids: Sequence[str]) -> None:
        """Remove these sentences from the queue, whoever reported them."""
        mine = self._mine & wrong_hits.c.sentence_id.in_(list(sentence_ids)) & wrong_hits.c.closed.is_(None)
        with self._engine.begin() as connection:
            connection.execute(update(wrong_hits).where(mine).values(closed=now()))

    def _check(self, connection: Connection, by: Reporter, opens: bool) -> None:
        own, waits = wrong_hits.c.person == by.key, wrong_hits.c.closed.is_(None)
        if by.standing is not ReporterKind.AUTHOR:
            recent = wrong_hits.c.at > now() - _MINUTE
            if _count(connection, own, recent) >= MAX_A_MINUTE:
                raise TooManyReports(
                    f"You have sent {MAX_A_MINUTE} reports within a minute. Wait a minute, then send this one again."
                )
        if not opens:
            return
        if _count(connection, own, waits) >= MAX_OPEN:
            raise TooManyReports(
                f"{MAX_OPEN} of your reports are waiting for review by the people who train the trackers. "
                "You can send more once some have been reviewed."
            )
        guests = wrong_hits.c.person.startswith("guest:")
        if by.standing is ReporterKind.GUEST and _count(connection, self._mine, guests, waits) >= MAX_OPEN_OF_GUESTS:
            raise TooManyReports(
                f"{MAX_OPEN_OF_GUESTS} reports about this tracker are waiting for review by the people who train it. "
                "You can send more once some have been reviewed."
            )


def _alone(connection: Connection) -> None:
    """Keep others from adding rows until the transaction ends; on SQLite ``writing`` does."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _COUNTING})


def _count(connection: Connection, *where: Any) -> int:
    return int(connection.execute(select(func.count()).select_from(wrong_hits).where(*where)).scalar_one())


def _hit(row: RowMapping) -> WrongHit:
    values = {name: row[name] for name in WrongHit.__dataclass_fields__}
    return WrongHit(**values | {"at": aware(row["at"])})
