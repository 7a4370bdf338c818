"""A backfill killed with SIGKILL at any moment and begun again: what it finds is what an undisturbed one finds."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest
from sqlalchemy import text

import workbench as wb
from tests.support.patience import PATIENCE_S
from tests.support.warm import begun
from tests.unit import small
from workbench.engine.encoders import HashingEncoder
from workbench.publishing import publication
from workbench.publishing.publication import Publication

KILLS = 20
KILLS_ON_SERVER = 5
READING = """
import workbench as wb
from workbench.publishing import publication
from workbench.engine.encoders import HashingEncoder

publication.BATCH = 2
active = wb.open({workspace!r}, encoder=HashingEncoder()).trackers.get("Price").active_version()
print("begun", flush=True)
active.resume().result()
"""


@pytest.mark.slow
def test_kills_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, state: str | None) -> None:
    monkeypatch.setattr(publication, "BATCH", 2)  # batches of another size round the last digit otherwise
    workspace, backfill = _published(tmp_path / "w")
    backfill.resume().result(timeout=PATIENCE_S)
    undisturbed = backfill.detections()
    _again(workspace, backfill)
    wanted = KILLS if state is None else KILLS_ON_SERVER
    rng, left = random.Random(3), backfill.progress().total
    kills = 0
    while kills < wanted:
        _read_until_killed(tmp_path / "w", rng.uniform(0, 0.12))
        kills += 1
        now = backfill.progress()
        assert now.total - now.done <= left
        left = now.total - now.done
        if not left and kills < wanted:  # too quick to be killed so often: the same again
            _again(workspace, backfill)
            left = now.total
    backfill.resume().result(timeout=PATIENCE_S)
    print(f"{kills} kills, {backfill.progress().found} sentences found")
    assert backfill.progress().state == "done"
    assert len(undisturbed) > 300
    assert backfill.detections().equals(undisturbed)


def _published(folder: Path) -> tuple[wb.Workspace, Publication]:
    """A version whose past is still to be read."""
    workspace = small.ready(folder, rounds=2)
    workspace.ingest([{**call, "id": f"old-{call['id']}"} for call in small.conversations(600, seed=4)])
    workspace.encode()
    workspace.trackers.get("Price").publish(past="12 months").cancel()
    workspace = wb.open(folder, encoder=HashingEncoder())
    active = workspace.trackers.get("Price").active_version()
    assert active is not None
    while active.progress().state == "running":
        time.sleep(0.05)
    _again(workspace, active)
    return workspace, active


def _again(workspace: wb.Workspace, active: Publication) -> None:
    """As if nothing had been read."""
    with workspace.database.begin() as connection:
        connection.execute(text("DELETE FROM detections"))
        connection.execute(text("UPDATE publications SET past_left = first_upcoming"))


def _read_until_killed(workspace: Path, seconds: float) -> None:
    process = begun(READING.format(workspace=str(workspace)))
    time.sleep(seconds)
    process.kill()
    process.wait()
