"""The carousel, the plots and the review."""

from __future__ import annotations

from typing import TypedDict

from workbench.widgets.protocol.base import Answer, BadgeName, Phase, Reason, Speaks


class ContextView(TypedDict):
    text: str
    speaker: str | None
    side: str | None
    time: str | None


class MentionView(TypedDict):
    """A sentence with its context."""

    sentence_id: str
    text: str
    before: list[ContextView]
    after: list[ContextView]
    speaker: str | None
    side: str | None
    time: str | None


class SightView(MentionView):
    """The same, with its conversation."""

    conversation_id: str
    title: str | None
    date: str | None


class CardView(SightView):
    """A card ``outside`` does not match the tracker's current filters; its answer teaches all the same."""

    reason: Reason
    score: float
    outside: bool


class SummaryView(TypedDict):
    """A round's answers, counted."""

    round: int
    yes: int
    no: int
    not_sure: int


class IntervalView(TypedDict):
    """``tells`` is false where it is too wide to be told as a number."""

    low: float
    point: float
    high: float
    tells: bool


class ChangeView(TypedDict):
    """A measure in all calls, before a round and after it; None where it cannot be told. ``said`` is the change."""

    before: IntervalView | None
    now: IntervalView | None
    said: str


class RoundEndView(TypedDict):
    """What is said at the end of a round; ``advice`` may be empty."""

    round: int
    yes: int
    no: int
    not_sure: int
    precision: ChangeView
    hit_rate: ChangeView
    advice: list[str]


class CarouselView(TypedDict):
    """``answers`` maps sentence ids of the open round; ``fraction`` in [0, 1] is the training's progress.

    ``news`` says what other people have done to the round meanwhile. ``about`` is the tracker's description and
    ``examples`` some of its examples: what counts as a yes. ``ended`` is the round that has just been completed; None
    once the next one has an answer.
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
    about: str
    examples: list[str]
    ended: RoundEndView | None


class PieceView(TypedDict):
    """Part of a sentence. ``speaks`` says for or against the concept, and is empty if it hardly matters."""

    text: str
    speaks: Speaks


class EvidenceResult(TypedDict):
    """The pieces' texts joined are the sentence."""

    pieces: list[PieceView]


class UndoResult(TypedDict):
    """``sentence_id`` is None if there was nothing to undo."""

    sentence_id: str | None


class AssessmentView(TypedDict):
    """A tracker's quality, in the same form everywhere.

    ``precision`` and ``hit_rate`` are None if they are not known as a number; ``basis`` is what they refer to, such as
    "all calls", and ``stale`` says what has changed since; both may be empty.
    """

    badge: BadgeName
    sentence: str
    precision: IntervalView | None
    hit_rate: IntervalView | None
    basis: str
    stale: str


class MeasureView(TypedDict):
    """One measure after one round, in [0, 1]. ``heldout`` is point and spread on the tagged set."""

    heldout: float | None
    spread: float | None
    corpus: IntervalView | None


class RoundView(TypedDict):
    """``tags`` counts the answers given up to and including this round.

    ``wanted`` is how many more drawn answers would narrow both measures to ±10 points; None if unknown. ``rests_on``
    says what the figures are based on, ``stale`` what has changed since; both may be empty. ``quality`` is the
    assessment for all calls; ``words`` say the same, followed by the figures on tags alone.
    """

    round: int
    tags: int
    yes: int
    review: bool
    wanted: int | None
    rests_on: str
    stale: str
    precision: MeasureView
    hit_rate: MeasureView
    quality: AssessmentView
    words: list[str]


class SettingView(TypedDict):
    """A setting of the dial. ``found`` counts sentences; ``rule`` selects it; ``also`` are equivalent rules.

    ``quality`` is its assessment; ``precision`` and ``hit_rate`` are given even if they are too uncertain for that.
    """

    threshold: float
    found: int
    precision: IntervalView | None
    hit_rate: IntervalView | None
    quality: AssessmentView
    rule: str
    also: list[str]


class AdviceView(TypedDict):
    """``groups`` are sentences to read; those of ``doubtful`` and ``people`` have the answers that count.

    ``notes`` are on single sentences, by id.
    """

    kind: str
    message: str
    groups: list[list[CardView]]
    answers: dict[str, Answer]
    notes: dict[str, str]


class TuningView(TypedDict):
    """Fine-tuning in the background; ``message`` is its progress or outcome."""

    running: bool
    fraction: float
    message: str


class DetailsView(TypedDict):
    """What takes a moment to compute; ``rule`` is the tracker's current one."""

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
    """How many sentences a tracker finds now, and in how many of the calls that it searches."""

    sentences: int
    calls: int
    of_calls: int


class PublishedRunView(TypedDict):
    """How far the published version is with past calls; ``found`` counts what stands as the tracker's results.

    ``stopped`` says why it does not go on before all are read; empty if it does.
    """

    running: bool
    done: int
    total: int
    found: int
    stopped: str


class ReviewView(TypedDict):
    """``answers`` maps ids of the sentences shown; ``fair``: judging all of them counts in the corpus estimate.

    ``basic_left`` counts rounds of the basic training; ``blocked`` says why nothing can be judged now, and ``nothing``
    why there is no sentence to show; ``caveat`` says what is shown here but would not be published.
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
