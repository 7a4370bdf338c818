"""What a metric of conversations is, where its values come from, and what a value is (M1, M3)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

import numpy as np

from workbench.domain.conversations import Kind
from workbench.domain.errors import InvalidArgument, NotFound
from workbench.domain.filters import Filters, MentionedBy, PartOfCall
from workbench.domain.names import clean_name, name_key

PARTIAL = "partial"
NOT_APPLICABLE = "not_applicable"
UNKNOWN = "unknown"
RESERVED = frozenset({"true", "false", PARTIAL, NOT_APPLICABLE, UNKNOWN})
Value = bool | str
"""True, False, a category, or one of partial, not_applicable and unknown."""


class InvalidMetric(InvalidArgument):
    """A metric's definition, or a value given to it, cannot be used."""


class MetricNotFound(NotFound):
    """No metric has this id or name."""


class MetricKind(StrEnum):
    BOOLEAN = "boolean"
    CATEGORICAL = "categorical"


RuleMatch = Literal["all", "any"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackerRule:
    """Values from what stands as found by trackers in a call; trackers are named by id.

    Attributes:
        required: of a boolean metric: the trackers that must find something.
        match: ``all``: true where each of them does, partial where only some do; ``any``: true where one does.
        cases: of a categorical metric: category and tracker; the first whose tracker finds something counts.
        otherwise: the category where none does; without one the metric does not apply there.
        applies: a tracker; where it finds nothing the metric does not apply.
        side, part: only finds from this side and in this part of the call count.
    """

    required: tuple[str, ...] = ()
    match: RuleMatch = "all"
    cases: tuple[tuple[str, str], ...] = ()
    otherwise: str | None = None
    applies: str | None = None
    side: MentionedBy = "anyone"
    part: PartOfCall = field(default_factory=PartOfCall)

    @property
    def trackers(self) -> tuple[str, ...]:
        """All that it uses, each once."""
        named = [*self.required, *(one for _, one in self.cases), *([self.applies] if self.applies else [])]
        return tuple(dict.fromkeys(named))

    @property
    def narrowing(self) -> Filters:
        """Side and part as filters that let everything else through."""
        return Filters(side=self.side, part=self.part, kinds=tuple(Kind), scope="any")


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionSource:
    """Values from a judge's answer to a question about the call, from what this side says."""

    question: str
    side: MentionedBy = "anyone"


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeSource:
    """Values are logged from code."""


ValueSource = TrackerRule | QuestionSource | CodeSource
SOURCES: dict[str, type[ValueSource]] = {"trackers": TrackerRule, "question": QuestionSource, "code": CodeSource}


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """A metric's definition. ``version`` goes up whenever what it measures changes, not with its name."""

    id: str
    name: str
    kind: MetricKind
    source: ValueSource
    definition: str = ""
    categories: tuple[str, ...] = ()
    success: str = ""
    failure: str = ""
    partial: str = ""
    applies_when: str = ""
    version: int = 1
    created: datetime
    changed: datetime

    @property
    def values(self) -> tuple[Value, ...]:
        """Those that a call to which it applies can have, the wanted one first."""
        if self.kind is MetricKind.CATEGORICAL:
            return self.categories
        return (True, PARTIAL, False)

    @property
    def source_name(self) -> str:
        """``trackers``, ``question`` or ``code``."""
        return next(name for name, kind in SOURCES.items() if isinstance(self.source, kind))


TEXTS = ("definition", "success", "failure", "partial", "applies_when")
BODY = ("kind", "source", "categories", *TEXTS)
"""What counts for the version."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricOutcome:
    """What a metric says of one call.

    ``evidence`` are ids of sentences; where trackers found them, ``found_by`` has for each the version that did.
    ``version`` is that of the definition it was judged by, ``at`` when, None if it is what stands as found by
    trackers at this moment. ``why`` says in a few words why nothing else is known.
    """

    value: Value
    source: str
    version: int
    evidence: tuple[str, ...] = ()
    at: datetime | None = None
    why: str = ""
    found_by: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened in a call, ``at_s`` seconds from its start where that is known."""

    conversation_id: str
    name: str
    value: bool | float | str | None
    at_s: float | None
    at: datetime


def checked_value(metric: Metric, value: Any) -> Value:
    """Return the value, where the metric can have it, in any case and spacing, and whether Python's or numpy's.

    Raises:
        InvalidMetric: names the values that it can have.
    """
    if isinstance(value, str):
        value = {PARTIAL: PARTIAL, NOT_APPLICABLE: NOT_APPLICABLE}.get(name_key(value).replace(" ", "_"), value)
    if isinstance(value, str) and value in (PARTIAL, NOT_APPLICABLE):
        if value == PARTIAL and metric.kind is MetricKind.CATEGORICAL:
            raise InvalidMetric(f"value: {metric.name!r} is categorical and cannot be partial; {_allowed(metric)}")
        return value
    if metric.kind is MetricKind.BOOLEAN:
        if not isinstance(value, bool | np.bool_):
            raise InvalidMetric(f"value: {value!r} cannot be logged to {metric.name!r}; {_allowed(metric)}")
        return bool(value)
    if isinstance(value, str):
        if value in metric.categories:
            return value
        if found := [one for one in metric.categories if name_key(one) == name_key(value)]:
            return found[0]
    raise InvalidMetric(f"value: {value!r} is not a category of {metric.name!r}; {_allowed(metric)}")


def wanted_value(metric: Metric, value: Any) -> Value:
    """As ``checked_value``, and unknown too: what calls can be looked for by."""
    return UNKNOWN if isinstance(value, str) and name_key(value) == UNKNOWN else checked_value(metric, value)


def _allowed(metric: Metric) -> str:
    values = [repr(one) for one in metric.values] + [repr(NOT_APPLICABLE)]
    return f"give one of {', '.join(values)}"


def written(value: Value) -> str:
    """Return the value as text: ``true`` and ``false``, the others as they are; :func:`read` reads it."""
    return str(value).lower() if isinstance(value, bool) else value


def read(text: str) -> Value:
    return {"true": True, "false": False}.get(text, clean_name(text))  # as categories are
