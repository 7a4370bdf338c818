"""One call, for code that logs to it (M3)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pandas as pd

from workbench.corpus.views import Card
from workbench.domain.metric_checks import checked_name
from workbench.domain.metrics import (
    CodeSource,
    Event,
    InvalidMetric,
    Metric,
    MetricNotFound,
    Outcome,
    checked_value,
)
from workbench.store.metrics import MetricRepository, ValueRepository
from workbench.store.moments import now

if TYPE_CHECKING:
    from workbench.workspace import Workspace

MAX_TEXT = 1_000


class Call:
    """A conversation of the workspace; raises ``ConversationNotFound`` where it holds no such."""

    def __init__(self, workspace: Workspace, conversation_id: str):
        self._workspace = workspace
        self._card = workspace.lake.card(conversation_id)
        self._values = ValueRepository(workspace.database)
        self.id = conversation_id

    def __repr__(self) -> str:
        return f"Call({self.id!r})"

    @property
    def about(self) -> Card:
        """Title, start, parties and whatever else is known of it."""
        return self._card

    def log_metric(self, name: str, value: Any, *, evidence: tuple[str, ...] = ()) -> Outcome:
        """Writes the call's value of a metric whose source is code, in place of an earlier one.

        Args:
            value: True or False, or a category; also ``partial`` of a boolean metric, and ``not_applicable``.
            evidence: ids of sentences of this call.

        Raises:
            MetricNotFound: there is no such metric; make it first.
            InvalidMetric: it has another source, or cannot have this value, or a sentence is of another call.
        """
        metric = MetricRepository(self._workspace.database).get(name)
        if not isinstance(metric.source, CodeSource):
            raise InvalidMetric(
                f"source: values of {metric.name!r} come from {_from(metric)}; log to a metric whose source is code"
            )
        outcome = Outcome(
            value=checked_value(metric, value),
            source=metric.source_name,
            version=metric.version,
            evidence=self._checked(evidence),
            at=now(),
        )
        self._values.put(metric, {self.id: outcome})
        return outcome

    def clear_metric(self, name: str) -> None:
        """Takes back what was logged to a metric."""
        metric = MetricRepository(self._workspace.database).get(name)
        self._values.drop(metric.id, [self.id])

    def log_event(self, name: str, value: bool | float | str | None = None, at_s: float | None = None) -> Event:
        """Adds something that happened, ``at_s`` seconds from the call's start where that is known.

        Any name will do; where it is a metric's, the value must be one of that metric's.

        Raises:
            InvalidMetric: names what of it cannot be used.
        """
        event = Event(
            conversation_id=self.id,
            name=checked_name(name),
            value=self._event_value(checked_name(name), value),
            at_s=_checked_time(at_s, self._card.duration_s),
            at=now(),
        )
        self._values.add_event(event)
        return event

    def events(self) -> pd.DataFrame:
        """What was logged as events, an event a row: name, value, at_s, at."""
        rows = [(one.name, one.value, one.at_s, one.at) for one in self._values.events(self.id)]
        return pd.DataFrame(rows, columns=["name", "value", "at_s", "at"])

    def metrics(self) -> dict[str, Outcome]:
        """The outcome of every metric, by name."""
        return self._workspace.metrics.of_calls([self.id])[self.id]

    def _event_value(self, name: str, value: Any) -> Any:
        try:
            metric = MetricRepository(self._workspace.database).get(name)
        except MetricNotFound:
            if not isinstance(value, bool | int | float | str | None) or _not_finite(value):
                raise InvalidMetric(f"value: {value!r} is neither true or false, a number nor a text") from None
            if isinstance(value, str) and len(value) > MAX_TEXT:
                raise InvalidMetric(f"value: has {len(value):,} characters; at most {MAX_TEXT:,} are kept") from None
            return value
        return checked_value(metric, value)

    def _checked(self, evidence: tuple[str, ...]) -> tuple[str, ...]:
        if isinstance(evidence, str):
            raise InvalidMetric("evidence: give a list of sentence ids, not a single text")
        known = self._workspace.lake.sentences(list(evidence), 0)
        for name in evidence:
            if name not in known or known[name].conversation_id != self.id:
                raise InvalidMetric(f"evidence: {name!r} is no sentence of this call")
        return tuple(evidence)


def _from(metric: Metric) -> str:
    return "trackers" if metric.source_name == "trackers" else "a question"


def _not_finite(value: Any) -> bool:
    return isinstance(value, float) and not math.isfinite(value)


def _checked_time(at_s: Any, duration_s: float | None) -> float | None:
    if at_s is None:
        return None
    if isinstance(at_s, bool) or not isinstance(at_s, int | float) or not math.isfinite(at_s) or at_s < 0:
        raise InvalidMetric(f"at_s: {at_s!r} is no time in a call; give seconds from its start")
    if duration_s is not None and at_s > duration_s:
        raise InvalidMetric(f"at_s: the call ends after {duration_s:g} seconds, so nothing is {at_s:g} seconds in")
    return float(at_s)
