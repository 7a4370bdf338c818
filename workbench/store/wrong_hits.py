"""What people say was found wrongly, kept apart from rounds and answers (R8)."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Engine, insert, select, update
from sqlalchemy.exc import IntegrityError

from workbench.domain.results import WrongHit
from workbench.store.moments import aware, now
from workbench.store.tables import wrong_hits


class WrongHitRepository:
    """The queue of one tracker."""

    def __init__(self, engine: Engine, tracker_id: str):
        self._engine = engine
        self.tracker_id = tracker_id
        self._mine = wrong_hits.c.tracker_id == tracker_id

    def add(self, sentence_id: str, by: str, note: str, version: int | None) -> None:
        """Says it once a person: again changes the note, where it is not empty, and opens what was closed."""
        key = {"tracker_id": self.tracker_id, "sentence_id": sentence_id, "by": by}
        values = {"version": version, "at": now(), "closed": None} | ({"note": note} if note else {})
        same = self._mine & (wrong_hits.c.sentence_id == sentence_id) & (wrong_hits.c.by == by)
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(wrong_hits).values(key | {"note": note} | values))
        except IntegrityError:
            closed = wrong_hits.c.closed.is_not(None)
            changed = same & (closed | (wrong_hits.c.note != note)) if note else same & closed
            with self._engine.begin() as connection:
                connection.execute(update(wrong_hits).where(changed).values(values))

    def open(self) -> list[WrongHit]:
        """Those that the trainer has not closed, oldest first."""
        query = select(wrong_hits).where(self._mine, wrong_hits.c.closed.is_(None))
        order = (wrong_hits.c.at, wrong_hits.c.sentence_id, wrong_hits.c.by)
        with self._engine.connect() as connection:
            rows = connection.execute(query.order_by(*order)).mappings().all()
        return [
            WrongHit(
                tracker_id=row["tracker_id"],
                sentence_id=row["sentence_id"],
                by=row["by"],
                note=row["note"],
                version=row["version"],
                at=aware(row["at"]),
            )
            for row in rows
        ]

    def close(self, sentence_ids: Sequence[str]) -> None:
        """Takes these sentences out of the queue, whoever named them."""
        mine = self._mine & wrong_hits.c.sentence_id.in_(list(sentence_ids)) & wrong_hits.c.closed.is_(None)
        with self._engine.begin() as connection:
            connection.execute(update(wrong_hits).where(mine).values(closed=now()))
