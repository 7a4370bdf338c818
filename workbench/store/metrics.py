"""Stores metrics and their logged or judged values."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, RowMapping, delete, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from workbench.domain.edits import EditedMeanwhile, tag_of
from workbench.domain.metric_checks import checked_body, source_data
from workbench.domain.metrics import (
    BODY,
    Event,
    InvalidMetric,
    Metric,
    MetricNotFound,
    MetricOutcome,
    read,
    written,
)
from workbench.domain.unreadable import Unreadable
from workbench.store.database import writing
from workbench.store.metric_tables import metric_events, metric_values, metrics
from workbench.store.moments import aware, now
from workbench.store.reading import read_row, readable

MetricsRead = tuple[list[Metric], list[Unreadable]]
_CHUNK = 500  # ids in one query: SQLite takes a limited number


class MetricRepository:
    """The metrics of one workspace."""

    def __init__(self, engine: Engine):
        self._engine = engine

    def add(self, *made: Metric) -> None:
        """Add all of them or none; raises ``InvalidMetric`` if a name is taken."""
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(metrics), [_row(one) for one in made])
        except IntegrityError:
            raise self._taken(made) from None

    def change(
        self, changes: Mapping[str, Callable[[Metric], Metric]], expected: str | None = None
    ) -> builtins.list[Metric]:
        """Change metrics as they are now, by id or name, all or none.

        Args:
            changes: functions that return the new metric from the current one; may raise.
            expected: the tag that the metric must still have.

        Raises:
            MetricNotFound: there is none.
            InvalidMetric: a name is taken.
            EditedMeanwhile: it no longer has the expected tag.
        """
        out: list[Metric] = []
        try:
            with writing(self._engine) as connection:
                for name, change in changes.items():
                    before = _get(connection, name, lock=True)
                    if expected is not None and expected != metric_tag(before):
                        raise EditedMeanwhile(f"{before.name!r} has changed in the meantime; reload it, then change it")
                    out.append(change(before))
                    connection.execute(update(metrics).where(metrics.c.id == before.id).values(_row(out[-1])))
        except IntegrityError:
            raise self._taken(out) from None
        return out

    def get(self, id_or_name: str) -> Metric:
        """Return it; raises ``MetricNotFound``."""
        with self._engine.connect() as connection:
            return _get(connection, id_or_name)

    def list(self) -> list[Metric]:
        """Return all that can be read, oldest first."""
        return self.read_all()[0]

    def read_all(self) -> MetricsRead:
        """Return all that can be read, and those that cannot."""
        query = select(metrics).order_by(metrics.c.created, metrics.c.id)
        with self._engine.connect() as connection:
            return readable(connection, query, "metric", metrics.c.id, metrics.c.name, _metric)

    def remove(self, *ids: str) -> None:
        """Delete these and their values; events stay, as they belong to calls."""
        with self._engine.begin() as connection:
            connection.execute(delete(metrics).where(metrics.c.id.in_(ids)))

    def _taken(self, given: Sequence[Metric]) -> InvalidMetric:
        names = [one.name for one in given]
        query = select(metrics.c.name).where(metrics.c.name.in_(names), metrics.c.id.not_in([one.id for one in given]))
        with self._engine.connect() as connection:
            known = set(connection.execute(query).scalars())
        name = next((one for one in names if one in known or names.count(one) > 1), names[0])
        return InvalidMetric(f"name: a metric is already named {name!r}; choose another name")


def metric_tag(metric: Metric) -> str:
    """Return the tag of exactly this definition."""
    return tag_of({name: value for name, value in _row(metric).items() if name not in ("created", "changed")})


def _get(connection: Connection, id_or_name: str, lock: bool = False) -> Metric:
    query = select(metrics).where(or_(metrics.c.id == id_or_name, metrics.c.name == id_or_name))
    found = read_row(connection, query.with_for_update() if lock else query, "metric", id_or_name, _metric)
    if found is None:
        raise MetricNotFound(f"no metric has the id or name {id_or_name!r}")
    return found


class ValueRow(NamedTuple):
    """The outcome of a call, by its id, to write."""

    metric_id: str
    conversation_id: str
    outcome: MetricOutcome


class ValueRepository:
    """Values that were logged or judged, and events."""

    def __init__(self, engine: Engine):
        self._engine = engine

    def put(self, metric: Metric, outcomes: Mapping[str, MetricOutcome]) -> None:
        """Write the outcome of each call, by its id, replacing an older one."""
        self.log([ValueRow(metric.id, name, one) for name, one in outcomes.items()])

    def log(self, values: Sequence[ValueRow], events: Sequence[Event] = ()) -> None:
        """Write values over older ones, and add events, all or none; if a value is given twice, the last counts."""
        rows = {one[:2]: _value_row(*one) for one in values}
        with self._engine.begin() as connection:
            for metric in {one.metric_id for one in values}:
                for ids in _chunks(name for of, name in rows if of == metric):
                    named = metric_values.c.conversation_id.in_(ids)
                    connection.execute(delete(metric_values).where(metric_values.c.metric_id == metric, named))
            if rows:
                connection.execute(insert(metric_values), list(rows.values()))
            if events:
                made = [{name: getattr(one, name) for name in _EVENT} for one in events]
                connection.execute(insert(metric_events), made)

    def drop(self, metric_id: str, conversation_ids: Sequence[str]) -> None:
        with self._engine.begin() as connection:
            for ids in _chunks(conversation_ids):
                named = metric_values.c.conversation_id.in_(ids)
                connection.execute(delete(metric_values).where(metric_values.c.metric_id == metric_id, named))

    def of(self, metric_id: str, conversation_ids: Sequence[str] | None = None) -> dict[str, MetricOutcome]:
        """Return the values by conversation, of all or of these."""
        query = select(metric_values).where(metric_values.c.metric_id == metric_id)
        parts = [query]
        if conversation_ids is not None:
            parts = [query.where(metric_values.c.conversation_id.in_(ids)) for ids in _chunks(conversation_ids)]
        key = metric_values.c.conversation_id
        with self._engine.connect() as connection:
            return dict(
                found for one in parts for found in readable(connection, one, "value of call", key, key, _of_call)[0]
            )

    def events(self, conversation_id: str | None = None, name: str | None = None) -> list[Event]:
        """Return events in the order in which they were logged."""
        query = select(metric_events).order_by(metric_events.c.id)
        if conversation_id is not None:
            query = query.where(metric_events.c.conversation_id == conversation_id)
        if name is not None:
            query = query.where(metric_events.c.name == name)
        with self._engine.connect() as connection:
            return readable(connection, query, "event", metric_events.c.id, metric_events.c.name, _event)[0]


_EVENT = ("conversation_id", "name", "value", "at_s", "at")


def _row(metric: Metric) -> dict[str, Any]:
    body = {name: getattr(metric, name) for name in BODY}
    body |= {"kind": str(metric.kind), "source": source_data(metric.source), "categories": list(metric.categories)}
    same = {name: getattr(metric, name) for name in ("id", "name", "version", "created", "changed")}
    return same | {"body": body}


def _metric(row: RowMapping) -> Metric:
    return Metric(
        id=row["id"],
        name=row["name"],
        version=row["version"],
        created=aware(row["created"]),
        changed=aware(row["changed"]),
        **checked_body(row["body"]),
    )


def _value_row(metric_id: str, conversation_id: str, outcome: MetricOutcome) -> dict[str, Any]:
    return {
        "metric_id": metric_id,
        "conversation_id": conversation_id,
        "value": written(outcome.value),
        "source": outcome.source,
        "version": outcome.version,
        "evidence": list(outcome.evidence),
        "why": outcome.why,
        "at": outcome.at or now(),
    }


def _event(row: RowMapping) -> Event:
    return Event(**{name: row[name] for name in _EVENT} | {"at": aware(row["at"])})


def _of_call(row: RowMapping) -> tuple[str, MetricOutcome]:
    return row["conversation_id"], _outcome(row)


def _outcome(row: RowMapping) -> MetricOutcome:
    at: datetime = row["at"]
    return MetricOutcome(
        value=read(row["value"]),
        source=row["source"],
        version=row["version"],
        evidence=tuple(row["evidence"]),
        at=aware(at),
        why=row["why"],
    )


def _chunks(ids: Iterable[str]) -> list[list[str]]:
    all_of_them = list(ids)
    return [all_of_them[at : at + _CHUNK] for at in range(0, len(all_of_them), _CHUNK)]
