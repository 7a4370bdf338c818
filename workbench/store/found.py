"""What the trackers in use have found, by conversation and page by page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Engine, Select, and_, distinct, func, or_, select

from workbench.store.publications import Detection
from workbench.store.tables import detections, publications, trackers


class Found(NamedTuple):
    """A sentence of the conversation of this number, as a tracker's version in use found it."""

    number: int
    sentence_id: str
    score: float
    tracker_id: str
    tracker: str
    version: int


class FoundRepository:
    """Reads what versions have written; those in use are the active versions of trackers that are not deleted."""

    def __init__(self, engine: Engine):
        self._engine = engine

    def in_conversations(self, numbers: Sequence[int]) -> dict[int, list[Found]]:
        """Of each of these conversations what was found there, oldest tracker first."""
        columns = (detections.c.number, detections.c.sentence_id, detections.c.score)
        query = _in_use(select(*columns, trackers.c.id, trackers.c.name, publications.c.version))
        query = query.where(detections.c.number.in_(list(numbers)))
        query = query.order_by(detections.c.number, trackers.c.created, trackers.c.id, detections.c.sentence_id)
        out: dict[int, list[Found]] = {}
        with self._engine.connect() as connection:
            for row in connection.execute(query):
                out.setdefault(row.number, []).append(Found(*row))
        return out

    def numbers(self, tracker_ids: Sequence[str]) -> list[int]:
        """The conversations in which any of these trackers has found something."""
        query = _in_use(select(distinct(detections.c.number))).where(trackers.c.id.in_(list(tracker_ids)))
        with self._engine.connect() as connection:
            return list(connection.execute(query.order_by(detections.c.number)).scalars())

    def version_of(self, tracker_id: str, sentence_id: str) -> int | None:
        """The newest version in use of this tracker that has found the sentence; None where none has."""
        query = _in_use(select(func.max(publications.c.version)))
        query = query.where(trackers.c.id == tracker_id, detections.c.sentence_id == sentence_id)
        with self._engine.connect() as connection:
            found: int | None = connection.execute(query).scalar()
            return found

    def page(
        self, publication_id: str, limit: int, after: tuple[int, str] | None = None, newest: bool = False
    ) -> list[Detection]:
        """At most ``limit`` of a version's detections beyond that place, by conversation and sentence id.

        They come in the order in which the conversations came, or the other way round with ``newest``.
        """
        number, name = detections.c.number, detections.c.sentence_id
        query = select(name, number, detections.c.score).where(detections.c.publication_id == publication_id)
        if after is not None:
            beyond = number < after[0] if newest else number > after[0]
            within = name < after[1] if newest else name > after[1]
            query = query.where(or_(beyond, and_(number == after[0], within)))
        order = (number.desc(), name.desc()) if newest else (number, name)
        with self._engine.connect() as connection:
            return [Detection(*row) for row in connection.execute(query.order_by(*order).limit(limit))]


def _in_use(query: Select[Any]) -> Select[Any]:
    active = and_(publications.c.tracker_id == trackers.c.id, publications.c.version == trackers.c.active_version)
    found = trackers.join(publications, active).join(detections, detections.c.publication_id == publications.c.id)
    return query.select_from(found).where(trackers.c.state != "deleted")
