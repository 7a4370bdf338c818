"""The rounds of a training session: opened, shown, drawn again."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from workbench.corpus.lake import Lake
from workbench.domain.annotators import NOBODY, is_own
from workbench.domain.tags import Answer, Candidate
from workbench.domain.trackers import TrackerSpec
from workbench.engine.training import Trainer
from workbench.resources.pools import NamedPool
from workbench.store.sessions import AskedSentence, SessionRepository
from workbench.training.learning import Learning
from workbench.training.records import (
    answer_for,
    candidate_of,
    in_turn,
    is_review,
)
from workbench.training.round_drawing import RoundDrawing
from workbench.training.scope import TrainingScope

CONTEXT = 6  # sentences of context on each side; a card shows two until asked for more


class SessionRounds:
    """Rounds: what is asked, of whom, and in what order."""

    def __init__(
        self,
        opened: Callable[[], TrainingScope],
        spec: Callable[[], TrackerSpec],
        lake: Lake,
        answers: SessionRepository,
        user: str = NOBODY,
    ):
        self._lake = lake
        self._answers = answers
        self._learning = Learning(opened, spec, lake, answers)
        self._drawing = RoundDrawing(self._learning, answers)
        self.user = user
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="training")
        self._lock = threading.RLock()
        self._backwards: tuple[int, bool] = 0, False  # the open round, and whether others had begun it when first shown

    @property
    def is_behind(self) -> bool:
        """Return whether conversations have arrived since it was opened; only a new session asks about them.

        It follows changes of the tracker's filters, examples and threshold on its own, whichever kernel made them.
        """
        return self._learning.is_behind

    @property
    def learning(self) -> Learning:
        """Return what it has learnt: the models, their sentences, and their estimates. For research and tests."""
        return self._learning

    @property
    def round_number(self) -> int:
        """Return the number of the open round, or of the next one; numbering starts at 1."""
        return self._answers.open_round_number()

    @property
    def candidates(self) -> list[Candidate]:
        """Return the whole open round in order, each sentence with its answer; empty if no round is open.

        If others answer the same round, it is shared: sentences they have answered are not asked again, except every
        fifth sentence, which is asked of everyone. The second person starts at the other end.
        """
        return self._with_context(self._open_items(), self.user)

    @property
    def answers(self) -> dict[str, Answer | None]:
        """Return the open round's sentence ids in order, each with its answer; faster than ``candidates``."""
        return {item.sentence_id: answer_for(item, self.user) for item in self._open_items()}

    def others(self, number: int | None = None) -> dict[str, int]:
        """Return who else has answered a round, by default the open one, and how many of its sentences."""
        items = self._answers.asked(self.round_number if number is None else number)
        given = [one for item in items for one in item.given]
        return Counter(one.by for one in given if not is_own(one, self.user) and not one.settles)

    def next_round(self) -> list[Candidate]:
        """Return the open round's unanswered candidates; opens a round if none is open.

        If the filters were changed since it was opened, a round without answers is drawn again. In a round with answers
        those are kept and count, and unanswered candidates that no longer match are replaced.

        Raises:
            NothingToTag: every sentence that matches the filters has been asked about.
        """
        with self._lock:
            number = self.round_number
            if not self._answers.asked(number):
                self._drawing.open(number)
            self._drawing.keep_up(number)
            return [candidate for candidate in self.candidates if candidate.answer is None]

    def keep_up(self) -> bool:
        """Update the open round to the current filters, as ``next_round`` does; return whether it changed."""
        with self._lock:
            return self._drawing.keep_up(self.round_number)

    def audit_round(self) -> list[Candidate]:
        """Open a round of sentences drawn to narrow the corpus estimate; an open round without answers is replaced.

        Raises:
            NotEnoughTags: no round with both YES and NO is complete yet.
            RoundIncomplete: the open round has answers; complete it first.
        """
        with self._lock:
            self._drawing.open_audit(self.round_number, "complete it, then audit")
            return self.candidates

    def review_round(self, count: int = 20, skip: int | None = None) -> list[Candidate]:
        """Open a round of untagged sentences drawn evenly from everything the tracker finds now.

        If all of them are judged they count in the corpus estimate. If some are left unjudged, or after ``skip`` sets
        were skipped, the round only teaches, because the person has chosen which ones to judge. An open review is
        continued; another open round without answers is replaced, and so is a review by one with another ``skip``.

        Raises:
            NotEnoughTags: no round with both YES and NO is complete yet.
            RoundIncomplete: the open round has answers; complete it first.
            NothingToTag: everything the tracker finds has been judged.
        """
        with self._lock:
            if not self._review_goes_on(skip):
                self._drawing.open_review(self.round_number, count, skip or 0)
            return self.candidates

    def review_sample(self, count: int = 20, skip: int | None = None) -> list[Candidate]:
        """Return what :meth:`review_round` would ask about, to read; opens nothing, whichever round is open.

        Raises:
            NotEnoughTags: no round with both YES and NO is complete yet.
            NothingToTag: everything the tracker finds has been judged.
        """
        with self._lock:
            if self._review_goes_on(skip):
                return self.candidates
            number = self.round_number
            scope, draw, fitted, _ = self._drawing.draw_review(number, count, skip or 0)
            return self._with_context(self._drawing.items(scope, number, draw, fitted), asked=False)

    def picked_round(self, sentence_ids: Sequence[str]) -> list[Candidate]:
        """Open a round of these sentences, chosen by a person, such as those of ``tracker.queue()``.

        Their answers teach, but do not count in the corpus estimate because the sentences were chosen. Sentences that
        were asked about before are left out: :meth:`correct` changes their answer. An open round without answers is
        replaced.

        Raises:
            UnknownCandidate: one is not among the sentences that match the filters.
            RoundIncomplete: the open round has answers; complete it first.
            NothingToTag: all of them were asked about before.
        """
        with self._lock:
            self._drawing.open_picked(self.round_number, sentence_ids)
            return self.candidates

    def _open_items(self) -> list[AskedSentence]:
        number = self.round_number
        items = self._answers.asked(number)
        turned = in_turn(items, self.user)
        if items and self._backwards[0] != number:
            self._backwards = number, turned != items
        return turned if items and self._backwards[1] else items

    def _review_goes_on(self, skip: int | None) -> bool:
        """Return whether the open round is a review to continue."""
        number = self.round_number
        asked = self._answers.asked(number)
        if not is_review(asked):
            return False
        begun = any(item.tag for item in asked)
        return begun or skip is None or skip == self._answers.openings()[number]["review"]["skip"]

    @property
    def _trainer(self) -> Trainer:
        return self._learning.scope.trainer

    @property
    def _named(self) -> NamedPool:
        return self._learning.scope.named

    def _with_context(
        self, items: Sequence[AskedSentence], user: str | None = None, asked: bool = True
    ) -> list[Candidate]:
        """Return the items with their context. Those not ``asked`` about yet all match the filters."""
        found = self._lake.sentences([item.sentence_id for item in items], CONTEXT)
        places = self._learning.scope.places
        if asked:
            places.look_up({item.sentence_id: item.text_key for item in items})
        out = []
        for item in items:
            place = places.of(item.sentence_id)
            if item.sentence_id in found and not (asked and place is None and item.tag is None):
                outside = asked and place is not None and not place.matches
                out.append(candidate_of(item, found[item.sentence_id], user, outside))
        return out
