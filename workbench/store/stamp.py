"""Whether anything changed that results are made of, at the price of a few short queries."""

from __future__ import annotations

import hashlib

from sqlalchemy import Engine, func, select

from workbench.store.tables import alerts, definitions, messages, metric_values, metrics, publications, trackers


def stamp(engine: Engine) -> str:
    """Another text whenever trackers, versions, what they have read, boards, metrics, messages or alerts changed."""
    one, seen = publications.c, trackers.c
    queries = (
        select(one.id, one.past_left, one.next_upcoming, one.cancelled, one.failure, one.last_run).order_by(one.id),
        select(seen.id, seen.name, seen.description, seen.state, seen.active_version).order_by(seen.id),
        select(definitions).order_by(definitions.c.id),
        select(metrics.c.id, metrics.c.name, metrics.c.version, metrics.c.changed).order_by(metrics.c.id),
        select(func.count(), func.max(metric_values.c.at)).select_from(metric_values),
        select(alerts.c.id, alerts.c.name, alerts.c.standing).order_by(alerts.c.id),
        select(messages.c.unread, func.count(), func.max(messages.c.created)).group_by(messages.c.unread),
    )
    with engine.connect() as connection:
        rows = [connection.execute(query).all() for query in queries]
    return hashlib.sha256(repr(rows).encode()).hexdigest()
