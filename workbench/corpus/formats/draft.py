"""What a reader finds in a file, before the importer's rules and bounds are applied."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from workbench.domain.conversations import Channel, Direction, FieldValue, Kind, Scope, Side

WRITTEN = "a chat: written, not spoken"
"""The note of a conversation that nobody spoke, so that its words a second tell nothing."""


@dataclass(slots=True)
class DraftTurn:
    """What one speaker says without a break, as the file tells it.

    Attributes:
        text: what is said.
        speaker: as the file names them; None if it does not.
        start_s: seconds from the start of the recording.
        end_s: likewise; None if the file does not say; never invented.
    """

    text: str
    speaker: str | None = None
    start_s: float | None = None
    end_s: float | None = None


@dataclass(slots=True)
class Draft:
    """A conversation as a file tells it; what the file does not tell stays None.

    Attributes:
        turns: in the file's order.
        id: as the file says; the file's name stands in where it says none.
        started: with a zone.
        started_local: where the file tells a moment without a zone.
        duration_s: in seconds.
        language: in any common form.
        sides: by speaker, only where the file tells them.
        addresses: by speaker.
        fields: what else is worth keeping.
        left_out: how much of what was not taken for speech: ``{"event": 3, "internal note": 1}``.
        notes: what the reader assumed, such as "times are milliseconds".
        line: where it starts in the file, counted from 1.
    """

    turns: list[DraftTurn]
    id: str | None = None
    kind: Kind = Kind.CALL
    title: str | None = None
    started: datetime | None = None
    started_local: datetime | None = None
    duration_s: float | None = None
    language: str | None = None
    direction: Direction | None = None
    scope: Scope | None = None
    channel: Channel | None = None
    thread: str | None = None
    account: str | None = None
    sides: dict[str, Side] = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict)
    fields: dict[str, FieldValue] = field(default_factory=dict)
    left_out: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)
    line: int | None = None

    def begin(self, moment: datetime) -> None:
        """Take a moment for the start: with its zone, or as local time where it tells none."""
        self.started, self.started_local = (moment, None) if moment.tzinfo else (None, moment)
