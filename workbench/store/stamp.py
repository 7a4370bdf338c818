"""Whether anything changed that results are made of, at the price of a few short queries."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

from sqlalchemy import Engine, func, select

from workbench.store.credit_tables import unjudged
from workbench.store.metric_tables import metric_values, metrics
from workbench.store.tables import alerts, answers, definitions, messages, publications, rounds, tracker_edits, trackers


class TrackerMark(NamedTuple):
    """A mark that changes whenever a tracker's definition, state or version in use does."""

    id: str
    name: str
    revision: int
    state: str
    active_version: int | None
    pause_reason: str | None
    erased: bool


def marks(engine: Engine) -> dict[str, TrackerMark]:
    """Return the mark of each tracker, by id, also of those that were deleted."""
    query = select(*(trackers.c[name] for name in TrackerMark._fields))
    with engine.connect() as connection:
        return {row.id: TrackerMark(*row) for row in connection.execute(query)}


def stamp(engine: Engine) -> str:
    """Give another text whenever anything changed that pages show.

    That is trackers, answers, versions, what they have read, boards, metrics, messages and alerts. A call that could
    not be judged, and was later, counts as read.
    """
    one, seen, passed = publications.c, trackers.c, unjudged.c
    cursors = (one.past_left, one.next_upcoming, one.cancelled, one.failure, one.last_run, one.precedence)
    queries = (
        select(one.id, *cursors).order_by(one.id),
        select(passed.publication_id, func.count(), func.max(passed.at))
        .group_by(passed.publication_id)
        .order_by(passed.publication_id),
        select(seen.id, seen.name, seen.description, seen.state, seen.active_version, seen.pause_reason).order_by(
            seen.id
        ),
        select(func.count(), func.max(tracker_edits.c.at)).select_from(tracker_edits),
        select(func.max(answers.c.id), func.max(answers.c.undone)),
        select(func.count(), func.max(rounds.c.completed)).select_from(rounds),
        select(definitions).order_by(definitions.c.id),
        select(metrics.c.id, metrics.c.name, metrics.c.version, metrics.c.changed).order_by(metrics.c.id),
        select(func.count(), func.max(metric_values.c.at)).select_from(metric_values),
        select(alerts.c.id, alerts.c.name, alerts.c.standing).order_by(alerts.c.id),
        select(messages.c.unread, func.count(), func.max(messages.c.created)).group_by(messages.c.unread),
    )
    with engine.connect() as connection:
        rows = [connection.execute(query).all() for query in queries]
    return hashlib.sha256(repr(rows).encode()).hexdigest()
