"""A session's rows and their sentences as domain objects."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from workbench.corpus.views import SentenceInContext
from workbench.domain import plain_json
from workbench.domain.annotators import Given, counted, is_for_all, is_own
from workbench.domain.estimates import Estimate
from workbench.domain.rounds import Round
from workbench.domain.tags import CHOSEN, Answer, Candidate, Reason, Tag
from workbench.engine.detection import Detector
from workbench.store.sessions import AskedSentence, SessionRepository
from workbench.training.scope import Answered, Place


def answer_for(item: AskedSentence, user: str) -> Answer | None:
    """Return the answer that spares the user the question.

    That is their own; for a sentence that is not for everyone, another person's.
    """
    own = [one for one in item.given if is_own(one, user) and not one.settles]
    if own:
        return own[-1].answer
    return None if item.tag is None or is_shared(item) else item.tag.answer


def tag_of(item: AskedSentence, user: str) -> Tag | None:
    """Return the user's own answer, None if there is none."""
    own = [one for one in item.given if is_own(one, user)]
    if item.tag is None or not own:
        return None
    return replace(item.tag, answer=own[-1].answer, at=own[-1].at, by=own[-1].by)


def is_shared(item: AskedSentence) -> bool:
    """Return whether a sentence is asked of everyone who answers while its round is open."""
    return is_for_all(item.position) and item.reason not in (Reason.REVIEW, *CHOSEN)


def in_turn(items: Sequence[AskedSentence], user: str) -> list[AskedSentence]:
    """Return the round in order.

    If others have started it, the order is reversed, after the sentences that are for everyone.
    """
    if not any(not is_own(one, user) for item in items for one in item.given):
        return list(items)
    shared = [item for item in items if is_shared(item)]
    return shared + [item for item in reversed(items) if not is_shared(item)]


def candidate_of(
    item: AskedSentence, sentence: SentenceInContext, user: str | None = None, outside: bool = False
) -> Candidate:
    """Return what was asked, with the sentence and its context.

    For a ``user`` it includes what they need not answer.

    ``outside`` says that it does not match the present filters.
    """
    counts = item.tag.answer if item.tag else None
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
        answer=counts if user is None else answer_for(item, user),
        outside=outside,
    )


def is_review(items: Sequence[AskedSentence]) -> bool:
    """Return whether a round with these sentences is a review of the tracker's matches."""
    return bool(items) and items[0].reason is Reason.REVIEW


def answered_of(items: Sequence[AskedSentence]) -> list[Answered]:
    """Return the answers that count, in the order in which they were asked.

    If only some sentences of a review were judged, the person chose which: then they do not count as drawn.
    """
    chosen = {item.round for item in items if item.reason is Reason.REVIEW and item.tag is None}
    return [
        Answered(
            sentence_id=item.sentence_id,
            answer=item.tag.answer,
            round=item.round,
            reason=item.reason,
            probability=None if item.round in chosen else item.probability,
            text_key=item.text_key,
        )
        for item in items
        if item.tag
    ]


def round_of(
    number: int,
    items: Sequence[AskedSentence],
    estimates: Mapping[int, Estimate | None],
    place_of: Callable[[str], Place | None] | None = None,
) -> Round:
    """Return a round's answers, counted, with its estimate.

    ``place_of`` returns where a sentence is, None if it was deleted.
    """
    tagged = [item.sentence_id for item in items if item.tag]
    places = [place_of(name) for name in tagged] if place_of else []
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
        picked=bool(items) and items[0].reason in CHOSEN,
        outside=sum(place is not None and not place.matches for place in places),
        gone=sum(place is None for place in places),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class FrozenTraining:
    """What a session has learnt, for publishing; ``learnt_from`` are sentence ids with their answers."""

    detector: Detector
    estimate: Estimate | None
    learnt_from: list[tuple[str, str]]


def counted_at(history: Sequence[Mapping[str, Any]], moment: datetime | None = None) -> dict[str, Answer]:
    """Return which of all answers counted at a moment, by sentence; those of now without a moment."""
    standing: dict[str, list[Given]] = {}
    for one in history:
        given = moment is None or one["at"] <= moment
        if given and (one["undone"] is None or (moment is not None and one["undone"] > moment)):
            answer = Given(by=one["by"], answer=Answer(one["answer"]), at=one["at"], settles=one["settles"])
            standing.setdefault(one["sentence_id"], []).append(answer)
    return {sentence_id: counted(answers) for sentence_id, answers in standing.items()}


def hash_of(answers: Sequence[tuple[str, str]]) -> str:
    """Return a hash of the answers that a model learnt from: sentence ids with their answers."""
    return hashlib.sha256(plain_json.dumps(sorted(answers)).encode()).hexdigest()


def answers_hash(items: Sequence[AskedSentence]) -> str:
    """Return the same hash for what was asked and has an answer that counts."""
    return hash_of([(item.sentence_id, str(item.tag.answer)) for item in items if item.tag])


def learnt_from(answers: SessionRepository) -> list[tuple[str, str]]:
    """Return the answers of completed rounds: sentence ids, and their answers."""
    newest = max(answers.completed(), default=0)
    return [(item.sentence_id, str(item.tag.answer)) for item in answers.asked() if item.tag and item.round <= newest]
