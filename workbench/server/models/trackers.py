"""Trackers and their publications."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, JsonValue, StringConstraints

from workbench.domain.assessments import Badge, Basis
from workbench.domain.filters import Filters
from workbench.domain.publications import Run
from workbench.domain.rules import MAX_RULE
from workbench.domain.trackers import TrackerKind, TrackerState
from workbench.server.models.base import (
    MAX_AT_ONCE,
    MAX_REFS,
    Count,
    IdText,
    ListPage,
    NameGiven,
    NameText,
    PlainText,
    RequestModel,
    UtcTime,
    View,
    length,
)
from workbench.server.models.conversations import PageQuery
from workbench.server.models.filters import FiltersBody

Examples = list[PlainText]  # domain.rules has the tracker's rules, which check one of many at a time


def _without_null(value: JsonValue) -> JsonValue:
    if isinstance(value, dict):
        return {name: _without_null(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_without_null(one) for one in value]
    if isinstance(value, str) and "\0" in value:
        raise ValueError("must not contain a null character")
    return value


Settings = Annotated[
    dict[NameText, Annotated[JsonValue, AfterValidator(_without_null)]],
    Field(max_length=20, description="Keyword trackers: words, exclude, match. Phrase trackers: vocabulary, …"),
]
Rule = Annotated[
    str,
    StringConstraints(pattern=r"^(balanced|(precision|hit_rate)>=0\.\d*[1-9]\d*)$", max_length=MAX_RULE),
    Field(description="balanced, precision>=0.9 or hit_rate>=0.9"),
]
Many = Annotated[list[IdText], Field(min_length=1, max_length=MAX_REFS)]


class TrackerNew(RequestModel):
    """A new draft. One of kind ``example`` needs at least 5 examples and is trained in a notebook."""

    name: Annotated[PlainText, Field(min_length=1)]
    kind: TrackerKind = TrackerKind.EXAMPLE
    description: PlainText = ""
    filters: FiltersBody = FiltersBody()
    examples: Examples = []
    settings: Settings = {}
    threshold: Rule = "balanced"
    seed: (
        Annotated[int, Field(ge=0, lt=2**31, description="The random seed for drawing rounds; default: a new one.")]
        | None
    ) = None


class TrackersNew(RequestModel):
    """Many at once. Each is created or refused on its own."""

    trackers: Annotated[list[TrackerNew], Field(min_length=1, max_length=MAX_AT_ONCE)]


class TrackerChange(RequestModel):
    """Fields that are omitted or null are not changed. ``filters`` are replaced as a whole, ``settings`` one by one."""

    name: Annotated[PlainText, Field(min_length=1)] | None = None
    description: PlainText | None = None
    filters: FiltersBody | None = None
    examples: Examples | None = None
    settings: Settings | None = None
    threshold: Rule | None = None


class TrackerChangeOf(TrackerChange):
    tracker: Annotated[IdText, Field(description="Id or name.")]
    if_tag: Annotated[str, length(64)] | None = None  # the change is refused if the definition no longer has it


class TrackerChanges(RequestModel):
    """Many at once. Each is changed or refused on its own."""

    trackers: Annotated[list[TrackerChangeOf], Field(min_length=1, max_length=MAX_AT_ONCE)]


class ForeverQuery(RequestModel):
    forever: Annotated[bool, Field(description="Also delete its answers and versions; it cannot be restored.")] = False


class ManyQuery(ForeverQuery):
    tracker: Annotated[Many, Field(description="Ids or names.")]


class IntervalModel(View):
    """A point in [0, 1] within its 95% interval."""

    low: float
    point: float
    high: float


class HeldOutView(View):
    """Measured on the tagged sentences, chosen to be hard; ``outside`` of them don't match the present filters."""

    precision: float | None
    hit_rate: float | None
    precision_spread: float | None
    hit_rate_spread: float | None
    repeats: Count
    tags: Count
    yes: Count
    outside: Count


class CorpusView(View):
    """Estimated for all calls; null if there is no estimate, and then ``reason`` says why.

    It covers ``calls`` of the ``of_calls`` conversations that match the filters: those present when the sentences to
    answer were drawn. Both are null if an older version of the workbench did not store them.
    """

    precision: IntervalModel | None
    hit_rate: IntervalModel | None
    prevalence: IntervalModel | None
    drawn: Count
    reason: str
    calls: Count | None
    of_calls: Count | None


