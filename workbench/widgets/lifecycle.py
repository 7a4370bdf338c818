"""Actions on trackers in the table, and what is needed to undo them."""

from __future__ import annotations

from typing import Any

from workbench.domain.errors import WorkbenchError
from workbench.widgets import plan_views, views
from workbench.widgets.protocol import SightView

ACTS = ("publish", "pause", "resume", "deactivate", "delete", "restore")
SIGHTS = 20


class Lifecycle:
    """The trackers of a workspace, with what is running in this kernel."""

    def __init__(self, workspace: Any) -> None:
        self._workspace = workspace
        self._previews: dict[str, Any] = {}
        self._ran: set[str] = set()  # those that were active when deleted

    def get(self, tracker_id: str) -> Any:
        return self._workspace.trackers.get(tracker_id)

    def act(self, what: str, tracker_id: str, at_once: bool = False, past: str | None = None) -> None:
        """Perform an action; ``at_once`` undoes a deletion completely, else what is restored is paused.

        Raises:
            NotEnoughTags: it should be published, but has learnt nothing yet.
            WrongState: the tracker's state does not allow it.
            TrackerExists: the name of a deleted one is in use again.
        """
        if what == "delete":
            self._delete(tracker_id)
        elif what == "restore":
            self._restore(tracker_id, at_once)
        elif what == "publish":
            self.publish(tracker_id, past)
        else:
            getattr(self.get(tracker_id), what)()

    def publish(self, tracker_id: str, past: str | None, stream: str | None = None) -> None:
        self.get(tracker_id).publish(past=past, stream=plan_views.stream_name(stream))

    def roll_back(self, tracker_id: str, version: int) -> None:
        self.get(tracker_id).roll_back(version)

    def run(self, tracker_id: str, what: str) -> None:
        """Cancel reading the past, or continue it."""
        publication = self.get(tracker_id).current_version()
        if publication is None or what not in ("cancel", "resume"):
            raise WorkbenchError("There is nothing to cancel or resume.")
        getattr(publication, what)()

    def preview(self, tracker_id: str) -> Any:
        """Return what publishing would change; cached until the tracker changes, since it takes seconds."""
        if tracker_id not in self._previews:
            self._previews[tracker_id] = self.get(tracker_id).preview()
        return self._previews[tracker_id]

    def sights(self, tracker_id: str, which: str) -> list[SightView]:
        """Return the first sentences that publishing would add (``gained``), or drop (``lost``)."""
        pairs = getattr(self.preview(tracker_id), "lost" if which == "lost" else "gained")
        ids = [sentence_id for _, sentence_id in pairs[:SIGHTS]]
        found = self._workspace.lake.sentences(ids, 1)
        return [views.sight(found[name], name) for name in ids if name in found]

    def forget(self, tracker_id: str) -> None:
        """Drop the cached result, which is out of date."""
        self._previews.pop(tracker_id, None)

    def _delete(self, tracker_id: str) -> None:
        ran = str(self.get(tracker_id).state) == "active"
        self._workspace.trackers.delete(tracker_id)
        self._ran = self._ran | {tracker_id} if ran else self._ran - {tracker_id}

    def _restore(self, tracker_id: str, at_once: bool) -> None:
        tracker = self._workspace.trackers.restore(tracker_id)
        if at_once and tracker_id in self._ran and str(tracker.state) == "paused":
            tracker.resume()
