"""Trackers as their users hold them."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from workbench.domain.errors import InvalidTracker, WrongState
from workbench.domain.estimates import Estimate, estimate_of
from workbench.domain.filters import Filters
from workbench.domain.publications import Preview
from workbench.domain.texts import normalise, text_key
from workbench.domain.trackers import (
    MAX_EXAMPLES,
    MAX_NAME,
    MIN_EXAMPLES,
    TrackerKind,
    TrackerSpec,
    TrackerState,
)
from workbench.engine.recipes import recipe
from workbench.engine.thresholds import check_rule
from workbench.engine.training import Trainer
from workbench.pools import NamedPool
from workbench.publishing import Publication, hash_of, preview, publish, unpublished
from workbench.records import learnt_from
from workbench.replay import Replay, drawn_with, replay, session_log
from workbench.second_stage import SecondStage
from workbench.session import TrainingSession
from workbench.store.moments import now
from workbench.store.publications import PublicationRepository
from workbench.store.sessions import SessionRepository
from workbench.store.trackers import TrackerRepository
from workbench.store.wrong_hits import WrongHitRepository
from workbench.wrong_hits import Queued, queue

if TYPE_CHECKING:
    from workbench.workspace import Workspace


class Tracker:
    """One tracker of a workspace; what it is stands in ``spec``."""

    def __init__(self, workspace: Workspace, spec: TrackerSpec):
        self._workspace = workspace
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
    def state(self) -> TrackerState:
        return self.spec.state

    def update(self, **changes: Any) -> None:
        """Changes name, description, filters, examples or threshold; the same rules as for a new tracker.

        Raises:
            InvalidTracker: says which cannot be used, and why.
            WorkbenchError: ``threshold`` is none of balanced, precision>=P and hit_rate>=R.
        """
        unknown = set(changes) - {"name", "description", "filters", "examples", "threshold"}
        if unknown:
            raise InvalidTracker(f"cannot change {', '.join(sorted(unknown))}")
        given = {name: value for name, value in changes.items() if value is not None}
        if "examples" in given:
            given["examples"] = _checked_examples(given["examples"])
        if "name" in given:
            given["name"] = _checked_name(given["name"])
        if "threshold" in given:
            check_rule(given["threshold"])
        spec = replace(self.spec, **given)
        self._workspace.trackers.repository.save(spec)
        self.spec = spec

    def train(self, recipe_name: str = "default") -> TrainingSession:
        """The tracker's training, where it was left, in any kernel.

        Raises:
            CorpusNotEncoded: run ``ws.encode()`` first.
            EncoderUnavailable: the examples could not be encoded.
        """
        workspace = self._workspace
        self.spec = workspace.trackers.repository.get(self.id)
        chosen = recipe(recipe_name)
        if self.spec.threshold != "balanced":
            chosen = replace(chosen, threshold=self.spec.threshold)
        trainer, named = workspace.trainer(self.filters, self.examples, chosen, self.spec.seed)
        answers = SessionRepository(workspace.database, self.id)
        about = drawn_with(self.spec, trainer, named, workspace)
        encode, second_stage = workspace.encode_with(chosen.encoder), self._second_stage(trainer, named)
        return TrainingSession(trainer, named, workspace.lake, answers, encode, about, second_stage)

    def _second_stage(self, trainer: Trainer, named: NamedPool) -> SecondStage | None:
        """None where vectors are not a sentence-transformers model's."""
        workspace = self._workspace
        model = getattr(workspace.encoder, "model", None)
        if not isinstance(model, str) or trainer.recipe.encoder != "sentences":
            return None
        folder = workspace.path / "models" / self.id
        return SecondStage(trainer, named, workspace.lake, model, self.spec.examples, folder)

    # Life after training

    def publish(self, past: str | None = None, stream: str | None = None) -> Publication:
        """Puts what it has learnt to use as its next version: on upcoming calls, and on those of the ``past``.

        Past calls are read in the background; ``progress()`` of what is given back tells how far that is.

        Args:
            past: one of 1 month, 3 months, 6 months, 12 months; None for upcoming calls only.
            stream: the name of a stream that is to collect its calls; made where there is none.

        Raises:
            NotEnoughTags: no round with both YES and NO is complete yet.
            WorkbenchError: ``past`` is none of those.
            InvalidStream: no stream can have this name.
        """
        session = self.train()
        publication = publish(self._workspace, self.spec, session, past, stream)
        self._refresh()
        return publication

    def preview(self) -> Preview:
        """What publishing now would change against the active version, in the calls that it has read.

        Raises:
            WrongState: no version is active.
            NotEnoughTags: nothing is learnt yet.
        """
        active = self.active
        if active is None:
            raise WrongState(f"{self.name!r} has no active version to compare with; publish it first")
        session = self.train()
        return preview(self._workspace, session, self.spec, active)

    def publications(self) -> list[Publication]:
        """All versions, oldest first."""
        return [Publication(self._workspace, one) for one in self._published.versions(self.id)]

    @property
    def active(self) -> Publication | None:
        """The version in use, or paused; None for drafts and deactivated trackers."""
        number = self.spec.active_version
        return next((one for one in self.publications() if one.frozen.version == number), None)

    @property
    def unpublished(self) -> tuple[str, ...]:
        """Which of name, description, filters, examples, threshold and answers differ from the active version."""
        active = self.active
        if active is None:
            return ()
        answers = hash_of(learnt_from(SessionRepository(self._workspace.database, self.id)))
        return unpublished(self.spec, answers, active.frozen)

    @property
    def last_estimate(self) -> Estimate | None:
        """That of the last completed round, as it was stored; needs no encoder."""
        known = SessionRepository(self._workspace.database, self.id).completed().values()
        return next((estimate_of(one) for one in reversed(list(known)) if one), None)

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
        if self.state not in allowed:
            raise WrongState(f"{self.name!r} is {self.state}, so it cannot become {state}")
        self._published.activate(self.id, version, str(state))
        self._refresh()

    def _refresh(self) -> None:
        self.spec = self._workspace.trackers.repository.get(self.id)

    @property
    def _published(self) -> PublicationRepository:
        return PublicationRepository(self._workspace.database)

    # What people say of it

    def queue(self) -> list[Queued]:
        """What people say it found wrongly (``ws.wrong_hit``) and the trainer has not judged since.

        It counts in no estimate. ``session.picked_round`` asks about them, ``session.correct`` changes an answer given
        before, and ``dismiss`` takes them out as they are.
        """
        return queue(self._workspace.lake, self._wrong_hits, SessionRepository(self._workspace.database, self.id))

    def dismiss(self, sentence_ids: Sequence[str]) -> None:
        """Takes these sentences out of the queue; whoever says it again puts them back."""
        self._wrong_hits.close(sentence_ids)

    @property
    def _wrong_hits(self) -> WrongHitRepository:
        return WrongHitRepository(self._workspace.database, self.id)

    # Its log

    def log(self) -> dict[str, Any]:
        """Its whole training, ready for JSON: rounds in order, chances of being asked, every answer, versions."""
        return session_log(self.spec, SessionRepository(self._workspace.database, self.id))

    def replay(self, recipe_name: str | None = None) -> Replay:
        """Plays the stored answers again: with the stored recipe the same rounds, or with another one its own.

        Raises:
            NotEnoughTags: no round was opened yet.
        """
        return replay(self._workspace, self.spec, SessionRepository(self._workspace.database, self.id), recipe_name)


