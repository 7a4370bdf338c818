"""The page to name and define a metric, choose its source, and preview it on some calls."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import traitlets

from workbench.domain.errors import WorkbenchError
from workbench.domain.metrics import QuestionSource
from workbench.domain.plurals import plural
from workbench.judges.endpoint import is_configured
from workbench.widgets import metric_views, traits, views
from workbench.widgets.base import WorkbenchWidget
from workbench.widgets.bundles import css, esm
from workbench.widgets.protocol import (
    MetricAsked,
    MetricCheck,
    MetricCost,
    MetricForm,
    MetricSaved,
    MetricShown,
    MetricTrend,
    NamedView,
)
from workbench.widgets.snapshots import Snapshot
from workbench.widgets.static_html import listing

SHOWN = 20
PART = 32  # calls to ask about before the page gets progress and can stop it


class MetricBuilder(WorkbenchWidget):
    """Creates and changes metrics. ``metric`` is a name or id; without one the form is empty."""

    _esm = esm("metrics")
    _css = css("metrics")

    held_back = MappingProxyType({"form": metric_views.EMPTY, "saved": None, "shown": None})
    requests = frozenset({"check", "save", "open", "delete", "preview", "trend", "cost", "ask", "show_call"})

    metric_id = traitlets.Unicode("").tag(sync=True)
    """The metric that is shown; empty for a new one."""

    form = traits.record(MetricForm).tag(sync=True)
    """What was typed. The page writes it, so that a reload loses nothing."""

    saved = traits.optional_record(MetricForm).tag(sync=True)
    """The form as it was last saved or opened; None for a new metric."""

    metrics = traits.records(NamedView).tag(sync=True)
    """The metrics that can be opened, oldest first."""

    trackers = traits.records(NamedView).tag(sync=True)
    """The trackers that a metric can use; each with a note if it is not published."""

    shown = traits.optional_record(MetricShown).tag(sync=True)
    """The last preview: the form, and its values for some calls."""

    endpoint = traitlets.Bool(False).tag(sync=True)
    """Whether an endpoint that can answer questions is set up; else a judge on this machine does."""

    def __init__(self, workspace: Any, metric: str | None = None, **kwargs: Any) -> None:
        """Open it; raises ``MetricNotFound`` if there is no such metric."""
        super().__init__(workspace, None, **kwargs)
        self.endpoint = is_configured()
        self._guarded(self._refresh)
        self._show(None if metric is None else workspace.metrics.get(metric).id)

    def on_check(self, form: MetricForm) -> MetricCheck:
        """Return coaching for what was typed."""
        values = metric_views.values_of(form)
        remarks = self.workspace.metrics.coach(form["name"], **values | {"id": self.metric_id})
        return {"hints": metric_views.hints(remarks), "snippet": metric_views.snippet(form)}

    def on_save(self, form: MetricForm) -> MetricSaved:
        """Create or update the metric."""
        values, metrics = metric_views.values_of(form), self.workspace.metrics
        if self.metric_id:
            metric = metrics.update(self.metric_id, name=form["name"], **values)
        else:
            metric = metrics.create(form["name"], **values)
        self._refresh()
        shown = self.shown
        self._show(metric.id)
        self.shown = shown  # what was previewed before saving has the same form
        return {"metric_id": metric.id}

    def on_open(self, metric_id: str | None) -> None:
        """Open another metric, or with None an empty form; discards unsaved changes."""
        self._refresh()
        self._show(metric_id)

    def on_delete(self) -> None:
        """Delete the open metric, with what was logged to it."""
        if not self.metric_id:
            raise WorkbenchError("This metric has not been saved yet, so there is nothing to delete.")
        self.workspace.metrics.delete(self.metric_id)
        self._refresh()
        self._show(None)

    def on_preview(self, form: MetricForm, seed: int, judge: str = "local") -> None:
        """Show the values of the metric as typed for calls drawn with ``seed``; saved ones include logged values."""
        values = metric_views.values_of(form)
        saved = self.metric_id or None
        shown = self.workspace.metrics.preview(count=SHOWN, seed=seed, saved=saved, judge=judge, **values)
        self.shown = {"form": form, "preview": metric_views.preview(shown)}

    def on_cost(self, judge: str) -> MetricCost | None:
        """Return the cost of asking about all calls not judged yet; None if the metric, as saved, asks no question."""
        if not self.metric_id or not isinstance(self.workspace.metrics.get(self.metric_id).source, QuestionSource):
            return None
        return metric_views.cost(self.workspace.metrics.cost(self.metric_id, judge=judge))

    def on_ask(self, judge: str, beyond: int = -1) -> MetricAsked:
        """Ask about the next calls beyond a number; the page repeats this until none is left, or someone stops it."""
        done = self.workspace.metrics.ask(self.metric_id, judge=judge, beyond=beyond, limit=PART)
        return {
            "judged": done.judged,
            "failed": len(done.failed),
            "left": done.left,
            "last": done.last,
            "stopped": done.stopped,
        }

    def on_trend(self) -> MetricTrend | None:
        """Return the trend by month of the saved metric; None if it is not saved."""
        if not self.metric_id:
            return None
        metric = self.workspace.metrics.get(self.metric_id)
        return metric_views.trend(metric, self.workspace.metrics.trend(metric.id))

    def _snapshot(self) -> Snapshot:
        names = [views.clip(one["name"], views.LONGEST_NAME) for one in self.metrics]
        return Snapshot(plural(len(names), "metric"), [listing(names)] if names else [])

    def _tracker_changed(self, tracker_id: str) -> None:  # noqa: ARG002, any of them may be in the list
        self._guarded(self._refresh)

    def _refresh(self) -> None:
        found, metrics = self.workspace.trackers.list(), self.workspace.metrics.list()
        there = {one.id for one in found}
        gone = [one for name, one in self.workspace.metrics.used(metrics).items() if name not in there]
        notes = [(one, "" if one.spec.active_version else "not published yet") for one in found]
        with self.hold_sync():
            self.trackers = [
                *(_named(one.id, one.name, note) for one, note in notes),
                *(_named(one.id, one.label, one.status) for one in gone),
            ]
            self.metrics = [metric_views.named(one) for one in metrics]

    def _show(self, metric_id: str | None) -> None:
        form = metric_views.EMPTY
        if metric_id is not None:
            form = metric_views.form_of(self.workspace.metrics.get(metric_id))
        with self.hold_sync():
            self.error = ""
            self.metric_id = metric_id or ""
            self.form, self.saved, self.shown = form, form if metric_id else None, None


def _named(tracker_id: str, name: str, note: str) -> NamedView:
    return {"id": tracker_id, "name": name, "note": note}
