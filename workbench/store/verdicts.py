"""What judges have said, kept by a hash of all that they were given; and the calls that could not be judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, delete, insert, select, update

from workbench.store.credit_tables import unjudged, verdicts
from workbench.store.database import add_all_where_new, add_where_new
from workbench.store.moments import aware, now
from workbench.store.publications import Detection
from workbench.store.tables import detections
from workbench.store.unit_of_work import NOTHING, Write

_AT_ONCE = 500


class VerdictRepository:
    """Verdicts as plain JSON. What is there is never changed."""

    def __init__(self, engine: Engine):
        self._engine = engine

    def known(self, keys: Sequence[str]) -> dict[str, dict[str, Any]]:
        """Return the existing ones among these, by key."""
        out: dict[str, dict[str, Any]] = {}
        with self._engine.connect() as connection:
            for start in range(0, len(keys), _AT_ONCE):
                wanted = verdicts.c.key.in_(list(keys[start : start + _AT_ONCE]))
                rows = connection.execute(select(verdicts.c.key, verdicts.c.body).where(wanted))
                out |= {row.key: row.body for row in rows}
        return out

    def add(self, key: str, judge: str, body: Mapping[str, Any]) -> None:
        """Store a verdict, unless another process was first."""
        with self._engine.begin() as connection:
            add_where_new(connection, verdicts, key=key, judge=judge, body=dict(body), created=now())


class Unjudged(NamedTuple):
    """A call that could not be judged, why, how often that was tried, and when last."""

    number: int
    reason: str
    tries: int
    at: datetime


class UnjudgedRepository:
    """The calls that one publication has passed over."""

    def __init__(self, engine: Engine, publication_id: str):
        self._engine = engine
        self._id = publication_id

    def list(self) -> list[Unjudged]:
        """In the corpus's order."""
        columns = [unjudged.c[name] for name in Unjudged._fields]
        query = select(*columns).where(unjudged.c.publication_id == self._id).order_by(unjudged.c.number)
        with self._engine.connect() as connection:
            found = [Unjudged(**row) for row in connection.execute(query).mappings()]
        return [one._replace(at=aware(one.at)) for one in found]

    def passed_over(self, connection: Connection, failed: Mapping[int, str]) -> None:
        """Note calls, in the transaction that moves the cursor past them."""
        rows = [{"number": number, "reason": reason} for number, reason in failed.items()]
        if rows:
            more = {"publication_id": self._id, "tries": 1, "at": now()}
            connection.execute(insert(unjudged), [row | more for row in rows])

    def tried_again(self, number: int, reason: str) -> None:
        mine = (unjudged.c.publication_id == self._id) & (unjudged.c.number == number)
        values = {"reason": reason, "tries": unjudged.c.tries + 1, "at": now()}
        with self._engine.begin() as connection:
            connection.execute(update(unjudged).where(mine).values(values))

    def judged(self, number: int, found: Sequence[Detection], write: Write = NOTHING) -> bool:
        """Take a call off, keep what was found in it, and make ``write``; False if another process did."""
        mine = (unjudged.c.publication_id == self._id) & (unjudged.c.number == number)
        with self._engine.begin() as connection:
            if not connection.execute(delete(unjudged).where(mine)).rowcount:
                return False
            if found:
                rows = [{"publication_id": self._id, **one._asdict()} for one in found]
                add_all_where_new(connection, detections, rows)
            write(connection)
        return True
