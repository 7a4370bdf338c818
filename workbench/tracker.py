"""Trackers as their users hold them."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from workbench.domain.errors import InvalidTracker
from workbench.domain.filters import Filters
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
from workbench.replay import Replay, drawn_with, replay, session_log
from workbench.second_stage import SecondStage
from workbench.session import TrainingSession
from workbench.store.moments import now
from workbench.store.sessions import SessionRepository
from workbench.store.trackers import TrackerRepository

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
        """All of them, oldest first."""
        return [Tracker(self._workspace, spec) for spec in self.repository.list()]

    def delete(self, id_or_name: str) -> None:
        """With its answers. Raises ``TrackerNotFound``."""
        self.repository.remove(self.repository.get(id_or_name).id)


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
