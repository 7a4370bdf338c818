"""A live call's journal as the monitor's page shows it. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from workbench.corpus.views import Card
from workbench.domain.disclosure import shown_to_readers
from workbench.domain.live import LiveState
from workbench.domain.time_zones import UTC_ZONE, in_zone
from workbench.live.lines import DAMAGED, JournalLine, checked
from workbench.widgets.protocol import (
    LiveCallView,
    LiveEnd,
    LiveEventView,
    LiveLater,
    LiveNews,
    LivePartyView,
    LiveTurnView,
    RecordedView,
)
from workbench.widgets.views import LONGEST_NAME, LONGEST_TEXT, clip, clip_name, clock, day

LONGEST_TURN = 2_000
LONGEST_REASON = 300


def call(
    key: str, first: JournalLine, state: LiveState, now: datetime, playing: Any = None, zone: ZoneInfo = UTC_ZONE
) -> LiveCallView:
    """Return a call's view; ``first`` is the journal's first line, ``playing`` the replay, if this kernel runs it."""
    known, began, speed = first["call"], datetime.fromisoformat(first["began"]), first.get("speed")
    goes_on = state is LiveState.LIVE and speed is None
    return {
        "key": key,
        "conversation_id": known["id"],
        "title": clip_name(known.get("title")),
        "account": clip_name(known.get("account")),
        "began": in_zone(began, zone).isoformat(),
        "state": str(state),  # type: ignore[typeddict-item]  # the states of the protocol
        "speed": speed if playing is None else float(playing.speed),
        "elapsed": max(0.0, (now - began).total_seconds()) if goes_on else None,
        "here": playing is not None and not playing.done,
        "problem": "" if playing is None else str(playing.error),
    }


def news(shown: LiveCallView, lines: Iterable[JournalLine], cursor: int, more: bool) -> LiveNews:
    """Return the news in ``lines``, each turn once in its latest form; ``cursor`` is where they end."""
    out: LiveNews = {
        "cursor": cursor,
        "more": more,
        "call": shown,
        "parties": [],
        "turns": [],
        "events": [],
        "watching": None,
        "later": None,
        "end": None,
        "damaged": 0,
    }
    turns: dict[int, LiveTurnView] = {}
    for line in map(checked, lines):
        out["damaged"] += line is DAMAGED
        out["parties"] += [_party(one) for one in _parties(line)]
        out["events"] += [_event(one, timed="turn" in line) for one in line.get("events", ())]
        if "turn" in line:
            turns[line["at"]] = _turn(line["at"], line["turn"])
        if "trackers" in line:
            out["watching"] = [_name(one) for one in line["trackers"]["watching"]]
            out["later"] = [_later(one) for one in line["trackers"]["later"]]
        if "ended" in line:
            out["end"] = _end(line)
    out["turns"] = list(turns.values())
    return out


def recorded(card: Card) -> RecordedView:
    return {
        "conversation_id": card.id,
        "title": clip_name(card.title),
        "account": clip_name(card.account),
        "date": day(card.started),
        "duration": card.duration_s,
        "turns": card.turns,
    }


def _parties(line: JournalLine) -> list[JournalLine]:
    known = list(line["call"].get("parties") or ()) if "call" in line else []
    return [*known, line["party"]] if "party" in line else known


def _party(one: JournalLine) -> LivePartyView:
    name = one.get("name") or one.get("email") or one["id"]
    return {"id": one["id"], "name": clip(name, LONGEST_NAME), "side": one.get("side")}


def _turn(at: int, heard: JournalLine) -> LiveTurnView:
    """Return a turn's beginning; the page requests the rest if a person wants it."""
    text = heard["text"]
    return {
        "turn": at,
        "party": heard.get("party"),
        "time": clock(heard.get("start_s")),
        "text": text[:LONGEST_TURN],
        "more": max(0, len(text) - LONGEST_TURN),
        "final": heard.get("final", True),
    }


def _event(one: JournalLine, timed: bool) -> LiveEventView:
    return {
        "find": f"{one['tracker_id']} {one['sentence_id']}",
        "kind": one["kind"],
        "tracker": _name(one["tracker"]),
        "sentence_id": one["sentence_id"],
        "turn": one["turn"],
        "start": one["start"],
        "end": one["end"],
        "text": clip(one["text"], LONGEST_TEXT),
        "time": clock(one.get("start_s")),
        "provisional": one["provisional"],
        "latency_ms": 1_000 * one["latency_s"] if timed else None,
    }


def _name(tracker: str) -> str:
    return clip(tracker, LONGEST_NAME)


def _later(one: JournalLine) -> LiveLater:
    return {"tracker": _name(one["tracker"]), "reason": clip(shown_to_readers(one["reason"]), LONGEST_REASON)}


def _end(line: JournalLine) -> LiveEnd:
    return {"kept": bool(line.get("kept")), "found": int(line.get("found") or 0)}
