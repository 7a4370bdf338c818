"""TrainingSession, which orchestrates tag → fit → estimate → next round."""

from __future__ import annotations

import numpy as np

from workbench.domain.advice import Advice, AdviceKind
from workbench.domain.call_sample import CallSample
from workbench.domain.errors import NotEnoughTags, RoundIncomplete, UnknownCandidate, WorkbenchError
from workbench.domain.estimates import DialPoint, Estimate, to_stored
from workbench.domain.evidence import Piece
from workbench.domain.plurals import plural
from workbench.domain.progress import ReportProgress
from workbench.domain.rounds import Round
from workbench.domain.tags import Answer, Candidate, FoundCounts, Reason
from workbench.engine.detection import detector_of
from workbench.engine.evidence import evidence
from workbench.engine.training import ANSWER_BOTH
from workbench.resources.jobs import Job
from workbench.store.sessions import AskedSentence
from workbench.training.agreement import agreement_of
from workbench.training.dial_setting import with_setting
from workbench.training.guidance import guide, one_sided, people
from workbench.training.records import (
    FrozenTraining,
    is_review,
    learnt_from,
    round_of,
)
from workbench.training.second_stage import SecondStageResult
from workbench.training.session_imports import SessionImports


class TrainingSession(SessionImports):
    """The training of one tracker. Everything that matters is on disk, so it can continue in any kernel.

    Models are not stored: the same tags and seed give the same model in milliseconds.
    """

    # Rounds and answers

    def found(self) -> FoundCounts:
        """Count what the tracker finds now, in the calls that training looks at: see :attr:`sample`.

        Raises:
            NotEnoughTags: no round is complete yet.
        """
        _, fitted = self._learning.current()
        call = self._trainer.pool.call
        return FoundCounts(
            sentences=int(fitted.found.sum()),
            calls=len(np.unique(call[fitted.found])),
            of_calls=len(np.unique(call)),
        )

    @property
    def sample(self) -> CallSample | None:
        """The sample of calls that training uses if too many match; None if it uses all of them."""
        return self._learning.scope.sample

    # Training

    def complete_round(self, report: ReportProgress | None = None) -> Round:
        """Train on all answers, compute the estimates, and close the round.

        Args:
            report: called with how far it is; where it returns False, the training is cancelled.

        Raises:
            RoundIncomplete: some of its sentences have no answer; for a review, all.
            Cancelled: ``report`` wished so; nothing has changed.
        """
        with self._lock:
            number = self.round_number
            asked = self._answers.asked(number)
            missing = sum(item.tag is None for item in asked)
            partly = is_review(asked) and 0 < missing < len(asked)
            if not asked or (missing and not partly):
                of = f"{missing} of its {plural(len(asked), 'sentence')} have no answer"
                what = of if asked else "it was not opened"
                raise RoundIncomplete(f"round {number} cannot be completed: {what}")
            seen = self._answers.revision(number)
            estimate, basis = self._learning.estimated(number, report), self._learning.basis(number)
            stored = None if estimate is None else to_stored(estimate)
            if not self._answers.complete(number, stored, partly, seen, basis):
                return self.complete_round(report)  # someone has answered or undone an answer meanwhile
            if estimate:
                self._learning.begin_second_stage(number)
            answered = [item for item in asked if item.tag]
            return round_of(number, answered, {number: estimate}, self._learning.scope.places.of)

    def complete_round_later(self) -> Job[Round]:
        """Complete the round like :meth:`complete_round`, in the background."""
        return Job(self.complete_round, self._worker)

    def fine_tune_later(self) -> Job[SecondStageResult]:
        """Fine-tune the encoder on the concept, in the background; the result is used from then on if it is better.

        From the fourth round this starts automatically whenever a round is complete.

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
        """The job that is running or ran last, in this kernel."""
        return self._learning.fine_tuning

    @property
    def second_stage(self) -> SecondStageResult | None:
        """Return the outcome of fine-tuning for the answers up to the last completed round; None if it was not done."""
        return self._learning.second_stage_result

    def rounds(self) -> list[Round]:
        """Return the completed rounds with their estimates, and the open one.

        The last completed round's estimate is computed again if answers, filters or calls have changed since; the
        ``stale`` of an earlier one says what has changed.
        """
        with self._lock:
            estimates = self._learning.settled()
            places = self._learning.scope.places
            groups: dict[int, list[AskedSentence]] = {}
            for item in self._answers.asked():
                groups.setdefault(item.round, []).append(item)
            places.look_up({i.sentence_id: i.text_key for items in groups.values() for i in items if i.tag})
            return [round_of(number, items, estimates, places.of) for number, items in groups.items()]

    def estimate(self) -> Estimate:
        """Return the last completed round's estimate, for the current answers, filters and calls.

        Raises:
            NotEnoughTags: there is none yet; it needs YES and NO answers.
        """
        estimates = self._learning.settled()
        last = estimates[max(estimates)] if estimates else None
        if last is None:
            raise NotEnoughTags(f"There is no estimate yet. {self._untold()}")
        return last

    def dial(self) -> tuple[DialPoint, ...]:
        """Return the settings between “few false leads” and “miss nothing”, strictest first.

        ``tracker.update`` sets one.

        Raises:
            NotEnoughTags: no round with both YES and NO is complete yet.
        """
        points = self._trainer.dial(self._learning.current()[1])
        estimates = self._learning.settled()
        last = estimates[max(estimates)] if estimates else None
        return points if last is None else with_setting(points, last.rule, last.corpus)

    def surfaced(self, count: int = 20, threshold: float | None = None, below: float | None = None) -> list[Candidate]:
        """Return up to ``count`` untagged sentences that the tracker would find now.

        They are drawn evenly from everything it finds.

        With the ``threshold`` of a :class:`DialPoint`, return what that setting would find; with ``below``, another
        setting's threshold, only what it adds to that stricter one.
        """
        number, fitted = self._learning.current()
        at = self._trainer.surfaced(fitted, count, threshold, np.inf if below is None else below).tolist()
        probability = fitted.calibration.probability(fitted.scores[at])
        items = [
            AskedSentence(
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

    def second_look(self, count: int = 5) -> list[Candidate]:
        """Return up to ``count`` answered sentences whose answer looks wrong, with that answer; empty if none does."""
        number, fitted = self._learning.current()
        doubtful = {self._learning.scope.places.id_of(tag) for tag in self._trainer.doubtful(fitted, count)}
        return [candidate for candidate in self.answered(list(doubtful)) if candidate.round <= number]

    def advice(self) -> tuple[Advice, ...]:
        """Return what to do next, most important first; empty before the first round is complete."""
        rounds = [one for one in self.rounds() if one.complete]
        said = (*people(agreement_of(self._answers.asked())), *one_sided(rounds))
        sampled = () if self.sample is None else (Advice(kind=AdviceKind.SAMPLE, message=self.sample.message),)
        try:
            number, fitted = self._learning.current()
        except NotEnoughTags:
            return (*said, *sampled) if rounds else said
        places = self._learning.scope.places
        doubtful = [places.id_of(tag) for tag in self._trainer.doubtful(fitted, 5)]
        done = [one for one in rounds if one.number <= number]
        return (*said, *guide(self._trainer, places, fitted, done, doubtful), *sampled)

    def evidence(self, sentence_id: str) -> tuple[Piece, ...]:
        """Return the sentence in pieces, each with its effect on the score used to pick the open round.

        Encodes the sentence once for each of its words: some 50 ms, and seconds if the encoder has to start.

        Raises:
            NotEnoughTags: nothing is learnt yet, so sentences are picked by similarity to the examples as a whole.
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

    def freeze(self) -> FrozenTraining:
        """Return what it has learnt up to the last completed round, to publish, with its estimate.

        This is the first stage, which judges any sentence on its own; the second stage has read only this pool's most
        likely sentences.

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
                    return FrozenTraining(detector=detector, estimate=estimate, learnt_from=learnt)

    def detected(self) -> tuple[list[str], list[float]]:
        """Return the ids of all sentences the tracker finds, with their probabilities, in the corpus's order.

        In the calls that training looks at: see :attr:`sample`; ``tracker.finds()`` reads every call.
        """
        _, fitted = self._learning.current()
        at = fitted.found.nonzero()[0]
        probability = fitted.calibration.probability(fitted.scores[at])
        return [self._named.id_at(place) for place in at.tolist()], probability.tolist()

    def _untold(self) -> str:
        """Return why there are no results, and what to do."""
        given = [item.tag.answer for item in self._answers.asked() if item.tag]
        if not self._answers.completed() or len({*given} - {Answer.NOT_SURE}) == 2:
            return "Complete a round that has both YES and NO answers."
        missing = " or ".join(str(one).upper() for one in (Answer.YES, Answer.NO) if one not in given)
        return f"None of the {plural(len(given), 'answer')} is {missing}. {ANSWER_BOTH}"
