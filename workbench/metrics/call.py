"""One call, for code that logs to it (M3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from workbench.corpus.views import Card
from workbench.domain.metrics import Event, MetricOutcome
from workbench.metrics.all_metrics import Metrics
from workbench.metrics.logged import Log, event_table
from workbench.resources import Resources
from workbench.store.metrics import MetricRepository, ValueRepository


class Call:
    """A conversation of the workspace; raises ``ConversationNotFound`` if it does not exist."""

    def __init__(self, resources: Resources, conversation_id: str):
        self._resources = resources
        self._card = resources.lake.card(conversation_id)
        self._values = ValueRepository(resources.state)
        self.id = conversation_id

    def __repr__(self) -> str:
        return f"Call({self.id!r})"

    @property
    def about(self) -> Card:
        """Title, start, parties and everything else known about it."""
        return self._card

    def log_metric(self, name: str, value: Any, *, evidence: Sequence[str] = ()) -> MetricOutcome:
        """Store the call's value of a metric whose source is code, replacing an earlier one.

        Args:
            name: the metric, by id or name.
            value: True or False, or a category; also ``partial`` for a boolean metric, and ``not_applicable``.
            evidence: ids of sentences of this call.

        Raises:
            MetricNotFound: the metric does not exist; create it first.
            InvalidMetric: it has another source, or cannot have this value, or a sentence is of another call.
        """
        writing = Log(self._resources, [self.id])
        outcome = writing.add_value(self.id, name, {"value": value, "evidence": evidence})
        writing.write()
        return outcome

    def log(self, metrics: Mapping[str, Any] | None = None, events: Iterable[Any] = ()) -> None:
        """Store many values and events of this call, all or none.

        Args:
            metrics: values by the metric's name or id, as for ``log_metric``; with evidence
                ``{"value": …, "evidence": […]}``.
            events: each ``{"name": …, "value": …, "at_s": …}``, as for ``log_event``, or only a name.

        Raises:
            MetricNotFound: a metric does not exist; create it first.
            InvalidMetric: something cannot be used; says what.
        """
        writing = Log(self._resources, [self.id])
        writing.add(self.id, {"metrics": metrics, "events": events})
        writing.write()

    def clear_metric(self, name: str) -> None:
        """Remove the value logged to a metric."""
        metric = MetricRepository(self._resources.state).get(name)
        self._values.drop(metric.id, [self.id])

    def log_event(self, name: str, value: bool | float | str | None = None, at_s: float | None = None) -> Event:
        """Add an event, ``at_s`` seconds after the call's start if known.

        Any name is allowed; if it is a metric's, the value must be one of that metric's.

        Raises:
            InvalidMetric: something cannot be used; says what.
        """
        writing = Log(self._resources, [self.id])
        event = writing.add_event(self.id, name, value, at_s)
        writing.write()
        return event

    def events(self) -> pd.DataFrame:
        """Return the events logged for this call, one per row: name, value, at_s, at."""
        return event_table(self._values.events(self.id)).drop(columns="conversation_id")

    def metrics(self) -> dict[str, MetricOutcome]:
        """Return the outcome of every metric, by name."""
        return Metrics(self._resources).of_calls([self.id])[self.id]
