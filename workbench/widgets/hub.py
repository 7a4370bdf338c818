"""One training session a tracker and kernel, shared by the widgets that show it, and news of its changes.

Without it the carousel and the plots would each hold a session, and one would not know what the other did.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol
from weakref import WeakKeyDictionary, WeakMethod


class TrackerLike(Protocol):
    """What the hub needs of a tracker."""

    id: str

    def train(self) -> Any:
        """The tracker's training session, resumed."""


class Hub:
    """Sessions by tracker id, and the widgets that want to hear of changes. Holds no widget alive."""

    def __init__(self) -> None:
        self._sessions: dict[str, Any] = {}
        self._listeners: list[WeakMethod[Callable[[str], None]]] = []

    def session(self, tracker: TrackerLike) -> Any:
        """The tracker's one session in this kernel; the first call may take seconds (encoding)."""
        if tracker.id not in self._sessions:
            self._sessions[tracker.id] = tracker.train()
        return self._sessions[tracker.id]

    def forget(self, tracker_id: str) -> None:
        """Drops the session, so that the next one sees the tracker's new filters and examples."""
        self._sessions.pop(tracker_id, None)

    def listen(self, callback: Callable[[str], None]) -> None:
        """Calls the bound method ``callback(tracker_id)`` on changes for as long as its object lives."""
        self._listeners.append(WeakMethod(callback))

    def announce(self, tracker_id: str, source: object) -> None:
        """Tells all but ``source`` that a tracker was edited, or that a round of it is complete."""
        self._listeners = [ref for ref in self._listeners if ref() is not None]
        for ref in self._listeners:
            callback = ref()
            if callback is not None and getattr(callback, "__self__", None) is not source:
                callback(tracker_id)


_HUBS: WeakKeyDictionary[Any, Hub] = WeakKeyDictionary()


def hub_of(workspace: Any) -> Hub:
    """The hub of ``workspace`` in this kernel."""
    return _HUBS.setdefault(workspace, Hub())
