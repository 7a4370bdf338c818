"""TrainingSession: the only orchestrator of tag → fit → estimate → next round."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, replace
from typing import Any

import numpy as np
from sqlalchemy.exc import IntegrityError

from workbench.agreement import agreement_of
from workbench.corpus.lake import Lake
from workbench.domain.advice import Advice
from workbench.domain.annotators import NOBODY, checked_user, is_own
from workbench.domain.errors import (
    Cancelled,
    NotEnoughTags,
    NothingToTag,
    RoundIncomplete,
    UnknownCandidate,
    WorkbenchError,
)
from workbench.domain.estimates import CorpusEstimate, DialPoint, Estimate, estimate_of
from workbench.domain.evidence import Piece
from workbench.domain.rounds import BASIC_ROUNDS, Round
from workbench.domain.tags import Answer, Candidate, Found, Reason, Tag
from workbench.engine.detection import detector_of
from workbench.engine.evidence import evidence
from workbench.engine.pool import Vectors
from workbench.engine.sampling import Draw
from workbench.engine.training import Fitted, TaggedSentence, Trainer
from workbench.guidance import guide, people
from workbench.jobs import Job
from workbench.pools import NamedPool
from workbench.records import (
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
from workbench.second_stage import SecondStage, SecondStageResult, switched_on
from workbench.store.sessions import Asked, Revision, SessionRepository

Report = Callable[[float, str], bool]
Encode = Callable[[Sequence[str]], Vectors]
_DECIDES = ("recipe", "seed", "examples", "filters", "encoder", "pool")  # of what a round is drawn with
CONTEXT = 6  # sentences that come along on each side; a card shows two until asked for more


class TrainingSession:
    """The training of one tracker: everything that matters is on disk, so it goes on in any kernel.

    Models are not stored: the same tags and seed give the same model in milliseconds.
    """

    def __init__(
        self,
        trainer: Trainer,
        named: NamedPool,
        lake: Lake,
        answers: SessionRepository,
        encode: Encode,
        about: Mapping[str, Any] | None = None,
        second_stage: SecondStage | None = None,
        user: str = NOBODY,
    ):
        self._trainer = trainer
        self._named = named
        self._lake = lake
        self._version = lake.version
        self._answers = answers
        self._about = dict(about or {})  # what every round is drawn with, for its log
        self._second_stage = second_stage
        self._encode = encode
        self.user = user
        self._estimated: tuple[Fitted, CorpusEstimate] | None = None
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="training")
        self._lock = threading.RLock()
        self._fitted: tuple[int, Revision, Fitted] | None = None  # the round up to which tags went in, and which
        self._backwards: dict[int, bool] = {}  # rounds that others had begun when they were first shown here
        self._places: dict[str, int] = {}  # where asked sentences stand in the pool; looking them up reads it all

    # Rounds and answers

    @property
    def is_behind(self) -> bool:
        """Whether conversations have come since it was opened, about which only a new session asks."""
        return self._lake.version != self._version

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

        Raises:
            NothingToTag: every sentence that matches the filters has been asked about.
        """
        with self._lock:
            number = self.round_number
            if not self._answers.asked(number):
                self._open(number)
            return [candidate for candidate in self.candidates if candidate.answer is None]

    def audit_round(self) -> list[Candidate]:
        """Opens a round of sentences drawn to narrow the corpus estimate; an open round without answers gives way.

        Raises:
            NotEnoughTags: no round with both YES and NO is complete yet.
            RoundIncomplete: the open round has answers; complete it first.
        """
        with self._lock:
            number = self.round_number
            if number == 1:
                raise NotEnoughTags("An audit needs a trained tracker; complete a round first.")
            if any(item.tag for item in self._answers.asked(number)):
                raise RoundIncomplete(f"round {number} has answers already; complete it, then audit")
            _, fitted = self._fit(number - 1)
            draw = self._trainer.draw_audit(number, fitted)
            self._answers.discard_round(number)
            self._write_round(number, draw, fitted, audit=True)
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
            if self._review_goes_on(skip):
                return self.candidates
            number = self.round_number
            if any(item.tag for item in self._answers.asked(number)):
                raise RoundIncomplete(f"round {number} has answers already; complete it, then review")
            draw, fitted, tuned = self._draw_review(number, count, skip or 0)
            about = {
                "count": count,
                "skip": skip or 0,
                "second_stage": tuned,
                "drawn": [self._named.id_at(at) for at in draw.at],
                "chance": draw.probabilities[0],
            }
            self._answers.discard_round(number)
            self._write_round(number, draw, fitted, review=about)
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
            draw, fitted, _ = self._draw_review(number, count, skip or 0)
            return self._with_context(self._items(number, draw, fitted))

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
            number = self.round_number
            if any(item.tag for item in self._answers.asked(number)):
                raise RoundIncomplete(f"round {number} has answers already; complete it first")
            known = {item.sentence_id for item in self._answers.asked() if item.round != number}
            new = [name for name in dict.fromkeys(sentence_ids) if name not in known]
            places = [int(at) for at in self._named.places(new)]
            strange = [name for name, at in zip(new, places, strict=True) if at < 0]
            if strange:
                raise UnknownCandidate(f"{strange[0]!r} is not among the sentences that match the filters")
            if not new:
                raise NothingToTag("All of these were asked about before; session.correct() changes an answer.")
            draw = Draw(places, [Reason.PICKED] * len(new), [None] * len(new))
            fitted: Fitted | None = None
            with suppress(NotEnoughTags):
                fitted = self._fit(number - 1)[1] if number > 1 else None
            self._answers.discard_round(number)
            self._write_round(number, draw, fitted, picked=new)
            return self.candidates

    def found(self) -> Found:
        """How much the tracker finds now.

        Raises:
            NotEnoughTags: no round is complete yet.
        """
        _, fitted = self._current()
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
        answered, too, when its round is over.

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
            self._forget()
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
        if self._second_stage is None:
            raise WorkbenchError("This workspace's encoder cannot be fine-tuned; give a sentence-transformers model.")
        number, fitted = self._first_stage()
        return self._second_stage.start(fitted, self._learnt_from(number))

    @property
    def fine_tuning(self) -> Job[SecondStageResult] | None:
        """The job that is running or was the last to, in this kernel."""
        return None if self._second_stage is None else self._second_stage.job

    @property
    def second_stage(self) -> SecondStageResult | None:
        """What fine-tuning came to for the answers up to the last completed round; None where it was not done."""
        closed = self._answers.completed()
        if self._second_stage is None or not closed:
            return None
        return self._second_stage.result(self._learnt_from(max(closed)))

    def rounds(self) -> list[Round]:
        """The completed rounds with their estimates, and the open one."""
        estimates = {number: estimate_of(data) for number, data in self._answers.completed().items()}
        estimates |= self._of_second_stage(estimates)
        groups: dict[int, list[Asked]] = {}
        for item in self._answers.asked():
            groups.setdefault(item.round, []).append(item)
        return [round_of(number, items, estimates) for number, items in groups.items()]

    def estimate(self) -> Estimate:
        """That of the last completed round.

        Raises:
            NotEnoughTags: there is none yet.
        """
        known = [r.estimate for r in self.rounds() if r.estimate is not None]
        if not known:
            raise NotEnoughTags("There is no estimate yet; complete a round that has both YES and NO answers.")
        return known[-1]

    def dial(self) -> tuple[DialPoint, ...]:
        """The settings between few false leads and missing nothing, strictest first; ``tracker.update`` keeps one."""
        return self._trainer.dial(self._current()[1])

    def surfaced(self, count: int = 20, threshold: float | None = None, below: float | None = None) -> list[Candidate]:
        """What the tracker would find now: up to ``count`` untagged sentences, drawn evenly from all it finds.

        With the ``threshold`` of a :class:`DialPoint`, what that setting would find; ``below`` another's threshold,
        only what it adds to that stricter one.
        """
        number, fitted = self._current()
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
        return self._with_context(items)

    def answered(self, sentence_ids: Sequence[str]) -> list[Candidate]:
        """These sentences, with their answers, where they were asked about."""
        wanted = set(sentence_ids)
        return self._with_context([item for item in self._answers.asked() if item.sentence_id in wanted])

    def second_look(self, count: int = 5) -> list[Candidate]:
        """Up to ``count`` answered sentences whose answer looks wrong, with that answer; none where all looks right."""
        number, fitted = self._current()
        doubtful = {self._named.id_at(tag.at) for tag in self._trainer.doubtful(fitted, count)}
        return [candidate for candidate in self.answered(list(doubtful)) if candidate.round <= number]

    def advice(self) -> tuple[Advice, ...]:
        """What to do next, the most pressing first; nothing before the first round is complete."""
        try:
            number, fitted = self._current()
        except NotEnoughTags:
            return ()
        done = [one for one in self.rounds() if one.complete and one.number <= number]
        doubtful = [self._named.id_at(tag.at) for tag in self._trainer.doubtful(fitted, 5)]
        found = agreement_of(self._answers.asked())
        return (*people(found), *guide(self._trainer, self._named, fitted, done, doubtful))

    def evidence(self, sentence_id: str) -> tuple[Piece, ...]:
        """The sentence in pieces, each with its pull on the score that the open round's picks went by.

        Encodes the sentence once for each of its words: some 50 ms, and seconds where the encoder has to start.

        Raises:
            NotEnoughTags: nothing is learnt yet, so sentences are picked by likeness to the examples as a whole.
            UnknownCandidate: no sentence that matches the filters has this id.
        """
        _, fitted = self._first_stage()
        at = self._named.places([sentence_id])[0]
        if at < 0:
            raise UnknownCandidate(f"{sentence_id!r} is not among the sentences that match the filters")
        text = self._lake.sentences([sentence_id], 0)[sentence_id].text
        return evidence(fitted.model, self._trainer.pool, at, text, self._encode)

    def freeze(self) -> Frozen:
        """What it has learnt up to the last completed round, to be published.

        It is the first stage's: it judges any sentence by itself, whereas the second has read this pool's likeliest.

        Raises:
            NotEnoughTags: no round with both YES and NO is complete yet.
        """
        _, fitted = self._first_stage()
        known = [estimate_of(data) for data in self._answers.completed().values() if data]
        estimate = None
        if known and known[-1]:
            rule = self._trainer.recipe.threshold
            corpus = self._trainer.in_corpus(fitted)
            estimate = replace(known[-1], corpus=corpus, threshold=fitted.threshold, rule=rule)
        detector = detector_of(fitted, self._trainer.pool)
        return Frozen(detector=detector, estimate=estimate, learnt_from=learnt_from(self._answers))

    def detected(self) -> tuple[list[str], list[float]]:
        """Ids of all sentences that the tracker finds, with their probabilities, in the corpus's order."""
        _, fitted = self._current()
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
            estimate: Estimate | None = None
            seen = self._answers.revision(number)
            try:
                _, fitted = self._fit(number, report)
                estimate = self._trainer.estimate(number, fitted, report)
            except NotEnoughTags:
                self._forget()  # the next round goes by likeness to the examples again
            except Cancelled:
                self._fitted = None  # the answers may change before the round is closed
                raise
            if not self._answers.complete(number, asdict(estimate) if estimate else None, partly, seen):
                return self._complete(report)  # somebody has answered or taken an answer back meanwhile
            if estimate:
                self._begin_second_stage(number)
            return round_of(number, [item for item in asked if item.tag], {number: estimate})

    def _open_items(self) -> list[Asked]:
        number = self.round_number
        items = self._answers.asked(number)
        turned = in_turn(items, self.user)
        return turned if items and self._backwards.setdefault(number, turned != items) else items

    def _answer_late(self, sentence_id: str, answer: Answer, user: str) -> int:
        """Of a round that somebody else has completed; gives its number."""
        with self._lock:
            found = next((item for item in self._answers.asked() if item.sentence_id == sentence_id), None)
            if found is None or not found.given or any(is_own(one, user) for one in found.given):
                raise UnknownCandidate(f"{sentence_id!r} is not in the open round; tag what next_round() gives")
            self._answers.answer(sentence_id, found.round, answer, user)
            self._forget()
            return found.round

    def _basic_done(self, number: int) -> bool:
        """Whether the rounds up to ``number`` hold the basic training's; reviews and picked ones are none of them."""
        others = {item.round for item in self._answers.asked() if item.reason in (Reason.REVIEW, Reason.PICKED)}
        return number - sum(other <= number for other in others) >= BASIC_ROUNDS

    def _review_goes_on(self, skip: int | None) -> bool:
        """Whether the open round is a review that stays."""
        number = self.round_number
        asked = self._answers.asked(number)
        if not is_review(asked):
            return False
        begun = any(item.tag for item in asked)
        return begun or skip is None or skip == self._answers.openings()[number]["review"]["skip"]

    def _draw_review(self, number: int, count: int, skip: int) -> tuple[Draw, Fitted, bool]:
        """What a review asks, the model that finds it, and whether that is the second stage."""
        if number == 1:
            raise NotEnoughTags("A review needs a trained tracker; complete a round first.")
        _, fitted = self._current()
        draw = self._trainer.draw_review(number, fitted, count, skip)
        if not draw.at:
            what = "Nothing is found yet" if not fitted.found.any() else "All that it finds has been judged"
            raise NothingToTag(f"{what}. Another round of tagging, or other examples, may bring more.")
        return draw, fitted, fitted is not self._first_stage()[1]

    def _forget(self) -> None:
        """What was learnt is out of date."""
        self._fitted = None
        if self._second_stage is not None:
            self._second_stage.cancel()

    def _begin_second_stage(self, number: int) -> None:
        wanted = self._second_stage is not None and switched_on() and self._basic_done(number)
        if wanted and self._first_stage()[1].unseen is not None:
            self.fine_tune_later()

    def _fit(self, number: int, report: Report | None = None) -> tuple[int, Fitted]:
        revision = self._answers.revision(number)
        if self._fitted is None or self._fitted[:2] != (number, revision):
            self._fitted = number, revision, self._trainer.fit(self._tags(number), report)
        return number, self._fitted[2]

    def _current(self) -> tuple[int, Fitted]:
        """What is in use: with the second stage where it wins."""
        number, fitted = self._first_stage()
        if self._second_stage is not None and self._basic_done(number):
            fitted = self._second_stage.applied(fitted, self._learnt_from(number))
        return number, fitted

    def _of_second_stage(self, estimates: Mapping[int, Estimate | None]) -> dict[int, Estimate]:
        """The last round's, where the second stage is in use: the corpus's and the threshold are then of that."""
        known = self.second_stage
        last = estimates.get(max(estimates)) if estimates else None
        if known is None or not known.wins or last is None:
            return {}
        _, fitted = self._current()
        if self._estimated is None or self._estimated[0] is not fitted:
            self._estimated = fitted, self._trainer.in_corpus(fitted)
        return {last.round: replace(last, corpus=self._estimated[1], threshold=fitted.threshold)}

    def _learnt_from(self, number: int) -> dict[str, Any]:
        """All that a second stage after round ``number`` depends on."""
        given = [(i.sentence_id, str(i.tag.answer)) for i in self._answers.asked() if i.tag and i.round <= number]
        return {"answers": given, **{name: self._about.get(name) for name in _DECIDES}}

    def _first_stage(self) -> tuple[int, Fitted]:
        with self._lock:
            closed = self._answers.completed()
            if not closed:
                raise NotEnoughTags("The tracker has learnt nothing yet; complete a round first.")
            return self._fit(max(closed))

    def _tags(self, number: int) -> list[TaggedSentence]:
        """Answers of the rounds up to ``number`` whose sentences still match the filters."""
        rows = [item for item in self._answers.asked() if item.round <= number]
        # Which of a review's sentences were judged is the person's choice where not all were.
        chosen = {item.round for item in rows if item.reason is Reason.REVIEW and item.tag is None}
        items = [item for item in rows if item.tag]
        new = [item.sentence_id for item in items if item.sentence_id not in self._places]
        if new:
            self._places.update(zip(new, self._named.places(new), strict=True))
        return [
            TaggedSentence(
                at=at,
                answer=item.tag.answer,
                round=item.round,
                probability=None if item.round in chosen else item.probability,
                review=item.reason is Reason.REVIEW,
            )
            for item in items
            if item.tag and (at := self._places[item.sentence_id]) >= 0
        ]

    def _open(self, number: int) -> None:
        tags = self._tags(number - 1)
        fitted: Fitted | None = None
        if number > 1:
            try:
                _, fitted = self._fit(number - 1)
            except NotEnoughTags:
                fitted = None
        draw = self._trainer.draw(number, tags, fitted)
        if not draw.at:
            raise NothingToTag("No sentence is left to ask about; widen the filters or import more calls.")
        self._write_round(number, draw, fitted)

    def _write_round(
        self,
        number: int,
        draw: Draw,
        fitted: Fitted | None,
        audit: bool = False,
        review: Mapping[str, Any] | None = None,
        picked: Sequence[str] | None = None,
    ) -> None:
        items = self._items(number, draw, fitted)
        self._places.update(zip((item.sentence_id for item in items), draw.at, strict=True))
        try:
            self._answers.open_round(number, items, {**self._about, "audit": audit, "review": review, "picked": picked})
        except IntegrityError:
            if not self._answers.asked(number):  # else another kernel opened it first, and its round stands
                raise

    def _items(self, number: int, draw: Draw, fitted: Fitted | None) -> list[Asked]:
        values = self._trainer.similarity() if fitted is None else fitted.calibration.probability(fitted.scores)
        return [
            Asked(
                sentence_id=self._named.id_at(at),
                round=number,
                position=position,
                reason=reason,
                probability=probability,
                score=float(values[at]),
            )
            for position, (at, reason, probability) in enumerate(
                zip(draw.at, draw.reasons, draw.probabilities, strict=True)
            )
        ]

    def _with_context(self, items: Sequence[Asked], user: str | None = None) -> list[Candidate]:
        found = self._lake.sentences([item.sentence_id for item in items], CONTEXT)
        return [candidate_of(item, found[item.sentence_id], user) for item in items if item.sentence_id in found]
