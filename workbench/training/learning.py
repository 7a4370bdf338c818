"""What a tracker has learnt from its answers, kept up to date with them, its definition and the corpus."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from workbench.corpus.lake import Lake
from workbench.domain.errors import (
    Cancelled,
    CannotWrite,
    CorpusNotEncoded,
    EncoderUnavailable,
    NotEnoughTags,
    TrackerNotFound,
)
from workbench.domain.estimates import CorpusEstimate, Estimate, to_stored
from workbench.domain.progress import ReportProgress
from workbench.domain.rounds import BASIC_ROUNDS
from workbench.domain.tags import CHOSEN, Answer, Reason
from workbench.domain.trackers import TrackerSpec
from workbench.engine.training import Fitted, TaggedSentence
from workbench.resources.jobs import Job
from workbench.store.sessions import Revision, SessionRepository
from workbench.training.records import answered_of, answers_hash, counted_at
from workbench.training.scope import TrainingScope
from workbench.training.second_stage import SecondStageResult, switched_on
from workbench.training.stored_estimates import StoredEstimates

_DECIDES = ("recipe", "seed", "examples", "filters", "encoder", "pool")  # for what a round is drawn with


class Learning:
    """The models and estimates of one tracker; only the estimates are stored.

    The scope is opened again if the tracker's filters, examples or threshold were edited, here or in another kernel, or
    if calls that it uses were deleted or changed. New calls are not a reason to.

    Args:
        opened: opens the scope for the tracker's current definition.
        spec: reads that definition.
    """

    def __init__(
        self,
        opened: Callable[[], TrainingScope],
        spec: Callable[[], TrackerSpec],
        lake: Lake,
        answers: SessionRepository,
    ):
        self._opened = opened
        self._spec = spec
        self._lake = lake
        self._answers = answers
        self._lock = threading.RLock()
        self._defined, self._version = _definition(spec()), lake.version
        self._scope = opened()
        self._first_version = self._version
        self._fitted: tuple[int, Revision, Fitted] | None = None  # the last round whose tags were used, and which tags
        self._estimated: tuple[Fitted, CorpusEstimate] | None = None

    @property
    def is_behind(self) -> bool:
        """Return whether conversations have arrived since the scope was opened."""
        return self._lake.version != self._first_version

    @property
    def scope(self) -> TrainingScope:
        """Return the scope, up to date with the tracker's definition."""
        with self._lock:
            if self._has_changed():
                with suppress(CorpusNotEncoded, EncoderUnavailable):  # then it stays as it is until that is fixed
                    before = self._defined, self._version
                    self._defined, self._version = _definition(self._spec()), self._lake.version
                    try:
                        opened = self._opened()
                    except BaseException:
                        self._defined, self._version = before
                        raise
                    self.forget()
                    self._scope, self._first_version = opened, self._version
            return self._scope

    def tags(self, number: int) -> list[TaggedSentence]:
        """Return the answers of the rounds up to ``number``, as the engine sees them."""
        rows = [item for item in self._answers.asked() if item.round <= number]
        return self.scope.tags(answered_of(rows), self._answers.openings())

    def fit(self, number: int, report: ReportProgress | None = None) -> Fitted:
        """Return the model fitted on the answers of the rounds up to ``number``.

        Raises ``NotEnoughTags`` and ``Cancelled``.
        """
        with self._lock:
            scope, revision = self.scope, self._answers.revision(number)
            if self._fitted is None or self._fitted[:2] != (number, revision):
                self._fitted = number, revision, scope.trainer.fit(self.tags(number), report)
            return self._fitted[2]

    def first_stage(self) -> tuple[int, Fitted]:
        """Return the last completed round, and the model after it; raises ``NotEnoughTags``."""
        with self._lock:
            closed = self._answers.completed()
            if not closed:
                raise NotEnoughTags("The tracker has learnt nothing yet; complete a round first.")
            return max(closed), self.fit(max(closed))

    def current(self) -> tuple[int, Fitted]:
        """Return the last completed round and the model in use: with the second stage if it is better."""
        with self._lock:
            number, fitted = self.first_stage()
            stage = self.scope.second_stage
            if stage is not None and self.basic_done(number):
                fitted = stage.applied(fitted, self._learnt_from(number))
            return number, fitted

    def forget(self) -> None:
        """Drop the models: they are out of date."""
        self._fitted = self._estimated = None
        if self._scope.second_stage is not None:
            self._scope.second_stage.cancel()

    # Estimates

    def estimated(self, number: int, report: ReportProgress | None = None) -> Estimate | None:
        """Return the first stage's estimates after round ``number``, computed now.

        None until a round had both YES and NO.

        If one had, but corrections have left only one kind, the estimates exist but are empty.
        """
        with self._lock:
            try:
                fitted, trainer = self.fit(number, report), self.scope.trainer
                if not trainer.two_sided(fitted) and not self._was_two_sided():
                    return None
                estimate = trainer.estimate(number, fitted, report)
            except NotEnoughTags:
                self.forget()  # the next round uses similarity to the examples again
                return None
            except Cancelled:
                self._fitted = None  # the answers may change before the round is closed
                raise
            asked = [item.sentence_id for item in self._answers.asked() if item.tag and item.round <= number]
            return replace(estimate, gone=len(self.scope.places.gone(asked)))

    def _was_two_sided(self) -> bool:
        """Return whether both YES and NO counted when some round was closed."""
        history = self._answers.history()
        for number, closing in self._answers.closings().items():
            said = counted_at([one for one in history if one["round"] <= number], closing.at)
            if {Answer.YES, Answer.NO} <= set(said.values()):
                return True
        return False

    def basis(self, number: int) -> dict[str, Any]:
        """Return what estimates after round ``number`` are based on, to store with them."""
        rows = [item for item in self._answers.asked() if item.tag and item.round <= number]
        scope, revision = self.scope, self._answers.revision(number)
        scope.places.look_up({item.sentence_id: item.text_key for item in rows})
        gone = len(scope.places.gone(item.sentence_id for item in rows))
        return {**scope.about, "answers": answers_hash(rows), "revision": list(revision), "gone": gone}

    def settled(self) -> dict[int, Estimate | None]:
        """Return each completed round's estimate: the last one is current, the others say what has changed since.

        If the stored one is out of date it is computed again, and stored.
        """
        with self._lock:
            closings = self._answers.closings()
            if not closings:
                return {}
            standing = StoredEstimates(self._answers, self._spec_or_none(), self._lake, self.scope.about)
            out = {number: standing.estimate(number) for number in closings}
            last = max(closings)
            if not standing.holds(last, self.basis(last)):
                out[last] = self._renewed(last)
            return out | self._of_second_stage(out, last)

    def _renewed(self, number: int) -> Estimate | None:
        while True:
            seen, basis = self._answers.revision(number), self.basis(number)
            estimate = self.estimated(number)
            try:
                stored = None if estimate is None else to_stored(estimate)
                if self._answers.complete(number, stored, seen=seen, basis=basis):
                    return estimate
            except CannotWrite:  # if the workspace is read-only, for example: the estimate is valid anyway
                return estimate

    def _of_second_stage(self, estimates: Mapping[int, Estimate | None], last: int) -> dict[int, Estimate | None]:
        """Return the last round's estimates, with the second stage for corpus and threshold if it is in use."""
        result, estimate = self.second_stage_result, estimates[last]
        if result is None or not result.wins or estimate is None:
            return {}
        _, fitted = self.current()
        if self._estimated is None or self._estimated[0] is not fitted:
            self._estimated = fitted, self.scope.trainer.in_corpus(fitted)
        return {last: replace(estimate, corpus=self._estimated[1], threshold=fitted.threshold)}

    # The second stage

    @property
    def fine_tuning(self) -> Job[SecondStageResult] | None:
        """Return the job that is running or ran last, in this kernel."""
        stage = self._scope.second_stage
        return None if stage is None else stage.job

    @property
    def second_stage_result(self) -> SecondStageResult | None:
        """Return the result of fine-tuning for the answers up to the last completed round; None without one."""
        closed, stage = self._answers.completed(), self.scope.second_stage
        if stage is None or not closed:
            return None
        return stage.result(self._learnt_from(max(closed)))

    def fine_tune(self) -> Job[SecondStageResult] | None:
        """Start fine-tuning in the background; None if the encoder does not support it. Raises ``NotEnoughTags``."""
        stage = self.scope.second_stage
        if stage is None:
            return None
        number, fitted = self.first_stage()
        return stage.start(fitted, self._learnt_from(number))

    def begin_second_stage(self, number: int) -> None:
        """Start it after a round that completes the basic training, unless it is switched off."""
        wanted = self.scope.second_stage is not None and switched_on() and self.basic_done(number)
        if wanted and self.first_stage()[1].unseen is not None:
            self.fine_tune()

    def basic_done(self, number: int) -> bool:
        """Return whether the rounds up to ``number`` complete the basic training.

        Reviews and picked rounds don't count.
        """
        others = {item.round for item in self._answers.asked() if item.reason in (Reason.REVIEW, *CHOSEN)}
        return number - sum(other <= number for other in others) >= BASIC_ROUNDS

    def _learnt_from(self, number: int) -> dict[str, Any]:
        """Return everything that a second stage after round ``number`` depends on."""
        rows = [item for item in self._answers.asked() if item.tag and item.round <= number]
        places = self.scope.places
        places.look_up({item.sentence_id: item.text_key for item in rows})
        given = [(i.sentence_id, str(i.tag.answer)) for i in rows if i.tag and places.of(i.sentence_id) is not None]
        return {"answers": given, **{name: self._scope.about.get(name) for name in _DECIDES}}

    def _has_changed(self) -> bool:
        spec = self._spec_or_none()
        if spec is not None and _definition(spec) != self._defined:
            return True
        version = self._lake.version
        if version == self._version:
            return False
        self._version = version
        return self._lake.extent(self._scope.extent.until) != self._scope.extent

    def _spec_or_none(self) -> TrackerSpec | None:
        try:
            return self._spec()
        except TrackerNotFound:
            return None


def _definition(spec: TrackerSpec) -> Sequence[Any]:
    """Return the parts of a tracker's definition that decide which sentences its training uses."""
    return spec.filters, spec.examples, spec.threshold
