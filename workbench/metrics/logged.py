"""Values and events logged from code: checked all together, written all or none (M3)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pandas as pd

from workbench.domain.errors import ConversationNotFound
from workbench.domain.metrics import (
    CodeSource,
    Event,
    InvalidMetric,
    Metric,
    MetricNotFound,
    MetricOutcome,
    checked_value,
)
from workbench.domain.plain_json import is_finite
from workbench.domain.rules import MAX_EVENT_TEXT, checked_name
from workbench.resources import Resources
from workbench.store.metrics import MetricRepository, ValueRepository, ValueRow
from workbench.store.moments import now

Logged = Mapping[str, Any]
"""What is logged for a call: ``metrics``, by name or id its value, or ``{"value": …, "evidence": [ids of sentences]}``;
``events``, each with ``name`` and perhaps ``value`` and ``at_s``, or only the name."""


def log(resources: Resources, calls: Mapping[str, Logged]) -> None:
    """Args as in :meth:`workbench.metrics.all_metrics.Metrics.log`."""
    writing = Log(resources, list(calls))
    for name, given in calls.items():
        with _naming(name):
            writing.add(name, given)
    writing.write()


class Log:
    """Collects and checks what will be written for calls of a workspace."""

    def __init__(self, resources: Resources, calls: Sequence[str]):
        """Look up the calls; raises ``ConversationNotFound`` if one of them does not exist."""
        self._resources, self._at = resources, now()
        about = resources.lake.about().set_index("conversation_id")["duration_s"]
        known = about[about.index.isin(calls)]
        durations = zip(known.index.tolist(), known.tolist(), strict=True)
        self._durations: dict[str, float | None] = {n: None if math.isnan(s) else float(s) for n, s in durations}
        for name in calls:
            if name not in self._durations:
                raise ConversationNotFound(f"The workspace has no conversation {name!r}.")
        self._metrics = _Metrics(MetricRepository(resources.state).list())
        self.values: list[ValueRow] = []
        self.events: list[Event] = []

    def add(self, call: str, given: Logged) -> None:
        """Check what is logged; raises ``InvalidMetric`` and ``MetricNotFound``, which say what cannot be used."""
        unknown = set(given) - {"metrics", "events"}
        if unknown:
            raise InvalidMetric(f"{', '.join(sorted(unknown))}: unknown; a call takes metrics and events")
        values, events = given.get("metrics") or {}, given.get("events") or ()
        if not isinstance(values, Mapping):
            raise InvalidMetric("metrics: give a mapping of names to values")
        if isinstance(events, str | Mapping) or not isinstance(events, Iterable):
            raise InvalidMetric("events: give a list of events")
        for name, value in values.items():
            self.add_value(call, name, value)
        for event in events:
            self.add_event(call, **_event(event))

    def add_value(self, call: str, name: str, value: Any) -> MetricOutcome:
        metric = self._metrics.get(name)
        if not isinstance(metric.source, CodeSource):
            source = "trackers" if metric.source_name == "trackers" else "a question"
            raise InvalidMetric(
                f"source: values of {metric.name!r} come from {source}; log to a metric whose source is code"
            )
        evidence: Any = ()
        if isinstance(value, Mapping):
            if set(value) - {"value", "evidence"} or "value" not in value:
                raise InvalidMetric(f"value: {metric.name!r} takes value and evidence")
            value, evidence = value["value"], value.get("evidence") or ()
        outcome = MetricOutcome(
            value=checked_value(metric, value),
            source=metric.source_name,
            version=metric.version,
            evidence=self._evidence(call, evidence),
            at=self._at,
        )
        self.values.append(ValueRow(metric.id, call, outcome))
        return outcome

    def add_event(self, call: str, name: str, value: Any = None, at_s: Any = None) -> Event:
        checked = checked_name(name, InvalidMetric)
        event = Event(
            conversation_id=call,
            name=checked,
            value=self._event_value(checked, value),
            at_s=_checked_time(at_s, self._durations[call]),
            at=self._at,
        )
        self.events.append(event)
        return event

    def write(self) -> None:
        """Write everything in one transaction; if a value is given twice, the last one counts."""
        ValueRepository(self._resources.state).log(self.values, self.events)

    def _event_value(self, name: str, value: Any) -> Any:
        metric = self._metrics.find(name)
        if metric is not None:
            return checked_value(metric, value)
        if not isinstance(value, bool | int | float | str | None) or _not_finite(value):
            raise InvalidMetric("value: give true or false, a text, or a finite number of at most 64 bits")
        if isinstance(value, str) and len(value) > MAX_EVENT_TEXT:
            raise InvalidMetric(f"value: must have at most {MAX_EVENT_TEXT:,} characters, not {len(value):,}")
        return value

    def _evidence(self, call: str, given: Any) -> tuple[str, ...]:
        if isinstance(given, str) or not all(isinstance(one, str) for one in given):
            raise InvalidMetric("evidence: give a list of sentence ids, not a single text")
        known = self._resources.lake.sentences(list(given), 0) if given else {}
        for name in given:
            if name not in known or known[name].conversation_id != call:
                raise InvalidMetric(f"evidence: {name!r} is not a sentence of this call")
        return tuple(given)


def event_table(events: Sequence[Event]) -> pd.DataFrame:
    """Return one event per row: conversation_id, name, value, at_s, at."""
    columns = ["conversation_id", "name", "value", "at_s", "at"]
    frame = pd.DataFrame([[getattr(one, column) for column in columns] for one in events], columns=columns)
    return frame.assign(value=pd.Series([one.value for one in events], dtype=object))


@dataclass(frozen=True, slots=True)
class _Metrics:
    """All of a workspace, by name or id."""

    metrics: Sequence[Metric]

    def find(self, name: str) -> Metric | None:
        return next((one for one in self.metrics if name in (one.id, one.name)), None)

    def get(self, name: str) -> Metric:
        found = self.find(name)
        if found is None:
            raise MetricNotFound(f"no metric has the id or name {name!r}")
        return found


def _event(given: Any) -> dict[str, Any]:
    if isinstance(given, str):
        return {"name": given}
    if not isinstance(given, Mapping) or "name" not in given or set(given) - {"name", "value", "at_s"}:
        raise InvalidMetric("events: an event takes name, value and at_s")
    return dict(given)


@contextmanager
def _naming(call: str) -> Iterator[None]:
    """Say in the error which call it was."""
    try:
        yield
    except InvalidMetric as error:
        raise InvalidMetric(f"{call}: {error}") from None


def _not_finite(value: Any) -> bool:
    return isinstance(value, int | float) and not is_finite(value)


def _checked_time(at_s: Any, duration_s: float | None) -> float | None:
    if at_s is None:
        return None
    if isinstance(at_s, bool) or not isinstance(at_s, int | float) or not is_finite(at_s) or at_s < 0:
        raise InvalidMetric(f"at_s: {at_s!r} is not a time in a call; give seconds from its start")
    if duration_s is not None and at_s > duration_s:
        raise InvalidMetric(f"at_s: the call ends after {duration_s:g} seconds, so it has no second {at_s:g}")
    return float(at_s)
