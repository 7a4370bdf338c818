"""A small labelled corpus with one concept, and a tracker trained on it, without a model."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import workbench as wb
from tests.support.patience import PATIENCE_S
from tests.support.prepared import prepared
from workbench.engine.encoders import DEFAULT_MODEL, HashingEncoder, encoder_key

ROOT = Path(__file__).parents[2]
LABEL = "price"
PRICEY = ("that is too expensive for us", "the price is far too high", "we cannot pay that much money")
OTHER = ("the weather is lovely today", "can you share your screen", "let us meet on tuesday", "my dog barks a lot")
OPENINGS = ("well", "so", "honestly", "look", "right", "okay", "you know", "I mean")
EXAMPLES = [f"{opening} {said}" for opening, said in zip(OPENINGS, PRICEY * 2, strict=False)][:5]


class PackagedName(HashingEncoder):
    """Hashed words under the name of the packaged model, so that what needs its vectors finds some."""

    def __init__(self) -> None:
        super().__init__(384)

    @property
    def key(self) -> str:
        return encoder_key(DEFAULT_MODEL)

    def about(self) -> dict[str, Any]:
        return {"dimension": self.dimension}


def conversations(count: int = 80, seed: int = 0) -> list[dict[str, Any]]:
    """Calls of 12 turns, a sentence each; about one in seven says it."""
    rng = random.Random(seed)
    parties = [{"id": "c", "side": "customer", "name": "Cy"}, {"id": "r", "side": "company", "name": "Ro"}]
    return [
        {
            "id": f"call-{n}",
            "scope": "external",
            "parties": parties,
            "turns": [_turn(rng, place) for place in range(12)],
        }
        for n in range(count)
    ]


def _turn(rng: random.Random, place: int) -> dict[str, Any]:
    priced = rng.random() < 0.15
    said = rng.choice(PRICEY if priced else OTHER)
    text = f"{rng.choice(OPENINGS)} {said} {rng.choice(OPENINGS)} {rng.randint(0, 500)}"
    return {"party": "rc"[place % 2], "text": text, "start_s": 5.0 * place, "labels": [LABEL] if priced else []}


def write(file: Path, calls: list[dict[str, Any]]) -> Path:
    file.write_text("".join(json.dumps(call) + "\n" for call in calls))
    return file


def answer(text: str) -> str:
    return "yes" if any(said in text for said in PRICEY) else "no"


def trained(folder: Path, rounds: int = 1, encoder: Any = None) -> wb.Workspace:
    """A workspace with the tracker "Price" after ``rounds`` rounds."""
    workspace = wb.open(folder, encoder=encoder or HashingEncoder())
    workspace.ingest(conversations())
    workspace.encode()
    session = workspace.trackers.create("Price", description="It costs too much", examples=EXAMPLES, seed=1).train()
    for _ in range(rounds):
        for candidate in session.next_round():
            session.tag(candidate.sentence_id, answer(candidate.text))
        session.complete_round()
    return workspace


def ready(folder: Path, rounds: int = 1, encoder: Any = None) -> wb.Workspace:
    """The same as a copy, which takes less time: the first of its kind is trained once in a process."""
    used = encoder or HashingEncoder()
    prepared(("trained", rounds, used.key), lambda place: trained(place, rounds, used), folder)
    return wb.open(folder, encoder=used)


def run(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A fresh interpreter with these arguments, in the project's folder."""
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
    )
