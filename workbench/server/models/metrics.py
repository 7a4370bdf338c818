"""Metrics, their values and trends."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from workbench.domain.rules import MAX_CATEGORIES, MAX_EVENT_TEXT, MAX_NAME, metric_text_rule
from workbench.server.models.base import (
    MAX_AT_ONCE,
    NO_NULL,
    Count,
    IdText,
    ListPage,
    NameGiven,
    RequestModel,
    UsedTrackerView,
    UtcTime,
    View,
    held_to,
)
from workbench.server.models.filters import FilterQuery
from workbench.server.models.results import Group, MeasureModel, Period

MetricText = Annotated[str, StringConstraints(pattern=NO_NULL), held_to(metric_text_rule)]
GivenValue = Annotated[
    bool | Annotated[str, Field(max_length=MAX_NAME, pattern=NO_NULL)],
    Field(description="True, false, a category, partial or not_applicable."),
]
EventText = Annotated[str, Field(max_length=MAX_EVENT_TEXT, pattern=NO_NULL)]
EventValue = Annotated[
    bool | Annotated[float, Field(ge=-1e15, le=1e15)] | EventText | None,
    Field(description="True, false, a number or a text."),
]
SourceModel = Annotated[
    dict[str, Any],
    Field(
        max_length=20,
        description='{"type": "code"}, {"type": "question", "question": …}, or {"type": "trackers", "required": […]}.',
    ),
]
MAX_EVENTS = 1_000
Categories = Annotated[list[NameGiven], Field(max_length=MAX_CATEGORIES)]


class MetricNew(RequestModel):
    name: NameGiven
    kind: Literal["boolean", "categorical"] = "boolean"
    definition: MetricText = ""
    categories: Categories = []
    success: MetricText = ""
    failure: MetricText = ""
    partial: MetricText = ""
    applies_when: MetricText = ""
    source: SourceModel = {"type": "code"}


class MetricChange(RequestModel):
    """Fields that are omitted or null are not changed."""

    name: NameGiven | None = None
    kind: Literal["boolean", "categorical"] | None = None
    definition: MetricText | None = None
    categories: Categories | None = None
    success: MetricText | None = None
    failure: MetricText | None = None
    partial: MetricText | None = None
    applies_when: MetricText | None = None
    source: SourceModel | None = None


class MetricView(View):
    """``version``: increases when what it measures changes. ``source`` gives trackers by id. ``tag``: the entity tag.

    ``uses``: the trackers that it uses, with their status.
    """

    id: str
    name: str
    kind: str
    definition: str
    categories: list[str]
    success: str
    failure: str
    partial: str
    applies_when: str
    source: dict[str, Any]
    uses: list[UsedTrackerView]
    version: Count
    created: UtcTime
    changed: UtcTime
    tag: str


class MetricPage(ListPage):
    items: list[MetricView]


class MetricLog(RequestModel):
    """The value of a metric whose source is code."""

    metric: IdText
    value: GivenValue
    evidence: Annotated[list[IdText], Field(max_length=MAX_AT_ONCE)] = []


class EventNew(RequestModel):
    """Something that happened in a call. If the name is that of a metric, the value must be one of its values."""

    name: NameGiven
    value: EventValue = None
    at_s: Annotated[float | None, Field(ge=0, le=10**7, description="Seconds since the start of the call.")] = None


class CallLog(RequestModel):
    """Values of metrics whose source is code, by name or id, and events. Either all are written or none."""

    metrics: Annotated[dict[IdText, GivenValue], Field(max_length=MAX_AT_ONCE)] = {}
    events: Annotated[list[EventNew], Field(max_length=MAX_EVENTS)] = []


class EventView(View):
    name: str
    value: bool | int | float | str | None
    at_s: float | None
    at: UtcTime


class Events(View):
    """The events logged for a call, in the order of logging."""

    items: list[EventView]


class LoggedView(View):
    """How many values and events were written."""

    metrics: Count
    events: Count


class TrendQuery(FilterQuery):
    by: Annotated[list[Group], Field(max_length=3)] = []
    every: Period | Literal["all"] = "month"
    least_calls: Annotated[int, Field(ge=0, le=10**9, description="Smaller groups are combined.")] = 0


class TrendRow(View):
    """``share``: of ``known`` calls, which excludes those that are unknown or to which the metric does not apply."""

    group: dict[str, str | None]
    value: str
    count: Count
    known: Count
    not_applicable: Count
    unknown: Count
    calls: Count
    share: MeasureModel


class TrendView(View):
    metric: str
    notes: list[str]
    rows: list[TrendRow]
