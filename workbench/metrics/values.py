"""The values of a metric, call by call, wherever they come from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbench.domain.metrics import (
    NOT_APPLICABLE,
    UNKNOWN,
    InvalidMetric,
    Metric,
    MetricOutcome,
    TrackerRule,
    checked_value,
)
from workbench.domain.used_trackers import notes_of
from workbench.metrics.reading import states_of, versions_of
from workbench.metrics.rules import ValueArray, judged
from workbench.resources import Resources
from workbench.store.metrics import ValueRepository
from workbench.store.used_trackers import used_trackers

NOT_READ = "a tracker of the metric has not read this call"
NOT_LOGGED = "nothing has been logged for this call"
NOT_ASKED = "the question has not been asked about this call yet"
OUTDATED = "the metric has changed; ask again"


@dataclass(frozen=True, slots=True, eq=False)
class Valued:
    """A value for each conversation of ``numbers``, which follow each other."""

    numbers: range
    values: ValueArray
    known: dict[int, MetricOutcome]
    """What was logged or judged, by number; empty if trackers are asked."""

    def where(self, value: object) -> np.ndarray:
        """Return the numbers of the conversations with this value."""
        same = [type(one) is type(value) and one == value for one in self.values]
        at: np.ndarray = np.flatnonzero(np.array(same, dtype=bool)) + self.numbers.start
        return at


def valued(resources: Resources, metric: Metric, numbers: range | None = None) -> Valued:
    """Return the metric's value for each of these conversations, all without any."""
    numbers = range(resources.lake.size) if numbers is None else numbers
    about = resources.lake.about()
    if isinstance(metric.source, TrackerRule):
        states = states_of(resources, metric.source, numbers, about)
        return Valued(numbers, judged(metric.source, states), {})
    return _stored(resources, metric, numbers, about.loc[about.index.isin(numbers)])


def outcomes(resources: Resources, metric: Metric, numbers: range) -> dict[int, MetricOutcome]:
    """Return the values with their evidence, by number."""
    found = valued(resources, metric, numbers)
    evidence: dict[int, dict[str, int]] = {}
    unknown = _why(metric)
    if isinstance(metric.source, TrackerRule):
        evidence = versions_of(resources, metric.source, numbers)
        used = used_trackers(resources.state, metric.source.trackers).values()
        unknown = " ".join([f"{NOT_READ}.", *notes_of(used)]) if notes_of(used) else NOT_READ
    out = {}
    for number, value in zip(numbers, found.values, strict=True):
        known = found.known.get(number)
        if known is None:
            why = unknown if value == UNKNOWN else ""
            shown = {} if value in (UNKNOWN, NOT_APPLICABLE) else evidence.get(number, {})
            known = MetricOutcome(
                value=value,
                source=metric.source_name,
                version=metric.version,
                evidence=tuple(shown),
                why=why,
                found_by=tuple(shown.values()),
            )
        out[number] = known
    return out


def _stored(resources: Resources, metric: Metric, numbers: range, about: pd.DataFrame) -> Valued:
    """Return the stored values that fit the current definition.

    Anything else is unknown: a judge's older verdict, a category that was taken away.
    """
    values = np.full(len(numbers), UNKNOWN, dtype=object)
    everything = len(numbers) == resources.lake.size
    ids = about["conversation_id"]
    rows = ValueRepository(resources.state).of(metric.id, None if everything else ids.tolist())
    known = {}
    for number, (name, kind) in zip(about.index, about[["conversation_id", "kind"]].to_numpy(), strict=True):
        outcome = rows.get(name)
        if outcome is not None:
            known[int(number)] = outcome if _holds(metric, outcome) else _outdated(outcome)
            values[number - numbers.start] = known[int(number)].value
        elif kind == "email":
            values[number - numbers.start] = NOT_APPLICABLE
    return Valued(numbers, values, known)


def _holds(metric: Metric, outcome: MetricOutcome) -> bool:
    if outcome.source != metric.source_name or (outcome.source == "question" and outcome.version != metric.version):
        return False
    try:
        checked_value(metric, outcome.value)
    except InvalidMetric:
        return outcome.value == UNKNOWN
    return True


def _outdated(outcome: MetricOutcome) -> MetricOutcome:
    return MetricOutcome(value=UNKNOWN, source=outcome.source, version=outcome.version, at=outcome.at, why=OUTDATED)


def _why(metric: Metric) -> str:
    return {"trackers": NOT_READ, "question": NOT_ASKED, "code": NOT_LOGGED}[metric.source_name]
