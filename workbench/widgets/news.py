"""News of work in the background: pages get it as it happens, without polling."""

from __future__ import annotations

import logging
import time
from typing import Any, Protocol
from weakref import WeakSet, ref

from workbench.widgets.protocol import News, Work

EVERY_S = 0.1
"""The minimum time between two messages about the same work; its end is always reported."""

log = logging.getLogger(__name__)


class Sender(Protocol):
    """What the newsroom needs from a widget."""

    def send(self, content: Any, buffers: Any = None) -> None:
        """Send a message to the pages that show the widget."""


class Newsroom:
    """Reports jobs' progress to a widget's pages, from the jobs' own threads. Keeps no widget and no job alive."""

    def __init__(self, widget: Sender) -> None:
        self._widget = ref(widget)
        self._followed: WeakSet[Any] = WeakSet()

    def follow(self, work: Work, tracker_id: str, job: Any) -> None:
        """Report a job's progress and its end; once, however often this is called."""
        if job is None or job in self._followed:
            return
        self._followed.add(job)
        told_at = 0.0

        def changed(job: Any) -> None:
            nonlocal told_at
            if not job.done and time.monotonic() - told_at < EVERY_S:
                return
            told_at = time.monotonic()
            self._tell(work, tracker_id, job)

        job.on_change(changed)
        if job.done:  # it may have ended just before
            changed(job)

    def _tell(self, work: Work, tracker_id: str, job: Any) -> None:
        """Send the current state; a page that cannot be reached must not make the work fail."""
        widget = self._widget()
        if widget is None:
            return
        news: News = {
            "news": work,
            "tracker_id": tracker_id,
            "fraction": float(job.fraction),
            "message": str(job.message or ""),
            "done": bool(job.done),
        }
        try:
            widget.send(news)
        except Exception:
            log.warning(
                "A page could not be sent the progress of the %s of tracker %s", work, tracker_id, exc_info=True
            )
