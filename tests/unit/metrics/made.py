"""Calls in which an identity is asked and given, or not, and the trackers that find it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import workbench as wb
from workbench.engine.encoders import HashingEncoder

ASKED, GIVEN, OTHER = "may I have your date of birth please", "I was born in may", "the parcel is late again"


def call(number: int, *said: tuple[str, str], **known: Any) -> dict[str, Any]:
    """A call of these turns (side, text), one a month and day."""
    team = "North" if number % 2 else "South"
    parties = [
        {"id": "company", "name": f"Ann {number % 2}", "side": "company", "team": team},
        {"id": "customer", "name": "Cy", "side": "customer"},
    ]
    turns = [{"party": side, "text": text, "start_s": 60.0 * at} for at, (side, text) in enumerate(said)]
    start = f"2026-{1 + number % 6:02d}-{1 + number % 28:02d}T10:00:00Z"
    about = {"id": f"c{number}", "scope": "external", "parties": parties, "started": start, "duration_s": 600.0}
    return about | {"turns": turns, "team": team} | known


def asked_and_given(number: int) -> dict[str, Any]:
    return call(number, ("company", ASKED), ("customer", GIVEN), ("company", OTHER))


def only_asked(number: int) -> dict[str, Any]:
    return call(number, ("company", ASKED), ("customer", OTHER))


def neither(number: int) -> dict[str, Any]:
    return call(number, ("company", "good morning"), ("customer", OTHER))


def workspace(folder: Path, calls: list[dict[str, Any]], publish: bool = True) -> wb.Workspace:
    """With the trackers Asked and Given, which have read all calls."""
    ws = wb.open(folder / "w", encoder=HashingEncoder())
    report = ws.ingest(calls)
    assert not report.rejected, report.rejected
    for name, words in (("Asked", "date of birth"), ("Given", "was born")):
        tracker = ws.trackers.create(name, kind="keyword", words=[words])
        if publish:
            tracker.publish(past="12 months").wait()
    return ws
