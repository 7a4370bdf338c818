"""A workspace as large as the dashboards are to stand: 1,500 calls of 300 sentences, and five trackers in use.

Sentences, speakers and deals come from the sample corpus, shuffled and perturbed. A tracker's results are the sentences
with its label, except some, plus some without it. They are written through the repositories, as nothing needs training
here.
"""

from __future__ import annotations

import json
import random
import secrets
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import workbench as wb
from workbench.corpus.lake import Lake
from workbench.domain.estimates import CorpusEstimate, Estimate, HeldOutEstimate, Interval
from workbench.domain.publications import Version, definition_of
from workbench.engine.encoders import HashingEncoder
from workbench.store.publications import Detection, PublicationRepository
from workbench.store.sessions import SessionRepository
from workbench.workspace.workspace import Workspace

ROOT = Path(__file__).resolve().parent.parent
CALLS, SENTENCES = 1_500, 300
SECONDS = 4.0  # from one sentence to the next
LABELS = {
    "Pricing objections": ("pricing_objection", "customer"),
    "Pain points": ("pain_point", "customer"),
    "Next steps": ("next_step_agreed", "anyone"),
    "Recording notice": ("recording_notice", "company"),
    "Competitors": ("competitor_alternative", "customer"),
}
HIT, FALSE = 0.8, 0.004  # of the sentences with the label, and of the others
WORDS = ("well", "so", "honestly", "look", "right", "okay", "I mean", "you know", "actually", "now")


def workspace_at(folder: Path, calls: int = CALLS, sentences: int = SENTENCES) -> Workspace:
    """Return the workspace in this folder; creates it in a minute or two if there is none."""
    made = folder / "made"
    if made.exists():
        return wb.open(folder)
    ws = wb.open(folder, encoder=HashingEncoder())
    report = ws.ingest(list(conversations(calls, sentences)), unit="turn", detect=False)
    assert not report.rejected, report.rejected[:3]
    for name, (label, side) in LABELS.items():
        publish(ws, name, label, side)
    names = list(LABELS)
    ws.boards.create("Tell that we record", ["Recording notice"], target=0.6)
    ws.boards.create("Agree on the next step", ["Next steps"], target=0.9)
    ws.playbooks.create("Qualify", {"Pain": ["Pain points"], "Budget": [names[0]], "Competition": ["Competitors"]})
    made.touch()
    return wb.open(folder)


def conversations(calls: int, sentences: int, seed: int = 0) -> Iterator[dict[str, Any]]:
    """Yield calls in the neutral format, one sentence per turn."""
    rng = random.Random(seed)
    known = [one for one in _sample() if one["scope"] == "external"]
    for number in range(calls):
        about = rng.choice(known)
        side_of = {party["id"]: party["side"] for party in about["parties"]}
        speakers = {side: [who for who, own in side_of.items() if own == side] for side in ("company", "customer")}
        turns: list[dict[str, Any]] = []
        while len(turns) < sentences:
            other = rng.choice(known)
            sides = {party["id"]: party["side"] for party in other["parties"]}
            for turn in other["turns"]:
                who = speakers.get(sides.get(turn["party"], ""))
                if who and len(turns) < sentences:
                    turns.append(_turn(rng, rng.choice(who), turn, len(turns)))
        length = SECONDS * sentences
        yield {**about, "id": f"call-{number:05}", "turns": turns, "duration_s": length, "media": None}


def _turn(rng: random.Random, party: str, turn: dict[str, Any], at: int) -> dict[str, Any]:
    """Return a copy of a turn; three in four differ from the original by a word."""
    text = turn["text"] if rng.random() < 0.25 else f"{rng.choice(WORDS)} {rng.choice(WORDS)} {turn['text']}"
    start = SECONDS * at
    return {
        "party": party,
        "text": text,
        "start_s": start,
        "end_s": start + SECONDS,
        "labels": turn.get("labels", []),
    }


def _sample() -> list[dict[str, Any]]:
    files = sorted((ROOT / "sample_corpus").glob("calls-*.jsonl"))
    lines = [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    return [one for one in lines if one["kind"] == "call"]


def publish(ws: Workspace, name: str, label: str, side: str) -> None:
    """Train a tracker with four rounds and an active version that has read the last 12 months."""
    examples = [f"{label} example {n}" for n in range(5)]
    tracker = ws.trackers.create(name, description=f"Says {label}", filters=wb.Filters(side=side), examples=examples)
    rounds = SessionRepository(ws.database, tracker.id)
    for number in range(1, 5):
        rounds.complete(number, asdict(estimate(number)))
    moment = datetime(2026, 10, 31, tzinfo=UTC)
    version = Version(
        id=secrets.token_hex(16),
        tracker_id=tracker.id,
        version=1,
        published=moment,
        past="12 months",
        since=datetime(2025, 9, 1, tzinfo=UTC),
        definition=definition_of(tracker.spec),
        threshold=0.5,
        estimate=estimate(4),
        model_hash="0" * 64,
        encoder=ws.encoder.key,
        labels_hash="0" * 64,
        answers=100,
        first_upcoming=ws.lake.size,
    )
    rows = PublicationRepository(ws.database)
    rows.add(version)
    rows.advance(version.id, "past_left", ws.lake.size, 0, found(ws.lake, label, side))


def found(lake: Lake, label: str, side: str, seed: int = 0) -> list[Detection]:
    """Return what a tracker with this hit rate, and this many false hits, finds for a label."""
    rng = random.Random(f"{seed} {label}")
    filters = wb.Filters(side=side)  # type: ignore[arg-type]
    pool, labels = lake.pool(filters), lake.labels(filters)
    out = []
    columns = pool["id"].to_pylist(), pool["number"].to_pylist(), labels["labels"].to_pylist()
    for name, number, own in zip(*columns, strict=True):
        if rng.random() < (HIT if label in (own or ()) else FALSE):
            out.append(Detection(name, number, round(rng.uniform(0.5, 1.0), 4)))
    return out


def estimate(number: int) -> Estimate:
    better = 0.05 * number
    corpus = CorpusEstimate(
        precision=Interval(0.5 + better, 0.6 + better, 0.68 + better),
        hit_rate=Interval(0.48 + better, 0.6 + better, 0.7 + better),
        prevalence=None,
        drawn=40 * number,
    )
    heldout = HeldOutEstimate(
        precision=0.6 + better,
        hit_rate=0.58 + better,
        precision_spread=0.05,
        hit_rate_spread=0.06,
        repeats=10,
        tags=25 * number,
        yes=9 * number,
    )
    return Estimate(round=number, heldout=heldout, corpus=corpus, threshold=0.5)
