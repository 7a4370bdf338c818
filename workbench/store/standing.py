"""The current results: for each conversation those of the first version, in order of precedence, that has read it.

The version in use comes first, then the others, the one that was in use last before those of earlier times. So what
was found stays until a newer version has read the conversation, whatever becomes of the tracker.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import Column, ColumnElement, Connection, Engine, RowMapping, Select, and_, exists, func, or_, select

from workbench.domain.reach import Reach
from workbench.domain.trackers import TrackerState
from workbench.store.credit_tables import unjudged
from workbench.store.database import snapshot
from workbench.store.moments import aware
from workbench.store.reading import VERSION, readable
from workbench.store.tables import detections, publications, trackers
from workbench.store.trackers import shown_name

Started = Callable[[Collection[int]], Mapping[int, datetime | None]]
"""Gives when the conversations of these numbers began."""
SentencePlace = tuple[int, str]  # of a detection: number of its conversation, sentence id

_AT_ONCE = 400  # values of one statement
_CURSORS = ("id", "tracker_id", "version", "past", "since", "first_upcoming", "past_left", "next_upcoming")


class VersionReach(NamedTuple):
    """A version, and in ``reach`` the conversations where its results are current."""

    publication_id: str
    tracker_id: str
    version: int
    reach: Reach


class FoundSentence(NamedTuple):
    """A sentence of the conversation of this number, as a tracker's version found it."""

    number: int
    sentence_id: str
    score: float
    tracker_id: str
    tracker: str
    version: int


class StandingRepository:
    """The current results of published trackers; those of deleted ones only if they are named."""

    def __init__(self, engine: Engine, started: Started):
        self._engine = engine
        self._started = started

    def versions(self, tracker_id: str) -> list[VersionReach]:
        """Return the versions of a tracker in order of precedence, also of a deleted one."""
        with snapshot(self._engine) as connection:
            return reaches(connection, [tracker_id])

    def of(self, tracker_id: str, within: range | None = None) -> tuple[list[VersionReach], list[FoundSentence]]:
        """Return its versions, and what they found in the corpus's order; also of a deleted one.

        They found it anywhere, or in the conversations ``within``.

        Both are as of one moment.
        """
        query = _rows().where(publications.c.tracker_id == tracker_id)
        if within is not None:
            query = query.where(detections.c.number >= within.start, detections.c.number < within.stop)
        with snapshot(self._engine) as connection:
            found = self._some(connection, query.order_by(detections.c.number, detections.c.sentence_id))[1]
            return reaches(connection, [tracker_id]), found

    def counts(self, tracker_id: str) -> dict[int, int]:
        """Return how many current results each of its versions has.

        Versions are in order of precedence; also those of a deleted tracker.
        """
        number = detections.c.number
        columns = (publications.c.id, publications.c.tracker_id, publications.c.version, number)
        query = select(*columns, func.count().label("sentences")).select_from(_FROM)
        query = query.where(publications.c.tracker_id == tracker_id, ~_HIDDEN).group_by(*columns)
        with snapshot(self._engine) as connection:
            kept = self._kept(connection, connection.execute(query).all())
            order = [one.version for one in reaches(connection, [tracker_id])]
        out = dict.fromkeys(order, 0)
        for row in kept:
            out[row.version] += row.sentences
        return {version: count for version, count in out.items() if count}

    def sentences(self, sentence_ids: Sequence[str]) -> list[FoundSentence]:
        """Return who found these sentences, the oldest tracker first."""
        order = (trackers.c.created, trackers.c.id)
        return self._several(detections.c.sentence_id, sentence_ids, *order)

    def in_conversations(self, numbers: Sequence[int]) -> dict[int, list[FoundSentence]]:
        """Return for each of these conversations what was found there, the oldest tracker first."""
        order = (detections.c.number, trackers.c.created, trackers.c.id, detections.c.sentence_id)
        out: dict[int, list[FoundSentence]] = {}
        for one in self._several(detections.c.number, numbers, *order):
            out.setdefault(one.number, []).append(one)
        return out

    def numbers(self, tracker_ids: Sequence[str]) -> list[int]:
        """Return the conversations in which any of these trackers has found something, in order."""
        query = select(publications.c.id, publications.c.tracker_id, detections.c.number).distinct()
        query = query.select_from(_FROM).where(publications.c.tracker_id.in_(list(tracker_ids)), ~_HIDDEN)
        with snapshot(self._engine) as connection:
            rows = connection.execute(query).all()
            return sorted({row.number for row in self._kept(connection, rows)})

    def page(
        self, tracker_id: str, limit: int, after: SentencePlace | None = None, newest: bool = False
    ) -> list[FoundSentence]:
        """At most ``limit`` of what a tracker found beyond that place, by conversation and sentence id.

        They come in the order in which the conversations came, or the other way round with ``newest``.
        """
        number, name = detections.c.number, detections.c.sentence_id
        query = _rows().where(publications.c.tracker_id == tracker_id)
        query = query.order_by(*((number.desc(), name.desc()) if newest else (number, name))).limit(limit)
        out: list[FoundSentence] = []
        with snapshot(self._engine) as connection:
            while len(out) < limit:
                rows, found = self._some(connection, query if after is None else query.where(_beyond(after, newest)))
                out += found
                if len(rows) < limit:
                    break
                after = (rows[-1].number, rows[-1].sentence_id)
        return out[:limit]

    def _several(self, column: Column[Any], values: Sequence[Any], *order: Any) -> list[FoundSentence]:
        out: list[FoundSentence] = []
        with snapshot(self._engine) as connection:
            for start in range(0, len(values), _AT_ONCE):
                wanted = column.in_(list(values[start : start + _AT_ONCE]))
                out += self._some(connection, _rows().where(wanted, _NOT_DELETED).order_by(*order))[1]
        return out

    def _some(self, connection: Connection, query: Select[Any]) -> tuple[Sequence[Any], list[FoundSentence]]:
        """Return the rows, and those of them that are current."""
        rows = connection.execute(query).all()
        kept = self._kept(connection, rows)
        return rows, [FoundSentence(*row[1:])._replace(tracker=shown_name(row.tracker_id, row.name)) for row in kept]

    def _kept(self, connection: Connection, rows: Sequence[Any]) -> list[Any]:
        """Return those that stand; only for calls within another version's period is it looked up when they began."""
        versions = reaches(connection, sorted({row.tracker_id for row in rows}))
        reach = {one.publication_id: one.reach for one in versions}
        rows = [row for row in rows if row.id in reach]  # a version that cannot be read has no results
        asked = {row.number for row in rows if reach[row.id].asks_when(row.number)}
        started = self._started(asked) if asked else {}
        return [row for row in rows if not reach[row.id].is_ceded(row.number, started.get(row.number))]


