"""The monitor of live calls."""

from __future__ import annotations

from typing import Literal, TypedDict

LiveStage = Literal["live", "left", "ended"]


class LiveCallView(TypedDict):
    """A call that goes on, or that ended a while ago; ``key`` names it. ``speed`` is a replay's, else None.

    ``elapsed`` are the seconds since it began, None if that says nothing: of replays, and once it does not go on.
    ``here`` says that this kernel replays it, so that it can be stopped; ``problem`` is what ended that replay.
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
    """Someone who speaks in the call; turns name them by ``id``."""

    id: str
    name: str
    side: str | None


class LiveTurnView(TypedDict):
    """What is heard of a turn by now; ``turn`` is its place, ``more`` how many of its characters are left out."""

    turn: int
    party: str | None
    time: str | None
    text: str
    more: int
    final: bool


class LiveEventView(TypedDict):
    """``domain.live.LiveEvent`` for the page; ``find`` names what it is about: one tracker in one sentence.

    ``start`` and ``end`` are counted in characters of the turn's text. ``latency_ms`` is None if something else
    than a turn brought it about, such as the call's end.
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
    """A tracker that reads the call when it has ended, and why."""

    tracker: str
    reason: str


class LiveEnd(TypedDict):
    """How a call ended: whether it is kept in the corpus, and with how many finds."""

    kept: bool
    found: int


class LiveNews(TypedDict):
    """What came since the cursor that the page gave; ``more`` says that there is more at once.

    ``parties`` are those who became known. ``watching`` and ``later`` are the trackers matched at once and those that
    wait for the end; None if unchanged. ``end`` is None before the call has ended. ``damaged`` counts lines of its
    record that cannot be read.
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
    """Another dashboard, to which the page links by its name."""

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
