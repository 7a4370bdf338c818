"""The trackers of a workspace: creates, finds, changes and deletes them, one or many at once."""

from __future__ import annotations

import builtins
import os
from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from typing_extensions import deprecated

from workbench.domain.deprecation import DeprecatedName, old_keywords
from workbench.domain.errors import InvalidTracker, TrackerNotFound
from workbench.domain.filters import Filters
from workbench.domain.names import printable
from workbench.domain.trackers import TrackerSpec, TrackerState
from workbench.domain.unreadable import Unreadable
from workbench.publishing.files import import_file
from workbench.ready_made import ReadyMade, ready_made, ready_made_tracker
from workbench.resources import Resources
from workbench.store.moments import now
from workbench.store.publications import PublicationRepository
from workbench.store.trackers import TrackerRepository
from workbench.trackers.definitions import changed, new_definition
from workbench.workspace.definitions import (
    Lister,
    Refusal,
    listed_in_csv,
    listed_in_json,
    read_definitions,
    table_of,
    text_of,
    to_csv,
    to_json,
    written,
)
from workbench.workspace.tracker import Tracker

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Brought:
    """What an import of definitions created, and what it left out."""

    trackers: tuple[Tracker, ...]
    refused: tuple[Refusal, ...]

    def __str__(self) -> str:
        head = f"{len(self.trackers):,} made, {len(self.refused):,} left out"
        return "\n".join([head, *(printable(f"  line {one.line}: {one.reason}", lines=False) for one in self.refused)])


