"""Killed with SIGKILL while reading and while sending: no message is lost, and none is told twice under two ids."""

from __future__ import annotations

import json
import os
import random
import signal
import time
from datetime import timedelta
from pathlib import Path

import pytest

import workbench as wb
from tests.support.patience import PATIENCE_S
from tests.support.warm import Begun, begun
from tests.unit import small
from tests.unit.results.receivers import Receiver
from workbench.results.delivery import CLAIM, Delivered, deliver
from workbench.store.moments import now
from workbench.store.outbox import Outbox
from workbench.store.publications import PublicationRepository

KILLS = 12
OPENING = """
import workbench as wb
from workbench.publishing import publication
from workbench.engine.encoders import HashingEncoder

publication.BATCH = 2
workspace = wb.open({workspace!r}, encoder=HashingEncoder())
print("begun", flush=True)
workspace.{call}()
"""


@pytest.fixture
def workspace(tmp_path: Path, receiver: Receiver) -> wb.Workspace:
    """With a stream, a webhook, and calls that no one has read."""
    opened = small.ready(tmp_path / "w", rounds=2)
    opened.trackers.get("Price").publish(stream="Pricing")
    opened.streams.get("Pricing").notify(webhook=receiver.url)
    opened.ingest([{**call, "id": f"new-{call['id']}"} for call in small.conversations(300, seed=9)], detect=False)
    opened.encode()
    return opened


def test_killed_between_the_servers_ok_and_the_mark(workspace: wb.Workspace, receiver: Receiver) -> None:
    workspace.catch_up(send=False)
    (message,) = workspace.messages()
    process = opened(workspace, "deliver")
    receiver.before_answer = lambda: os.kill(process.pid, signal.SIGKILL)
    assert process.wait(PATIENCE_S) == -signal.SIGKILL
    receiver.before_answer = lambda: None
    assert workspace.deliver() == Delivered()  # for all we know, it is still at it
    assert deliver(Outbox(workspace.database), clock=lambda: now() + CLAIM + timedelta(seconds=1)).sent == 1
    assert [got.headers["webhook-id"] for got in receiver.got] == [message.id] * 2
    assert receiver.got[0].body == receiver.got[1].body
    assert workspace.deliveries()["state"].tolist() == ["sent"]


@pytest.mark.slow
def test_killed_at_any_moment(workspace: wb.Workspace, receiver: Receiver) -> None:
    rng, kills, unread = random.Random(5), 0, [workspace.lake.size]
    while kills < KILLS and unread[-1]:
        process = opened(workspace, "catch_up")
        time.sleep(rng.uniform(0.3, 0.9))
        process.kill()
        process.wait()
        kills += 1
        active = workspace.trackers.get("Price").active_version()
        assert active is not None
        unread.append(workspace.lake.size - PublicationRepository(workspace.database).cursors(active.id).next_upcoming)
        workspace.mark_read(*workspace.messages())  # what comes next is another message
    workspace.catch_up(send=False)
    later = now()
    while set(workspace.deliveries()["state"]) != {"sent"}:
        later += CLAIM * 2
        deliver(Outbox(workspace.database), clock=lambda moment=later: moment)  # type: ignore[misc]
    by_id = {got.headers["webhook-id"]: json.loads(got.body) for got in receiver.got}
    told = [call["conversation_id"] for body in by_id.values() for call in body["calls"]]
    print(f"{kills} kills, unread {unread}, {len(receiver.got)} requests, {len(by_id)} messages, {len(told)} calls")
    assert len(told) == len(set(told))
    assert set(told) == set(workspace.detections("Price")["conversation_id"])


def opened(workspace: wb.Workspace, call: str) -> Begun:
    return begun(OPENING.format(workspace=str(workspace.path), call=call))
