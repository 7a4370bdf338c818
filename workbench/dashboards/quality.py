"""One tracker: what it looks for, its quality, and what it would find now."""

from __future__ import annotations

import os
from typing import Any

import ipywidgets

from workbench.dashboards.words import filters_in_words
from workbench.domain.paths import resolved
from workbench.resources.opening import is_workspace
from workbench.widgets import QualityPlots
from workbench.workspace.workspace import Workspace

WIDTH = "860px"


def tracker_dashboard(workspace: Workspace | str | os.PathLike[str]) -> ipywidgets.Widget:
    """Return a choice of tracker and its estimates. If the folder is not a workspace it says so, and creates none."""
    if not isinstance(workspace, Workspace):
        if not is_workspace(resolved(workspace)):
            return _text(f"There is no workspace in {workspace}. Set WORKBENCH_WORKSPACE to the folder of a workspace.")
        workspace = Workspace(workspace, create=False)
    names = [tracker.name for tracker in workspace.trackers.list()]
    if not names:
        return _text("There are no trackers yet. Build one in the notebook 01_build_a_tracker.")
    return _dashboard(workspace, names)


def _dashboard(workspace: Workspace, names: list[str]) -> ipywidgets.Widget:
    layout = ipywidgets.Layout(width="min(100%, 420px)")
    choice = ipywidgets.Dropdown(options=names, value=names[-1], description="Tracker", layout=layout)
    choice.style.description_width = "initial"
    description, scope = _text(""), _text("")
    plots = QualityPlots(workspace, tracker=names[-1], can_edit=False)

    def show(name: str) -> None:
        tracker = workspace.trackers.get(name)
        description.value = tracker.description
        description.layout.display = None if tracker.description else "none"
        scope.value = filters_in_words(tracker.filters, workspace.lake.zone)
        plots.tracker_id = tracker.id

    def chosen(change: dict[str, Any]) -> None:
        show(change["new"])

    show(names[-1])
    choice.observe(chosen, names="value")
    column = ipywidgets.Layout(max_width=WIDTH, width="100%", grid_gap="6px", overflow="hidden")
    return ipywidgets.VBox([choice, description, scope, plots], layout=column)


def _text(value: str) -> ipywidgets.Label:
    """Return a label that shows text as text, whatever it contains."""
    return ipywidgets.Label(value, layout=ipywidgets.Layout(height="auto", width="100%"))
