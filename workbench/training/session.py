"""TrainingSession: the only orchestrator of tag → fit → estimate → next round."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from workbench.corpus.lake import Lake
from workbench.domain.advice import Advice
from workbench.domain.annotators import NOBODY, checked_user, is_own
from workbench.domain.errors import NotEnoughTags, RoundIncomplete, UnknownCandidate, WorkbenchError
from workbench.domain.estimates import DialPoint, Estimate, to_stored
from workbench.domain.evidence import Piece
from workbench.domain.rounds import Round
from workbench.domain.tags import Answer, Candidate, Found, Reason, Tag
from workbench.domain.trackers import TrackerSpec
from workbench.engine.detection import detector_of
from workbench.engine.evidence import evidence
from workbench.engine.training import ANSWER_BOTH, Fitted, Report, Trainer
from workbench.resources.jobs import Job
from workbench.resources.pools import NamedPool
from workbench.store.sessions import Asked, SessionRepository
from workbench.training.agreement import agreement_of
from workbench.training.guidance import guide, one_sided, people
from workbench.training.learning import Learning
from workbench.training.records import (
    Frozen,
    answer_for,
    candidate_of,
    checked,
    in_turn,
    is_review,
    is_shared,
    learnt_from,
    round_of,
    tag_of,
)
from workbench.training.round_drawing import RoundDrawing
from workbench.training.scope import Scope
from workbench.training.second_stage import SecondStageResult

CONTEXT = 6  # sentences that come along on each side; a card shows two until asked for more


class TrainingSession:
    """The training of one tracker: everything that matters is on disk, so it goes on in any kernel.

    Models are not stored: the same tags and seed give the same model in milliseconds.
    """

    def __init__(
        self,
        opened: Callable[[], Scope],
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

    # Rounds and answers

    @property
    def is_behind(self) -> bool:
        """Whether conversations have come since it was opened, about which only a new session asks.

        Of edits to the tracker's filters, examples and threshold it learns by itself, whichever kernel made them.
        """
        return self._learning.is_behind

    @property
    def round_number(self) -> int:
        """The open round's number, or that of the next one to open; from 1."""
        return self._answers.open_round_number()

    @property
    def candidates(self) -> list[Candidate]:
        """All of the open round in order, each with its answer; empty where no round is open.

        Where others answer the same round, it is shared out: what one of them has answered need not be asked again,
        except one sentence in five, which is asked of everybody. Who comes second begins at the other end.
        """
        return self._with_context(self._open_items(), self.user)

    @property
    def answers(self) -> dict[str, Answer | None]:
        """The open round's sentence ids in order, each with its answer; quicker than ``candidates``."""
        return {item.sentence_id: answer_for(item, self.user) for item in self._open_items()}

    def others(self, number: int | None = None) -> dict[str, int]:
        """Who else has answered a round, by default the open one, and how many of its sentences."""
        items = self._answers.asked(self.round_number if number is None else number)
        given = [one for item in items for one in item.given]
        return Counter(one.by for one in given if not is_own(one, self.user) and not one.settles)

    def next_round(self) -> list[Candidate]:
        """The open round's unanswered candidates; opens a round where none is open.

        Where the filters were changed since it was opened, a round without answers is drawn anew. Of one with answers
        those stay, and count; the unanswered candidates that the filters let through no more make room for others.

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
        """Bring the open round up to date with the filters, as ``next_round`` does; tells whether it has changed."""
        with self._lock:
            return self._drawing.keep_up(self.round_number)

    def audit_round(self) -> list[Candidate]:
        """Opens a round of sentences drawn to narrow the corpus estimate; an open round without answers gives way.

        Raises:
            NotEnoughTags: no round with both YES and NO is complete yet.
            RoundIncomplete: the open round has answers; complete it first.
        """
        with self._lock:
            self._drawing.open_audit(self.round_number, "complete it, then audit")
            return self.candidates

    def review_round(self, count: int = 20, skip: int | None = None) -> list[Candidate]:
        """Opens a round of untagged sentences drawn evenly from all that the tracker finds now.

        Where all of them are judged they count in the corpus estimate. Closed with some unjudged, or after ``skip``
        sets were looked at and passed over, it only teaches: which ones are judged is then the person's choice.
        A review that is open goes on; another open round without answers gives way, and so does a review to one with
        another ``skip``.

        Raises:
            NotEnoughTags: no round with both YES and NO is complete yet.
            RoundIncomplete: the open round has answers; complete it first.
            NothingToTag: all that the tracker finds has been judged.
        """
        with self._lock:
            if not self._review_goes_on(skip):
                self._drawing.open_review(self.round_number, count, skip or 0)
            return self.candidates

    def review_sample(self, count: int = 20, skip: int | None = None) -> list[Candidate]:
        """What :meth:`review_round` would ask about, to read: nothing is opened, whatever round is open.

        Raises:
            NotEnoughTags: no round with both YES and NO is complete yet.
            NothingToTag: all that the tracker finds has been judged.
        """
        with self._lock:
            if self._review_goes_on(skip):
                return self.candidates
            number = self.round_number
            scope, draw, fitted, _ = self._drawing.draw_review(number, count, skip or 0)
            return self._with_context(self._drawing.items(scope, number, draw, fitted), asked=False)

    def picked_round(self, sentence_ids: Sequence[str]) -> list[Candidate]:
        """Opens a round of these sentences, of which a person wants to answer, such as those of ``tracker.queue()``.

        Their answers teach; being picked on purpose they say nothing of the corpus. Those that were asked about before
        are left out: :meth:`correct` changes their answer. An open round without answers gives way.

        Raises:
            UnknownCandidate: one is not among the sentences that match the filters.
            RoundIncomplete: the open round has answers; complete it first.
            NothingToTag: all of them were asked about before.
        """
        with self._lock:
            self._drawing.open_picked(self.round_number, sentence_ids)
            return self.candidates

    def found(self) -> Found:
        """How much the tracker finds now.

        Raises:
            NotEnoughTags: no round is complete yet.
        """
        _, fitted = self._learning.current()
        call = self._trainer.pool.call
        return Found(
            sentences=int(fitted.found.sum()),
            calls=len(np.unique(call[fitted.found])),
            of_calls=len(np.unique(call)),
        )

    def tag(self, sentence_id: str, answer: str | Answer, by: str | None = None) -> Tag:
        """Writes what a person says, by default this session's user; it is on disk when this returns.

        Tagging again changes the person's answer. Others' answers to the same sentence stay beside it; what the tracker
        learns is what most people say, and NOT SURE where they are at odds. A sentence that others have answered can be
        answered, too, when its round is over; and so can one that made room for another meanwhile, as it may still be
        on somebody's screen.

        Raises:
            InvalidAnswer: ``answer`` is none of yes, no, not_sure.
            UnknownCandidate: the sentence is not in the open round, nor one that only others have answered.
        """
        value, user, number = checked(answer), self.user if by is None else checked_user(by), self.round_number
        if not self._answers.answer(sentence_id, number, value, user):
            number = self._answer_late(sentence_id, value, user)
        items = self._answers.asked(number)
        return next(tag for i in items if i.sentence_id == sentence_id and (tag := tag_of(i, user)))

    def correct(self, sentence_id: str, answer: str | Answer, by: str | None = None) -> Tag:
        """Changes an answer of any round, on disk when this returns; the next training learns from it.

        Where others have answered the sentence, too, this settles what counts; their answers and one's own stay to be
        compared.

        Raises:
            InvalidAnswer: ``answer`` is none of yes, no, not_sure.
            UnknownCandidate: the sentence was never answered.
        """
        value, user = checked(answer), self.user if by is None else checked_user(by)
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
        """Takes back the person's newest answer of the open round; gives what it was, None where there is none."""
        user = self.user if by is None else checked_user(by)
        with self._lock:
            number = self.round_number
            before = {item.sentence_id: tag_of(item, user) for item in self._answers.asked(number)}
            undone = self._answers.undo(number, user)
            return before.get(undone) if undone is not None else None

    def second_opinions(self) -> list[Candidate]:
        """Sentences of completed rounds that are asked of everybody and that this user has not answered, unanswered.

        ``tag`` takes the answers. They show how far people agree where they did not work at the same time.
        """
        closed = self._answers.completed()
        items = [item for item in self._answers.asked() if item.round in closed and item.tag]
        return self._with_context([i for i in items if is_shared(i) and answer_for(i, self.user) is None], self.user)

    # Training

    def complete_round(self) -> Round:
        """Trains on all answers, estimates, and closes the round.

        Raises:
            RoundIncomplete: some of its sentences have no answer; of a review, all.
        """
        return self._complete(None)

    def complete_round_later(self) -> Job[Round]:
        """The same in the background."""
        return Job(self._complete, self._worker)

    def fine_tune_later(self) -> Job[SecondStageResult]:
        """Lets the encoder itself learn the concept, in the background; it is used from then on where it wins.

        From the fourth round on that begins by itself whenever a round is complete.

        Raises:
            NotEnoughTags: no round with both YES and NO is complete yet.
            WorkbenchError: the workspace's encoder cannot be fine-tuned.
        """
        begun = self._learning.fine_tune()
        if begun is None:
            raise WorkbenchError("This workspace's encoder cannot be fine-tuned; give a sentence-transformers model.")
        return begun

    @property
    def fine_tuning(self) -> Job[SecondStageResult] | None:
        """The job that is running or was the last to, in this kernel."""
        return self._learning.fine_tuning

    @property
    def second_stage(self) -> SecondStageResult | None:
        """What fine-tuning came to for the answers up to the last completed round; None where it was not done."""
        return self._learning.second_stage_result

    def rounds(self) -> list[Round]:
        """The completed rounds with their estimates, and the open one.

        The last completed round's estimate is made anew where answers, filters or calls have changed since; an earlier
        one then says in ``stale`` what has.
        """
        with self._lock:
            estimates = self._learning.settled()
            places = self._learning.scope.places
            groups: dict[int, list[Asked]] = {}
            for item in self._answers.asked():
                groups.setdefault(item.round, []).append(item)
            places.look_up({i.sentence_id: i.text_key for items in groups.values() for i in items if i.tag})
            return [round_of(number, items, estimates, places.of) for number, items in groups.items()]

    def estimate(self) -> Estimate:
        """That of the last completed round, for the answers, the filters and the calls as they are now.

        Raises:
            NotEnoughTags: there is none yet; it takes YES and NO answers.
        """
        estimates = self._learning.settled()
        last = estimates[max(estimates)] if estimates else None
        if last is None:
            raise NotEnoughTags(f"There is no estimate yet. {self._untold()}")
        return last

    def dial(self) -> tuple[DialPoint, ...]:
        """The settings between few false leads and missing nothing, strictest first; ``tracker.update`` keeps one.

        Raises:
            NotEnoughTags: no round with both YES and NO is complete yet.
        """
        return self._trainer.dial(self._learning.current()[1])

    def surfaced(self, count: int = 20, threshold: float | None = None, below: float | None = None) -> list[Candidate]:
        """What the tracker would find now: up to ``count`` untagged sentences, drawn evenly from all it finds.

        With the ``threshold`` of a :class:`DialPoint`, what that setting would find; ``below`` another's threshold,
        only what it adds to that stricter one.
        """
        number, fitted = self._learning.current()
        at = self._trainer.surfaced(fitted, count, threshold, np.inf if below is None else below).tolist()
        probability = fitted.calibration.probability(fitted.scores[at])
        items = [
            Asked(
                sentence_id=self._named.id_at(place),
                round=number,
                position=position,
                reason=Reason.LIKELY,
                probability=None,
                score=float(score),
            )
            for position, (place, score) in enumerate(zip(at, probability, strict=True))
        ]
        return self._with_context(items, asked=False)

    def answered(self, sentence_ids: Sequence[str]) -> list[Candidate]:
        """These sentences, with their answers, where they were asked about."""
        wanted = set(sentence_ids)
        return self._with_context([item for item in self._answers.asked() if item.sentence_id in wanted])

    def second_look(self, count: int = 5) -> list[Candidate]:
        """Up to ``count`` answered sentences whose answer looks wrong, with that answer; none where all looks right."""
        number, fitted = self._learning.current()
        doubtful = {self._learning.scope.places.id_of(tag) for tag in self._trainer.doubtful(fitted, count)}
        return [candidate for candidate in self.answered(list(doubtful)) if candidate.round <= number]

    def advice(self) -> tuple[Advice, ...]:
        """What to do next, the most pressing first; nothing before the first round is complete."""
        rounds = [one for one in self.rounds() if one.complete]
        said = (*people(agreement_of(self._answers.asked())), *one_sided(rounds))
        try:
            number, fitted = self._learning.current()
        except NotEnoughTags:
            return said
        places = self._learning.scope.places
        doubtful = [places.id_of(tag) for tag in self._trainer.doubtful(fitted, 5)]
        done = [one for one in rounds if one.number <= number]
        return (*said, *guide(self._trainer, places, fitted, done, doubtful))

    def evidence(self, sentence_id: str) -> tuple[Piece, ...]:
        """The sentence in pieces, each with its pull on the score that the open round's picks went by.

        Encodes the sentence once for each of its words: some 50 ms, and seconds where the encoder has to start.

        Raises:
            NotEnoughTags: nothing is learnt yet, so sentences are picked by likeness to the examples as a whole.
            UnknownCandidate: no sentence that matches the filters, or was asked about, has this id.
        """
        _, fitted = self._learning.first_stage()
        scope = self._learning.scope
        at, pool = scope.named.places([sentence_id])[0], scope.trainer.pool
        if at < 0 and any(item.sentence_id == sentence_id for item in self._answers.asked()):
            scope.places.look_up({sentence_id: None})
            if (place := scope.places.of(sentence_id)) is not None and scope.places.outside is not None:
                at, pool = place.at, scope.places.outside
        if at < 0:
            raise UnknownCandidate(f"{sentence_id!r} is not among the sentences that match the filters")
        text = self._lake.sentences([sentence_id], 0)[sentence_id].text
        return evidence(fitted.model, pool, at, text, scope.encode)

    def freeze(self) -> Frozen:
        """What it has learnt up to the last completed round, to be published, with the estimate of just that.

        It is the first stage's: it judges any sentence by itself, whereas the second has read this pool's likeliest.

        Raises:
            NotEnoughTags: no round with both YES and NO is complete yet.
        """
        with self._lock:
            while True:
                try:
                    number, fitted = self._learning.first_stage()
                except NotEnoughTags:
                    raise NotEnoughTags(f"There is nothing to publish yet. {self._untold()}") from None
                seen, scope = self._answers.revision(number), self._learning.scope
                estimate, learnt = self._learning.estimated(number), learnt_from(self._answers)
                if estimate is None:
                    raise NotEnoughTags(f"There is nothing to publish yet. {self._untold()}")
                same = fitted is self._learning.fit(number) and seen == self._answers.revision(number)
                if same and number == max(self._answers.completed()):
                    detector = detector_of(fitted, scope.trainer.pool)
                    return Frozen(detector=detector, estimate=estimate, learnt_from=learnt)

    def detected(self) -> tuple[list[str], list[float]]:
        """Ids of all sentences that the tracker finds, with their probabilities, in the corpus's order."""
        _, fitted = self._learning.current()
        at = fitted.found.nonzero()[0]
        probability = fitted.calibration.probability(fitted.scores[at])
        return [self._named.id_at(place) for place in at.tolist()], probability.tolist()

    def _complete(self, report: Report | None) -> Round:
        with self._lock:
            number = self.round_number
            asked = self._answers.asked(number)
            missing = sum(item.tag is None for item in asked)
            partly = is_review(asked) and 0 < missing < len(asked)
            if not asked or (missing and not partly):
                what = f"{missing} of its {len(asked)} sentences have no answer" if asked else "it was not opened"
                raise RoundIncomplete(f"round {number} cannot be completed: {what}")
            seen = self._answers.revision(number)
            estimate, basis = self._learning.estimated(number, report), self._learning.basis(number)
            stored = None if estimate is None else to_stored(estimate)
            if not self._answers.complete(number, stored, partly, seen, basis):
                return self._complete(report)  # somebody has answered or taken an answer back meanwhile
            if estimate:
                self._learning.begin_second_stage(number)
            answered = [item for item in asked if item.tag]
            return round_of(number, answered, {number: estimate}, self._learning.scope.places.of)

    def _open_items(self) -> list[Asked]:
        number = self.round_number
        items = self._answers.asked(number)
        turned = in_turn(items, self.user)
        if items and self._backwards[0] != number:
            self._backwards = number, turned != items
        return turned if items and self._backwards[1] else items

    def _answer_late(self, sentence_id: str, answer: Answer, user: str) -> int:
        """Of a round that somebody else has completed, or that no longer asks about it; gives its number."""
        with self._lock:
            number = self._answers.readmit(sentence_id, answer, user)
            if number is None:
                found = next((item for item in self._answers.asked() if item.sentence_id == sentence_id), None)
                if found is None or not found.given or any(is_own(one, user) for one in found.given):
                    raise UnknownCandidate(f"{sentence_id!r} is not in the open round; tag what next_round() gives")
                number = found.round
                self._answers.answer(sentence_id, number, answer, user)
            self._learning.forget()
            return number

    def _review_goes_on(self, skip: int | None) -> bool:
        """Whether the open round is a review that stays."""
        number = self.round_number
        asked = self._answers.asked(number)
        if not is_review(asked):
            return False
        begun = any(item.tag for item in asked)
        return begun or skip is None or skip == self._answers.openings()[number]["review"]["skip"]

    def _untold(self) -> str:
        """What keeps it from telling anything, and what to do."""
        given = [item.tag.answer for item in self._answers.asked() if item.tag]
        if not self._answers.completed() or len({*given} - {Answer.NOT_SURE}) == 2:
            return "Complete a round that has both YES and NO answers."
        missing = " or ".join(str(one).upper() for one in (Answer.YES, Answer.NO) if one not in given)
        return f"None of the {len(given)} answers is {missing}. {ANSWER_BOTH}"

    @property
    def _trainer(self) -> Trainer:
        return self._learning.scope.trainer

    @property
    def _named(self) -> NamedPool:
        return self._learning.scope.named

    def _first_stage(self) -> tuple[int, Fitted]:
        return self._learning.first_stage()

    def _basic_done(self, number: int) -> bool:
        return self._learning.basic_done(number)

    def _with_context(self, items: Sequence[Asked], user: str | None = None, asked: bool = True) -> list[Candidate]:
        """With what stands around them. Those not ``asked`` about yet all match the filters."""
        found = self._lake.sentences([item.sentence_id for item in items], CONTEXT)
        places = self._learning.scope.places
        if asked:
            places.look_up({item.sentence_id: item.text_key for item in items})
        out = []
        for item in items:
            place = places.of(item.sentence_id)
            if item.sentence_id in found and not (asked and place is None and item.tag is None):
                outside = asked and place is not None and not place.inside
                out.append(candidate_of(item, found[item.sentence_id], user, outside))
        return out