class Trackers:
    """The trackers of a workspace."""

    def __init__(self, workspace: Workspace):
        self._workspace = workspace
        self.repository = TrackerRepository(workspace.database)

    def create(
        self,
        name: str,
        kind: str = "example",
        description: str = "",
        filters: Filters | None = None,
        examples: Sequence[str] = (),
        seed: int | None = None,
    ) -> Tracker:
        """A new draft.

        Raises:
            InvalidTracker: says which of name, kind or examples cannot be used, and why.
            TrackerExists: another tracker has the name.
        """
        if kind not in list(TrackerKind):
            raise InvalidTracker(f"kind: {kind!r} is none of {', '.join(TrackerKind)}")
        spec = TrackerSpec(
            id=secrets.token_hex(8),
            name=_checked_name(name),
            kind=TrackerKind(kind),
            description=description.strip(),
            filters=filters if filters is not None else Filters(),
            examples=_checked_examples(examples),
            state=TrackerState.DRAFT,
            seed=secrets.randbelow(2**31) if seed is None else seed,
            created=now(),
        )
        self.repository.add(spec)
        return Tracker(self._workspace, spec)

    def get(self, id_or_name: str) -> Tracker:
        """Raises ``TrackerNotFound``."""
        return Tracker(self._workspace, self.repository.get(id_or_name))

    def list(self) -> list[Tracker]:
        """All that are not deleted, oldest first."""
        return [Tracker(self._workspace, spec) for spec in self.repository.list()]

    def deleted(self) -> list[Tracker]:  # type: ignore[valid-type]
        """Those that can be restored, oldest first."""
        return [Tracker(self._workspace, spec) for spec in self.repository.list(deleted=True)]

    def delete(self, id_or_name: str, forever: bool = False) -> None:
        """Takes it out of use and out of sight; ``restore`` brings it back, unless ``forever``, with its answers.

        Raises:
            TrackerNotFound: there is none of this id or name.
        """
        spec = self.repository.get(id_or_name)
        if forever:
            self.repository.remove(spec.id)
        else:
            self.repository.save(replace(spec, state=TrackerState.DELETED))

    def restore(self, tracker_id: str) -> Tracker:
        """Brings a deleted tracker back: paused where it had an active version.

        Raises:
            TrackerNotFound: there is none of this id.
            TrackerExists: another tracker has its name by now.
        """
        spec = self.repository.get(tracker_id)
        if spec.state is TrackerState.DELETED:
            state = TrackerState.DRAFT
            if PublicationRepository(self._workspace.database).versions(spec.id):
                state = TrackerState.DEACTIVATED if spec.active_version is None else TrackerState.PAUSED
            spec = replace(spec, state=state)
            self.repository.save(spec)
        return Tracker(self._workspace, spec)


def _checked_name(name: str) -> str:
    name = normalise(name)
    if not name or len(name) > MAX_NAME:
        raise InvalidTracker(f"name: has {len(name)} characters; give it 1 to {MAX_NAME}")
    return name


def _checked_examples(examples: Sequence[str]) -> tuple[str, ...]:
    if isinstance(examples, str):
        raise InvalidTracker("examples: give a list of sentences, not one text")
    distinct = {text_key(text): normalise(text) for text in cast("Sequence[str]", examples) if normalise(text)}
    if not MIN_EXAMPLES <= len(distinct) <= MAX_EXAMPLES:
        raise InvalidTracker(
            f"examples: {len(distinct)} different sentences; give at least {MIN_EXAMPLES} and at most {MAX_EXAMPLES}"
        )
    return tuple(distinct.values())
