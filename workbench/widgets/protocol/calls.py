"""The call viewer."""

from __future__ import annotations

from typing import TypedDict


class PlaceView(TypedDict):
    """What a call viewer shows: sentence ``at``, counted from 0, None for the beginning.

    ``visit`` counts requests to show something, ``finds`` changes in the trackers' matches.
    """

    conversation_id: str
    at: int | None
    visit: int
    finds: int


class PartyView(TypedDict):
    name: str
    side: str | None
    email: str | None


class CallView(TypedDict):
    """A conversation without its text. ``starts`` (seconds), ``sides`` and ``turns`` have one entry per sentence.

    ``breaks`` are the sentences of an e-mail that begin a line. ``address`` is the recording's, None if there is none,
    or if ``unheard`` says why it can't be played. ``host`` is set if the browser would request it from another server;
    a person must confirm this first.
    """

    kind: str
    title: str | None
    date: str | None
    account: str | None
    duration: float | None
    parties: list[PartyView]
    starts: list[float | None]
    sides: list[str | None]
    turns: list[int]
    breaks: list[int]
    address: str | None
    unheard: str
    host: str | None


class OpenedCall(TypedDict):
    """A call over a dashboard, at the sentence that was asked for, counted from 0; None for its beginning."""

    call: CallView
    at: int | None


class LineView(TypedDict):
    """A sentence; ``more`` is the number of omitted characters."""

    at: int
    text: str
    more: int
    speaker: str | None
    time: str | None


class CallPageView(TypedDict):
    """A part of a conversation next to the page: ``lines`` from the sentence at ``start`` on, at most ``page`` of them.

    ``here`` is the index of the requested sentence, None for the beginning; ``sides`` are the lines'.
    """

    title: str | None
    date: str | None
    sentences: int
    start: int
    page: int
    here: int | None
    lines: list[LineView]
    sides: list[str | None]


class MarkView(TypedDict):
    """``score`` is the tracker's probability in [0, 1]; ``version`` found it, None for what a draft would find."""

    at: int
    tracker: str
    score: float
    version: int | None


class MarksView(TypedDict):
    """What the named trackers found in a conversation, in its order."""

    trackers: list[str]
    marks: list[MarkView]
