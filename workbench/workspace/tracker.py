"""Trackers as their users hold them."""

from __future__ import annotations

import os
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from workbench.domain.agreement import Agreement
from workbench.domain.credits import Cost
from workbench.domain.edits import Edit, EditedElsewhere, differing, meanwhile, merged, tag_of
from workbench.domain.errors import WrongState
from workbench.domain.estimates import Estimate
from workbench.domain.filters import Filters
from workbench.domain.publications import Preview, Version, definition_of
from workbench.domain.publish_plans import PublishPlan
from workbench.domain.trackers import TrackerKind, TrackerSpec, TrackerState
from workbench.engine.detection import Detector
from workbench.engine.model_file import write
from workbench.engine.recipes import recipe
from workbench.publishing.files import Imported, export, imported
from workbench.publishing.plan import publish_plan
from workbench.publishing.publication import Publication, must_be_published_again
from workbench.publishing.publish import Frozen, preview, publish, unpublished
from workbench.reading.question_reader import QuestionReader
from workbench.reading.readers import Reader, definition_hash, reader_of, threshold_of
from workbench.reading.sample import Sample, sample
from workbench.resources import Resources
from workbench.results.standing import Mark, answering, standing
from workbench.store.edits import edits
from workbench.store.publications import PublicationRepository
from workbench.store.sessions import SessionRepository
from workbench.store.trackers import TrackerRepository
from workbench.store.wrong_hits import WrongHitRepository
from workbench.trackers.definitions import changed, new_definition
from workbench.trackers.question_builder import Composed
from workbench.trackers.refinements import Refinement
from workbench.training.agreement import agreement_of
from workbench.training.records import hash_of, learnt_from
from workbench.training.replay import Replay, replay, session_log
from workbench.training.scope import Scope
from workbench.training.scope_opening import open_scope
from workbench.training.session import TrainingSession
from workbench.training.stored_estimates import Standing
from workbench.training.wrong_hits import Queued, queue
from workbench.workspace.questions import cost, examples_of, freeze_question, refine


