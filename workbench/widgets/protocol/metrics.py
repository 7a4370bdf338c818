"""The builder of metrics."""

from __future__ import annotations

from typing import Literal, TypedDict

from workbench.domain.filters import MentionedBy
from workbench.widgets.protocol.base import Level, Tone
from workbench.widgets.protocol.building import PartForm

MetricSource = Literal["trackers", "question", "code"]


class MetricSourceForm(TypedDict):
    """All that a metric's source can need, whatever its ``type``; trackers are ids, ``cases`` category and tracker."""

    type: MetricSource
    required: list[str]
    match: Literal["all", "any"]
    cases: list[list[str]]
    otherwise: str
    applies: str
    side: MentionedBy
    part: PartForm
    question: str


# Beside MetricNew of the REST API, as that refuses what makes no sense, and takes the source that is chosen; a form
# carries whatever is typed, for all sources at once. A test holds the two to the same names.
class MetricForm(TypedDict):
    name: str
    kind: Literal["boolean", "categorical"]
    categories: list[str]
    definition: str
    success: str
    failure: str
    partial: str
    applies_when: str
    source: MetricSourceForm


class MetricHint(TypedDict):
    """``field`` is one of the form's."""

    field: str
    level: Level
    message: str


class MetricCheck(TypedDict):
    """``snippet`` logs a value from code."""

    hints: list[MetricHint]
    snippet: str


class MetricQuote(TypedDict):
    sentence_id: str
    text: str
    speaker: str | None
    side: str | None
    time: str | None


class MetricCall(TypedDict):
    """A call with its value in words; ``why`` says why nothing else is known."""

    conversation_id: str
    title: str
    date: str | None
    value: str
    tone: Tone
    why: str
    quotes: list[MetricQuote]


class MetricPreview(TypedDict):
    """``counts`` are of the calls shown, by value in words."""

    calls: list[MetricCall]
    counts: dict[str, int]


class MetricShown(TypedDict):
    """The form that was looked at, and what it said."""

    form: MetricForm
    preview: MetricPreview


class MetricPoint(TypedDict):
    """A month's share of the wanted value of ``known`` calls; ``unknown`` and ``left_out`` calls count in none.

    ``partial``: how many of the known ones are partly so.
    """

    month: str
    share: float | None
    low: float | None
    high: float | None
    known: int
    partial: int
    unknown: int
    left_out: int


class MetricTrend(TypedDict):
    """``value`` is the one whose share it is, in words."""

    value: str
    points: list[MetricPoint]
    notes: list[str]


class MetricSaved(TypedDict):
    metric_id: str


class MetricCost(TypedDict):
    """What asking about the ``calls`` that are not judged yet would take; ``enough``: whether the credits reach."""

    calls: int
    credits: float
    free: bool
    enough: bool


class MetricAsked(TypedDict):
    """Of a part of the calls: how many were judged and could not be; ``left`` are beyond ``last``."""

    judged: int
    failed: int
    left: int
    last: int
    stopped: str


class NamedView(TypedDict):
    """``note`` says what to know before choosing it, such as that it is not published."""

    id: str
    name: str
    note: str
