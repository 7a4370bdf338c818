"""All trackers in one table, with their state and actions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import traitlets

from workbench.domain.errors import InvalidTracker, WorkbenchError
from workbench.domain.rules import checked_name
from workbench.domain.views import TrackerRef
from workbench.trackers.coaching import coach_name
from workbench.widgets import plan_views, ready_made_views, snapshot_parts, table_views, traits
from workbench.widgets.base import WorkbenchWidget
from workbench.widgets.bundles import css, esm
from workbench.widgets.exchange import Exchange
from workbench.widgets.lifecycle import ACTS, Lifecycle
from workbench.widgets.protocol import (
    ActResult,
    BroughtView,
    ChangesView,
    ExportedView,
    ManagedView,
    PanelView,
    PlanView,
    ReadyMadeView,
    RunView,
    SightView,
    StandingView,
    TipView,
    VersionView,
)
from workbench.widgets.snapshots import Snapshot
from workbench.widgets.steps import Steps

CLOSED: PanelView = {"tracker_id": "", "what": ""}


class TrackerTable(WorkbenchWidget):
    """The workspace's trackers with state, version, estimate and run; ``tracker_id`` is the selected one.

    Pass it to other widgets as their ``tracker``, and they show the one selected here.
    """

    _esm = esm("table")
    _css = css("table")

    reopens = True
    hears_others = True
    requests = frozenset(
        {"open", "look", "progress", "act", "choose", "rename", "tips", "preview", "changes"}
        | {"plan", "publish", "versions", "roll_back", "run", "dismiss", "show_call"}
        | {"ready_made", "add", "export", "import"}
    )

    rows = traits.records(ManagedView).tag(sync=True)
    """The trackers, oldest first (``protocol.ManagedView``); the page requests the state of those in view."""

    deleted = traits.records(TrackerRef).tag(sync=True)
    """Deleted trackers that can be restored."""

    gone = traits.records(TrackerRef).tag(sync=True)
    """The trackers deleted last, until they are restored or the notice is dismissed."""

    panel = traits.record(PanelView, CLOSED).tag(sync=True)
    """What is open under which row, or above all; the page writes it, so that a reload returns to it."""

    phase = traitlets.Enum(["opening", "idle", "failed"], "opening").tag(sync=True)
    """Whether the list was read."""

    can_edit = traitlets.Bool(True).tag(sync=True)
    """Whether trackers can be changed; readers see versions, export, and choose what is shown."""

    def __init__(self, workspace: Any, tracker: Any = None, **kwargs: Any) -> None:
        self._stamp = 0
        self._life = Lifecycle(workspace)
        self._exchange = Exchange(workspace)
        self._left = ""  # the selected tracker when it was deleted
        super().__init__(workspace, tracker, **kwargs)

    def on_open(self) -> None:
        """Read the list again."""
        self.error = ""
        try:
            self._list()
        except Exception:
            self.phase = "failed"
            raise
        self.phase = "idle"

    def on_look(self, ids: Sequence[str]) -> Steps[list[StandingView]]:
        """Yield the state of each of these; a failure is reported with that tracker."""
        found = []
        for name in ids:
            found.append(self._standing(name))
            yield
        return found

    def on_progress(self, ids: Sequence[str]) -> Steps[dict[str, RunView | None]]:
        """Yield the progress of the runs of these."""
        runs = {}
        for name in ids:
            runs[name] = self._standing(name)["run"]
            yield
        return runs

    def on_act(self, what: str, ids: Sequence[str], past: str | None = None) -> ActResult:
        """Publish, pause, resume, deactivate, delete or restore each; one that fails does not affect the others."""
        self._editable()
        if what not in ACTS:
            raise WorkbenchError(f"The action must be one of {', '.join(ACTS)}, not {what!r}.")
        names = {row["id"]: row["name"] for row in self.rows}
        done: list[str] = []
        failed: dict[str, str] = {}
        for name in ids:
            try:
                self._act(what, name, past)
                done.append(name)
            except Exception as error:  # noqa: BLE001, shown with its row; the others continue
                failed[name] = self._failure(error)["message"]
        with self.hold_sync():
            if what == "delete" and done:
                self.gone = [{"id": name, "name": names.get(name, name)} for name in done]
            elif what == "restore":
                self.gone = [one for one in self.gone if one["id"] not in done]
            self._changed(done)
        return {"done": done, "failed": failed}

    def on_dismiss(self) -> None:
        """Dismiss the notice of what was deleted; it stays among the recently deleted."""
        self.gone = []

    def on_choose(self, tracker_id: str) -> None:
        """Show a tracker in the widgets that follow this one."""
        self.tracker_id = self._life.get(tracker_id).id

    def on_tips(self, name: str) -> list[TipView]:
        """Return the builder's hints on this name."""
        return [{"level": one.level, "message": one.message} for one in coach_name(name)]

    def on_rename(self, tracker_id: str, name: str) -> None:
        """Rename a tracker, by the builder's rules."""
        self._editable()
        self._life.get(tracker_id).update(name=checked_name(name, InvalidTracker))
        self._changed([tracker_id])

    def on_preview(self, tracker_id: str) -> ChangesView:
        """Return what publishing would change in the calls that were read.

        Takes seconds if the encoder must start.
        """
        return table_views.changes(self._life.preview(tracker_id), self._life.get(tracker_id).last_estimate)

    def on_changes(self, tracker_id: str, which: str) -> list[SightView]:
        """Return the first sentences that were counted as ``gained`` or ``lost``."""
        return self._life.sights(tracker_id, which)

    def on_plan(self, ids: Sequence[str], past: str | None = None) -> Steps[dict[str, PlanView]]:
        """Yield what publishing each of these would store, read and cost.

        What is unknown for one is reported with it.
        """
        self._editable()
        plans = {}
        for name in ids:
            plans[name] = self._plan(name, past)
            yield
        return plans

    def on_publish(self, tracker_id: str, past: str | None = None, stream: str | None = None) -> None:
        """Publish a tracker; past calls are read in the background, and its calls collected in a ``stream``."""
        self._editable()
        self._life.publish(tracker_id, past, stream)
        self._changed([tracker_id])

    def on_versions(self, tracker_id: str) -> list[VersionView]:
        """Return the published versions, newest first."""
        tracker = self._life.get(tracker_id)
        return table_views.versions(tracker.publications(), tracker.active_version(), self.workspace.lake.zone)

    def on_roll_back(self, tracker_id: str, version: int) -> None:
        """Put an earlier version into use again."""
        self._editable()
        self._life.roll_back(tracker_id, version)
        self._changed([tracker_id])

    def on_run(self, tracker_id: str, what: str) -> None:
        """Cancel reading the past, or continue it."""
        self._editable()
        self._life.run(tracker_id, what)
        self._changed([tracker_id])

    def on_ready_made(self) -> list[ReadyMadeView]:
        """Return the ready-made trackers, with their measured quality."""
        return self._exchange.ready_made()

    def on_add(self, key: str, called: str, as_examples: bool = False) -> TrackerRef:
        """Return a draft of a ready-made tracker; with ``as_examples`` one to train further."""
        self._editable()
        made = self._exchange.add(key, as_examples, called)
        self._arrived([made])
        return {"id": made.id, "name": made.name}

    def on_export(self, form: str, ids: Sequence[str] | None = None) -> ExportedView:
        """Return definitions as ``json`` or ``csv``, for the page to save."""
        return self._exchange.export(form, ids)

    def on_import(self, text: str, form: str) -> BroughtView:
        """Return drafts of the definitions in a text; what cannot be used is reported with its line and left out."""
        self._editable()
        found = self._exchange.bring(text, form)
        self._arrived(found.trackers)
        return ready_made_views.brought(found)

    def _act(self, what: str, tracker_id: str, past: str | None) -> None:
        at_once = any(one["id"] == tracker_id for one in self.gone)
        self._life.act(what, tracker_id, at_once, past)
        if what == "restore" and at_once and tracker_id == self._left:
            self.tracker_id = tracker_id
        elif what == "delete" and tracker_id == self.tracker_id:
            self._left, self.tracker_id = tracker_id, ""

    def _plan(self, tracker_id: str, past: str | None) -> PlanView:
        try:
            return plan_views.plan(self._life.get(tracker_id).publish_plan(past))
        except Exception as error:  # noqa: BLE001, shown in place of the plan
            message = self._failure(error)["message"]
            return {"message": message, "warns": True, "credits": 0.0, "balance": None}

    def _standing(self, tracker_id: str) -> StandingView:
        stamp = next((row["stamp"] for row in self.rows if row["id"] == tracker_id), 0)
        try:
            tracker = self._life.get(tracker_id)
            shown = tracker.current_version()
            if shown is not None:
                self._news.follow("run", tracker_id, shown.job)
            return table_views.standing(tracker, shown, stamp, self.workspace.lake.zone)
        except Exception as error:  # noqa: BLE001, shown in its row
            return table_views.unreadable(tracker_id, stamp, self._failure(error)["message"])

    def _snapshot(self) -> Snapshot:
        rows = self.rows if self.phase == "idle" else self._managed({})
        return snapshot_parts.trackers(rows, self._standing)

    def _changed(self, ids: Sequence[str]) -> None:
        self._list(ids)
        for name in ids:
            self._hub.announce(name, self)

    def _arrived(self, trackers: Sequence[Any]) -> None:
        self._list([])
        for tracker in trackers[:1]:  # any change makes the others read the whole list again
            self._hub.announce(tracker.id, self)

    def _list(self, changed: Iterable[str] | None = None) -> None:
        """Read the list; only ``changed`` trackers, by default all, are updated."""
        self._stamp += 1
        fresh = {row["id"]: row["stamp"] for row in self.rows if changed is not None}
        for name in changed or ():
            fresh.pop(name, None)
            self._life.forget(name)
        trackers, zone = self.workspace.trackers, self.workspace.lake.zone
        with self.hold_sync():
            self.rows = self._managed(fresh)
            self.deleted = [table_views.managed(one, self._stamp, zone) for one in trackers.deleted()]

    def _managed(self, fresh: Mapping[str, int]) -> list[ManagedView]:
        trackers, zone = self.workspace.trackers, self.workspace.lake.zone
        return [
            *(table_views.managed(one, fresh.get(one.id, self._stamp), zone) for one in trackers.list()),
            *(table_views.damaged(one, fresh.get(one.key, self._stamp)) for one in trackers.unreadable()),
        ]

    def _tracker_changed(self, tracker_id: str) -> None:
        if self.phase == "idle":
            self._guarded(lambda: self._list([tracker_id]))

    def _editable(self) -> None:
        if not self.can_edit:
            raise WorkbenchError("This page only shows results; open the notebook to change trackers.")
