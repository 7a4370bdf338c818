"""Question trackers (Q1): a question about what happens in a call, built of set phrases or written freely."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from workbench.domain.errors import InvalidTracker
from workbench.domain.rules import MAX_DETAILS, MAX_QUESTION
from workbench.domain.texts import normalise
from workbench.trackers.question_builder import Composed, checked_sections, compose

LEAST = 0.5
JUDGES = ("local", "endpoint")
CROSS_ENCODER = "cross-encoder:"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionSettings:
    """What is asked, and who answers.

    Attributes:
        question: the question where it is written freely; empty if the ``sections`` make it.
        details: what counts and what does not, for a free question.
        sections: the builder's choices, see :mod:`workbench.trackers.question_builder`; kept when the question is
            written freely, so that going back restores them.
        free: whether the question is written freely; by itself where there are no sections.
        judge: ``local``, ``endpoint``, or ``cross-encoder:`` and a model that ``WORKBENCH_MODELS`` lists.
        least: the score in (0, 1) from which a sentence counts. Higher finds less and is wrong less often.
    """

    question: str = ""
    details: str = ""
    sections: dict[str, str] = field(default_factory=dict)
    free: bool = True
    judge: str = "local"
    least: float = LEAST

    @classmethod
    def checked(cls, settings: dict[str, Any]) -> QuestionSettings:
        """Return checked settings; raises ``InvalidTracker``, which names the field."""
        unknown = set(settings) - set(cls.__dataclass_fields__)
        if unknown:
            raise InvalidTracker(f"{', '.join(sorted(unknown))}: a question tracker takes {_FIELDS}")
        sections = checked_sections(settings["sections"]) if settings.get("sections") else {}
        free = settings.get("free", not sections)
        if not isinstance(free, bool):
            raise InvalidTracker(f"free: {free!r} is neither true nor false")
        question, details = _text(settings, "question", MAX_QUESTION), _text(settings, "details", MAX_DETAILS)
        if free and not any(sign.isalpha() for sign in question):
            raise InvalidTracker("question: ask about the call, such as “Did the customer ask for a discount?”")
        if not free and not sections:
            raise InvalidTracker("sections: choose who, what and about; or set free=True and write a question")
        if not free and (question or details):
            field_ = "question" if question else "details"
            raise InvalidTracker(
                f"{field_}: generated from the sections; set free=True to write your own, or edit the sections"
            )
        return cls(
            question=question,
            details=details,
            sections=sections,
            free=free,
            judge=_judge(settings.get("judge", "local")),
            least=_least(settings.get("least", LEAST)),
        )

    @property
    def asked(self) -> Composed:
        """The question and its details, however they came about."""
        return Composed(self.question, self.details) if self.free else compose(self.sections)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON; :meth:`checked` reads it."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__} | {"sections": dict(self.sections)}


def written_freely(settings: QuestionSettings) -> QuestionSettings:
    """Switched to free text, with what was filled in; the sections are kept."""
    if settings.free:
        return settings
    question, details = settings.asked
    return replace(settings, free=True, question=question, details=details)


def built(settings: QuestionSettings) -> QuestionSettings:
    """Switched back to the sections as they were left.

    Raises:
        InvalidTracker: there are none; it was always written freely.
    """
    if not settings.sections:
        raise InvalidTracker("sections: this question was not built from sections; choose who, what and about")
    return replace(settings, free=False, question="", details="")


def _text(settings: dict[str, Any], name: str, most: int) -> str:
    text = settings.get(name, "")
    if not isinstance(text, str):
        raise InvalidTracker(f"{name}: give a text")
    text = normalise(text)
    if len(text) > most:
        raise InvalidTracker(f"{name}: must have at most {most:,} characters, not {len(text):,}")
    return text


def _judge(judge: Any) -> str:
    if judge in JUDGES or (isinstance(judge, str) and judge.removeprefix(CROSS_ENCODER) not in (judge, "")):
        return str(judge)
    raise InvalidTracker(f"judge: must be one of {', '.join(JUDGES)} or {CROSS_ENCODER}NAME, not {judge!r}")


def _least(least: Any) -> float:
    if isinstance(least, bool) or not isinstance(least, (int, float)) or not 0 < least < 1:
        raise InvalidTracker(f"least: {least!r} is not between 0 and 1")
    return float(least)


_FIELDS = "question, details, sections, free, judge and least"
