"""Item 16: backups that are taken while others write, and backups and restores that are killed."""

from __future__ import annotations

import os
import random
import signal
import time
from pathlib import Path

import pytest

import workbench as wb
from tests.support.warm import Begun, begun
from tests.unit.small import conversations
from workbench.engine.encoders import HashingEncoder

ALL = wb.Filters(scope="any")
# Says in a file what is on disk, a line at a time; goes on until it is killed.
WRITER = """
import sys
import workbench as wb
from tests.unit.small import conversations
from workbench.engine.encoders import HashingEncoder

sys.stdout = open(sys.argv[2], "w", buffering=1)
ws = wb.open(sys.argv[1], encoder=HashingEncoder())
calls = conversations(500, seed=1)
for number in range(0, 500, 2):
    ws.ingest(calls[number : number + 2])
    print("call", calls[number + 1]["id"], flush=True)
    ws.streams.create(f"Stream {number}")
    print("stream", f"Stream {number}", flush=True)
    ws.call(calls[number]["id"]).log(events=[f"event {number}"])
    print("event", f"event {number}", flush=True)
    if number % 10 == 0:
        ws.trackers.create(f"Tracker {number}", kind="keyword", words=["money"]).publish(past="12 months").wait()
        print("tracker", f"Tracker {number}", flush=True)
        ws.encode()
"""
TAKER = """
import sys
import workbench as wb
from workbench.engine.encoders import HashingEncoder

ws = wb.open(sys.argv[1], encoder=HashingEncoder())
print("ready", flush=True)
ws.backup(sys.argv[2], force=True)
"""
RESTORER = """
import sys
import workbench as wb

print("ready", flush=True)
wb.restore(sys.argv[1], sys.argv[2])
"""


def prepared(folder: Path) -> wb.Workspace:
    workspace = wb.open(folder, encoder=HashingEncoder())
    workspace.ingest(conversations(40, seed=2), detect=False)
    workspace.encode()
    workspace.trackers.create("Price", kind="keyword", words=["price", "expensive"]).publish(past="12 months").wait()
    return workspace


@pytest.mark.slow
def test_a_backup_holds_all_that_was_on_disk_before_it_and_fits_together(state: str | None, tmp_path: Path) -> None:
    log = tmp_path / "log"
    wb.open(tmp_path / "w", encoder=HashingEncoder()).close()
    log.touch()
    writer = Begun(WRITER, tmp_path / "w", log)
    try:
        taken = []
        for number in range(5):
            wanted = len(log.read_text().splitlines()) + 12
            until = time.monotonic() + 240
            while len(log.read_text().splitlines()) < wanted and writer.poll() is None and time.monotonic() < until:
                time.sleep(0.05)
            lines = [line for line in log.read_text().splitlines(keepends=True) if line.endswith("\n")]
            acknowledged = [line.strip().split(" ", 1) for line in lines]
            workspace = wb.open(tmp_path / "w", encoder=HashingEncoder())
            taken.append((workspace.backup(tmp_path / f"{number}.backup").file, acknowledged))
            workspace.close()
        assert writer.poll() is None, "it ended by itself"
    finally:
        writer.kill()
        writer.wait()
    os.environ.pop("WORKBENCH_STATE", None)
    for number, (file, acknowledged) in enumerate(taken):
        wb.restore(file, tmp_path / f"new-{number}")
        again = wb.open(tmp_path / f"new-{number}", encoder=HashingEncoder())
        found = again.check()
        assert found.is_whole, found
        there = {
            "call": set(again.conversations(ALL)["id"]),
            "stream": {one.name for one in again.streams.list()},
            "tracker": {one.name for one in again.trackers.list()},
            "event": set(again.metrics.events()["name"]),
        }
        for kind, name in acknowledged:
            assert name in there[kind], (number, kind, name)
        assert len(acknowledged) >= 12 * (number + 1) - 1
        again.catch_up(send=False)  # what had arrived and was not read yet
        for tracker in again.trackers.list():
            if tracker.active_version() is not None:
                tracker.active_version().resume().result()
                assert len(again.detections(tracker.name)) == len(tracker.finds()[0])
        again.ingest(conversations(1, seed=3))
        again.encode()
        assert again.check().is_whole


@pytest.mark.slow
def test_a_backup_that_is_killed_leaves_the_one_before(tmp_path: Path) -> None:
    workspace = prepared(tmp_path / "w")
    file = workspace.backup(tmp_path / "a.backup").file
    rng, killed = random.Random(0), 0
    for _ in range(12):
        taker = begun(TAKER, tmp_path / "w", file)
        time.sleep(rng.random() * 0.1)
        taker.kill()
        killed += taker.wait() == -signal.SIGKILL
        wb.restore(file, tmp_path / "new")
        assert wb.open(tmp_path / "new", encoder=HashingEncoder()).check().is_whole
        (tmp_path / "new").rename(tmp_path / f"old-{rng.random()}")
    print(f"{killed} of 12 were killed in time")
    workspace.backup(file, force=True)
    left = [one for one in os.listdir(tmp_path) if one.endswith(".part")]
    assert left == [], "what killed ones left is taken away by the next"


@pytest.mark.slow
def test_a_restore_that_is_killed_leaves_nothing_or_everything(tmp_path: Path) -> None:
    file = prepared(tmp_path / "w").backup(tmp_path / "a.backup").file
    rng, whole = random.Random(1), 0
    for number in range(12):
        target = tmp_path / f"new-{number}"
        restorer = begun(RESTORER, file, target)
        time.sleep(rng.random() * 1.5)
        restorer.kill()
        restorer.wait()
        if target.exists():
            whole += 1
            assert wb.open(target, encoder=HashingEncoder()).check().is_whole
        else:
            wb.restore(file, target)
    print(f"{whole} of 12 were there when they were killed")
