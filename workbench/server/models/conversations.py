"""Calls and e-mails with what trackers found in them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from workbench.domain.conversations import FieldValue, Kind
from workbench.domain.views import TrackerRef
from workbench.server.models.base import Count, IdText, ListPage, NameText, RequestModel, UtcTime, View, length
from workbench.server.models.filters import FilterQuery

Order = Annotated[Literal["oldest", "newest"], Field(description="Order by time of import.")]
MAX_CURSOR = 2_000
Cursor = Annotated[str, length(MAX_CURSOR), Field(description="The next_cursor of the previous page.")]
TrackerIds = Annotated[list[IdText], Field(max_length=20, description="Only what one of these found; ids or names.")]


class PageQuery(RequestModel):
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    cursor: Cursor | None = None


class CallsQuery(FilterQuery, PageQuery):
    tracker: TrackerIds = []
    metric: Annotated[
        list[IdText],
        Field(
            max_length=20, description="A metric's value as NAME=VALUE; several values of one metric are alternatives."
        ),
    ] = []
    order: Order = "oldest"


class CallTable(View):
    """A page of calls as CSV with a header: what is known about each, a column per tracker and a column per metric."""

    format: Literal["csv"]
    text: str
    next_cursor: str | None


class SentencesQuery(RequestModel):
    limit: Annotated[int, Field(ge=1, le=5_000, description="The most sentences on a page.")] = 2_000
    cursor: Cursor | None = None


class PartyModel(View):
    id: str
    name: str | None
    side: str | None
    team: str | None
    email: str | None


class DealRef(View):
    id: str
    stage: str | None
    amount: float | None
    outcome: str | None


class SentenceView(View):
    """``start_s``: seconds since the start of the call."""

    sentence_id: str
    text: str
    speaker: str | None
    side: str | None
    start_s: float | None


class DetectionView(SentenceView):
    """``score``: given by the tracker; at least its threshold."""

    tracker: TrackerRef
    version: int
    score: float


class MetricValueView(View):
    """``value``: true, false, a category, partial, not_applicable or unknown. ``evidence``: ids of sentences.

    ``found_by``: the version that found each of them, if trackers did.
    """

    value: bool | str
    source: str
    version: Count
    evidence: list[str]
    found_by: list[int]
    at: UtcTime | None
    why: str


class DealChange(RequestModel):
    id: IdText | None = None
    stage: NameText | None = None
    amount: float | None = None
    outcome: Literal["open", "won", "lost"] | None = None


class CallChange(RequestModel):
    """What is known about a call apart from its text. Fields that are omitted or null are not changed."""

    title: NameText | None = None
    account: NameText | None = None
    team: NameText | None = None
    deal: DealChange | None = None
    fields: dict[str, FieldValue] | None = None


class DeletionView(View):
    """A receipt in counts, without content. ``versions``: these learnt from the call's sentences; publish them again.

    ``store``: where copies of the call may remain if the corpus is stored in a bucket.
    ``held``: another kernel or server that has read the call keeps it on the disk until it reads again or ends.
    """

    at: UtcTime
    calls: Count
    sentences: Count
    finds: Count
    answers: Count
    notes: Count
    messages: Count
    metrics: Count
    vectors: Count
    live: Count
    versions: list[str]
    held: bool
    store: str
    vacuumed: bool


class CallModel(View):
    """A call or an e-mail. ``detections``: of the trackers in use. ``metrics``: by name.

    ``teams``: the call's own ``team`` and those of its parties on the company's side.
    """

    id: str
    kind: Kind
    title: str | None
    started: UtcTime | None
    duration_s: float | None
    direction: str | None
    channel: str | None
    scope: str | None
    language: str | None
    account: str | None
    deal: DealRef | None
    team: str | None
    teams: list[str]
    thread: str | None
    has_recording: bool
    fields: dict[str, FieldValue]
    parties: list[PartyModel]
    turns: Count
    sentences: Count
    detections: list[DetectionView]
    metrics: dict[str, MetricValueView]


class Calls(ListPage):
    items: list[CallModel]


class TurnView(View):
    """What one party says without a break, or the part of it that is on this page."""

    turn: Count
    speaker: str | None
    side: str | None
    sentences: list[SentenceView]


class CallPage(ListPage):
    """A call with its turns; ``next_cursor`` if there are more."""

    call: CallModel
    turns: list[TurnView]


class FoundModel(SentenceView):
    conversation_id: str
    title: str | None
    started: UtcTime | None
    score: float
    version: int


class DetectionsQuery(PageQuery):
    tracker: IdText
    order: Order = "oldest"


class Detections(ListPage):
    """``version``: the one in use, or the last in use. Each item gives the version that found it."""

    tracker: TrackerRef
    version: int
    items: list[FoundModel]


class FacetsModel(View):
    """The values to filter by."""

    stages: list[str]
    outcomes: list[str]
    teams: list[str]
    accounts: list[str]
    languages: list[str]
    channels: list[str]
    directions: list[str]
    scopes: list[str]
    participants: list[str]
    fields: dict[str, list[FieldValue]]
    conversations: Count
    calls: Count
    first: UtcTime | None
    last: UtcTime | None
