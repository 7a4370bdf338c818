"""What a tracker has learnt, and what it would find now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from tqdm.auto import tqdm

from workbench.domain.agreement import Agreement
from workbench.domain.errors import WrongState
from workbench.domain.estimates import Estimate
from workbench.domain.publications import definition_of
from workbench.engine.detection import Detector
from workbench.engine.recipes import recipe
from workbench.publishing.files import Imported, imported
from workbench.reading.readers import Reader, reader_of
from workbench.store.publications import Detection
from workbench.store.sessions import SessionRepository
from workbench.store.wrong_hits import WrongHitRepository
from workbench.training.agreement import agreement_of
from workbench.training.records import hash_of, learnt_from
from workbench.training.replay import Replay, replay
from workbench.training.scope import TrainingScope
from workbench.training.scope_opening import open_scope
from workbench.training.session import TrainingSession
from workbench.training.session_log import session_log
from workbench.training.stored_estimates import StoredEstimates
from workbench.training.wrong_hits import Queued, queue
from workbench.workspace.tracker_definition import TrackerDefinition

AT_ONCE = 1_000  # calls; few enough to show progress


class TrackerTraining(TrackerDefinition):
    """A tracker's training, its estimates and what it would find now."""

    def train(self, recipe_name: str = "default") -> TrainingSession:
        """Return the tracker's training session, which continues where it was left, in any kernel.

        Raises:
            WrongState: trackers of its kind are not trained.
            CorpusNotEncoded: run ``ws.encode()`` first.
            EncoderUnavailable: the examples could not be encoded.
        """
        if not self.is_trained:
            raise WrongState(f"{self.name!r} is a {self.kind} tracker, which needs no training; publish it")
        resources = self._resources
        recipe(recipe_name)
        read = partial(self._specs.get, self.id)
        self.spec = read()

        def opened() -> TrainingScope:
            spec, chosen = read(), recipe(recipe_name)
            if spec.threshold != "balanced":
                chosen = replace(chosen, threshold=spec.threshold)
            brought = self.imported
            return open_scope(resources, spec, chosen, None if brought is None else brought.taught)

        answers = SessionRepository(resources.state, self.id)
        return TrainingSession(opened, read, resources.lake, answers, resources.user)

    def finds(
        self, session: TrainingSession | None = None, numbers: range | None = None, progress: bool = False
    ) -> tuple[list[str], list[float]]:
        """Return what it would find now, anywhere: ids of sentences, in the corpus's order, and the score of each.

        ``session`` is its training session, if already open. If it has to read calls, it only reads those with these
        ``numbers``, and ``progress`` shows a bar.

        Raises:
            NotEnoughTags: it needs training, and has learnt nothing yet.
            CorpusNotEncoded: run ``ws.encode()`` first.
        """
        if self.is_trained and self._as_imported() is None:
            opened = session or self.train()
            if opened.sample is None:
                return opened.detected()
            reader = reader_of(self._resources, definition_of(self.spec), opened.freeze().detector)
        else:
            reader = self._reader()
        found: list[Detection] = []
        every = range(self._resources.lake.size) if numbers is None else numbers
        with tqdm(total=len(every), unit=" conversations", desc="Reading calls", disable=not progress) as bar:
            for start in range(0, len(every), AT_ONCE):
                part = every[start : start + AT_ONCE]
                found += reader.read(part)
                bar.update(len(part))
        return [one.sentence_id for one in found], [one.score for one in found]

    def _reader(self) -> Reader:
        """Return what reads calls with the current definition."""
        return reader_of(self._resources, definition_of(self.spec), self._detector() if self.is_trained else None)

    def _detector(self) -> Detector:
        brought = self._as_imported()
        return self.train().freeze().detector if brought is None else brought.detector

    def _as_imported(self) -> Imported | None:
        """Return the model it was imported with, as long as it has learnt nothing here.

        Raises:
            WrongState: the threshold's rule was changed, which an imported model can only follow once it learns.
        """
        if SessionRepository(self._resources.state, self.id).completed():
            return None
        brought = self.imported
        if brought is not None and brought.contents.threshold != self.spec.threshold:
            rule = brought.contents.threshold
            raise WrongState(
                f"{self.name!r} was imported with the threshold {rule!r}; complete a round here before changing it"
            )
        return brought

    @property
    def imported(self) -> Imported | None:
        """Return the model and estimate it was imported with, None if it was created here.

        The estimate was measured on another corpus.

        Raises:
            InvalidModelFile: the workspace now has another encoder, or the file is damaged.
        """
        return imported(self._resources, self.id)

    @property
    def _labels_hash(self) -> str:
        """Return a hash of the answers of completed rounds."""
        return hash_of(learnt_from(SessionRepository(self._resources.state, self.id)))

    @property
    def _learnt(self) -> str:
        """Return the same if its measurements are still valid; else empty, and no version reads the same way."""
        measured = self.last_estimate if self.is_trained else None
        return "" if measured is not None and measured.stale else self._labels_hash

    @property
    def last_estimate(self) -> Estimate | None:
        """Return the estimate of the last completed round, as stored, with what has changed since; needs no encoder."""
        return self._standing.last()

    @property
    def estimates(self) -> dict[int, Estimate]:
        """Return the stored estimates of all completed rounds that have one, by round number."""
        return self._standing.every()

    @property
    def _standing(self) -> StoredEstimates:
        answers = SessionRepository(self._resources.state, self.id)
        return StoredEstimates(answers, self.spec, self._resources.lake, {"encoder": self._resources.encoder.key})

    def agreement(self) -> Agreement:
        """Compute how far people who answered the same sentences agree, by pair and overall, and where they differ.

        Where they differ, training uses the majority's answer, or NOT SURE without a majority. ``session.correct``
        decides what counts, and does not change the agreement.
        """
        return agreement_of(SessionRepository(self._resources.state, self.id).asked())

    def log(self) -> dict[str, Any]:
        """Return its whole training, ready for JSON: rounds in order, probabilities, every answer, versions."""
        return session_log(self.spec, SessionRepository(self._resources.state, self.id))

    def replay(self, recipe_name: str | None = None) -> Replay:
        """Replay the stored answers with the stored recipe, which draws the same rounds, or with another one.

        Raises:
            NotEnoughTags: no round has been opened yet.
        """
        brought = self.imported
        taught = None if brought is None else brought.taught
        return replay(
            self._resources, self.spec, SessionRepository(self._resources.state, self.id), taught, recipe_name
        )

    def queue(self) -> list[Queued]:
        """Return matches that people report as wrong (``ws.wrong_hit``) and the trainer has not judged since.

        They do not count in estimates. ``session.picked_round`` asks about them, ``session.correct`` changes an earlier
        answer, and ``dismiss`` removes them from the queue.
        """
        return queue(self._resources.lake, self._wrong_hits, SessionRepository(self._resources.state, self.id))

    def dismiss(self, sentence_ids: Sequence[str]) -> None:
        """Remove these sentences from the queue; a new report adds them again."""
        self._wrong_hits.close(sentence_ids)

    @property
    def _wrong_hits(self) -> WrongHitRepository:
        return WrongHitRepository(self._resources.state, self.id)
