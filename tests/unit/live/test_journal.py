"""A live call's file: followed as it grows, mended after a crash, told apart when nobody feeds it."""

from __future__ import annotations

import os
from datetime import UTC, datetime

import pytest

from workbench.domain.errors import WrongState
from workbench.domain.live import LiveState
from workbench.live import journal as module
from workbench.live.journal import Journal, journals, key_of

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def journal(tmp_path):
    made = Journal(tmp_path, key_of("call 1/ä"))
    made.begin({"id": "call 1/ä"}, BEGAN)
    return made


def test_who_follows_sees_whole_lines_only(journal, tmp_path):
    follower = Journal(tmp_path, journal.key)
    first, cursor = follower.read(0)
    assert [line["call"]["id"] for line in first] == ["call 1/ä"]
    assert follower.read(cursor) == ([], cursor)
    with journal.file.open("ab") as file:
        file.write(b'{"turn": 1')
    assert follower.read(cursor) == ([], cursor)
    with journal.file.open("ab") as file:
        file.write(b"}\n")
    assert follower.read(cursor)[0] == [{"turn": 1}]
    assert follower.heading.call_id == "call 1/ä"
    assert follower.heading.began == BEGAN


def test_a_line_longer_than_a_page_is_read_whole(journal):
    journal.write({"text": "x" * 1_000})
    journal.write({"text": "y"})
    lines, cursor = journal.read(0, 64)
    while True:
        more, cursor = journal.read(cursor, 64)
        if not more:
            break
        lines += more
    assert lines == list(journal.lines())
    assert len(lines) == 3


def test_half_a_line_that_a_crash_left_is_taken_away(journal, tmp_path):
    journal.write({"turn": 1})
    with journal.file.open("ab") as file:
        file.write(b'{"turn": 2, "te')
    journal.leave()
    again = Journal(tmp_path, journal.key)
    again.begin({"id": "other"}, BEGAN)
    again.write({"turn": 3})
    assert [line.get("turn") for line in again.lines()] == [None, 1, 3]
    assert again.heading.call_id == "call 1/ä"


def test_one_feeds_it_and_all_can_tell(journal, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "PATIENCE_S", 0.01)
    other = Journal(tmp_path, journal.key)
    assert other.state is LiveState.LIVE
    with pytest.raises(WrongState, match="already open in another process"):
        other.begin({"id": "call 1/ä"}, BEGAN)
    journal.leave()
    assert other.state is LiveState.LEFT
    other.begin({"id": "call 1/ä"}, BEGAN)
    other.write({"ended": "now"})
    assert other.state is LiveState.ENDED


def test_those_that_ended_long_ago_are_forgotten(journal, tmp_path):
    left = Journal(tmp_path, key_of("left"))
    left.begin({"id": "left"}, BEGAN)
    left.leave()
    journal.write({"ended": "now"})
    journal.leave()
    assert [one.key for one in journals(tmp_path)] == [journal.key, left.key]
    for one in (journal, left):
        os.utime(one.file, (0, 0))
    assert [one.key for one in journals(tmp_path)] == [left.key]
    assert not journal.file.exists()
    assert journals(tmp_path / "none") == []
