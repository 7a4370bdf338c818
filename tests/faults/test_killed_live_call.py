"""Whoever feeds a live call is killed with SIGKILL, again and again: nothing that was heard is lost, or heard twice."""

from __future__ import annotations

import asyncio
import json
import random
import time
from pathlib import Path

import pytest

import workbench as wb
from tests.support.warm import Begun
from tests.unit import small
from workbench.domain.live import LiveState
from workbench.engine.encoders import HashingEncoder

KILLS, TURNS = 5, 400
FEEDING = """
import asyncio, sys
import workbench as wb
from workbench.engine.encoders import HashingEncoder

async def feed():
    call = wb.open({workspace!r}, encoder=HashingEncoder()).live("new", scope="external")
    await call.begin()
    for n in range({first}, {last}):
        await call.turn(f"well my dog barks a lot so {{n}}", id=str(n), final=False)
        await call.turn(f"well my dog barks a lot so {{n}}.", id=str(n))
        print(n, flush=True)

asyncio.run(feed())
"""


@pytest.mark.slow
def test_kills_lose_nothing(tmp_path: Path) -> None:
    workspace = small.ready(tmp_path / "w")
    workspace.trackers.get("Price").publish()
    workspace.trackers.create("Dogs", kind="keyword", words=["dog"]).publish()
    rng, told = random.Random(5), 0
    for _ in range(KILLS):
        told = _fed_until_killed(tmp_path / "w", told, rng.uniform(0.05, 0.4))
    (journal,) = workspace.live.journals()
    assert journal.state is LiveState.LEFT
    record = asyncio.run(_ended(wb.open(tmp_path / "w", encoder=HashingEncoder())))
    turns = workspace.lake.turns("new")
    assert len(turns) in (told, told + 1)  # the last one may have been heard before its number was told
    assert [turn.text.split()[-1].strip(".") for turn in turns] == [str(n) for n in range(len(turns))]
    found = {one.sentence_id for one in record.finds if one.tracker == "Dogs"}
    assert found == {f"new:{n}:0" for n in range(len(turns))}
    assert found == set(workspace.detections("Dogs")["sentence_id"])
    print(f"{KILLS} kills, {len(turns)} turns heard, none lost")


async def _ended(workspace: wb.Workspace):
    return await workspace.live("new").end()


def _fed_until_killed(folder: Path, first: int, seconds: float) -> int:
    """How many turns are known to have been heard."""
    code = FEEDING.format(workspace=str(folder), first=first, last=first + TURNS)
    process = Begun(code)
    line = process.stdout.readline()  # it has begun
    time.sleep(seconds)
    process.kill()
    rest = process.stdout.read().splitlines()
    process.wait()
    numbers = [json.loads(one) for one in [line, *rest] if one.strip().isdigit()]
    return max(numbers, default=first - 1) + 1
