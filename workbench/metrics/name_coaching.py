"""What is weak about a metric's name, compared with the project's other metrics (M2). Pure functions over text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from workbench.domain.advice import Level
from workbench.domain.texts import normalise
from workbench.domain.words import fold
from workbench.trackers.coaching import telling_words
from workbench.trackers.words import stem

MetricField = Literal["name", "definition", "success", "failure", "partial", "applies_when", "categories", "source"]

LONG_WORDS = 5
LONG_CHARACTERS = 40
SAME = 0.8  # cosine of two names from which on they say the same
LEAST_OF_A_STYLE = 2  # names from which on a way to write them is the project's

# One term a row is enough; the first is offered where no metric uses any of them yet.
SYNONYMS = (
    ("handoff", "handover", "transfer", "escalation", "escalate"),
    ("authentication", "verification", "identification", "auth"),
    ("booking", "reservation"),
    ("cancellation", "termination", "cancel"),
    ("refund", "reimbursement", "repayment"),
    ("complaint", "grievance", "dissatisfaction"),
    ("resolution", "solution", "fix"),
    ("customer", "client", "caller"),
    ("agent", "rep", "representative", "advisor"),
    ("call", "conversation"),
    ("issue", "problem", "trouble"),
    ("completed", "finished", "done"),
    ("failed", "unsuccessful"),
    ("price", "cost", "pricing"),
    ("order", "purchase"),
    ("callback", "follow-up", "followup"),
)
_BROAD = frozenset(
    {"metric", "quality", "success", "outcome", "result", "status", "call", "score", "kpi", "check", "flag", "value"}
)
_PREFIX = re.compile(r"^\s*([^:]{2,30}?)\s*:\s*(\S.*)$")
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Remark:
    """What is weak about a field, and what to do. An ``error`` keeps the metric from being saved."""

    field: MetricField
    level: Level
    message: str


def coach_name(name: str, others: Sequence[str] = (), near: Mapping[str, float] | None = None) -> list[Remark]:
    """Return one remark for each kind of weakness.

    Args:
        name: of the metric, as typed.
        others: names of the project's other metrics.
        near: of those a cosine of what they mean to what this name means, where it is known.
    """
    words = words_of(name)
    if not words:
        return [Remark("name", "error", "Give the metric a name, such as “Booking completed”.")]
    if normalise(fold(name)) in {normalise(fold(one)) for one in others}:
        return [Remark("name", "error", "Another metric has this name. Say how this one differs.")]
    found = [
        _length(name, words),
        _broad(name, words),
        _style(name, others),
        _synonym(name, others, near or {}),
        _prefix(name, others),
    ]
    return [one for one in found if one is not None]


def style_of(name: str) -> str:
    """Return how a name is written: CONSTANT, snake, camel, Title or words.

    What stands before a colon does not count.
    """
    body = prefix_of(name)[1]
    words = [word for word in re.split(r"[\s_-]+", body) if word[:1].isalpha()]
    if "_" in body:
        return "CONSTANT" if body.upper() == body else "snake"
    if body.isupper() and len(body) > 4:
        return "CONSTANT"
    if len(words) == 1 and re.search(r"[a-z][A-Z]", body):
        return "camel"
    return "Title" if len(words) > 1 and all(word[0].isupper() for word in words) else "words"


def prefix_of(name: str) -> tuple[str, str]:
    """``Auth`` and ``verified`` of ``Auth: verified``; without a colon the first is empty."""
    match = _PREFIX.match(name)
    return (match[1], match[2]) if match else ("", name)


def words_of(name: str) -> list[str]:
    """In lower case, ``BOOKING_COMPLETED`` and ``bookingCompleted`` taken apart."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).replace("_", " ")
    return [word.lower() for word in _WORD.findall(spaced)]


def same_word(left: str, right: str) -> bool:
    """Return whether both are forms of one word.

    So they are where one of four letters or more begins the other (auth, authentication).
    """
    a, b = stem(left.casefold(), "en"), stem(right.casefold(), "en")
    shorter, longer = sorted((a, b), key=len)
    return a == b or (len(shorter) >= 4 and longer.startswith(shorter))


def _length(name: str, words: Sequence[str]) -> Remark | None:
    if len(words) > LONG_WORDS or len(name.strip()) > LONG_CHARACTERS:
        return Remark("name", "tip", f"{len(words)} words; two to four make sense at a glance in a chart or a filter.")
    return None


def _broad(name: str, words: Sequence[str]) -> Remark | None:
    if len(words) == 1 or set(words) <= _BROAD:
        return Remark("name", "tip", f"“{name.strip()}” does not say what happened. Add it, as in “Booking completed”.")
    return None


_EXAMPLES = {
    "CONSTANT": "BOOKING_COMPLETED",
    "snake": "booking_completed",
    "camel": "bookingCompleted",
    "Title": "Booking Completed",
    "words": "Booking completed",
}


def _style(name: str, others: Sequence[str]) -> Remark | None:
    styles = Counter(style_of(one) for one in others)
    if not styles:
        return None
    usual, times = styles.most_common(1)[0]
    if times < LEAST_OF_A_STYLE or usual == style_of(name) or (usual == "Title" and len(words_of(name)) == 1):
        return None
    return Remark("name", "tip", f"Other metrics are written like “{_EXAMPLES[usual]}”. Write this one the same way.")


def _synonym(name: str, others: Sequence[str], near: Mapping[str, float]) -> Remark | None:
    own = {stem(word, "en"): word for word in words_of(name)}
    for group in _alike():
        mine = [own[one] for one in own if one in group]
        for other in others:
            theirs = [word for word in words_of(other) if stem(word, "en") in group]
            if mine and theirs and not any(same_word(word, one) for word in words_of(name) for one in theirs):
                return Remark(
                    "name",
                    "warning",
                    f"“{other}” says “{theirs[0]}” where this says “{mine[0]}”. Use one term for one thing.",
                )
    close = [one for one in others if near.get(one, 0) >= SAME and one in near]
    if close:
        best = max(close, key=lambda one: near[one])
        return Remark(
            "name", "warning", f"This seems to mean the same as “{best}”. Use that one, or name what differs."
        )
    return None


@cache
def _alike() -> tuple[frozenset[str], ...]:
    return tuple(frozenset(stem(word, "en") for word in group) for group in SYNONYMS)


def _prefix(name: str, others: Sequence[str]) -> Remark | None:
    prefix, _ = prefix_of(name)
    telling = telling_words(name)
    if prefix or not telling:
        return None
    for other in others:
        theirs = prefix_of(other)[0]
        if theirs and any(same_word(word, theirs) for word in words_of(name)):
            return Remark("name", "tip", f"“{other}” is about the same. Begin this one with “{theirs}: ”, too.")
        first = words_of(other)[:1]
        if not theirs and first and same_word(first[0], words_of(name)[0]):
            start = first[0].capitalize()
            return Remark(
                "name", "tip", f"“{other}” is about the same. Begin both with “{start}: ”, so they stay together."
            )
    return None
