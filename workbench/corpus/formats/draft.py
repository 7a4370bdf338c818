"""What a reader finds in a file, before the importer's rules and limits are applied."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from workbench.domain.conversations import Channel, Direction, FieldValue, Kind, Scope, Side

WRITTEN = "a chat: written, not spoken"
"""The note for a conversation that nobody spoke, so that its words per second mean nothing."""


@dataclass(slots=True)
class DraftTurn:
    """What one speaker says without a break, as in the file.

    Attributes:
        text: what is said.
        speaker: as named in the file; None if not named.
        start_s: seconds from the start of the recording.
        end_s: likewise; None if the file has none; never invented.
    """

    text: str
    speaker: str | None = None
    start_s: float | None = None
    end_s: float | None = None


@dataclass(slots=True)
class Draft:
    """A conversation as in a file; what the file does not state stays None.

    Attributes:
        turns: in the file's order.
        id: as in the file; the file's name is used if there is none.
        started: with a zone.
        started_local: a moment without a zone.
        duration_s: in seconds.
        language: in any common form.
        sides: by speaker, only if the file states them.
        addresses: by speaker.
        fields: other data worth storing.
        left_out: how much was not read as speech, by kind: ``{"event": 3, "internal note": 1}``.
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
        """Set the start: with its zone, or as local time if it has none."""
        self.started, self.started_local = (moment, None) if moment.tzinfo else (None, moment)
