"""The table of trackers."""

from __future__ import annotations

from typing import TypedDict

from workbench.domain.views import RefusedView, TrackerRef
from workbench.widgets.protocol.base import Level, Panel, RunState, TrackerStage
from workbench.widgets.protocol.building import FiltersForm, Form
from workbench.widgets.protocol.training import AssessmentView, IntervalView, MeasureView


class ManagedView(TypedDict):
    """A tracker in the table. ``stamp`` grows when what is told of it may have changed; ``created`` is ISO 8601.

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
    """How far a version is with past conversations; ``last_run`` (ISO 8601) is of any version.

    ``found`` counts the sentences that stand as the tracker's results, whichever versions found them: ``found_by``.

    ``waiting`` says why calls that arrived are not read now, empty if they are; ``unjudged`` counts calls that a
    judge could not answer for. ``here`` says whether this kernel reads the past calls, and so gives ``News`` of it.
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
    """How a tracker stands. ``stamp`` is that of the row it was read for; ``error`` says what could not be read.

    ``version`` is the one in use, or last in use. The ``estimate`` is of the newest that found what stands,
    ``estimated``, None if it is a draft's. ``quality`` is how well what is shown was found, of any kind of tracker;
    None where that could not be read.
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
    """``failed`` says why, by tracker; the others are done."""

    done: list[str]
    failed: dict[str, str]


class ChangesView(TypedDict):
    """What publishing would change: sentences found newly, no longer, and as before. ``estimate`` is the newest."""

    gained: int
    lost: int
    kept: int
    estimate: EstimateView | None


class PlanView(TypedDict):
    """What publishing would do, in words. ``warns``: there are too few credits, or it is not known.

    ``credits`` are what reading past calls takes; ``balance`` what there is, None if it takes no credits.
    """

    message: str
    warns: bool
    credits: float
    balance: float | None


class VersionView(TypedDict):
    """A version as published; ``changed`` says in what it differs from the one before."""

    version: int
    published: str
    past: str | None
    rule: str
    active: bool
    changed: list[str]
    estimate: EstimateView | None
    form: Form


class PanelView(TypedDict):
    """What is open under a row; without a tracker above the rows, or nowhere."""

    tracker_id: str
    what: Panel


class QualityView(TypedDict):
    """How well a ready-made tracker did on ``calls`` calls of the sample corpus, with 95% intervals.

    ``hits`` of their sentences carry its concept; ``measured`` is the day, ISO 8601.
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
    """Definitions as a file to be saved."""

    text: str
    name: str


class BroughtView(TypedDict):
    """What an import made and what it left out; of many, the first of each are told."""

    made: list[TrackerRef]
    made_count: int
    refused: list[RefusedView]
    refused_count: int


class TipView(TypedDict):
    level: Level
    message: str
