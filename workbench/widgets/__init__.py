"""The anywidget classes: a thin front for the workspace in notebooks and dashboards."""

from __future__ import annotations

from workbench.widgets.builder import TrackerBuilder
from workbench.widgets.call_viewer import CallViewer
from workbench.widgets.carousel import TaggingCarousel
from workbench.widgets.dashboard import Dashboard
from workbench.widgets.importer import CallImporter
from workbench.widgets.live_monitor import LiveMonitor
from workbench.widgets.metric_builder import MetricBuilder
from workbench.widgets.plots import QualityPlots
from workbench.widgets.question_builder import QuestionBuilder
from workbench.widgets.review import Review
from workbench.widgets.table import TrackerTable

__all__ = [
    "CallImporter",
    "CallViewer",
    "Dashboard",
    "LiveMonitor",
    "MetricBuilder",
    "QualityPlots",
    "QuestionBuilder",
    "Review",
    "TaggingCarousel",
    "TrackerBuilder",
    "TrackerTable",
]
