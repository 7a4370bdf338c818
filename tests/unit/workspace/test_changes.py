"""Calls that change: answers, results and messages follow, and trackers read again what has changed, once."""

from __future__ import annotations

import json
import random
import shutil
from typing import Any

import pandas as pd
import pytest

import workbench as wb
from tests.unit import small
from workbench.domain.filters import Filters
from workbench.engine.encoders import HashingEncoder
from workbench.resources import changes
from workbench.store import following
from workbench.store.rereads import RereadRepository
from workbench.store.sessions import SessionRepository
from workbench.training.wrong_hits import WrongHits

ANY = Filters(scope="any")


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    folder = tmp_path_factory.mktemp("changes") / "w"
    ws = small.ready(folder, rounds=4)
    ws.trackers.get("Price").publish(past="all").wait()
    ws.trackers.create("Dogs", kind="keyword", words=["dog"]).publish(past="all").wait()
    ws.close()
    return folder


@pytest.fixture
def ws(published, tmp_path):
    shutil.copytree(published, tmp_path / "w")
    return wb.open(tmp_path / "w", encoder=HashingEncoder())


def edited(call: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    """The call with turns taken out, put in, changed or moved."""
    turns = list(call["turns"])
    for _ in range(rng.randint(1, 3)):
        at = rng.randrange(len(turns) + 1)
        what = rng.choice(["out", "in", "other", "move"])
        if what == "out" and len(turns) > 1:
            turns.pop(min(at, len(turns) - 1))
        elif what == "move":
            turns.insert(at, turns.pop(rng.randrange(len(turns))))
        else:
            said = rng.choice([*small.PRICEY, *small.OTHER])
            new = {"party": rng.choice("rc"), "text": f"so {said} {rng.randint(0, 99)}", "labels": []}
            turns[at : at + (what == "other")] = [new]
    return {**call, "turns": [{**turn, "start_s": 5.0 * at} for at, turn in enumerate(turns)]}


def found(ws: wb.Workspace, tracker: str) -> list[Any]:
    """What a tracker finds: the sentences, what they say, and how sure it is."""
    frame = ws.detections(tracker).sort_values("sentence_id")
    return [(row.sentence_id, row.text, round(row.score, 5)) for row in frame.itertuples()]


def answered(ws: wb.Workspace) -> dict[str, str]:
    """The answers that count, by what the sentence says, of those that are there."""
    rows = SessionRepository(ws.database, ws.trackers.get("Price").id).asked()
    said = ws.lake.sentences([one.sentence_id for one in rows if "@" not in one.sentence_id])
    return {said[one.sentence_id].text: str(one.tag.answer) for one in rows if one.tag and one.sentence_id in said}


def test_results_are_those_of_calls_that_had_always_been_so(ws, tmp_path):
    """Of both kinds of tracker; answers stay with what was said, and training goes on."""
    rng = random.Random(7)
    calls = {call["id"]: call for call in small.conversations()}
    before = answered(ws)
    for _ in range(12):
        some = rng.sample(sorted(calls), 3)
        for name in some:
            calls[name] = edited(calls[name], rng)
        report = ws.ingest([calls[name] for name in some])
        assert report.changed + report.unchanged == 3
        gone = rng.choice(sorted(calls))
        if rng.random() < 0.3:
            calls.pop(gone)
            ws.delete(calls=[gone])
    assert not RereadRepository(ws.database).count()
    after = answered(ws)
    assert all(after[text] == answer for text, answer in before.items() if text in after)
    other = wb.open(tmp_path / "other", encoder=HashingEncoder())
    other.ingest(list(calls.values()))
    other.encode()
    other.trackers.create("Dogs", kind="keyword", words=["dog"]).publish(past="all").wait()
    assert [one[:2] for one in found(ws, "Dogs")] == [one[:2] for one in found(other, "Dogs")]
    ids = {name for (name, *_) in found(ws, "Price")}
    assert ids == set(fresh_finds(ws))
    assert ws.trackers.get("Price").train().rounds()
    assert not [str(one) for one in ws.check().problems if not one.is_note]


def fresh_finds(ws: wb.Workspace) -> list[str]:
    """What the version in use finds in all calls as they are now."""
    reader = ws.trackers.get("Price").active_version().reader()
    return [one.sentence_id for one in reader.read()]
