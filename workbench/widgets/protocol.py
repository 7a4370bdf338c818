"""What travels between the widgets' two halves. ``widgets/generate_protocol.py`` writes TypeScript from it.

A request is ``{"id", "kind", …}``; its one reply is ``{"id", "result", "error"}``. Everything that
must survive a page reload is a synced trait instead, made of the ``…View`` types here.
"""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict

Answer = Literal["yes", "no", "not_sure"]
Reason = Literal["likely", "unsure", "random", "audit", "review", "picked"]
Speaks = Literal["for", "against", ""]
Level = Literal["error", "warning", "tip"]
Step = Literal["concept", "where", "examples", "train", "words", "preview"]
KindName = Literal["example", "keyword", "phrase", "question"]
Match = Literal["inflected", "exact"]
Phase = Literal["nothing", "idle", "opening", "tagging", "training", "failed", "exhausted", "untrained"]
TrackerStage = Literal["draft", "active", "paused", "deactivated", "deleted"]
RunState = Literal["running", "done", "cancelled", "interrupted", "failed"]
Panel = Literal["", "actions", "publish", "versions", "deactivate", "ready_made", "import", "export", "publish_many"]
Tone = Literal["", "good", "warning", "bad"]


class Failure(TypedDict):
    """``kind`` is the error's class; ``message`` is fit to be shown."""

    kind: str
    message: str


class Reply(TypedDict):
    """One of ``result`` and ``error`` is None."""

    id: str
    result: Any
    error: Failure | None


class PartForm(TypedDict):
    where: Literal["anywhere", "first", "last"]
    amount: float
    unit: Literal["minutes", "percent"]


class FiltersForm(TypedDict):
    """``domain.filters.Filters.to_dict``: those without a control travel along unchanged."""

    side: Literal["company", "customer", "anyone"]
    kinds: list[str]
    channels: list[str]
    directions: list[str]
    scope: Literal["external", "internal", "any"]
    part: PartForm
    stages: list[str]
    outcomes: list[str]
    teams: list[str]
    accounts: list[str]
    languages: list[str]
    participants: list[str]
    title: str
    started_from: str | None
    started_before: str | None
    fields: dict[str, Any]


class SettingsForm(TypedDict):
    """What keyword trackers (words, exclude, match) and those of phrases find by; each passes over the other's."""

    words: list[str]
    exclude: list[str]
    match: Match
    vocabulary: list[str]
    closeness: float


class Form(TypedDict):
    """``kind`` and ``settings`` are left out of trackers of examples."""

    name: str
    description: str
    filters: FiltersForm
    examples: list[str]
    kind: NotRequired[KindName]
    settings: NotRequired[SettingsForm]


class FacetsView(TypedDict):
    """The values there are to filter by, and ``usual_s``, a call's median length in seconds."""

    stages: list[str]
    outcomes: list[str]
    teams: list[str]
    accounts: list[str]
    languages: list[str]
    channels: list[str]
    directions: list[str]
    participants: list[str]
    fields: dict[str, list[Any]]
    usual_s: float | None


class DraftView(TypedDict):
    id: str
    name: str


class Hint(TypedDict):
    """``field`` is name, description, examples or corpus; ``index`` counts examples from 0.

    ``other`` is the example that is repeated, ``parts`` the sentences of one that holds several; ``offer`` is the kind
    of tracker that would do instead, or empty. An error keeps the form from being saved.
    """

    field: str
    index: int | None
    level: Level
    message: str
    other: int | None
    parts: list[str]
    offer: str


class CountsView(TypedDict):
    conversations: int
    calls: int
    sentences: int


class CheckResult(TypedDict):
    """``counts`` is None where the filters make no sense yet."""

    counts: CountsView | None
    hints: list[Hint]


class PastedView(TypedDict):
    """A line of what was pasted; ``serves`` is whether it is worth adding as it is, ``message`` why it may not be."""

    text: str
    message: str
    parts: list[str]
    serves: bool


class SuggestionView(TypedDict):
    sentence_id: str
    text: str
    speaker: str | None
    side: str | None
    title: str | None
    date: str | None


class SuggestResult(TypedDict):
    """``meaning`` is whether meaning was looked at; where ``pending``, ask again in a while. ``rare`` is a warning."""

    sentences: list[SuggestionView]
    meaning: bool
    pending: bool
    note: str
    rare: Hint | None


class SaveResult(TypedDict):
    tracker_id: str


class MarkedView(TypedDict):
    """Part of a sentence; ``said`` where it is what is looked for."""

    text: str
    said: bool


