"""The monitor for live calls."""

from __future__ import annotations

from typing import Literal, TypedDict

LiveStage = Literal["live", "left", "ended"]


class LiveCallView(TypedDict):
    """A call in progress, or one that ended recently; ``key`` identifies it. ``speed`` is a replay's, else None.

    ``elapsed`` are the seconds since it began, None for replays and ended calls. ``here`` says that this kernel replays
    it, so that it can be stopped; ``problem`` is the error that ended the replay.
    """

    key: str
    conversation_id: str
    title: str | None
    account: str | None
    began: str
    state: LiveStage
    speed: float | None
    elapsed: float | None
    here: bool
    problem: str


class LivePartyView(TypedDict):
    """A speaker in the call; turns refer to them by ``id``."""

    id: str
    name: str
    side: str | None


class LiveTurnView(TypedDict):
    """The text of a turn so far; ``turn`` is its index, ``more`` the number of omitted characters."""

    turn: int
    party: str | None
    time: str | None
    text: str
    more: int
    final: bool


class LiveEventView(TypedDict):
    """``domain.live.LiveEvent`` for the page; ``find`` identifies its subject: one tracker in one sentence.

    ``start`` and ``end`` are counted in characters of the turn's text. ``latency_ms`` is None if it was not caused by a
    turn, but for example by the call's end.
    """

    find: str
    kind: Literal["found", "changed", "confirmed", "withdrawn"]
    tracker: str
    sentence_id: str
    turn: int
    start: int
    end: int
    text: str
    time: str | None
    provisional: bool
    latency_ms: float | None


class LiveLater(TypedDict):
    """A tracker that reads the call only after it has ended, and why."""

    tracker: str
    reason: str


class LiveEnd(TypedDict):
    """How a call ended: whether it is stored in the corpus, and with how many matches."""

    kept: bool
    found: int


class LiveNews(TypedDict):
    """What is new since the cursor that the page gave; ``more`` says that there is more already.

    ``parties`` are new participants. ``watching`` and ``later`` are the trackers matched at once and those that wait
    for the end; None if unchanged. ``end`` is None before the call has ended. ``damaged`` counts lines of its record
    that cannot be read.
    """

    cursor: int
    more: bool
    call: LiveCallView
    parties: list[LivePartyView]
    turns: list[LiveTurnView]
    events: list[LiveEventView]
    watching: list[str] | None
    later: list[LiveLater] | None
    end: LiveEnd | None
    damaged: int


class LivePage(TypedDict):
    """Another dashboard that the page links to by name."""

    page: str
    label: str


class RecordedView(TypedDict):
    """A recorded call that can be replayed; ``duration`` in seconds."""

    conversation_id: str
    title: str | None
    account: str | None
    date: str | None
    duration: float | None
    turns: int
