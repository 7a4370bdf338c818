"""What the person is asked, why, and what they answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Answer(StrEnum):
    YES = "yes"
    NO = "no"
    NOT_SURE = "not_sure"


class Reason(StrEnum):
    """Why a sentence was picked: close to what is wanted, near the boundary, drawn at random, in an audit, in a
    review of what is found, or by a person."""

    LIKELY = "likely"
    UNSURE = "unsure"
    RANDOM = "random"
    AUDIT = "audit"
    REVIEW = "review"
    PICKED = "picked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """One answer. ``probability`` is that of being drawn for the estimate, None if picked on purpose.

    Of several people's answers to a sentence it is the one that counts, and ``by`` names them all.
    """

    sentence_id: str
    answer: Answer
    round: int
    reason: Reason
    probability: float | None
    at: datetime
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundCounts:
    """How many sentences a tracker finds, tagged ones included, and in how many of the conversations it looks at."""

    sentences: int
    calls: int
    of_calls: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextSentence:
    """A sentence around a candidate."""

    sentence_id: str
    text: str
    speaker: str | None
    side: str | None
    start_s: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A sentence to judge, with what a person needs to judge it.

    ``score`` is the model's probability in [0, 1]; in the first round, before any model, the similarity to
    the examples. ``position`` counts from 0 within the round. In an open round ``answer`` is what the session's user
    said, or what another has said of a sentence that need not be asked of all. One ``outside`` does not match the
    tracker's present filters, whose answer teaches all the same.
    """

    sentence_id: str
    text: str
    before: tuple[ContextSentence, ...]
    after: tuple[ContextSentence, ...]
    speaker: str | None
    side: str | None
    start_s: float | None
    conversation_id: str
    title: str | None
    started: datetime | None
    media: str | None
    round: int
    position: int
    reason: Reason
    probability: float | None
    score: float
    answer: Answer | None = None
    outside: bool = False
