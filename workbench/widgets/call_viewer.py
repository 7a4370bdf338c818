"""A call to read and hear, opened at a given sentence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from workbench.domain.errors import NotEnoughTags, NotFound
from workbench.domain.unreadable import UnreadableItem
from workbench.results.standing import Mark
from workbench.widgets import call_views, traits
from workbench.widgets.bundles import css, esm
from workbench.widgets.protocol import CallView, MarksView, PlaceView
from workbench.widgets.reading_calls import READING, CallReading
from workbench.widgets.snapshots import Snapshot
from workbench.widgets.steps import Steps

NOWHERE: PlaceView = {"conversation_id": "", "at": None, "visit": 0, "finds": 0}


class CallViewer(CallReading):
    """The transcript with what trackers found in it, a time line, search and the recording.

    It opens what :meth:`show` names, and calls that people open with "Go to call" in other widgets.
    """

    _esm = esm("call")
    _css = css("call")

    requests = READING | {"open"}

    place = traits.record(PlaceView, NOWHERE).tag(sync=True)
    """What is shown (``protocol.PlaceView``); change it by :meth:`show`."""

    def __init__(self, workspace: Any, tracker: Any = None, trackers: Sequence[str] = (), **kwargs: Any) -> None:
        """Take the workspace, a tracker, and names or ids of further ``trackers`` whose matches are marked.

        Raises:
            TrackerNotFound: the workspace has no such tracker.
        """
        self._marked = [workspace.trackers.get(name).id for name in trackers]
        self._drafts: dict[str, dict[str, Mark]] = {}  # what drafts would find anywhere
        super().__init__(workspace, tracker, **kwargs)
        self._hub.shows_calls(self.show)

    def show(self, conversation_id: str, sentence_id: str | None = None) -> None:
        """Open a conversation at one of its sentences, or at its beginning.

        Raises:
            NotFound: there is no such conversation, or it has no such sentence.
        """
        outline = self._outline_of(conversation_id)
        at = None if sentence_id is None else outline.place(sentence_id)
        if at is None and sentence_id is not None:
            raise NotFound(f"The conversation has no sentence {sentence_id!r}.")
        self.error = ""
        self.place = {**self.place, "conversation_id": conversation_id, "at": at, "visit": self.place["visit"] + 1}

    def _snapshot(self) -> Snapshot:
        return Snapshot("shows the call that you go to")

    def on_open(self, conversation_id: str) -> CallView:
        """Return a conversation without its text."""
        return self._call(conversation_id)

    def on_detections(self, conversation_id: str) -> Steps[MarksView]:
        """Yield what trackers have found in this conversation; for a draft what it would find now.

        The latter takes seconds if the tracker was not used before.
        """
        outline = self._outline_of(conversation_id)
        number = self.workspace.lake.card(conversation_id).number
        names, marks = [], []
        for tracker_id in dict.fromkeys([*filter(None, [self.tracker_id]), *self._marked]):
            try:
                name, found = self._finds(tracker_id, number)
            except (NotEnoughTags, NotFound, UnreadableItem):
                continue  # it has learnt nothing yet, or was deleted
            names.append(name)
            marks += call_views.marks(outline, name, found)
            yield
        return {"trackers": names, "marks": marks}

    def _finds(self, tracker_id: str, number: int) -> tuple[str, dict[str, Mark]]:
        """Return a tracker's name, and what it found in the conversation with this number; for a draft in any."""
        tracker = self.workspace.trackers.get(tracker_id)
        standing = tracker.found_in(range(number, number + 1))
        if standing is not None:
            return tracker.name, standing
        if tracker_id not in self._drafts:
            session = self._hub.session(tracker) if tracker.is_trained else None
            if session is not None and session.sample is not None:  # every call would take minutes
                return tracker.name, _marks(tracker.finds(session, range(number, number + 1)))
            self._drafts[tracker_id] = _marks(tracker.finds() if session is None else session.detected())
        return tracker.name, self._drafts[tracker_id]

    def _tracker_chosen(self) -> None:
        """Let the page ask again for the trackers' matches."""
        self.place = {**self.place, "finds": self.place["finds"] + 1}

    def _tracker_changed(self, tracker_id: str) -> None:
        self._drafts.pop(tracker_id, None)
        if tracker_id in [self.tracker_id, *self._marked]:
            self._tracker_chosen()


def _marks(finds: tuple[Sequence[str], Sequence[float]]) -> dict[str, Mark]:
    return {name: Mark(score, None) for name, score in zip(*finds, strict=True)}
