"""The workspace's trackers for the pages: which were published, how far they have read, what they found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workbench.dashboards.asked import DashboardQuery
from workbench.dashboards.parts import choice
from workbench.domain.assessments import Assessment
from workbench.domain.estimates import Estimate
from workbench.domain.publications import Progress, Run, Version, definition_of
from workbench.metrics.reading import read_by
from workbench.publishing.publication import Publication
from workbench.ready_made.assessing import assessed
from workbench.results.finds import Finds
from workbench.results.statistics import Measured, measured
from workbench.widgets.protocol import DashboardView, ProgressView
from workbench.workspace.queries import finds_of
from workbench.workspace.tracker import Tracker
from workbench.workspace.workspace import Workspace

NO_TRACKER = "There are no trackers yet. Build one in the notebook 01_build_a_tracker."
NONE_IN_USE = (
    "No trackers are in use yet. Publish one, in the notebook 03_publish_and_manage or with `workbench publish`."
)


@dataclass(frozen=True)
class TrackerSummary:
    """A tracker; ``current`` is its version in use, or last in use, and ``progress`` that of its backfill.

    ``found_by`` are the versions that found what is shown: an earlier one, until the current one has read the calls.
    """

    tracker: Tracker
    current: Publication | None
    progress: Progress | None
    found_by: tuple[Version, ...] = ()

    @property
    def id(self) -> str:
        return self.tracker.id

    @property
    def name(self) -> str:
        return self.tracker.name

    @property
    def definition(self) -> Mapping[str, Any]:
        """Return the definition of the current version; for a draft its own."""
        return definition_of(self.tracker.spec) if self.current is None else self.current.frozen.definition

    @property
    def estimate(self) -> Estimate | None:
        """Return the estimate of the newest version that found what is shown; for a draft that of its last round."""
        if self.found_by:
            return self.found_by[0].estimate
        return self.tracker.last_estimate if self.current is None else self.current.frozen.estimate

    @property
    def quality(self) -> Assessment:
        """Return its quality, the same as ``tracker.quality``."""
        return assessed(self.definition, self.estimate)


def known(workspace: Workspace) -> list[TrackerSummary]:
    """Return all trackers that are not deleted, oldest first."""
    return [_known(workspace, tracker) for tracker in workspace.trackers.list()]


def _known(workspace: Workspace, tracker: Tracker) -> TrackerSummary:
    current = tracker.current_version()
    if current is None:
        return TrackerSummary(tracker, None, None)
    return TrackerSummary(tracker, current, current.progress(), tuple(read_by(workspace.resources, tracker.id)))


def published(trackers: Iterable[TrackerSummary]) -> list[TrackerSummary]:
    """Return those that were ever published: their results are shown, in whatever state they are."""
    return [one for one in trackers if one.current is not None]


def names(trackers: Iterable[TrackerSummary]) -> dict[str, str]:
    """Return names by id, as the options of a control."""
    return {one.id: one.name for one in trackers}


def chosen(asked: DashboardQuery, trackers: Sequence[TrackerSummary]) -> TrackerSummary | None:
    """Return the requested tracker, or the first if none is requested; None if there is none, or no such one."""
    wanted = asked.one_of("tracker", names(trackers), trackers[0].id if trackers else "")
    if "tracker" in asked.lost:
        return None
    return next((one for one in trackers if one.id == wanted), None)


def nothing(asked: DashboardQuery, trackers: Sequence[TrackerSummary], why: str) -> DashboardView:
    """Return a page without a tracker: why there is none, or a choice if an unknown one was requested."""
    if "tracker" not in asked.lost:
        return asked.view(why, [])
    return asked.view("", [], [choice("tracker", "Tracker", {"": "Choose…"} | names(trackers), "")])


def finds(workspace: Workspace, one: TrackerSummary) -> Finds:
    """Return what it has found so far."""
    return finds_of(workspace.resources, one.id)


def counted(asked: DashboardQuery, one: TrackerSummary) -> Measured:
    """Return its results, counted within the page's filters."""
    return measured(asked.workspace.lake, finds(asked.workspace, one), asked.filters)


def progress(trackers: Iterable[TrackerSummary]) -> ProgressView | None:
    """Return the progress of trackers that are reading past calls; None if there are none."""
    running = [one.progress for one in trackers if one.progress is not None and one.progress.state is Run.RUNNING]
    if not running:
        return None
    return {
        "label": "Reading past calls",
        "done": sum(one.done for one in running),
        "total": sum(one.total for one in running),
    }
