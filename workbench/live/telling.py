"""Notifies webhooks of streams during a call: messages are written to the outbox, then sent at once."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sqlalchemy import Engine

from workbench.domain.live import LiveEvent, LiveKind
from workbench.results.delivery import deliver
from workbench.store.outbox import Outbox, post_live

log = logging.getLogger(__name__)


class Teller:
    """Notifies in its own thread, so that no receiver delays a call. What is not sent waits in the outbox."""

    def __init__(self, database: Engine):
        self._database = database
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="live-webhooks")
        self._told: set[tuple[str, str]] = set()

    def tell(self, events: Sequence[LiveEvent]) -> None:
        """Notify of matches, except guesses and withdrawals, and of each match once, however often it is corrected."""
        certain = [one for one in events if one.kind is not LiveKind.WITHDRAWN and not one.provisional]
        new = [one for one in certain if (one.sentence_id, one.tracker_id) not in self._told]
        self._told |= {(one.sentence_id, one.tracker_id) for one in new}
        if new:
            self._worker.submit(self._tell, new)

    def close(self, wait: bool = True) -> None:
        """Accept nothing more; waits for what is in progress, unless asked not to."""
        self._worker.shutdown(wait=wait)

    def _tell(self, events: Sequence[LiveEvent]) -> None:
        try:
            with self._database.begin() as connection:
                told = sum(post_live(connection, one.tracker_id, _about(one)) for one in events)
            if told:
                deliver(Outbox(self._database))
        except Exception:
            log.exception("A live match could not be sent")


def _about(event: LiveEvent) -> dict[str, Any]:
    """Return JSON without any of what was said."""
    return {
        "tracker_id": event.tracker_id,
        "tracker": event.tracker,
        "version": event.version,
        "conversation_id": event.call_id,
        "sentence_id": event.sentence_id,
        "side": event.side,
        "start_s": event.start_s,
        "score": event.score,
        "at": event.at.isoformat(),
    }
