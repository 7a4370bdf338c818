"""A workspace of 60 calls of two teams with deals, and trackers in use whose finds and errors are told."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import workbench as wb
from tests.unit.results.sales import EXACT, call, finds
from workbench.domain.estimates import CorpusEstimate, Estimate, HeldOutEstimate
from workbench.domain.publications import Version, definition_of
from workbench.engine.encoders import HashingEncoder
from workbench.store.publications import Detection, PublicationRepository

HOSTILE = '<img src=x onerror="alert(1)">'
PRICE = ("cy", f"the price is too high {HOSTILE}")
BOSS = ("cy", "my boss decides")
OTHER = ("cy", "we have two offices")
EXAMPLES = [f"example number {n}" for n in range(5)]


def calls() -> list[dict[str, Any]]:
    """Of Ann's, for North, two in three name a price; of Ben's, for South, one in ten. Ten deals of six calls each."""
    out = []
    for n in range(60):
        rep, team = ("ann", "North") if n < 30 else ("ben", "South")
        priced = n % 3 if n < 30 else n % 10 == 0
        said = [(rep, "hello"), PRICE if priced else OTHER, BOSS if n % 6 == 0 else OTHER]
        deal = {
            "id": f"D-{n // 6}",
            "stage": "Proposal" if n % 2 else "Discovery",
            "amount": 100.0 * n,
            "outcome": "open",
        }
        out.append(call(n, said, team=team, deal=deal, account=f"Account {n // 6}", title=f"Call {n} {HOSTILE}"))
    return out


def workspace(folder: Path) -> wb.Workspace:
    """With "Price" and "Boss" in use, and the draft "Idea"."""
    ws = wb.open(folder, encoder=HashingEncoder())
    assert not ws.ingest(calls()).rejected
    in_use(ws, "Price", lambda text: "price" in text)
    in_use(ws, "Boss", lambda text: "boss" in text, known=None)
    ws.trackers.create("Idea", description=HOSTILE, examples=EXAMPLES)
    return ws


def in_use(
    ws: wb.Workspace, name: str, holds: Callable[[str], bool], known: CorpusEstimate | None = EXACT, left: int = 0
) -> wb.Workspace:
    """Puts in a tracker of what the customer says; ``left`` past conversations it has still to read."""
    tracker = ws.trackers.create(name, filters=wb.Filters(side="customer"), examples=EXAMPLES)
    held = HeldOutEstimate(
        precision=0.8, hit_rate=0.7, precision_spread=0.1, hit_rate_spread=0.1, repeats=10, tags=100, yes=40
    )
    version = Version(
        id=secrets.token_hex(16),
        tracker_id=tracker.id,
        version=1,
        published=datetime(2026, 7, 1, tzinfo=UTC),
        past="12 months",
        since=datetime(2025, 7, 1, tzinfo=UTC),
        definition=definition_of(tracker.spec),
        threshold=0.5,
        estimate=None if known is None else Estimate(round=4, heldout=held, corpus=known, threshold=0.5),
        model_hash="0" * 64,
        encoder=ws.encoder.key,
        labels_hash="0" * 64,
        answers=100,
        first_upcoming=ws.lake.size,
    )
    found = finds(ws.lake, holds, filters=tracker.filters)
    columns = found.table.index.tolist(), found.table["score"].tolist()
    number = {one: n for n, one in ws.lake.conversation_ids(range(ws.lake.size)).items()}
    rows = [Detection(one, number[one.rsplit(":", 2)[0]], score) for one, score in zip(*columns, strict=True)]
    repository = PublicationRepository(ws.database)
    repository.add(version)
    repository.advance(version.id, "past_left", ws.lake.size, left, [row for row in rows if row.number >= left])
    return ws


def block(view: Any, name: str) -> Any:
    """The block of this id."""
    return next(one for one in view["blocks"] if one["id"] == name)


def value(view: Any, label: str, name: str = "figures") -> str:
    """Return the value of a tile."""
    return next(tile["value"] for tile in block(view, name)["tiles"] if tile["label"] == label)
