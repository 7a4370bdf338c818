"""The builder of metrics."""

from __future__ import annotations

from typing import Literal, TypedDict

from workbench.domain.filters import MentionedBy
from workbench.widgets.protocol.base import Level, Tone
from workbench.widgets.protocol.building import PartForm

MetricSource = Literal["trackers", "question", "code"]


class MetricSourceForm(TypedDict):
    """The fields of a metric's source for any ``type``; trackers are ids, ``cases`` pairs of category and tracker."""

    type: MetricSource
    required: list[str]
    match: Literal["all", "any"]
    cases: list[list[str]]
    otherwise: str
    applies: str
    side: MentionedBy
    part: PartForm
    question: str


# Separate from MetricNew of the REST API, as that refuses invalid input, and takes only the selected source; a form
# has whatever was typed, for all sources at once. A test keeps the names of the two equal.
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
    """A call with its value in words; ``why`` says why nothing more is known."""

    conversation_id: str
    title: str
    date: str | None
    value: str
    tone: Tone
    why: str
    quotes: list[MetricQuote]


class MetricPreview(TypedDict):
    """``counts`` are for the calls shown, by value in words."""

    calls: list[MetricCall]
    counts: dict[str, int]


class MetricShown(TypedDict):
    """The form that was previewed, and its values."""

    form: MetricForm
    preview: MetricPreview


class MetricPoint(TypedDict):
    """A month's share of the value of interest among ``known`` calls; excludes ``unknown`` and ``left_out`` calls.

    ``partial``: how many of the known ones have it in part.
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
    """``value`` is the value of interest, in words."""

    value: str
    points: list[MetricPoint]
    notes: list[str]


class MetricSaved(TypedDict):
    metric_id: str


class MetricCost(TypedDict):
    """The cost of asking about the ``calls`` not judged yet; ``enough``: whether there are enough credits."""

    calls: int
    credits: float
    free: bool
    enough: bool


class MetricAsked(TypedDict):
    """For a part of the calls: how many were judged and could not be; ``left`` are beyond ``last``."""

    judged: int
    failed: int
    left: int
    last: int
    stopped: str


class NamedView(TypedDict):
    """``note`` says what to know before selecting it, such as that it is not published."""

    id: str
    name: str
    note: str