class EstimateModel(View):
    """Based on ``answers``, of which ``in_scope`` match the present filters; ``gone`` more can't be used.

    ``stale``: what has changed since; empty if the estimate still holds.
    """

    round: Count
    answers: Count | None
    in_scope: Count | None
    gone: Count
    stale: str
    heldout: HeldOutView
    corpus: CorpusView
    threshold: float
    rule: str


class AssessmentModel(View):
    """How well a tracker does, in a badge, a sentence and two measures, which are null where they can't be told.

    ``basis`` is what it speaks of: all calls or the sample corpus; ``stale`` says what has changed since.
    """

    badge: Badge
    sentence: str
    precision: IntervalModel | None
    hit_rate: IntervalModel | None
    basis: Basis
    stale: str


class TrackerView(View):
    """``unpublished``: what differs from the version in use. ``estimate``: that of the last completed round.

    ``quality``: of the version that finds what is shown, or of a draft's last round.

    ``tag`` identifies exactly this definition and is the entity tag. When changing many, give it as ``if_tag``.
    """

    id: str
    name: str
    kind: TrackerKind
    description: str
    filters: Filters
    examples: list[str]
    settings: dict[str, JsonValue]
    threshold: str
    state: TrackerState
    created: UtcTime
    deleted: UtcTime | None
    active_version: int | None
    unpublished: list[str]
    estimate: EstimateModel | None
    quality: AssessmentModel
    tag: str


class TrackersPage(ListPage):
    items: list[TrackerView]


class TrackersQuery(PageQuery):
    tracker: Annotated[list[IdText], Field(max_length=MAX_REFS, description="Only these, by id or name.")] = []
    deleted: Annotated[bool, Field(description="List deleted trackers, which can be restored, instead.")] = False


class ProblemItem(View):
    field: str
    message: str


class ProblemView(View):
    """RFC 9457. ``code`` names the kind of problem, ``errors`` the fields."""

    type: Literal["about:blank"] = "about:blank"
    title: str
    status: int
    detail: str
    code: str
    errors: list[ProblemItem] = []


class ItemResult(View):
    """The result for one of many: its ``status``, and either the tracker, unless deleted forever, or the problem."""

    tracker: str
    status: int
    result: TrackerView | None
    problem: ProblemView | None


class ItemResults(View):
    """The results, in the order of the request."""

    items: list[ItemResult]


PastPeriod = Literal["1 month", "3 months", "6 months", "12 months", "all"]


class PlanQuery(RequestModel):
    """``past``: how far back to read; omit it for upcoming calls only."""

    past: PastPeriod | None = None


class VersionCalls(View):
    version: int
    calls: Count


class PlannedCostView(View):
    """Credits for a plan's past calls. The balance covers ``payable`` of the ``unpaid`` calls, the newest first."""

    credits: float
    balance: float
    unpaid: Count
    payable: Count
    enough: bool
    stopped_by: str


class PlanModel(View):
    """What publishing now would do, as counts of calls; ``message`` says it in words.

    Of the ``total`` past calls in the period, ``to_read`` are read, ``reread`` of them again. ``kept`` calls are not
    read, because version ``alike`` reads them as the new one would. The results in ``stays`` do not change.
    """

    version: int
    past: str | None
    since: UtcTime | None
    calls: Count
    total: Count
    undated: Count
    kept: Count
    to_read: Count
    reread: Count
    stays: list[VersionCalls]
    waiting: Count
    unread: Count
    alike: int | None
    cost: PlannedCostView | None
    message: str


class PublishBody(RequestModel):
    past: PastPeriod | None = None
    stream: NameGiven | None = None


class RollBackBody(RequestModel):
    version: Annotated[int, Field(ge=1, le=2**31 - 1)]


class RunModel(View):
    """A backfill: ``done`` of ``total`` calls are read. ``found`` counts sentences, upcoming calls included."""

    state: Run
    done: Count
    total: Count
    found: Count
    message: str
    last_run: UtcTime | None


class PublicationView(View):
    """A version as it was published, and how far it has read. ``since``: from when past calls are read."""

    tracker_id: str
    version: int
    active: bool
    published: UtcTime
    past: str | None
    since: UtcTime | None
    threshold: float
    definition: dict[str, Any]
    estimate: EstimateModel | None
    quality: AssessmentModel
    answers: Count
    run: RunModel


class Publications(ListPage):
    items: list[PublicationView]