class SeenView(TypedDict):
    """A sentence that is found, or nearly; the pieces' texts joined are the sentence."""

    conversation_id: str
    sentence_id: str
    pieces: list[MarkedView]
    score: float
    speaker: str | None
    side: str | None
    title: str | None
    date: str | None


class WordView(TypedDict):
    """``forms`` are how else the word was said; ``calls`` counts conversations."""

    word: str
    sentences: int
    calls: int
    forms: list[str]


class ClosenessView(TypedDict):
    """What a setting finds; ``above`` are the least close of it, ``below`` is just not found."""

    closeness: float
    sentences: int
    calls: int
    above: list[SeenView]
    below: list[SeenView]


class FindsResult(TypedDict):
    """What the form's words or vocabulary find in ``looked_at`` of ``of_calls`` conversations.

    Where ``pending``, ask again in a while; ``note`` says why something was not looked at.
    """

    sentences: int
    calls: int
    looked_at: int
    of_calls: int
    words: list[WordView]
    shown: list[SeenView]
    settings: list[ClosenessView]
    hints: list[Hint]
    pending: bool
    note: str


class PublishedResult(TypedDict):
    tracker_id: str
    message: str


class ContextView(TypedDict):
    text: str
    speaker: str | None
    side: str | None
    time: str | None


class CardView(TypedDict):
    conversation_id: str
    sentence_id: str
    text: str
    before: list[ContextView]
    after: list[ContextView]
    speaker: str | None
    side: str | None
    time: str | None
    title: str | None
    date: str | None
    reason: Reason
    score: float


class SummaryView(TypedDict):
    """A round's answers, counted."""

    round: int
    yes: int
    no: int
    not_sure: int


class CarouselView(TypedDict):
    """``answers`` maps sentence ids of the open round; ``fraction`` in [0, 1] is the training's progress.

    ``news`` says what other people have done to the round meanwhile.
    """

    phase: Phase
    tracker: str
    round: int
    answers: dict[str, Answer]
    summary: SummaryView | None
    fraction: float
    message: str
    rounds_done: int
    basic_rounds: int
    news: str


class PieceView(TypedDict):
    """Part of a sentence. ``speaks`` says for or against the concept, and is empty where it hardly matters."""

    text: str
    speaks: Speaks


class EvidenceResult(TypedDict):
    """The pieces' texts joined are the sentence."""

    pieces: list[PieceView]


class UndoResult(TypedDict):
    """``sentence_id`` is None where there was nothing to take back."""

    sentence_id: str | None


class IntervalView(TypedDict):
    """``tells`` is false where it is too wide to be told as a number."""

    low: float
    point: float
    high: float
    tells: bool


class MeasureView(TypedDict):
    """One measure after one round, in [0, 1]. ``heldout`` is point and spread on the tagged set."""

    heldout: float | None
    spread: float | None
    corpus: IntervalView | None


class RoundView(TypedDict):
    """``tags`` counts the answers given up to and with this round.

    ``wanted`` is how many drawn ones more would tell both measures to ±10 points; None where that is not known.
    """

    round: int
    tags: int
    yes: int
    review: bool
    wanted: int | None
    precision: MeasureView
    hit_rate: MeasureView


class SettingView(TypedDict):
    """A setting of the dial. ``found`` counts sentences; ``rule`` keeps it; ``also`` come to the same."""

    threshold: float
    found: int
    precision: IntervalView | None
    hit_rate: IntervalView | None
    rule: str
    also: list[str]


class AdviceView(TypedDict):
    """``groups`` are sentences to read; those of ``doubtful`` and ``people`` come with the answers that count.

    ``notes`` say something of single sentences, by id.
    """

    kind: str
    message: str
    groups: list[list[CardView]]
    answers: dict[str, Answer]
    notes: dict[str, str]


class TuningView(TypedDict):
    """Fine-tuning in the background; ``message`` says how it stands or ended."""

    running: bool
    fraction: float
    message: str


class DetailsView(TypedDict):
    """What takes a moment to work out; ``rule`` is the one that the tracker keeps."""

    dial: list[SettingView]
    rule: str
    advice: list[AdviceView]
    fell: list[int]


class PlotsView(TypedDict):
    phase: Phase
    tracker: str
    rounds: list[RoundView]
    basic_rounds: int
    message: str


class FoundView(TypedDict):
    """How many sentences a tracker finds now, and in how many of the calls that it looks at."""

    sentences: int
    calls: int
    of_calls: int


