"""A conversation as the call viewer's page shows it. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from workbench.corpus.views import Line, Outline
from workbench.domain.conversations import Party
from workbench.results.standing import Mark
from workbench.widgets.protocol import CallPageView, CallView, LineView, MarkView, PartyView
from workbench.widgets.recordings import recording_of
from workbench.widgets.views import LONGEST_NAME, clip, clip_name, clock, day

LONGEST_LINE = 2_000
UNHEARD = "This call was recorded, but the recording can't be played here."
PAGE = 60  # sentences of a call that shows beside the page
AHEAD = 15  # of them before the one that was asked for


def call(outline: Outline, breaks: Sequence[int], reads_only: bool = False) -> CallView:
    """``reads_only`` says that it is for people who only read, who are told nothing of the machine."""
    address, problem, host = recording_of(outline.media, outline.id)
    if problem and reads_only:
        problem = UNHEARD
    return {
        "kind": outline.kind,
        "title": clip_name(outline.title),
        "date": day(outline.started),
        "account": clip_name(outline.account),
        "duration": outline.duration_s,
        "parties": [_party(one) for one in outline.parties],
        "starts": list(outline.starts),
        "sides": list(outline.sides),
        "turns": list(outline.turns),
        "breaks": list(breaks),
        "address": address,
        "unheard": problem,
        "host": host,
    }


def line(one: Line) -> LineView:
    """Return a line with at most ``LONGEST_LINE`` characters; the page requests the rest if a person wants it."""
    return {
        "at": one.at,
        "text": one.text[:LONGEST_LINE],
        "more": max(0, len(one.text) - LONGEST_LINE),
        "speaker": clip_name(one.speaker),
        "time": clock(one.start_s),
    }


def begins(here: int | None, start: int | None) -> int:
    """Return where a part of a call begins: at ``start``, or shortly before the requested sentence."""
    return max(0, (here or 0) - AHEAD if start is None else start)


def page(outline: Outline, lines: Sequence[Line], start: int, here: int | None) -> CallPageView:
    """Return a part of a call, from the sentence at ``start`` on."""
    return {
        "title": clip_name(outline.title),
        "date": day(outline.started),
        "sentences": outline.sentences,
        "start": start,
        "page": PAGE,
        "here": here,
        "lines": [line(one) for one in lines],
        "sides": [one.side for one in lines],
    }


def marks(outline: Outline, tracker: str, found: Mapping[str, Mark]) -> list[MarkView]:
    """Return what ``tracker`` found in the conversation; ``found`` may have sentence ids from the whole corpus."""
    prefix = f"{outline.id}:"
    places = [(outline.place(name), mark) for name, mark in found.items() if name.startswith(prefix)]
    return [{"at": at, "tracker": tracker, **mark._asdict()} for at, mark in places if at is not None]  # type: ignore[typeddict-item]  # a Mark has the other keys


def _party(one: Party) -> PartyView:
    name = clip(one.name or one.email or one.id, LONGEST_NAME)
    return {"name": name, "side": one.side, "email": clip_name(one.email)}
