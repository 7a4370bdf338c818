"""What is kept of conversations that were deleted: messages and logs are gone through once, however many there are."""

from __future__ import annotations

import pytest

import workbench as wb
from tests.support.statements import counted
from tests.unit import small
from workbench.engine.encoders import HashingEncoder
from workbench.store.forgetting import without


@pytest.mark.parametrize("count", [1, 30])
def test_messages_are_gone_through_once_for_all(tmp_path, count):
    with wb.open(tmp_path / "w", encoder=HashingEncoder()) as ws:
        tracker = ws.trackers.create("Cost", kind="keyword", words=["price"])
        ws.streams.create("Team", trackers=["Cost"])
        tracker.publish().wait()
        ws.ingest(small.conversations(70))
        ws.catch_up()
        told = {one["conversation_id"] for message in ws.messages() for one in message.about["calls"]}
        assert len(told) > 30
        gone = sorted(told)[:count]
        with counted(ws.resources.state) as sent:
            ws.delete(calls=gone)
        scans = [one for one in sent if one.lstrip().startswith("SELECT") and "FROM messages" in one]
        assert len(scans) == 1
        left = {one["conversation_id"] for message in ws.messages() for one in message.about["calls"]}
        assert left == told - set(gone)


def test_without_takes_out_all_that_tells_of_some_conversations():
    data = {"calls": [{"conversation_id": "a"}, {"conversation_id": "b"}, {"conversation_id": ["a"]}], "n": None}
    assert without(data, {"a", "c"}) == {"calls": [{"conversation_id": "b"}, {"conversation_id": ["a"]}], "n": None}
    assert without({"find": {"conversation_id": "a"}}, {"a"}) is None
    assert without(data, set()) == data
