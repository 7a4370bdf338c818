"""What a tracker is: reads and changes its definition."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any, Self

from workbench.domain.edits import Edit, EditedElsewhere, differing, meanwhile, merged, tag_of
from workbench.domain.filters import Filters
from workbench.domain.publications import definition_of
from workbench.domain.trackers import TrackerKind, TrackerSpec, TrackerState
from workbench.resources import Resources
from workbench.store.edits import edits
from workbench.store.trackers import TrackerRepository
from workbench.trackers.definitions import changed


class TrackerDefinition:
    """A tracker's definition and its changes."""

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
        """The settings of a tracker that is not trained; empty for a tracker of examples."""
        return dict(self.spec.settings)

    @property
    def is_trained(self) -> bool:
        """Whether it learns from answers; others find by their definition alone."""
        return self.kind is TrackerKind.EXAMPLE

    @property
    def state(self) -> TrackerState:
        return self.spec.state

    def update(self, **changes: Any) -> Self:
        """Change name, description, filters, examples or threshold, or the settings of a kind; return the tracker.

        The rules of a new tracker apply; None leaves a field as it is. Changes by others since this object was read are
        kept, filter by filter. If they changed the same field, this change wins and a warning
        (:class:`~workbench.domain.edits.EditedElsewhere`) says so; they are warned when they next use the tracker.

        Raises:
            InvalidTracker: a field cannot be used; says which, and why.
            InvalidArgument: ``threshold`` is not balanced, precision>=P or hit_rate>=R.
        """
        said = self.change(changes)
        if said:
            warnings.warn(EditedElsewhere(said), stacklevel=2)
        return self

    def change(self, changes: Mapping[str, Any], expected: str | None = None) -> str:
        """Change fields like :meth:`update`; return what others changed in the meantime, and the outcome, in words.

        Args:
            changes: the new values by field; None leaves a field as it is.
            expected: the tag of the definition that the caller has seen (``tag``); the change is refused if it differs.

        Raises:
            EditedMeanwhile: the definition has another tag by now.
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
        """Return the changes of the definition after a revision (``spec.revision``), oldest first: who, when, what."""
        return edits(self._resources.state, self.id, since)

    @property
    def tag(self) -> str:
        """Identifies exactly this definition, for callers that change only what they have seen."""
        return tag_of(definition_of(self.spec))

    def _refresh(self) -> None:
        known, self.spec = self.spec, self._specs.get(self.id)
        if known.revision != self.spec.revision:
            said = [f"{self.name!r}: {one}." for one in self.edits(known.revision)]
            warnings.warn(EditedElsewhere(" ".join(said)), stacklevel=3)