class ReviewView(TypedDict):
    """``answers`` maps the ids of the sentences shown; ``fair`` says that judging all of them tells of the corpus.

    ``basic_left`` counts rounds of the basic training; ``blocked`` says why nothing can be judged now, and
    ``nothing`` why there is no sentence to show; ``caveat`` what is shown here and would not be published.
    """

    phase: Phase
    tracker: str
    estimate: RoundView | None
    found: FoundView | None
    basic_left: int
    answers: dict[str, Answer]
    fair: bool
    blocked: str
    nothing: str
    counted: SummaryView | None
    fraction: float
    message: str
    published: str
    caveat: str


class PlaceView(TypedDict):
    """What a call viewer shows: sentence ``at``, counted from 0, None for the beginning.

    ``visit`` counts the times that something was to be shown, ``finds`` those that what trackers find changed.
    """

    conversation_id: str
    at: int | None
    visit: int
    finds: int


class PartyView(TypedDict):
    name: str
    side: str | None
    email: str | None


class CallView(TypedDict):
    """A conversation without its text. ``starts`` (seconds), ``sides`` and ``turns`` have an entry a sentence.

    ``breaks`` are the sentences of an e-mail that begin a line. ``address`` is the recording's, None where
    ``unheard`` says why it can't be played, or where there is none.
    """

    kind: str
    title: str | None
    date: str | None
    account: str | None
    duration: float | None
    parties: list[PartyView]
    starts: list[float | None]
    sides: list[str | None]
    turns: list[int]
    breaks: list[int]
    address: str | None
    unheard: str


class LineView(TypedDict):
    """A sentence; ``more`` is how many of its characters are left out."""

    at: int
    text: str
    more: int
    speaker: str | None
    time: str | None


class MarkView(TypedDict):
    """``score`` is the tracker's probability in [0, 1]."""

    at: int
    tracker: str
    score: float


class MarksView(TypedDict):
    """What the named trackers find in a conversation, in its order."""

    trackers: list[str]
    marks: list[MarkView]


class ManagedView(TypedDict):
    """A tracker in the table. ``stamp`` grows when what is told of it may have changed; ``created`` is ISO 8601.

    ``paused`` says why the workbench paused it, empty where it did not: then it must be published again.
    """

    id: str
    name: str
    description: str
    kind: str
    state: TrackerStage
    paused: str
    created: str
    stamp: int


class GoneView(TypedDict):
    """A tracker that was deleted, as long as that can be taken back with one press."""

    id: str
    name: str


class EstimateView(TypedDict):
    tags: int
    precision: MeasureView
    hit_rate: MeasureView


class RunView(TypedDict):
    """How far a version is with past conversations; ``found`` counts sentences, ``last_run`` is ISO 8601.

    ``waiting`` says why calls that arrived are not read now, empty where they are; ``unjudged`` counts calls that a
    judge could not answer for.
    """

    state: RunState
    done: int
    total: int
    found: int
    fraction: float
    message: str
    last_run: str | None
    past: str | None
    waiting: str
    unjudged: int


class StandingView(TypedDict):
    """How a tracker stands. ``stamp`` is that of the row it was read for; ``error`` says what could not be read."""

    id: str
    stamp: int
    version: int | None
    unpublished: list[str]
    estimate: EstimateView | None
    run: RunView | None
    error: str


class ActResult(TypedDict):
    """``failed`` says why, by tracker; the others are done."""

    done: list[str]
    failed: dict[str, str]


class ChangesView(TypedDict):
    """What publishing would change: sentences found newly, no longer, and as before. ``estimate`` is the newest."""

    gained: int
    lost: int
    kept: int
    estimate: EstimateView | None


class SightView(TypedDict):
    conversation_id: str
    sentence_id: str
    text: str
    before: list[ContextView]
    after: list[ContextView]
    speaker: str | None
    side: str | None
    time: str | None
    title: str | None
    date: str | None


class VersionView(TypedDict):
    """A version as published; ``changed`` says in what it differs from the one before."""

    version: int
    published: str
    past: str | None
    rule: str
    active: bool
    changed: list[str]
    estimate: EstimateView | None
    form: Form


class PanelView(TypedDict):
    """What is open under a row; without a tracker above the rows, or nowhere."""

    tracker_id: str
    what: Panel


class QualityView(TypedDict):
    """How well a ready-made tracker did on ``calls`` calls of the sample corpus, with 95 % intervals.

    ``hits`` of their sentences carry its concept; ``measured`` is the day, ISO 8601.
    """

    precision: IntervalView
    hit_rate: IntervalView
    f1: IntervalView
    calls: int
    hits: int
    measured: str


