"""The page on which a tracker is named, narrowed and given examples."""

from __future__ import annotations

from typing import Any

import traitlets

from workbench.domain.errors import InvalidTracker
from workbench.domain.filters import Filters
from workbench.domain.trackers import MAX_EXAMPLES, MIN_EXAMPLES
from workbench.widgets import views
from workbench.widgets.advice import hints, missing
from workbench.widgets.base import WorkbenchWidget
from workbench.widgets.bundles import css, esm
from workbench.widgets.protocol import CheckResult, Form, SaveResult

EMPTY: Form = {
    "name": "",
    "description": "",
    "filters": Filters().to_dict(),  # type: ignore[typeddict-item]
    "examples": [],
}


class TrackerBuilder(WorkbenchWidget):
    """Names a tracker, narrows it and takes its examples. Without ``tracker`` it opens the newest draft."""

    _esm = esm("builder")
    _css = css("builder")

    requests = frozenset({"check", "save", "open"})

    form = traitlets.Dict().tag(sync=True)
    """What is typed. The page writes it, so that a reload loses nothing."""

    saved = traitlets.Dict(allow_none=True, default_value=None).tag(sync=True)
    """The form as it was last saved or opened; None for a new tracker."""

    facets = traitlets.Dict().tag(sync=True)
    """The values that the filters offer."""

    drafts = traitlets.List().tag(sync=True)
    """The trackers that can be opened, newest first, as ``{"id", "name"}``."""

    resumed = traitlets.Bool(False).tag(sync=True)
    """Whether the tracker was opened without being asked for, which the page then says."""

    min_examples = traitlets.Int(MIN_EXAMPLES, read_only=True).tag(sync=True)
    """How many examples a tracker needs."""

    max_examples = traitlets.Int(MAX_EXAMPLES, read_only=True).tag(sync=True)
    """How many examples a tracker takes."""

    def __init__(self, workspace: Any, tracker: Any = None, **kwargs: Any) -> None:
        super().__init__(workspace, tracker, **kwargs)
        self._guarded(self._first_view)

    def _first_view(self) -> None:
        self.facets = views.facets(self.workspace.facets())
        self._list_drafts()
        if not self.tracker_id and self.drafts:
            self.tracker_id = self.drafts[0]["id"]
            self.resumed = True
        if not self.form:
            self._tracker_chosen()

    def on_check(self, form: Form) -> CheckResult:
        """Coaching and counts for what is typed. Filters that make no sense yet are a hint, not a failure."""
        return hints(self.workspace, form)

    def on_save(self, form: Form) -> SaveResult:
        """Creates or updates the tracker."""
        wanted = missing(form)
        if wanted:
            raise InvalidTracker(" ".join(wanted))
        values = {
            "name": form["name"].strip(),
            "description": form["description"].strip(),
            "filters": Filters.from_dict(form["filters"]),
            "examples": [text.strip() for text in form["examples"] if text.strip()],
        }
        if self.tracker_id:
            tracker = self._tracker()
            tracker.update(**values)
        else:
            tracker = self.workspace.trackers.create(values.pop("name"), kind="example", **values)
        self._hub.forget(tracker.id)
        self.resumed = False
        self.tracker_id = tracker.id
        self._show(views.form(self._tracker()))
        self._list_drafts()
        self._hub.announce(tracker.id, self)
        return {"tracker_id": tracker.id}

    def on_open(self, tracker_id: str | None) -> None:
        """Another tracker, or with None an empty form; what was typed and not saved is given up."""
        self.resumed = False
        if self.tracker_id == (tracker_id or ""):
            self._tracker_chosen()
        else:
            self.tracker_id = tracker_id or ""

    def _tracker_chosen(self) -> None:
        self.error = ""
        if self.tracker_id:
            self._show(views.form(self._tracker()))
        else:
            self.form, self.saved = EMPTY, None

    def _show(self, form: Form) -> None:
        with self.hold_sync():
            self.form, self.saved = form, form

    def _list_drafts(self) -> None:
        trackers = [tracker for tracker in self.workspace.trackers.list() if str(tracker.state) == "draft"]
        trackers.sort(key=lambda tracker: tracker.spec.created, reverse=True)
        self.drafts = [{"id": tracker.id, "name": tracker.name} for tracker in trackers]
