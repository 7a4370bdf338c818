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
    """A sentence with what stands around it."""

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
    """One ``outside`` does not match the tracker's present filters; its answer teaches all the same."""

    reason: Reason
    score: float
    outside: bool


class SummaryView(TypedDict):
    """A round's answers, counted."""

    round: int
    yes: int
    no: int
    not_sure: int


class CarouselView(TypedDict):
    """``answers`` maps sentence ids of the open round; ``fraction`` in [0, 1] is the training's progress.

    ``news`` says what other people have done to the round meanwhile. ``about`` is the tracker's description and
    ``examples`` some of its examples: what counts as a yes.
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


class PieceView(TypedDict):
    """Part of a sentence. ``speaks`` says for or against the concept, and is empty if it hardly matters."""

    text: str
    speaks: Speaks


class EvidenceResult(TypedDict):
    """The pieces' texts joined are the sentence."""

    pieces: list[PieceView]


class UndoResult(TypedDict):
    """``sentence_id`` is None if there was nothing to take back."""

    sentence_id: str | None


class IntervalView(TypedDict):
    """``tells`` is false where it is too wide to be told as a number."""

    low: float
    point: float
    high: float
    tells: bool


class AssessmentView(TypedDict):
    """How well a tracker does, as every surface shows it.

    ``precision`` and ``hit_rate`` are None where they are not known as a number; ``basis`` is what they speak of, such
    as "all calls", and ``stale`` says what has changed since; both may be empty.
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
    """``tags`` counts the answers given up to and with this round.

    ``wanted`` is how many drawn ones more would tell both measures to ±10 points; None if that is not known.
    ``rests_on`` says what the figures rest on, ``stale`` what has changed since; both may be empty.
    ``quality`` is what they come to in all calls; ``words`` say the same, then what the tags alone say.
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
    """A setting of the dial. ``found`` counts sentences; ``rule`` keeps it; ``also`` come to the same.

    ``quality`` is what is told of it; ``precision`` and ``hit_rate`` are also there where they are too vague for that.
    """

    threshold: float
    found: int
    precision: IntervalView | None
    hit_rate: IntervalView | None
    quality: AssessmentView
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