class Tracker:
    """One tracker of a workspace; what it is stands in ``spec``."""

    def __init__(self, resources: Resources, spec: TrackerSpec):
        self._resources = resources
        self._specs = TrackerRepository(resources.state)
        self.spec = spec

    def __repr__(self) -> str:
        return f"Tracker({self.name!r}, {self.state})"

    @property
    def id(self) -> str:
        return self.spec.id

    @property
    def name(self) -> str:
        return self.spec.name

    @property
    def description(self) -> str:
        return self.spec.description

    @property
    def filters(self) -> Filters:
        return self.spec.filters

    @property
    def examples(self) -> tuple[str, ...]:
        return self.spec.examples

    @property
    def kind(self) -> TrackerKind:
        return self.spec.kind

    @property
    def settings(self) -> dict[str, Any]:
        """What a tracker that is not trained finds by; empty for one of examples."""
        return dict(self.spec.settings)

    @property
    def is_trained(self) -> bool:
        """Whether it learns from answers; others find by their definition alone."""
        return self.kind is TrackerKind.EXAMPLE

    @property
    def state(self) -> TrackerState:
        return self.spec.state

    def update(self, **changes: Any) -> None:
        """Changes name, description, filters, examples or threshold, or a kind's own settings.

        The same rules as for a new tracker; None leaves a field as it is. What others changed since this object was
        read stays, filter by filter; where they changed the same field this change wins, and a warning
        (:class:`~workbench.domain.edits.EditedElsewhere`) says so. They are told when they next use the tracker.

        Raises:
            InvalidTracker: says which cannot be used, and why.
            WorkbenchError: ``threshold`` is none of balanced, precision>=P and hit_rate>=R.
        """
        said = self.change(changes)
        if said:
            warnings.warn(EditedElsewhere(said), stacklevel=2)

    def change(self, changes: Mapping[str, Any], expected: str | None = None) -> str:
        """As :meth:`update`; returns what others changed meanwhile, and what became of it, in words.

        Args:
            changes: the new values by field; None leaves a field as it is.
            expected: the tag of the definition that the caller has seen (``tag``), to refuse the change otherwise.

        Raises:
            EditedMeanwhile: the definition is no longer that one.
        """
        known, found = self.spec, self.spec

        def made(current: TrackerSpec) -> TrackerSpec:
            nonlocal found
            found, now = current, dict(changes)
            if isinstance(now.get("filters"), Filters):
                parts = (known.filters, now["filters"], current.filters)
                now["filters"] = Filters.from_dict(merged(*(one.to_dict() for one in parts)))
            return changed(current, now)

        self.spec = self._specs.change({self.id: made}, self._resources.user, expected)[self.id]
        others = [one for one in self.edits(known.revision) if one.revision <= found.revision]
        return meanwhile(others, differing(definition_of(found), definition_of(self.spec)))

    def edits(self, since: int = 0) -> list[Edit]:
        """The changes of the definition after a revision (``spec.revision``), oldest first: who, when, what."""
        return edits(self._resources.state, self.id, since)

    @property
    def tag(self) -> str:
        """Names exactly this definition, for callers that change only what they have seen."""
        return tag_of(definition_of(self.spec))

    def train(self, recipe_name: str = "default") -> TrainingSession:
        """The tracker's training, where it was left, in any kernel.

        Raises:
            WrongState: trackers of its kind are not trained.
            CorpusNotEncoded: run ``ws.encode()`` first.
            EncoderUnavailable: the examples could not be encoded.
        """
        if not self.is_trained:
            raise WrongState(f"{self.name!r} is a {self.kind} tracker: it needs no training, publish it as it is")
        resources = self._resources
        recipe(recipe_name)
        read = partial(self._specs.get, self.id)
        self.spec = read()

        def opened() -> Scope:
            spec, chosen = read(), recipe(recipe_name)
            if spec.threshold != "balanced":
                chosen = replace(chosen, threshold=spec.threshold)
            brought = self.imported
            return open_scope(resources, spec, chosen, None if brought is None else brought.taught)

        answers = SessionRepository(resources.state, self.id)
        return TrainingSession(opened, read, resources.lake, answers, resources.user)

    # Life after training

    def publish(self, past: str | None = None, stream: str | None = None) -> Publication:
        """Puts what it has learnt to use as its next version: on upcoming calls, and on those of the ``past``.

        Past calls are read in the background; ``progress()`` of what is given back tells how far that is.

        Args:
            past: 1 month, 3 months, 6 months, 12 months or all; None for upcoming calls only.
            stream: the name of a stream that is to collect its calls; made where there is none.

        Raises:
            NotEnoughTags: no round with both YES and NO is complete yet.
            WrongState: it is deleted.
            WorkbenchError: ``past`` is none of those.
            InvalidStream: no stream can have this name.
            OutOfCredits: it asks a judge that has a price, and there are none.
            JudgeUnavailable: the judge that it asks is not set up.
        """
        self._refresh()
        if self.state is TrackerState.DELETED:
            raise WrongState(f"{self.name!r} is deleted; restore it first")
        publication = publish(self._resources, self.spec, partial(self._freeze, past), self._learnt, past, stream)
        self._refresh()
        return publication

    def publish_plan(self, past: str | None = None, changes: Mapping[str, Any] | None = None) -> PublishPlan:
        """What publishing it would keep, read and cost: in numbers, and with ``message`` in words. Does nothing.

        Args:
            past: as for ``publish``.
            changes: new values by field, as if ``update`` had been called with them.

        Raises:
            WorkbenchError: ``past`` is none of the periods that ``publish`` takes.
            InvalidTracker: says which of the changes cannot be used, and why.
        """
        spec = self._specs.get(self.id)
        planned = Tracker(self._resources, changed(spec, changes or {}))
        return publish_plan(self._resources, planned.spec, planned._learnt, past)

    def preview(self) -> Preview:
        """What it would find as it stands now against what was found, in the calls that its versions have read.

        Raises:
            WrongState: it was never published.
            NotEnoughTags: nothing is learnt yet.
        """
        return preview(self._resources, self.spec, self._reader, self._learnt)

    def finds(self, session: TrainingSession | None = None) -> tuple[list[str], list[float]]:
        """What it would find now, anywhere: ids of sentences, in the corpus's order, and the score of each.

        ``session`` is its training, where that is open already.

        Raises:
            NotEnoughTags: it is trained, and has learnt nothing yet.
            CorpusNotEncoded: run ``ws.encode()`` first.
        """
        if self.is_trained and self._as_imported() is None:
            return (session or self.train()).detected()
        found = self._reader().read()
        return [one.sentence_id for one in found], [one.score for one in found]

    def _reader(self) -> Reader:
        """What reads as it stands now."""
        return reader_of(self._resources, definition_of(self.spec), self._detector() if self.is_trained else None)

    def _detector(self) -> Detector:
        brought = self._as_imported()
        return self.train().freeze().detector if brought is None else brought.detector

    def _as_imported(self) -> Imported | None:
        """What it came with, as long as it has learnt nothing here.

        Raises:
            WrongState: the threshold's rule was changed, by which the model can only go once it learns.
        """
        if SessionRepository(self._resources.state, self.id).completed():
            return None
        brought = self.imported
        if brought is not None and brought.contents.threshold != self.spec.threshold:
            rule = brought.contents.threshold
            raise WrongState(f"{self.name!r} came with the threshold {rule!r}: complete a round here to have another")
        return brought

    def _freeze(self, past: str | None, file: Path, alike: Version | None) -> Frozen:
        if self.kind is TrackerKind.QUESTION:
            return freeze_question(self._question, file, past, alike)
        if self.is_trained and alike is not None:
            return Frozen(threshold=alike.threshold, model_hash=alike.model_hash, estimate=alike.estimate)
        if not self.is_trained:
            return Frozen(threshold=threshold_of(self.spec), model_hash=definition_hash(self.spec))
        about = {"definition": definition_of(self.spec), "encoder": self._resources.encoder.key}
        brought = self._as_imported()
        if brought is not None:  # its estimate speaks of other calls, so the version has none
            model_hash = write(file, brought.detector, about | {"given": brought.contents.given})
            return Frozen(threshold=brought.detector.threshold, model_hash=model_hash)
        trained = self.train().freeze()
        return Frozen(
            threshold=trained.detector.threshold,
            model_hash=write(file, trained.detector, about),
            estimate=trained.estimate,
            learnt_from=trained.learnt_from,
        )

    # Questions

    @property
    def question(self) -> Composed:
        """What a question tracker asks, and its details, however they came about. Raises ``WrongState`` for others."""
        return self._question.settings.asked

    def cost(self, past: str | None = None) -> Cost:
        """What reading calls of the ``past``, and upcoming ones, is expected to take. Runs nothing.

        Raises:
            WrongState: it asks no question.
            WorkbenchError: ``past`` is none of the periods that ``publish`` takes.
        """
        return cost(self._question, past)

    def sample(self, count: int = 100, seed: int = 0, beyond: int = 0) -> Sample:
        """What the judge says of random calls that match; ``beyond`` so many in the seed's order, the next ones.

        Nothing is asked or paid for twice.

        Raises:
            WrongState: it asks no question.
            OutOfCredits: these calls cannot be paid for; nothing was read.
            JudgeUnavailable: nothing can be judged now; what was said up to here is kept.
        """
        return sample(self._question, count, seed, beyond)

    def refinements(self) -> list[Refinement]:
        """What would make the question better, the most pressing first; with an endpoint set up, also what it says."""
        return refine(self._question)

    def to_examples(self, name: str) -> Tracker:
        """A tracker of examples for the same: what would be said, and was found, is its examples.

        What this one finds now is its first round, to be answered.

        Raises:
            WrongState: it asks no question.
            NothingToTag: this one finds nothing.
            TrackerExists: another tracker has the name.
        """
        examples, found = examples_of(self._question)
        made = Tracker(self._resources, new_definition(name, "example", self.description, self.filters, examples))
        self._specs.add(made.spec)
        made.train().picked_round(found)
        return made

    @property
    def _question(self) -> QuestionReader:
        if self.kind is not TrackerKind.QUESTION:
            raise WrongState(f"{self.name!r} is a {self.kind} tracker: it asks no question")
        reader = reader_of(self._resources, definition_of(self.spec))
        assert isinstance(reader, QuestionReader)
        return replace(reader, tracker_id=self.id)

    def publications(self) -> list[Publication]:
        """All versions, oldest first."""
        return [Publication(self._resources, one) for one in self._published.versions(self.id)]

    @property
    def active(self) -> Publication | None:
        """The version in use, or paused; None for drafts and deactivated trackers."""
        number = self.spec.active_version
        return next((one for one in self.publications() if one.frozen.version == number), None)

    @property
    def current(self) -> Publication | None:
        """The version in use, or the one that was in use last; None where it was never published."""
        publications, order = self.publications(), standing(self._resources.state, self._resources.lake)
        active = next((one for one in publications if one.version == self.spec.active_version), None)
        first = next(iter(order.versions(self.id)), None) if active is None else None
        if first is None:
            return active
        reading = next((one.reading for one in publications if one.version == first.version), None)
        return next((one for one in reversed(publications) if one.reading == reading), None)

    @property
    def answering(self) -> list[Version]:
        """The versions whose results stand for some calls, in order of precedence; none where never published."""
        return answering(self._resources.state, self._resources.lake, self.id)

    def found_in(self, conversations: range) -> dict[str, Mark] | None:
        """What stands as its results in these conversations, by sentence id; None where it was never published."""
        order, found = standing(self._resources.state, self._resources.lake).of(self.id, conversations)
        return {one.sentence_id: Mark(one.score, one.version) for one in found} if order else None

    @property
    def last_run(self) -> datetime | None:
        """When any of its versions last read calls; None where none ever did."""
        return self._published.last_run(self.id)

    @property
    def found(self) -> dict[int, int]:
        """How many sentences stand as its results, by the version that found them, in order of precedence."""
        return standing(self._resources.state, self._resources.lake).counts(self.id)

    @property
    def unpublished(self) -> tuple[str, ...]:
        """Which of name, description, filters, examples, threshold and answers differ from the active version."""
        active = self.active
        if active is None:
            return ()
        return unpublished(self.spec, self._labels_hash, active.frozen)

    @property
    def _labels_hash(self) -> str:
        """Of the answers of completed rounds."""
        return hash_of(learnt_from(SessionRepository(self._resources.state, self.id)))

    @property
    def _learnt(self) -> str:
        """The same where what was measured of it still holds; else empty, and no version reads alike."""
        measured = self.last_estimate if self.is_trained else None
        return "" if measured is not None and measured.stale else self._labels_hash

    @property
    def last_estimate(self) -> Estimate | None:
        """That of the last completed round, as it was stored, with what has changed since; needs no encoder."""
        return self._standing.last()

    @property
    def estimates(self) -> dict[int, Estimate]:
        """The same of all completed rounds that have one, by number."""
        return self._standing.every()

    @property
    def _standing(self) -> Standing:
        answers = SessionRepository(self._resources.state, self.id)
        return Standing(answers, self.spec, self._resources.lake, {"encoder": self._resources.encoder.key})

    def pause(self) -> None:
        """Reads no upcoming calls until it is resumed; what it found stays. Raises ``WrongState``."""
        self._become(TrackerState.PAUSED, {TrackerState.ACTIVE}, self.spec.active_version)

    def resume(self) -> None:
        """Takes a paused tracker up again, with the calls that came meanwhile. Raises ``WrongState``."""
        self._become(TrackerState.ACTIVE, {TrackerState.PAUSED}, self.spec.active_version)

    def deactivate(self) -> None:
        """Takes it out of use; its versions stay, and one can be gone back to. Raises ``WrongState``."""
        self._become(TrackerState.DEACTIVATED, {TrackerState.ACTIVE, TrackerState.PAUSED}, None)

    def roll_back(self, version: int) -> Publication:
        """Makes an earlier version the active one again; it catches up with the calls that came meanwhile.

        Raises:
            WrongState: there is no such version, or the tracker is deleted.
        """
        found = next((one for one in self.publications() if one.frozen.version == version), None)
        if found is None:
            raise WrongState(f"{self.name!r} has no version {version}")
        self._become(TrackerState.ACTIVE, set(TrackerState) - {TrackerState.DELETED}, version)
        return found

    def _become(self, state: TrackerState, allowed: set[TrackerState], version: int | None) -> None:
        self._refresh()
        if state is TrackerState.ACTIVE and self.spec.pause_reason:
            raise WrongState(must_be_published_again(self.name, self.spec.pause_reason))
        if self.state not in allowed:
            raise WrongState(f"{self.name!r} is {self.state}, so it cannot become {state}")
        self._published.activate(self.id, version, str(state))
        self._refresh()

    def _refresh(self) -> None:
        known, self.spec = self.spec, self._specs.get(self.id)
        if known.revision != self.spec.revision:
            said = [f"{self.name!r}: {one}." for one in self.edits(known.revision)]
            warnings.warn(EditedElsewhere(" ".join(said)), stacklevel=3)

    @property
    def _published(self) -> PublicationRepository:
        return PublicationRepository(self._resources.state)

    # As a file

    def export(self, path: str | os.PathLike[str], version: int | None = None, answers: bool = True) -> Path:
        """Writes a published version to one file that another workspace can import; gives the file.

        It holds the definition, the model, the encoder that it needs, and the estimate. With ``answers`` it also holds
        the answered sentences as text: words from calls. Without them the model still holds their vectors and hashed
        words, from which much of what was said can be guessed. A file of that name is written over.

        Args:
            path: ends with ``.tracker``.
            version: the active one, or the last, where none is given.

        Raises:
            WrongState: it was never published, or has no such version.
            WorkbenchError: ``path`` has another ending.
        """
        self._refresh()
        return export(self._resources, self.spec, path, version, answers)

    @property
    def imported(self) -> Imported | None:
        """What it came with, None where it was made here; its estimate was measured on another corpus.

        Raises:
            InvalidModelFile: the workspace has another encoder by now, or the file is damaged.
        """
        return imported(self._resources, self.id)

    # What people say of it

    def queue(self) -> list[Queued]:
        """What people say it found wrongly (``ws.wrong_hit``) and the trainer has not judged since.

        It counts in no estimate. ``session.picked_round`` asks about them, ``session.correct`` changes an answer given
        before, and ``dismiss`` takes them out as they are.
        """
        return queue(self._resources.lake, self._wrong_hits, SessionRepository(self._resources.state, self.id))

    def dismiss(self, sentence_ids: Sequence[str]) -> None:
        """Takes these sentences out of the queue; whoever says it again puts them back."""
        self._wrong_hits.close(sentence_ids)

    @property
    def _wrong_hits(self) -> WrongHitRepository:
        return WrongHitRepository(self._resources.state, self.id)

    # Several people

    def agreement(self) -> Agreement:
        """How far those who answered the same sentences agree, by pair and over all, and where they do not.

        Sentences on which they differ teach what most say, and NOT SURE where none has most; ``session.correct``
        settles what counts, and changes nothing of the agreement.
        """
        return agreement_of(SessionRepository(self._resources.state, self.id).asked())

    # Its log

    def log(self) -> dict[str, Any]:
        """Its whole training, ready for JSON: rounds in order, chances of being asked, every answer, versions."""
        return session_log(self.spec, SessionRepository(self._resources.state, self.id))

    def replay(self, recipe_name: str | None = None) -> Replay:
        """Plays the stored answers again: with the stored recipe the same rounds, or with another one its own.

        Raises:
            NotEnoughTags: no round was opened yet.
        """
        brought = self.imported
        taught = None if brought is None else brought.taught
        return replay(
            self._resources, self.spec, SessionRepository(self._resources.state, self.id), taught, recipe_name
        )
