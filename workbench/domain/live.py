"""Live calls: their turns as a recogniser hears them, and what trackers find in them at once (K4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any

from workbench.domain.errors import InvalidArgument
from workbench.domain.plain_json import is_finite
from workbench.domain.texts import whole

MAX_TURN = 20_000
"""Characters of a turn; whoever speaks longer is heard in several."""


class InvalidTurn(InvalidArgument):
    """A turn of a live call cannot be used; names the field."""


class LiveKind(StrEnum):
    """What happened to a find.

    ``found`` in what was said; ``changed`` by a correction, and still found; ``confirmed``: nothing of it is a guess
    any more; ``withdrawn``: the correction, or the call's end, says otherwise.
    """

    FOUND = "found"
    CHANGED = "changed"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"


class LiveState(StrEnum):
    """Of a live call. ``left`` is one that nobody feeds any more and that did not end; it can be taken up again."""

    LIVE = "live"
    LEFT = "left"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveTurn:
    """What is heard of a turn so far.

    ``id`` is the recogniser's: another turn with the same id corrects this one. ``final`` is False for a guess that
    will be corrected. Times are seconds from the start of the call.
    """

    id: str
    text: str
    party: str | None = None
    start_s: float | None = None
    end_s: float | None = None
    final: bool = True

    def __post_init__(self) -> None:
        _text("id", self.id, 200)
        _text("text", self.text, MAX_TURN, empty=True)
        object.__setattr__(self, "text", whole(self.text))
        if self.party is not None:
            _text("party", self.party, 200)
        for name in ("start_s", "end_s"):
            value = getattr(self, name)
            if value is not None and (isinstance(value, bool) or not isinstance(value, (int, float))):
                raise InvalidTurn(f"{name}: {value!r} is not a number of seconds")
            if value is not None and not (is_finite(value) and value >= 0):
                raise InvalidTurn(f"{name}: {value!r} is not a time in a call; give seconds from its start")
        if not isinstance(self.final, bool):
            raise InvalidTurn(f"final: {self.final!r} is neither true nor false")

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> LiveTurn:
        """Return a turn from plain JSON; unknown names raise ``InvalidTurn``."""
        known = [one.name for one in fields(cls)]
        for name in data:
            if name not in known:
                raise InvalidTurn(f"{name}: not a field of a turn; the fields are {', '.join(known)}")
        for name in ("id", "text"):
            if name not in data:
                raise InvalidTurn(f"{name}: missing")
        return cls(**data)

    def to_dict(self) -> dict[str, Any]:
        return {one.name: getattr(self, one.name) for one in fields(self)}


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveEvent:
    """What a tracker found in a sentence of a live call, or what became of that.

    Attributes:
        version: the tracker's, in use when the sentence was heard.
        sentence_id: as the corpus will name it; it stays the same when the sentence is corrected.
        turn: place of its turn in the call, counted from 0; ``text`` is ``turn's text[start:end]``.
        start_s: seconds from the start of the call, None if the turn has no times.
        score: as in detections.
        provisional: whether the turn is a guess still.
        at: when this was known; ``latency_s`` is how long after the turn had come.
    """

    kind: LiveKind
    call_id: str
    tracker_id: str
    tracker: str
    version: int
    sentence_id: str
    turn: int
    start: int
    end: int
    text: str
    speaker: str | None
    side: str | None
    start_s: float | None
    score: float
    provisional: bool
    at: datetime
    latency_s: float

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        values = {one.name: getattr(self, one.name) for one in fields(self)}
        return values | {"kind": str(self.kind), "at": self.at.isoformat()}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> LiveEvent:
        """Return the event that :meth:`to_dict` wrote."""
        return cls(**{**data, "kind": LiveKind(data["kind"]), "at": datetime.fromisoformat(data["at"])})


def _text(name: str, value: Any, most: int, empty: bool = False) -> None:
    if not isinstance(value, str):
        raise InvalidTurn(f"{name}: must be text, not {value!r}")
    if not empty and not value:
        raise InvalidTurn(f"{name}: must not be empty")
    if len(value) > most:
        raise InvalidTurn(f"{name}: must have at most {most:,} characters, not {len(value):,}")
