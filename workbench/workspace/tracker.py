"""Trackers as users of the API see them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from typing_extensions import deprecated

from workbench.domain.assessments import Assessment
from workbench.domain.deprecation import DeprecatedName
from workbench.domain.errors import WrongState
from workbench.domain.publications import Preview, Version, definition_of
from workbench.domain.publish_plans import PublishPlan
from workbench.domain.trackers import TrackerKind, TrackerState
from workbench.engine.model_file import write
from workbench.publishing.files import export
from workbench.publishing.plan import publish_plan
from workbench.publishing.publication import Publication, must_be_published_again
from workbench.publishing.publish import VersionContents, preview, publish, unpublished
from workbench.reading.readers import PhraseReader, definition_hash, threshold_of
from workbench.ready_made.assessing import assessed
from workbench.results.standing import Mark, answering, standing
from workbench.store.publications import PublicationRepository
from workbench.trackers.definitions import changed, new_definition
from workbench.trackers.phrase import SHARES
from workbench.trackers.phrase_model_file import write_phrase_model
from workbench.workspace.questions import examples_of, freeze_question
from workbench.workspace.tracker_questions import TrackerQuestions

if TYPE_CHECKING:
    from distributed import Client


class Tracker(TrackerQuestions):
    """One tracker of a workspace; ``spec`` is its definition."""

    # Life after training

    def publish(
        self, past: str | None = None, stream: str | None = None, *, client: Client | str | None = None
    ) -> Publication:
        """Publish what the tracker has learnt as its next version, for upcoming calls and those of the ``past``.

        Past calls are read in the background; the result's ``progress()`` shows how far this has come.

        Args:
            past: 1 month, 3 months, 6 months, 12 months or all; None for upcoming calls only. A period
                begins with a day of the workspace's time zone.
            stream: the name of a stream to collect its calls; created if it does not exist.
            client: a Dask client, or a scheduler's address: the workers of that cluster read past calls, and what they
                find is recorded here as usual. See docs/scale.md.

        Raises:
            NotEnoughTags: no round with both YES and NO is complete yet.
            WrongState: it is deleted.
            InvalidTracker: a placeholder, such as ``[names of competitors]``, was not replaced.
            InvalidArgument: ``past`` is not one of these periods.
            InvalidStream: a stream cannot have this name.
            OutOfCredits: its judge has a price, and there are no credits.
            JudgeUnavailable: its judge is not set up.
            ClusterUnavailable: the ``client`` cannot be used; nothing is published.
        """
        self._refresh()
        if self.state is TrackerState.DELETED:
            raise WrongState(f"{self.name!r} is deleted; restore it first")
        freeze = partial(self._freeze, past)
        publication = publish(self._resources, self.spec, freeze, self._learnt, past, stream, client)
        self._refresh()
        return publication

    def publish_plan(self, past: str | None = None, changes: Mapping[str, Any] | None = None) -> PublishPlan:
        """Return what publishing would store, read and cost, in numbers and in words (``message``). Changes nothing.

        Args:
            past: as for ``publish``.
            changes: new values by field, as if ``update`` had been called with them.

        Raises:
            InvalidArgument: ``past`` is not a period that ``publish`` takes.
            InvalidTracker: a change cannot be used; says which, and why.
        """
        spec = self._specs.get(self.id)
        planned = Tracker(self._resources, changed(spec, changes or {}))
        return publish_plan(self._resources, planned.spec, planned._learnt, past)

    def preview(self) -> Preview:
        """Compare what it would find now with its current results, in the calls that its versions have read.

        Raises:
            WrongState: it was never published.
            NotEnoughTags: it has learnt nothing yet.
        """
        return preview(self._resources, self.spec, self._reader, self._learnt)

    def _freeze(self, past: str | None, file: Path, alike: Version | None) -> VersionContents:
        if self.kind is TrackerKind.QUESTION:
            return freeze_question(self._question, file, past, alike)
        if self.is_trained and alike is not None:
            return VersionContents(threshold=alike.threshold, model_hash=alike.model_hash, estimate=alike.estimate)
        if self.kind is TrackerKind.PHRASE and self.settings.get("rules") == SHARES:
            return self._freeze_phrases(file, alike)
        if not self.is_trained:
            return VersionContents(threshold=threshold_of(self.spec), model_hash=definition_hash(self.spec))
        about = {"definition": definition_of(self.spec), "encoder": self._resources.encoder.key}
        brought = self._as_imported()
        if brought is not None:  # its estimate is for other calls, so the version has none
            model_hash = write(file, brought.detector, about | {"given": brought.contents.given})
            return VersionContents(threshold=brought.detector.threshold, model_hash=model_hash)
        trained = self.train().freeze()
        return VersionContents(
            threshold=trained.detector.threshold,
            model_hash=write(file, trained.detector, about),
            estimate=trained.estimate,
            learnt_from=trained.learnt_from,
        )

    def _freeze_phrases(self, file: Path, alike: Version | None) -> VersionContents:
        """Write what the vocabulary is measured by; with ``alike``, a version that reads alike, it is there."""
        reader = self._reader()
        assert isinstance(reader, PhraseReader)
        model_hash = write_phrase_model(file, reader.fitted()) if alike is None else alike.model_hash
        return VersionContents(threshold=reader.settings.closeness, model_hash=model_hash)

    # Questions

    def to_examples(self, name: str) -> Tracker:
        """Create a tracker of examples for the same concept, with its typical wording and its matches as examples.

        Its first round asks about what this tracker finds now.

        Raises:
            WrongState: it asks no question.
            NothingToTag: this tracker finds nothing.
            TrackerExists: another tracker has the name.
        """
        examples, found = examples_of(self._question)
        made = Tracker(self._resources, new_definition(name, "example", self.description, self.filters, examples))
        self._specs.add(made.spec)
        made.train().picked_round(found)
        return made

    def publications(self) -> list[Publication]:
        """Return all versions, oldest first."""
        return [Publication(self._resources, one) for one in self._published.versions(self.id)]

    def active_version(self) -> Publication | None:
        """Return the version in use, or paused; None for drafts and deactivated trackers."""
        number = self.spec.active_version
        return next((one for one in self.publications() if one.frozen.version == number), None)

    def current_version(self) -> Publication | None:
        """Return the version in use, or the most recent one; None if it was never published."""
        publications, order = self.publications(), standing(self._resources.state, self._resources.lake)
        active = next((one for one in publications if one.version == self.spec.active_version), None)
        first = next(iter(order.versions(self.id)), None) if active is None else None
        if first is None:
            return active
        reading = next((one.reading for one in publications if one.version == first.version), None)
        return next((one for one in reversed(publications) if one.reading == reading), None)

    def answering_versions(self) -> list[Version]:
        """Return the versions whose results count for some calls, in order of precedence; empty if never published."""
        return answering(self._resources.state, self._resources.lake, self.id)

    @property
    def quality(self) -> Assessment:
        """Return how well it does: the version that finds what is shown, or a draft's last round.

        Needs no encoder. ``stale`` lists answers and changes since a draft's last round.
        """
        current, answers = self.current_version(), self.answering_versions()
        if current is None:
            return assessed(definition_of(self.spec), self.last_estimate)
        return assessed(current.frozen.definition, answers[0].estimate if answers else current.frozen.estimate)

    def found_in(self, conversations: range) -> dict[str, Mark] | None:
        """Return its current results in these conversations, by sentence id; None if it was never published."""
        order, found = standing(self._resources.state, self._resources.lake).of(self.id, conversations)
        return {one.sentence_id: Mark(one.score, one.version) for one in found} if order else None

    @property
    def last_run(self) -> datetime | None:
        """Return when any of its versions last read calls; None if none ever did."""
        return self._published.last_run(self.id)

    def found_by_version(self) -> dict[int, int]:
        """Count its current results by the version that found them, in order of precedence."""
        return standing(self._resources.state, self._resources.lake).counts(self.id)

    def unpublished_changes(self) -> tuple[str, ...]:
        """Return what differs from the active version.

        These are any of name, description, filters, examples, threshold and answers.
        """
        active = self.active_version()
        if active is None:
            return ()
        return unpublished(self.spec, self._labels_hash, active.frozen)

    def pause(self) -> None:
        """Stop reading upcoming calls until resumed; results are kept. Raises ``WrongState``."""
        self._become(TrackerState.PAUSED, {TrackerState.ACTIVE}, self.spec.active_version)

    def resume(self) -> None:
        """Resume a paused tracker, including calls that arrived in the meantime. Raises ``WrongState``."""
        self._become(TrackerState.ACTIVE, {TrackerState.PAUSED}, self.spec.active_version)

    def deactivate(self) -> None:
        """Take the tracker out of use; its versions are kept, and you can roll back to one. Raises ``WrongState``."""
        self._become(TrackerState.DEACTIVATED, {TrackerState.ACTIVE, TrackerState.PAUSED}, None)

    def roll_back(self, version: int) -> Publication:
        """Make an earlier version the active one again; it catches up with calls that arrived in the meantime.

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

    @property
    def _published(self) -> PublicationRepository:
        return PublicationRepository(self._resources.state)

    # As a file

    def export(self, path: str | os.PathLike[str], version: int | None = None, answers: bool = True) -> Path:
        """Write a published version to one file that another workspace can import; return the file.

        It contains the definition, the model, the name of its encoder, and the estimate. With ``answers`` it also
        contains the answered sentences as text: words from calls. Without them the model still contains their vectors
        and hashed words, from which much of what was said can be guessed. An existing file is overwritten.

        Args:
            answers: include the answered sentences as text.
            path: ends with ``.tracker``.
            version: by default the active one, or the last.

        Raises:
            WrongState: it was never published, or has no such version.
            InvalidArgument: ``path`` has another ending.
        """
        self._refresh()
        return export(self._resources, self.spec, path, version, answers)

    # Old names

    @property
    @deprecated("Use active_version() instead of active, which the next version removes.", category=DeprecatedName)
    def active(self) -> Publication | None:
        """Return what :meth:`active_version` does."""
        return self.active_version()

    @property
    @deprecated("Use current_version() instead of current, which the next version removes.", category=DeprecatedName)
    def current(self) -> Publication | None:
        """Return what :meth:`current_version` does."""
        return self.current_version()

    @property
    @deprecated(
        "Use answering_versions() instead of answering, which the next version removes.", category=DeprecatedName
    )
    def answering(self) -> list[Version]:
        """Return what :meth:`answering_versions` does."""
        return self.answering_versions()

    @property
    @deprecated("Use found_by_version() instead of found, which the next version removes.", category=DeprecatedName)
    def found(self) -> dict[int, int]:
        """Return what :meth:`found_by_version` does."""
        return self.found_by_version()

    @property
    @deprecated(
        "Use unpublished_changes() instead of unpublished, which the next version removes.",
        category=DeprecatedName,
    )
    def unpublished(self) -> tuple[str, ...]:
        """Return what :meth:`unpublished_changes` does."""
        return self.unpublished_changes()
