"""Killed with SIGKILL at any moment while somebody tags: no acknowledged answer is lost, none stands twice."""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.manager import KernelManager
from sqlalchemy import text

import workbench as wb
from tests.support.patience import PATIENCE_S
from tests.support.warm import Begun
from workbench.engine.encoders import HashingEncoder

KILLS, KERNELS = 50, 5  # what is killed is a process, and of these so many are kernels, which take long to start
CALLS, TURNS = 300, 40
PRICEY = ("that is too expensive for us", "the price is far too high", "we cannot pay that much money")
OTHER = ("the weather is lovely today", "can you share your screen", "let us meet on tuesday", "my dog barks a lot")

# An answer is acknowledged by a line in a file, which outlives the process once it is written.
TAGGING = """
import os, random, time
import workbench as wb
from workbench.engine.encoders import HashingEncoder
from workbench.widgets import TaggingCarousel

ws = wb.open({workspace!r}, encoder=HashingEncoder())
carousel = TaggingCarousel(ws, "Price")
carousel.on_open()
acknowledged = os.open({log!r}, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
rng = random.Random({seed})
while True:
    while carousel.state["phase"] == "training":
        carousel.on_progress()
        time.sleep(0.01)
    open_cards = [c for c in carousel.cards if c["sentence_id"] not in carousel.state["answers"]]
    said = open_cards[0]["text"]
    answer = "yes" if any(word in said for word in ("expensive", "price", "money")) else "no"
    os.write(acknowledged, ('["begin", "%s", "%s"]\\n' % (open_cards[0]["sentence_id"], answer)).encode())
    carousel.on_tag(open_cards[0]["sentence_id"], answer)
    os.write(acknowledged, ('["tag", "%s", "%s"]\\n' % (open_cards[0]["sentence_id"], answer)).encode())
    if rng.random() < 0.05 and carousel.state["phase"] == "tagging":
        os.write(acknowledged, b'["begin undo", "", ""]\\n')
        undone = carousel.on_undo()["sentence_id"]
        os.write(acknowledged, ('["undo", "%s", ""]\\n' % undone).encode())
"""


@pytest.mark.slow
def test_fifty_kills(tmp_path: Path) -> None:
    workspace, log = tmp_path / "w", tmp_path / "acknowledged.jsonl"
    ws = wb.open(workspace, encoder=HashingEncoder())
    ws.ingest(_calls())
    ws.encode()
    ws.trackers.create("Price", examples=[f"well {said} {n}" for n, said in enumerate(PRICEY * 2)], seed=1)
    rng = random.Random(7)
    for kill in range(KILLS):
        code = TAGGING.format(workspace=str(workspace), log=str(log), seed=kill)
        kill_while_tagging = _kernel_killed if kill % (KILLS // KERNELS) == 0 else _process_killed
        kill_while_tagging(code, log, rng.uniform(0, 0.6))
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    tags = sum(kind == "tag" for kind, *_ in lines)
    print(f"{KILLS} kills, {tags} acknowledged answers")
    assert tags > 3 * KILLS
    _check_answers(ws, lines)
    _check_rounds(ws)


def _calls() -> Iterator[dict[str, Any]]:
    rng = random.Random(0)
    parties = [{"id": "c", "side": "customer", "name": "Cy"}, {"id": "r", "side": "company", "name": "Ro"}]
    for number in range(CALLS):
        said = (rng.choice(PRICEY if rng.random() < 0.15 else OTHER) for _ in range(TURNS))
        turns = [{"party": "cr"[n % 2], "text": f"{s} {rng.randrange(10**6)}"} for n, s in enumerate(said)]
        yield {"id": f"call-{number}", "turns": turns, "parties": parties, "scope": "external"}


def _process_killed(code: str, log: Path, seconds: float) -> None:
    """Runs the code in a process of its own; ``seconds`` after its first answer the process is killed."""
    before = log.stat().st_size if log.exists() else 0
    process = Begun(code)
    until = time.monotonic() + PATIENCE_S
    while not log.exists() or log.stat().st_size == before:
        assert process.poll() is None
        assert time.monotonic() < until
        time.sleep(0.005)
    time.sleep(seconds)
    process.kill()
    process.wait()


def _kernel_killed(code: str, log: Path, seconds: float) -> None:
    """The same in a kernel of its own."""
    before = log.stat().st_size if log.exists() else 0
    kernel = KernelManager(kernel_name="python3", transport="ipc", ip=str(log.parent / f"k{before}"))
    kernel.start_kernel()
    client = kernel.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=PATIENCE_S)
        client.execute(code)
        until = time.monotonic() + 60
        while not log.exists() or log.stat().st_size == before:
            assert time.monotonic() < until, client.get_iopub_msg(timeout=1)
            time.sleep(0.005)
        time.sleep(seconds)
    finally:
        client.stop_channels()
        kernel.shutdown_kernel(now=True)  # SIGKILL


def _check_answers(ws: wb.Workspace, lines: list[list[str]]) -> None:
    """Every acknowledged answer stands; one more a kill may stand that was stored and not yet acknowledged."""
    standing: dict[str, str] = {}
    maybe: dict[str, set[str | None]] = {}
    for at, (kind, sentence, answer) in enumerate(lines):
        if kind == "tag":
            standing[sentence] = answer
        elif kind == "undo":
            standing.pop(sentence, None)
        elif at + 1 == len(lines) or lines[at + 1][0].startswith("begin"):  # killed before it was acknowledged
            newest = sentence or next(reversed(standing))
            maybe.setdefault(newest, {standing.get(newest)}).add(answer or None)
    with ws.database.connect() as connection:
        rows = connection.execute(text("SELECT sentence_id, answer FROM answers WHERE undone IS NULL")).all()
        assert connection.execute(text("PRAGMA integrity_check")).scalar() == "ok"
    assert not [one for one, count in Counter(row.sentence_id for row in rows).items() if count > 1]
    stored = {row.sentence_id: row.answer for row in rows}
    lost = {s for s, a in standing.items() if stored.get(s) != a and stored.get(s) not in maybe.get(s, set())}
    extra = {s for s in stored if s not in standing and s not in maybe}
    assert not lost
    assert not extra


def _check_rounds(ws: wb.Workspace) -> None:
    rounds = ws.trackers.get("Price").train().rounds()
    assert [one.number for one in rounds] == list(range(1, len(rounds) + 1))
    assert all(one.asked == 25 for one in rounds)
    assert all(one.complete for one in rounds[:-1])
    asked = [c.sentence_id for c in ws.trackers.get("Price").train().candidates]
    assert len(asked) == len(set(asked))