class ReadyMadeView(TypedDict):
    """A tracker that is there from the start; ``said`` is what it goes by. None: its quality was not measured."""

    key: str
    name: str
    description: str
    kind: str
    filters: FiltersForm
    said: list[str]
    can_train: bool
    quality: QualityView | None


class ExportedView(TypedDict):
    """Definitions as a file to be saved."""

    text: str
    name: str


class RefusedView(TypedDict):
    """What an import left out: the line on which it begins, from 1, and why."""

    line: int
    reason: str


class BroughtView(TypedDict):
    """What an import made and what it left out; of many, the first of each are told."""

    made: list[GoneView]
    made_count: int
    refused: list[RefusedView]
    refused_count: int


class TipView(TypedDict):
    level: Level
    message: str


class LinkView(TypedDict):
    """To a dashboard by its name, such as ``tracker``; the page makes the address. ``query`` carries the filters."""

    label: str
    page: str
    query: dict[str, str]


class TileView(TypedDict):
    """A headline figure as it is read: ``value`` such as "1,204" or "62 %"."""

    label: str
    value: str
    note: str
    tone: Tone
    link: LinkView | None


class ColumnView(TypedDict):
    """Cells of ``percent`` are shares in [0, 1], of ``interval`` [low, high] or [low, point, high] of shares.

    Of ``date`` they are ISO 8601. Each may be None, where nothing can be told.
    """

    name: str
    label: str
    kind: Literal["text", "number", "percent", "interval", "date"]


class TableView(TypedDict):
    """``rows`` by column name; ``links`` one a row, or none at all; ``total`` counts those not sent, too."""

    columns: list[ColumnView]
    rows: list[dict[str, Any]]
    links: list[LinkView | None]
    total: int


class FigureView(TypedDict):
    """Plotly's ``data`` and ``layout``, of scatter, bar and heatmap; colours and fonts are the page's affair.

    ``description`` is a sentence for those who don't see it, ``table`` holds the same figures.
    """

    figure: dict[str, Any]
    description: str
    table: TableView


class HitTracker(TypedDict):
    id: str
    name: str
    score: float


class HitView(TypedDict):
    """A sentence that was found. ``link`` leads to its call; without one the call viewer is asked to show it."""

    sentence_id: str
    conversation_id: str
    title: str | None
    started: str | None
    speaker: str | None
    side: str | None
    start_s: float | None
    text: str
    before: list[ContextView]
    after: list[ContextView]
    trackers: list[HitTracker]
    link: LinkView | None


class BlockView(TypedDict):
    """One part of a dashboard. ``empty`` is what to say where there is nothing; ``total`` counts hits not sent, too."""

    id: str
    kind: Literal["tiles", "figure", "table", "hits", "text"]
    title: str
    note: str
    empty: str
    wide: bool
    tiles: list[TileView]
    figure: FigureView | None
    table: TableView | None
    hits: list[HitView]
    total: int


class OptionView(TypedDict):
    value: str
    label: str


class ControlView(TypedDict):
    """A filter; ``name`` is its name in the address, ``value`` what holds; ``many`` joins values with commas."""

    name: str
    label: str
    kind: Literal["choice", "many", "text", "date"]
    options: list[OptionView]
    value: str


class ProgressView(TypedDict):
    label: str
    done: int
    total: int


class DashboardView(TypedDict):
    """A whole page; ``page`` is its name, ``query`` the filters in force, by their names in the address."""

    page: str
    title: str
    lead: str
    pages: list[LinkView]
    controls: list[ControlView]
    query: dict[str, str]
    blocks: list[BlockView]
    progress: ProgressView | None
    role: Literal["reader", "editor"]


class MoreResult(TypedDict):
    """The next hits or rows of a block, and how many there are by now."""

    hits: list[HitView]
    table: TableView | None
    total: int


MetricSource = Literal["trackers", "question", "code"]


class MetricSourceForm(TypedDict):
    """All that a metric's source can need, whatever its ``type``; trackers are ids, ``cases`` category and tracker."""

    type: MetricSource
    required: list[str]
    match: Literal["all", "any"]
    cases: list[list[str]]
    otherwise: str
    applies: str
    side: Literal["company", "customer", "anyone"]
    part: PartForm
    question: str


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


class PhraseView(TypedDict):
    """A choice of one of the question's sections."""

    key: str
    phrase: str


