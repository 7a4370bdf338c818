"""A session's rows and their sentences as domain objects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workbench.corpus.views import SentenceInContext
from workbench.domain.errors import InvalidAnswer
from workbench.domain.estimates import Estimate
from workbench.domain.rounds import Round
from workbench.domain.tags import Answer, Candidate, Reason
from workbench.engine.detection import Detector
from workbench.store.sessions import Asked, SessionRepository


def checked(answer: str | Answer) -> Answer:
    """The answer itself; raises ``InvalidAnswer``."""
    try:
        return Answer(answer)
    except ValueError:
        raise InvalidAnswer(f"answer: {answer!r} is none of {', '.join(Answer)}") from None


def candidate_of(item: Asked, sentence: SentenceInContext) -> Candidate:
    """What was asked, with the sentence and what stands around it."""
    return Candidate(
        sentence_id=item.sentence_id,
        text=sentence.text,
        before=sentence.before,
        after=sentence.after,
        speaker=sentence.speaker,
        side=sentence.side,
        start_s=sentence.start_s,
        conversation_id=sentence.conversation_id,
        title=sentence.title,
        started=sentence.started,
        media=sentence.media,
        round=item.round,
        position=item.position,
        reason=item.reason,
        probability=item.probability,
        score=item.score,
        answer=item.tag.answer if item.tag else None,
    )


def is_review(items: Sequence[Asked]) -> bool:
    """Whether a round with these sentences is a review of what the tracker finds."""
    return bool(items) and items[0].reason is Reason.REVIEW


def round_of(number: int, items: Sequence[Asked], estimates: Mapping[int, Estimate | None]) -> Round:
    """A round's answers, counted, with its estimate."""
    given = [item.tag.answer for item in items if item.tag]
    return Round(
        number=number,
        asked=len(items),
        yes=given.count(Answer.YES),
        no=given.count(Answer.NO),
        not_sure=given.count(Answer.NOT_SURE),
        complete=number in estimates,
        estimate=estimates.get(number),
        review=is_review(items),
        picked=bool(items) and items[0].reason is Reason.PICKED,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Frozen:
    """What a session has learnt, to be published; ``learnt_from`` are sentence ids with their answers."""

    detector: Detector
    estimate: Estimate | None
    learnt_from: list[tuple[str, str]]


def learnt_from(answers: SessionRepository) -> list[tuple[str, str]]:
    """The answers of completed rounds: sentence ids, and what was said of them."""
    newest = max(answers.completed(), default=0)
    return [(item.sentence_id, str(item.tag.answer)) for item in answers.asked() if item.tag and item.round <= newest]
