"""Calls of two teams on one concept, with people who answer rounds about them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import workbench as wb
from tests.support.prepared import prepared
from tests.unit.small import EXAMPLES, OPENINGS, OTHER, PRICEY, answer
from workbench.engine.encoders import HashingEncoder
from workbench.engine.recipes import RECIPES

NORTH, SOUTH = wb.Filters(teams=("North",)), wb.Filters(teams=("South",))


def calls(first: int = 0, count: int = 100, turns: int = 12) -> Iterator[dict[str, Any]]:
    """Every other call is of team North, and every other turn the customer's; about one in five says it."""
    for number in range(first, first + count):
        rng = random.Random(number)
        said = []
        for place in range(turns):
            text = rng.choice(PRICEY if rng.random() < 0.2 else OTHER)
            words = f"{rng.choice(OPENINGS)} {text} {rng.choice(OPENINGS)} {rng.randint(0, 5_000)}"
            said.append({"party": "rc"[place % 2], "text": words, "start_s": 5.0 * place})
        yield {
            "id": f"call-{number}",
            "scope": "external",
            "team": ("North", "South")[number % 2],
            "parties": [{"id": "c", "side": "customer", "name": "Cy"}, {"id": "r", "side": "company", "name": "Ro"}],
            "turns": said,
        }


def workspace(folder: Any, count: int = 100, user: str | None = None, turns: int = 12) -> wb.Workspace:
    def made(place: Path) -> wb.Workspace:
        ws = wb.open(place, encoder=HashingEncoder())
        ws.ingest(calls(0, count, turns))
        ws.encode()
        return ws

    return wb.open(prepared(("scene", count, turns), made, folder), encoder=HashingEncoder(), user=user)


def learnt(folder: Path, rounds: int, count: int = 100) -> wb.Workspace:
    """Ann's workspace, whose tracker has learnt in so many rounds."""

    def made(place: Path) -> wb.Workspace:
        ws = workspace(place, count, user="ann")
        play(tracker(ws).train(), rounds)
        return ws

    return wb.open(prepared(("learnt", count, rounds), made, folder), encoder=HashingEncoder(), user="ann")


def tracker(ws: wb.Workspace, name: str = "Price", seed: int = 3, **options: Any) -> wb.Tracker:
    return ws.trackers.create(name, examples=EXAMPLES, seed=seed, **options)


def answer_all(session: Any, candidates: Any, say: Any = answer) -> None:
    for candidate in candidates:
        session.tag(candidate.sentence_id, say(candidate.text))


def play(session: Any, rounds: int = 1, say: Any = answer) -> None:
    for _ in range(rounds):
        answer_all(session, session.next_round(), say)
        session.complete_round()


def precision(ws: wb.Workspace, session: Any) -> float:
    """The share of what it finds that says it."""
    found = ws.lake.sentences(session.detected()[0], 0)
    return sum(answer(one.text) == "yes" for one in found.values()) / max(1, len(found))


def drawn_in(rounds: int) -> int:
    """Count what rounds draw with known chance: the first one from all sentences, later ones likely ones as well."""
    usual = RECIPES["default"]
    return rounds * usual.drawn + (rounds - 1) * usual.likely
