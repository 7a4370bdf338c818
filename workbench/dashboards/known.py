"""The workspace's trackers as the pages need them: which are in use, how far they have read, what they found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workbench.dashboards.asked import Asked
from workbench.domain.publications import Progress, Run, definition_of
from workbench.publication import Publication
from workbench.queries import finds_of
from workbench.results.finds import Finds
from workbench.results.statistics import Measured, measured
from workbench.tracker import Tracker
from workbench.widgets.protocol import ProgressView
from workbench.workspace import Workspace

NO_TRACKER = "There is no tracker yet. Build one in the notebook 01_build_a_tracker."
NONE_IN_USE = (
    "No tracker is in use yet. Publish one, in the notebook 03_publish_and_manage or with `workbench publish`."
)


@dataclass(frozen=True)
class Known:
    """A tracker; ``active`` is its version in use, and ``progress`` how far that is with past calls."""

    tracker: Tracker
    active: Publication | None
    progress: Progress | None

    @property
    def id(self) -> str:
        return self.tracker.id

    @property
    def name(self) -> str:
        return self.tracker.name

    @property
    def definition(self) -> Mapping[str, Any]:
        """That of the version in use, whose finds the pages show; of a draft its own."""
        return definition_of(self.tracker.spec) if self.active is None else self.active.frozen.definition


def known(workspace: Workspace) -> list[Known]:
    """All that are not deleted, oldest first."""
    found = [(tracker, tracker.active) for tracker in workspace.trackers.list()]
    return [Known(tracker, active, None if active is None else active.progress()) for tracker, active in found]


def in_use(trackers: Iterable[Known]) -> list[Known]:
    """Those with a version that finds things."""
    return [one for one in trackers if one.active is not None]


def names(trackers: Iterable[Known]) -> dict[str, str]:
    """Names by id, as the options of a control."""
    return {one.id: one.name for one in trackers}


def chosen(asked: Asked, trackers: Sequence[Known]) -> Known | None:
    """The tracker asked for; the first where none is, None where there is none."""
    wanted = asked.one_of("tracker", names(trackers), trackers[0].id if trackers else "")
    return next((one for one in trackers if one.id == wanted), None)


def finds(workspace: Workspace, one: Known) -> Finds:
    """What its version in use has found so far."""
    return finds_of(workspace, one.id)


def counted(asked: Asked, one: Known) -> Measured:
    """What it found, counted within the page's filters."""
    return measured(asked.workspace.lake, finds(asked.workspace, one), asked.filters)


def progress(trackers: Iterable[Known]) -> ProgressView | None:
    """How far those are that are reading past calls; None where none is."""
    running = [one.progress for one in trackers if one.progress is not None and one.progress.state is Run.RUNNING]
    if not running:
        return None
    return {
        "label": "Reading past calls",
        "done": sum(one.done for one in running),
        "total": sum(one.total for one in running),
    }
