"""Search, statistics, streams, boards, deals, playbooks and wrong hits."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from workbench.domain.views import TrackerRef
from workbench.server.models.base import (
    Count,
    IdText,
    ListPage,
    NameText,
    NoteGiven,
    PersonGiven,
    RequestModel,
    UsedTrackerView,
    UtcTime,
    View,
    length,
)
from workbench.server.models.conversations import PageQuery, SentenceView, TrackerIds
from workbench.server.models.filters import FilterQuery

Group = Literal["person", "team", "account", "stage", "week", "month", "quarter"]
Period = Literal["week", "month", "quarter"]
MAX_WORDS_TEXT, MAX_MEANING_TEXT = 1_000, 2_000


class SearchQuery(FilterQuery, PageQuery):
    words: Annotated[
        str,
        length(MAX_WORDS_TEXT),
        Field(description="All must occur, as whole words; those in quotes must follow each other."),
    ] = ""
    meaning: Annotated[
        str,
        length(MAX_MEANING_TEXT),
        Field(description="Find sentences of similar meaning, the most similar first; needs the encoder."),
    ] = ""
    tracker: TrackerIds = []


class HitModel(SentenceView):
    """``score``: cosine similarity to the meaning, else the highest of its trackers. ``versions``: in their order."""

    before: str
    after: str
    conversation_id: str
    kind: str
    title: str | None
    started: UtcTime | None
    team: str | None
    account: str | None
    deal: str | None
    stage: str | None
    trackers: list[str]
    versions: list[int]
    score: float | None


class Hits(ListPage):
    """``total``: the number of all matches. ``note``: what could not be searched, or empty."""

    total: Count
    note: str
    items: list[HitModel]


class StatisticsQuery(FilterQuery):
    tracker: IdText
    by: Annotated[list[Group], Field(max_length=3)] = []
    least_calls: Annotated[int, Field(ge=0, le=10**9, description="Smaller groups are combined.")] = 0
    pairs: Annotated[bool, Field(description="Also report which groups differ; takes longer.")] = False


class MeasureModel(View):
    """A value with its 95% interval; null if it cannot be computed."""

    low: float | None
    point: float | None
    high: float | None


class RateView(View):
    """Rates of one group. ``true_…``: corrected for the tracker's errors. ``versions``: newest first."""

    group: dict[str, str | None]
    versions: list[int]
    calls: Count
    sentences: Count
    hours: float
    found: Count
    calls_found: Count
    share: MeasureModel
    rate: MeasureModel
    true_rate: MeasureModel
    per_100_calls: MeasureModel
    true_per_100_calls: MeasureModel
    per_hour: MeasureModel
    true_per_hour: MeasureModel


class PairView(View):
    first: str
    second: str
    difference: float | None
    low: float | None
    high: float | None
    p: float | None
    corrected: bool
    verdict: str


class StatisticsView(View):
    tracker: TrackerRef
    by: list[Group]
    rates: list[RateView]
    pairs: list[PairView] | None
    notes: list[str]


class StreamView(View):
    """``channels``: kinds only, as addresses are private. ``trackers``: including deleted ones."""

    id: str
    name: str
    trackers: list[UsedTrackerView]
    channels: list[str]
    created: UtcTime


class StreamPage(ListPage):
    items: list[StreamView]


class StreamCall(View):
    conversation_id: str
    title: str | None
    started: UtcTime | None
    account: str | None
    team: str | None
    tracker: str
    version: int
    sentence_ids: list[str]


class StreamCalls(ListPage):
    items: list[StreamCall]


class WrongHitBody(RequestModel):
    """``by``: who reports it, if not you."""

    tracker: IdText
    sentence_id: IdText
    note: NoteGiven = ""
    by: PersonGiven | None = None


class WrongHitView(View):
    tracker: TrackerRef
    sentence_id: str
    by: str
    note: str


class BoardView(View):
    """``trackers``: ids, of which one has to match. ``uses``: their status. ``target``: a share of calls."""

    id: str
    name: str
    trackers: list[str]
    uses: list[UsedTrackerView]
    target: float
    since: str | None


class BoardList(ListPage):
    items: list[BoardView]


class BoardQuery(RequestModel):
    by: Annotated[list[Literal["person", "team", "account", "stage"]], Field(max_length=3)] = []
    period: Period | Literal["all"] = "month"


class AdoptionView(View):
    """``trackers``: those that found something in these calls. ``versions``: the version of each that did."""

    group: dict[str, str | None]
    calls: Count
    calls_found: Count
    share: MeasureModel
    target: float
    verdict: str
    trackers: list[str]
    versions: list[int]


class BoardPage(View):
    """``notes``: trackers that are not in use or have no results."""

    board: BoardView
    adoption: list[AdoptionView]
    notes: list[str]


class DealRow(View):
    id: str
    account: str | None
    stage: str | None
    amount: float | None
    outcome: str | None
    calls: Count
    first: UtcTime | None
    last: UtcTime | None


class Deals(ListPage):
    items: list[DealRow]


class DealFind(SentenceView):
    tracker: str
    conversation_id: str
    started: UtcTime | None
    score: float | None
    version: int


class DealCall(View):
    """``found``: sentences by tracker; null if it has not read the call."""

    conversation_id: str
    kind: str
    title: str | None
    started: UtcTime | None
    duration_s: float | None
    team: str | None
    stage: str | None
    found: dict[str, int | None]


class DealQuery(RequestModel):
    tracker: Annotated[list[IdText], Field(max_length=20, description="Only these; ids or names.")] = []


class DealPage(View):
    deal: DealRow
    calls: list[DealCall]
    found: list[DealFind]


class ItemView(View):
    name: str
    description: str
    trackers: list[str]


class PlaybookView(View):
    """``uses``: the items' trackers, with their status. ``advice``: how to have it filled better."""

    id: str
    name: str
    items: list[ItemView]
    uses: list[UsedTrackerView]
    advice: list[str]


class PlaybookPage(ListPage):
    items: list[PlaybookView]


class FilledItem(View):
    """``state``: filled, open or not looked for. The evidence is the most likely of its ``finds``."""

    item: NameText
    description: str
    state: str
    finds: Count
    trackers: list[str]
    sentence_id: str | None
    text: str | None
    speaker: str | None
    conversation_id: str | None
    started: UtcTime | None
    version: int | None


class FilledPlaybook(View):
    playbook: PlaybookView
    deal: str
    items: list[FilledItem]
    notes: list[str]
