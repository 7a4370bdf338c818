"""The answers of a training session: given, corrected, undone."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.domain.annotators import checked_user, is_own
from workbench.domain.errors import UnknownCandidate
from workbench.domain.tags import Answer, Candidate, Tag, answer_of
from workbench.training.records import (
    answer_for,
    is_shared,
    tag_of,
)
from workbench.training.session_rounds import SessionRounds


class SessionAnswers(SessionRounds):
    """Answers, which are on disk when a call returns."""

    def tag(self, sentence_id: str, answer: str | Answer, by: str | None = None) -> Tag:
        """Store a person's answer, by default this session's user; it is on disk when this returns.

        ``answer`` is yes, no or not_sure, in any case and spacing.
        Tagging again changes the person's answer. Others' answers to the same sentence are kept beside it; the tracker
        learns what most people say, or NOT SURE if there is no majority. A sentence that others have answered can still
        be answered after its round, and so can one that was replaced in the meantime, as it may still be on someone's
        screen.

        Raises:
            InvalidAnswer: ``answer`` is not yes, no or not_sure.
            UnknownCandidate: the sentence is not in the open round, nor one that only others have answered.
        """
        value, user, number = answer_of(answer), self.user if by is None else checked_user(by), self.round_number
        if not self._answers.answer(sentence_id, number, value, user):
            number = self._answer_late(sentence_id, value, user)
        items = self._answers.asked(number)
        return next(tag for i in items if i.sentence_id == sentence_id and (tag := tag_of(i, user)))

    def correct(self, sentence_id: str, answer: str | Answer, by: str | None = None) -> Tag:
        """Change an answer of any round, on disk when this returns; the next training learns from it.

        If others have answered the sentence too, this decides what counts; all answers are kept for comparison.

        Raises:
            InvalidAnswer: ``answer`` is not yes, no or not_sure.
            UnknownCandidate: the sentence was never answered.
        """
        value, user = answer_of(answer), self.user if by is None else checked_user(by)
        with self._lock:
            known = {item.sentence_id: item for item in self._answers.asked() if item.tag}
            if sentence_id not in known:
                raise UnknownCandidate(f"{sentence_id!r} has no answer to correct")
            item = known[sentence_id]
            settles = any(not is_own(one, user) for one in item.given)
            self._answers.answer(sentence_id, item.round, value, user, settles)
            self._learning.forget()
            return next(i.tag for i in self._answers.asked(item.round) if i.sentence_id == sentence_id and i.tag)

    def undo(self, by: str | None = None) -> Tag | None:
        """Undo the person's latest answer in the open round; return what it was, None if there is none."""
        user = self.user if by is None else checked_user(by)
        with self._lock:
            number = self.round_number
            before = {item.sentence_id: tag_of(item, user) for item in self._answers.asked(number)}
            undone = self._answers.undo(number, user)
            return before.get(undone) if undone is not None else None

    def second_opinions(self) -> list[Candidate]:
        """Return sentences of completed rounds that everyone is asked about and this user has not answered.

        Answer them with ``tag``. They show how far people agree if they did not work at the same time.
        """
        closed = self._answers.completed()
        items = [item for item in self._answers.asked() if item.round in closed and item.tag]
        return self._with_context([i for i in items if is_shared(i) and answer_for(i, self.user) is None], self.user)

    def answered(self, sentence_ids: Sequence[str]) -> list[Candidate]:
        """Return these sentences with their answers, if they were asked about."""
        wanted = set(sentence_ids)
        return self._with_context([item for item in self._answers.asked() if item.sentence_id in wanted])

    def _answer_late(self, sentence_id: str, answer: Answer, user: str) -> int:
        """Store an answer for a round that is complete or no longer asks the sentence; return its number."""
        with self._lock:
            number = self._answers.readmit(sentence_id, answer, user)
            if number is None:
                found = next((item for item in self._answers.asked() if item.sentence_id == sentence_id), None)
                if found is None or not found.given or any(is_own(one, user) for one in found.given):
                    raise UnknownCandidate(f"{sentence_id!r} is not in the open round; tag what next_round() returns")
                number = found.round
                self._answers.answer(sentence_id, number, answer, user)
            self._learning.forget()
            return number
