"""The lines of a live call's journal: read one by one, so that a damaged one is only left out and counted."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, FiniteFloat, ValidationError, model_validator

MAX_LINE = 8_000_000  # bytes; a turn of the greatest length with many finds is far shorter
JournalLine = Mapping[str, Any]
DAMAGED: JournalLine = {"damaged": True}
"""Replaces a line that cannot be read."""


class _Known(BaseModel):
    model_config = ConfigDict(extra="allow")


class _Party(_Known):
    id: str
    name: str | None = None
    side: str | None = None
    team: str | None = None
    email: str | None = None


class _Call(_Known):
    id: str
    title: str | None = None
    account: str | None = None
    parties: tuple[_Party, ...] = ()


class _Turn(_Known):
    id: str
    text: str
    party: str | None = None
    start_s: FiniteFloat | None = None
    end_s: FiniteFloat | None = None
    final: bool = True


class _Event(_Known):
    kind: str
    call_id: str
    tracker_id: str
    tracker: str
    version: int
    sentence_id: str
    turn: int
    start: int
    end: int
    text: str
    speaker: str | None = None
    side: str | None = None
    start_s: FiniteFloat | None = None
    score: FiniteFloat
    provisional: bool
    at: datetime
    latency_s: FiniteFloat


class _Later(_Known):
    tracker: str
    reason: str


class _Trackers(_Known):
    watching: tuple[str, ...]
    later: tuple[_Later, ...]


class _Line(_Known):
    """Each line is one of: the beginning, a turn, a party, trackers, the end; or events alone."""

    call: _Call | None = None
    began: AwareDatetime | None = None
    speed: FiniteFloat | None = None
    turn: _Turn | None = None
    at: int | None = None
    party: _Party | None = None
    events: tuple[_Event, ...] = ()
    trackers: _Trackers | None = None
    ended: str | None = None
    found: int | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> _Line:
        if (self.call is None) != (self.began is None) or (self.turn is None) != (self.at is None):
            raise ValueError("a part is missing")
        return self


def read_line(text: bytes) -> JournalLine:
    """Return the JSON object of a line, or ``DAMAGED``."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return DAMAGED
    return found if isinstance(found, dict) else DAMAGED


def checked(line: JournalLine) -> JournalLine:
    """Return the line, or ``DAMAGED`` if it is not in the form that this version writes and reads."""
    try:
        _Line.model_validate(line)
    except (ValidationError, RecursionError):
        return DAMAGED
    return line
