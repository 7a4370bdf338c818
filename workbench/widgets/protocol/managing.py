"""The table of trackers."""

from __future__ import annotations

from typing import TypedDict

from workbench.domain.views import RefusedView, TrackerRef
from workbench.widgets.protocol.base import Level, Panel, RunState, TrackerStage
from workbench.widgets.protocol.building import FiltersForm, Form
from workbench.widgets.protocol.training import AssessmentView, IntervalView, MeasureView


class ManagedView(TypedDict):
    """A tracker in the table. ``stamp`` grows when its data may have changed; ``created`` is ISO 8601.

    One that is ``unreadable`` has neither ``kind`` nor ``created``.
    ``paused`` says why the workbench paused it, empty if it did not: then it must be published again.
    """

    id: str
    name: str
    description: str
    kind: str
    state: TrackerStage
    paused: str
    created: str
    stamp: int


class EstimateView(TypedDict):
    tags: int
    precision: MeasureView
    hit_rate: MeasureView
    quality: AssessmentView


class RunView(TypedDict):
    """The progress of a version with past conversations; ``last_run`` (ISO 8601) is of any version.

    ``found`` counts the sentences in the tracker's current results, whichever versions found them: ``found_by``.

    ``waiting`` says why calls that arrived are not read now, empty if they are; ``unjudged`` counts calls that a judge
    could not judge. ``here`` says whether this kernel reads the past calls, and so sends ``News`` of it.
    """

    state: RunState
    done: int
    total: int
    found: int
    found_by: list[int]
    fraction: float
    message: str
    last_run: str | None
    past: str | None
    waiting: str
    unjudged: int
    here: bool


class StandingView(TypedDict):
    """The state of a tracker. ``stamp`` is that of the row it was read for; ``error`` says what could not be read.

    ``version`` is the one in use, or last in use. The ``estimate`` is for the newest one with current results,
    ``estimated``, None if it is a draft's. ``quality`` is that of the results shown, for any kind of tracker; None if
    it could not be read.
    """

    id: str
    stamp: int
    version: int | None
    unpublished: list[str]
    estimate: EstimateView | None
    estimated: int | None
    quality: AssessmentView | None
    run: RunView | None
    error: str


class ActResult(TypedDict):
    """``failed`` says why, by tracker; the others succeeded."""

    done: list[str]
    failed: dict[str, str]


class ChangesView(TypedDict):
    """What publishing would change: sentences added, dropped, and kept. ``estimate`` is the newest."""

    gained: int
    lost: int
    kept: int
    estimate: EstimateView | None


class PlanView(TypedDict):
    """What publishing would do, in words. ``warns``: there are too few credits, or it is unknown.

    ``credits`` is the cost of reading past calls; ``balance`` the credits left, None if it costs none.
    """

    message: str
    warns: bool
    credits: float
    balance: float | None


class VersionView(TypedDict):
    """A published version; ``changed`` says how it differs from the one before."""

    version: int
    published: str
    past: str | None
    rule: str
    active: bool
    changed: list[str]
    estimate: EstimateView | None
    form: Form


class PanelView(TypedDict):
    """What is open under a row; above the rows without a tracker, or nowhere."""

    tracker_id: str
    what: Panel


class QualityView(TypedDict):
    """The quality of a ready-made tracker on ``calls`` calls of the sample corpus, with 95% intervals.

    ``hits`` of their sentences express its concept; ``measured`` is the day, ISO 8601.
    """

    precision: IntervalView
    hit_rate: IntervalView
    f1: IntervalView
    quality: AssessmentView
    calls: int
    hits: int
    measured: str


class ReadyMadeView(TypedDict):
    """A ready-made tracker; ``said`` is what it looks for. None: its quality was not measured."""

    key: str
    name: str
    description: str
    kind: str
    filters: FiltersForm
    said: list[str]
    can_train: bool
    quality: QualityView | None


class ExportedView(TypedDict):
    """Definitions as a file to save."""

    text: str
    name: str


class BroughtView(TypedDict):
    """What an import created and left out; if many, only the first of each are listed."""

    made: list[TrackerRef]
    made_count: int
    refused: list[RefusedView]
    refused_count: int


class TipView(TypedDict):
    level: Level
    message: str