_FROM = trackers.join(publications, publications.c.tracker_id == trackers.c.id).join(
    detections, detections.c.publication_id == publications.c.id
)
_NOT_DELETED = trackers.c.state != str(TrackerState.DELETED)
_above = publications.alias("above")
_number = detections.c.number
# What the state can say by itself: a version with a higher precedence has read the call, whenever that began.
_HIDDEN = exists(
    select(_above.c.id).where(
        _above.c.tracker_id == publications.c.tracker_id,
        _above.c.precedence > publications.c.precedence,
        or_(
            and_(_number >= _above.c.first_upcoming, _number < _above.c.next_upcoming),
            and_(
                _above.c.past.is_not(None),
                _above.c.since.is_(None),
                _number >= _above.c.past_left,
                _number < _above.c.first_upcoming,
            ),
        ),
        ~exists(
            select(unjudged.c.number).where(unjudged.c.publication_id == _above.c.id, unjudged.c.number == _number)
        ),
    )
)


def _rows() -> Select[Any]:
    columns = (publications.c.id, *(detections.c[name] for name in ("number", "sentence_id", "score")))
    query = select(*columns, trackers.c.id.label("tracker_id"), trackers.c.name, publications.c.version)
    return query.select_from(_FROM).where(~_HIDDEN)


def reaches(connection: Connection, tracker_ids: Sequence[str]) -> list[VersionReach]:
    """Return the versions of these trackers with the reach of their results, in order of precedence for each."""
    out: list[VersionReach] = []
    for start in range(0, len(tracker_ids), _AT_ONCE):
        mine = publications.c.tracker_id.in_(list(tracker_ids[start : start + _AT_ONCE]))
        passed = select(unjudged.c.publication_id, unjudged.c.number)
        passed = passed.join(publications, publications.c.id == unjudged.c.publication_id).where(mine)
        missing: dict[str, set[int]] = {}
        for name, number in connection.execute(passed):
            missing.setdefault(name, set()).add(number)
        query = select(*(publications.c[name] for name in _CURSORS)).where(mine)
        above: dict[str, list[Reach]] = {}
        query = query.order_by(publications.c.precedence.desc())
        read = partial(_reach, missing)
        for one in readable(connection, query, VERSION, publications.c.id, publications.c.tracker_id, read)[0]:
            others = above.setdefault(one.tracker_id, [])
            out.append(one._replace(reach=one.reach.below(tuple(others))))
            others.append(one.reach)
    return out


def _reach(missing: Mapping[str, Collection[int]], row: RowMapping) -> VersionReach:
    """Return what a version has read, whatever others have."""
    reach = Reach(
        first=row["past_left"] if row["past"] else row["first_upcoming"],
        last=row["next_upcoming"],
        upcoming=row["first_upcoming"],
        since=None if row["since"] is None else aware(row["since"]),
        unjudged=frozenset(missing.get(row["id"], ())),
    )
    return VersionReach(row["id"], row["tracker_id"], row["version"], reach)


def _beyond(after: SentencePlace, newest: bool) -> ColumnElement[bool]:
    number, name = detections.c.number, detections.c.sentence_id
    beyond = number < after[0] if newest else number > after[0]
    within = name < after[1] if newest else name > after[1]
    return or_(beyond, and_(number == after[0], within))