class Trackers:
    """The trackers of a workspace."""

    def __init__(self, resources: Resources):
        self._resources = resources
        self.repository = TrackerRepository(resources.state)

    def create(
        self,
        name: str,
        kind: str = "example",
        description: str = "",
        filters: Filters | None = None,
        examples: Sequence[str] = (),
        seed: int | None = None,
        **settings: Any,
    ) -> Tracker:
        """Create a draft.

        Args:
            name: 1 to 80 characters.
            description: what counts and what does not.
            filters: where it looks; by default in external calls.
            seed: the random seed for the rounds of a tracker of examples.
            kind: ``example``, which is trained; ``keyword``, ``phrase`` or ``question``, which need no training.
            examples: sentences, for a tracker of examples.
            settings: for a keyword tracker ``words``, ``exclude`` and ``match``, see
                :class:`~workbench.trackers.keyword.KeywordSettings`; for a phrase tracker ``vocabulary`` and
                ``closeness``, see :class:`~workbench.trackers.phrase.PhraseSettings`; for a question tracker
                ``question`` and ``details``, or ``sections``, and its judge, see
                :class:`~workbench.trackers.question.QuestionSettings`.

        Raises:
            InvalidTracker: says which of the fields cannot be used, and why.
            TrackerExists: another tracker has the name.
        """
        spec = new_definition(name, kind, description, filters, examples, seed, **settings)
        self.repository.add(spec)
        return Tracker(self._resources, spec)

    def create_many(self, definitions: Sequence[Mapping[str, Any]]) -> builtins.list[Tracker]:
        """Create all of these drafts or none; each definition has what ``create`` takes.

        Raises:
            InvalidTracker: says which of them, and which field.
            TrackerExists: another tracker has one of the names, or two of these have the same.
        """
        specs = []
        for place, one in enumerate(definitions):
            with _naming(place):
                specs.append(new_definition(**one))
        if specs:
            self.repository.add(*specs)
        return [Tracker(self._resources, spec) for spec in specs]

    def ready_made(self) -> builtins.list[ReadyMade]:
        """Return the ready-made trackers, each with its measured quality; see docs/ready-made.md."""
        return [*ready_made()]

    def from_ready_made(self, ready_made: str, as_examples: bool = False, name: str | None = None) -> Tracker:
        """Create a draft of a ready-made tracker, which can be published immediately.

        Args:
            ready_made: its name or key, in upper or lower case.
            as_examples: create a tracker of examples from its sentences instead, to be trained.
            name: another name for it.

        Raises:
            TrackerNotFound: no ready-made tracker has this name.
            TrackerExists: another tracker has its name.
        """
        one = ready_made_tracker(ready_made)
        definition = one.as_examples() if as_examples else one.definition()
        return self.create(**(definition | ({"name": name} if name else {})))

    @deprecated(
        "Use from_ready_made() instead of add_ready_made(), which the next version removes.",
        category=DeprecatedName,
    )
    def add_ready_made(self, name: str, as_examples: bool = False, called: str | None = None) -> Tracker:
        """Do what :meth:`from_ready_made` does."""
        return self.from_ready_made(name, as_examples, called)

    def import_file(self, path: str | os.PathLike[str], name: str | None = None) -> Tracker:
        """Import a tracker from a file that :meth:`Tracker.export` wrote, as a draft; under another ``name`` if given.

        It can be published immediately, and uses the imported model until a round is complete here. Then it learns
        from these answers and from the imported ones. See ``Tracker.imported`` for its estimate.

        The file is checked before anything is written, and no code in it is run.

        Raises:
            FileNotFoundError: the file does not exist. InvalidModelFile: it is damaged, not a tracker file, of another
            version, or from another encoder; says which.
            TrackerExists: another tracker has the name; give one.
        """
        return Tracker(self._resources, import_file(self._resources, path, name))

    def to_json(self, path: str | os.PathLike[str] | None = None, only: Sequence[str] | None = None) -> str | Path:
        """Export the definitions of all trackers, or of ``only`` these, as JSON; return the text, or the file written.

        What they have learnt is left out; ``Tracker.export`` writes that.
        """
        return written(to_json(self._specs(only)), path)

    def to_csv(
        self, path: str | os.PathLike[str] | None = None, only: Sequence[str] | None = None, bom: bool = False
    ) -> str | Path:
        """Export the definitions like :meth:`to_json`, as CSV, one tracker per row; ``bom`` adds a byte order mark."""
        return written(to_csv(self._specs(only), bom), path)

    def from_json(
        self, path: str | os.PathLike[str] | None = None, *, text: str | None = None, skip: bool = False
    ) -> Brought:
        """Create drafts from the definitions in a file, or in a ``text``, as :meth:`to_json` writes them.

        Imports all or none; with ``skip``, unusable entries are left out and listed with their line.

        Raises:
            FileNotFoundError: the file does not exist.
            InvalidTracker: an entry has an invalid or unknown field; gives its line and field.
        """
        return self._bring(listed_in_json, path, text, skip)

    def from_csv(
        self, path: str | os.PathLike[str] | None = None, *, text: str | None = None, skip: bool = False
    ) -> Brought:
        """Create drafts from CSV, as :meth:`to_csv` writes it.

        Within a cell, ``|`` separates entries like a new line.

        A spreadsheet may have saved it again: with semicolons or tabs, a first line ``sep=;``, in UTF-16 or
        Windows-1252, with capitalised headers, decimal commas and its own words for true and false.
        """
        return self._bring(listed_in_csv, path, text, skip)

    def _bring(self, lister: Lister, path: Any, text: str | None, skip: bool) -> Brought:
        if (path is None) == (text is None):
            raise InvalidTracker("path: give a file, or a text instead")
        taken = {spec.name for spec in self.repository.list()}
        read = table_of if lister is listed_in_csv else text_of
        specs, refused = read_definitions(lister(read(path) if text is None else text), taken, skip)
        if specs:
            self.repository.add(*specs)
        return Brought(tuple(Tracker(self._resources, spec) for spec in specs), tuple(refused))

    def _specs(self, only: Sequence[str] | None) -> builtins.list[TrackerSpec]:
        return self.repository.list() if only is None else self.repository.get_many(only)

    def get(self, id_or_name: str) -> Tracker:
        """Return a tracker by id or name; raises ``TrackerNotFound``."""
        return Tracker(self._resources, self.repository.get(id_or_name))

    def get_many(self, ids_or_names: Sequence[str]) -> builtins.list[Tracker]:
        """Return trackers by ids or names; raises ``TrackerNotFound``, which names the first that is missing."""
        return [Tracker(self._resources, spec) for spec in self.repository.get_many(ids_or_names)]

    def list(self) -> builtins.list[Tracker]:
        """Return all trackers that are not deleted, oldest first."""
        return [Tracker(self._resources, spec) for spec in self.repository.list()]

    def unreadable(self) -> builtins.list[Unreadable]:
        """Return the trackers that are not deleted but cannot be read.

        They are damaged, or a newer version wrote them.
        """
        return self.repository.read_all()[1]

    def update(self, id_or_name: str, **changes: Any) -> Tracker:
        """Change a tracker; takes and raises what ``Tracker.update`` does, and also raises ``TrackerNotFound``."""
        return self.get(id_or_name).update(**changes)

    def update_many(self, changes: Mapping[str, Mapping[str, Any]]) -> builtins.list[Tracker]:
        """Change trackers, given by id or name, all or none; each has what ``Tracker.update`` takes.

        Raises:
            TrackerNotFound: no tracker has this id or name.
            InvalidTracker: says which of them, and which field.
            TrackerExists: another tracker has one of the new names.
        """
        found = self.repository.get_many([*changes])
        wanted: dict[str, builtins.list[tuple[int, Mapping[str, Any]]]] = {}  # one may be given by id and by name, too
        for place, (spec, values) in enumerate(zip(found, changes.values(), strict=True)):
            wanted.setdefault(spec.id, []).append((place, values))

        def made(spec: TrackerSpec) -> TrackerSpec:
            for place, values in wanted[spec.id]:
                with _naming(place):
                    spec = changed(spec, values)
            return spec

        now = self.repository.change(dict.fromkeys(wanted, made), self._resources.user)
        return [Tracker(self._resources, now[spec.id]) for spec in found]

    def deleted(self) -> builtins.list[Tracker]:
        """Return the trackers that can be restored, oldest first."""
        return [Tracker(self._resources, spec) for spec in self.repository.list(deleted=True)]

    def delete(self, id_or_name: str, forever: bool = False) -> None:
        """Delete a tracker; ``restore`` brings it back, unless ``forever``, which also deletes its answers.

        Whatever uses it, such as boards, playbooks, metrics, alerts and streams, keeps working and shows what happened.

        Raises:
            TrackerNotFound: no tracker has this id or name.
        """
        spec = self.repository.get(id_or_name)
        if forever:
            self.repository.remove(spec.id)
        else:
            self.repository.put(_deleted(spec))

    def delete_many(self, ids_or_names: Sequence[str], forever: bool = False) -> None:
        """Delete all of these or none; ``restore`` brings each back, unless ``forever``. Raises ``TrackerNotFound``."""
        specs = {spec.id: spec for spec in self.repository.get_many(ids_or_names)}
        if forever:
            self.repository.remove(*specs)
        else:
            self.repository.put(*(_deleted(spec) for spec in specs.values()))

    @old_keywords(tracker_id="id_or_name")
    def restore(self, id_or_name: str) -> Tracker:
        """Restore a deleted tracker; it is paused if it had an active version.

        Raises:
            TrackerNotFound: no tracker has this id or name.
            InvalidTracker: several deleted trackers had this name; give the id of one.
            TrackerExists: another tracker now has its name.
        """
        spec = self._even_deleted(id_or_name)
        if spec.state is TrackerState.DELETED:
            state = TrackerState.DRAFT
            if PublicationRepository(self._resources.state).versions(spec.id):
                state = TrackerState.DEACTIVATED if spec.active_version is None else TrackerState.PAUSED
            spec = replace(spec, state=state, deleted=None)
            self.repository.put(spec)
        return Tracker(self._resources, spec)

    def _even_deleted(self, id_or_name: str) -> TrackerSpec:
        try:
            return self.repository.get(id_or_name)
        except TrackerNotFound:
            named = [one for one in self.repository.list(deleted=True) if one.name == id_or_name]
            if not named:
                raise
        if len(named) > 1:
            raise InvalidTracker(f"{len(named)} deleted trackers were named {id_or_name!r}; give the id of one of them")
        return named[0]


def _deleted(spec: TrackerSpec) -> TrackerSpec:
    """Return the tracker as deleted, with the time of its first deletion."""
    is_already = spec.state is TrackerState.DELETED
    return spec if is_already else replace(spec, state=TrackerState.DELETED, deleted=now())


@contextmanager
def _naming(place: int) -> Iterator[None]:
    """Say in the error which of many it was, counted from 0."""
    try:
        yield
    except (InvalidTracker, TypeError) as error:
        raise InvalidTracker(f"[{place}] {error}") from None