class QuestionForm(TypedDict):
    """``sections`` holds who, what, about or an own topic, and details where they were edited; kept while ``free``."""

    name: str
    description: str
    filters: FiltersForm
    sections: dict[str, str]
    free: bool
    question: str
    details: str
    judge: str


class RefinementView(TypedDict):
    """What is weak, and what would stand in place of the question, its details or its side, where that is known."""

    message: str
    question: str | None
    details: str | None
    side: Literal["company", "customer", "anyone"] | None


class CostView(TypedDict):
    """Credits for the ``calls`` of the past that are not ``paid`` for, and for a month of upcoming ones."""

    calls: int
    credits: float
    paid: int
    monthly: float
    free: bool
    enough: bool


class QuestionCheck(TypedDict):
    """The question as its sections make it, or as written; ``cost`` is None until there is one to ask."""

    counts: CountsView | None
    hints: list[Hint]
    question: str
    details: str
    refinements: list[RefinementView]
    cost: CostView | None
    balance: float


class CreditEntryView(TypedDict):
    """What was added (above 0) or taken for ``calls`` on a day, and by whom or for what."""

    day: str
    what: str
    calls: int
    amount: float


class CreditsView(TypedDict):
    """``spent`` in this calendar month; ``more`` rows of the ledger are older than the last of ``entries``."""

    balance: float
    spent: float
    entries: list[CreditEntryView]
    more: int


class MentionView(TypedDict):
    sentence_id: str
    text: str
    before: list[ContextView]
    after: list[ContextView]
    speaker: str | None
    side: str | None
    time: str | None


class AskedCallView(TypedDict):
    """A call of the preview; ``about`` are its details, and ``failure`` says why it could not be judged."""

    conversation_id: str
    title: str
    about: list[str]
    summary: str
    mentions: list[MentionView]
    failure: str


class SampleView(TypedDict):
    """``seen`` of ``total`` calls are behind; ``credits`` is what they took."""

    calls: list[AskedCallView]
    seen: int
    total: int
    credits: float


LiveStage = Literal["live", "left", "ended"]


class LiveCallView(TypedDict):
    """A call that goes on, or that ended a while ago; ``key`` names it. ``speed`` is a replay's, else None.

    ``elapsed`` are the seconds since it began, None where that says nothing: of replays, and once it does not go on.
    ``here`` says that this kernel replays it, so that it can be stopped; ``problem`` is what ended that replay.
    """

    key: str
    conversation_id: str
    title: str | None
    account: str | None
    began: str
    state: LiveStage
    speed: float | None
    elapsed: float | None
    here: bool
    problem: str


class LivePartyView(TypedDict):
    """Somebody who speaks in the call; turns name them by ``id``."""

    id: str
    name: str
    side: str | None


class LiveTurnView(TypedDict):
    """What is heard of a turn by now; ``turn`` is its place, ``more`` how many of its characters are left out."""

    turn: int
    party: str | None
    time: str | None
    text: str
    more: int
    final: bool


class LiveEventView(TypedDict):
    """``domain.live.LiveEvent`` for the page; ``find`` names what it is about: one tracker in one sentence.

    ``start`` and ``end`` are counted in characters of the turn's text. ``latency_ms`` is None where something else
    than a turn brought it about, such as the call's end.
    """

    find: str
    kind: Literal["found", "changed", "confirmed", "withdrawn"]
    tracker: str
    sentence_id: str
    turn: int
    start: int
    end: int
    text: str
    time: str | None
    provisional: bool
    latency_ms: float | None


class LiveLater(TypedDict):
    """A tracker that reads the call when it has ended, and why."""

    tracker: str
    reason: str


class LiveEnd(TypedDict):
    """How a call ended: whether it is kept in the corpus, and with how many finds."""

    kept: bool
    found: int


class LiveNews(TypedDict):
    """What came since the cursor that the page gave; ``more`` says that there is more at once.

    ``parties`` are those who became known. ``watching`` and ``later`` are the trackers matched at once and those that
    wait for the end; None where unchanged. ``end`` is None before the call has ended.
    """

    cursor: int
    more: bool
    call: LiveCallView
    parties: list[LivePartyView]
    turns: list[LiveTurnView]
    events: list[LiveEventView]
    watching: list[str] | None
    later: list[LiveLater] | None
    end: LiveEnd | None


class LivePage(TypedDict):
    """Another dashboard, to which the page links by its name."""

    page: str
    label: str


class RecordedView(TypedDict):
    """A recorded call that can be replayed; ``duration`` in seconds."""

    conversation_id: str
    title: str | None
    account: str | None
    date: str | None
    duration: float | None
    turns: int
