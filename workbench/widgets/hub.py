"""One training session per tracker and kernel, shared by the widgets that show it, and news of its changes.

Without it the carousel and the plots would each have a session, unaware of the other's changes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Protocol, TypeVar
from weakref import WeakKeyDictionary, WeakMethod

from workbench.domain.errors import CorpusNotEncoded, EncoderUnavailable, WorkbenchError
from workbench.store.stamp import TrackerMark, marks

MAX_SESSIONS = 8
"""The most sessions in memory; others are opened again from disk."""

Method = TypeVar("Method", bound=Callable[..., None])
ShowCall = Callable[[str, str | None], None]
"""Shows the call with this id, at the sentence with the second id; None for its beginning."""


class NoCallViewer(WorkbenchError):
    """No viewer in this kernel can show a call."""


class TrackerLike(Protocol):
    """What the hub needs from a tracker."""

    id: str

    def train(self) -> Any:
        """Return the tracker's training session, resumed."""


class Hub:
    """Sessions by tracker id, and the widgets to notify of changes. Keeps no widget alive."""

    def __init__(self) -> None:
        self._sessions: dict[str, Any] = {}
        self._listeners: list[WeakMethod[Callable[[str], None]]] = []
        self._viewers: list[WeakMethod[ShowCall]] = []
        self._readers: list[WeakMethod[Callable[[str], None]]] = []
        self._marks: dict[str, TrackerMark] | None = None  # of each tracker, when last checked
        self._announced: set[str] = set()  # trackers announced by widgets of this kernel since

    def session(self, tracker: TrackerLike) -> Any:
        """Return the tracker's one session in this kernel; the first call may take seconds (encoding)."""
        if tracker.id not in self._sessions:
            self._keep(tracker.id, tracker.train())
        return self._keep(tracker.id, self._sessions.pop(tracker.id))

    def renewed(self, tracker: TrackerLike) -> Any:
        """Return the session, updated to the current corpus if possible.

        Calls may have arrived since it was opened.
        """
        session = self.session(tracker)
        if getattr(session, "is_behind", False):
            with suppress(CorpusNotEncoded, EncoderUnavailable):
                session = self._keep(tracker.id, tracker.train())
        return session

    def _keep(self, tracker_id: str, session: Any) -> Any:
        """Mark the session as last used; the least recently used are dropped, as each has scores for all calls."""
        self._sessions[tracker_id] = session
        for other in list(self._sessions)[: max(0, len(self._sessions) - MAX_SESSIONS)]:
            if not _is_busy(self._sessions[other]):
                del self._sessions[other]
        return session

    def forget(self, tracker_id: str) -> None:
        """Drop the session, so that the next one uses the tracker's new filters and examples."""
        self._sessions.pop(tracker_id, None)

    def listen(self, callback: Callable[[str], None]) -> None:
        """Call the bound method ``callback(tracker_id)`` on changes for as long as its object lives."""
        self._listeners.append(WeakMethod(callback))

    def announce(self, tracker_id: str, source: object) -> None:
        """Notify all but ``source`` that a tracker was edited, or that a round of it is complete."""
        self._announced.add(tracker_id)
        for callback in _alive(self._listeners):
            if getattr(callback, "__self__", None) is not source:
                callback(tracker_id)

    def catch_up(self, workspace: Any) -> None:
        """Notify all of trackers that were created, edited, published or deleted since the last call.

        These are changes by another kernel or a program; widgets of this kernel announce their own.
        """
        database = getattr(workspace, "database", None)
        if database is None:
            return
        before, self._marks = self._marks, marks(database)
        known, self._announced = self._announced, set()
        if before is None:
            return
        changed = [one for one in {**before, **self._marks} if before.get(one) != self._marks.get(one)]
        for one in changed:
            if one not in known:
                if _revision(before, one) != _revision(self._marks, one) and not _is_busy(self._sessions.get(one)):
                    self.forget(one)
                with suppress(WorkbenchError):  # a widget reports it itself if it can't show it any more
                    self.announce(one, None)
        self._announced.clear()

    def hears_answers(self, callback: Callable[[str], None]) -> None:
        """Call the bound method ``callback(tracker_id)`` when a sentence was answered or an answer undone."""
        self._readers.append(WeakMethod(callback))

    def answered(self, tracker_id: str, source: object) -> None:
        """Notify all but ``source`` that an answer in the open round changed."""
        for callback in _alive(self._readers):
            if getattr(callback, "__self__", None) is not source:
                callback(tracker_id)

    def shows_calls(self, callback: ShowCall) -> None:
        """Call the bound method ``callback(conversation_id, sentence_id)`` when a call is to be shown."""
        self._viewers.append(WeakMethod(callback))

    def show_call(self, conversation_id: str, sentence_id: str | None = None) -> None:
        """Open a call in every viewer of this kernel, at a sentence or at its beginning.

        Raises:
            NoCallViewer: there is none yet; then the page itself shows the call.
            ConversationNotFound: the workspace has no such call.
        """
        viewers = _alive(self._viewers)
        if not viewers:
            raise NoCallViewer("No call viewer is open. Run CallViewer(ws) in a cell, then try again.")
        for callback in viewers:
            callback(conversation_id, sentence_id)


def _revision(marks: Mapping[str, TrackerMark], tracker_id: str) -> int | None:
    found = marks.get(tracker_id)
    return None if found is None else found.revision


def _is_busy(session: Any) -> bool:
    """Return whether work is running that only this session knows about."""
    job = getattr(session, "fine_tuning", None)
    return job is not None and not job.done


def _alive(refs: list[WeakMethod[Method]]) -> list[Method]:
    """Return the callbacks whose objects live, and remove the others from the list."""
    refs[:] = [ref for ref in refs if ref() is not None]
    return [callback for ref in refs if (callback := ref()) is not None]


_HUBS: WeakKeyDictionary[Any, Hub] = WeakKeyDictionary()


def hub_of(workspace: Any) -> Hub:
    """Return the hub of ``workspace`` in this kernel."""
    return _HUBS.setdefault(workspace, Hub())
