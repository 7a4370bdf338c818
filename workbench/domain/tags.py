"""What the person is asked, why, and what they answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from workbench.domain.errors import InvalidAnswer
from workbench.domain.words import fold


class Answer(StrEnum):
    YES = "yes"
    NO = "no"
    NOT_SURE = "not_sure"


def answer_of(given: str | Answer) -> Answer:
    """Return the answer that a person's code gives, in any case and spacing, such as "YES" or "Not sure".

    Raises:
        InvalidAnswer: it is not yes, no or not_sure.
    """
    if isinstance(given, str) and (found := _ANSWERS.get(_pressed(given))):
        return found
    raise InvalidAnswer(f"answer: must be one of {', '.join(Answer)}, not {given!r}")


def _pressed(text: str) -> str:
    """Return a text without spaces, hyphens and underscores, folded."""
    return "".join(sign for sign in fold(text) if not sign.isspace() and sign not in "-_")


_ANSWERS = {_pressed(one): one for one in Answer}


class Reason(StrEnum):
    """Why a sentence was picked.

    It is close to what is wanted, near the boundary, drawn at random, in an audit, in a review of what is found, or
    picked by a person; or it was not asked about, and its answer was imported.
    """

    LIKELY = "likely"
    UNSURE = "unsure"
    RANDOM = "random"
    AUDIT = "audit"
    REVIEW = "review"
    PICKED = "picked"
    IMPORTED = "imported"


CHOSEN = frozenset((Reason.PICKED, Reason.IMPORTED))
"""Reasons of rounds in which people, not the workbench, chose the sentences."""


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
