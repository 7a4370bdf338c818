"""Trackers as boards, playbooks, metrics, alerts and streams name them, whatever has become of them since."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

Status = Literal["active", "never published", "paused", "deactivated", "deleted", "deleted forever"]

_RESTS = "so it reads no new calls; its matches are kept."


@dataclass(frozen=True, slots=True, kw_only=True)
class UsedTracker:
    """A tracker by the name that it has, or had when it was deleted.

    ``name`` is empty if an earlier version deleted it forever and kept nothing; ``deleted`` is None if it was
    not deleted, or no one knows when.
    """

    id: str
    name: str
    status: Status
    deleted: datetime | None = None

    @property
    def is_gone(self) -> bool:
        """Whether it was deleted forever, with all that it found."""
        return self.status == "deleted forever"

    @property
    def label(self) -> str:
        """The name, and what has become of it: "Price (deleted on 2026-03-31)"."""
        if not self.name:
            return "a tracker that was deleted forever"
        return self.name if self.status == "active" else f"{self.name} ({self._state})"

    @property
    def note(self) -> str:
        """What that means for whatever uses it, and what to do; empty if it is in use."""
        name = repr(self.name)
        if not self.name:
            return "A tracker was deleted forever, with its name and all that it found; use another one."
        if self.is_gone:
            return f"{name} was {self._state}, with all that it found; use another tracker."
        if self.status == "deleted":
            return f"{name} was {self._state}, {_RESTS} Restore it, or use another tracker."
        if self.status == "never published":
            return f"{name} is not published, so it has found nothing yet; publish it."
        return "" if self.status == "active" else f"{name} is {self.status}, {_RESTS}"

    @property
    def _state(self) -> str:
        on = "" if self.deleted is None else f" on {self.deleted.astimezone(UTC):%Y-%m-%d}"
        return f"{self.status}{on}"


def notes_of(trackers: Iterable[UsedTracker]) -> tuple[str, ...]:
    """Those that there are, each once."""
    return tuple(dict.fromkeys(one.note for one in trackers if one.note))
