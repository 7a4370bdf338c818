from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.unit.corpus.formats.files import call, opened
from workbench.corpus.file_previews import preview_files
from workbench.corpus.formats.plain_text.zoom import ZoomChat
from workbench.corpus.pace import is_odd_pace, words_and_seconds
from workbench.domain.conversations import Conversation, Kind, Turn

CHAT = "09:02:11\tAda Kline:\tHere is the list\n09:42:40\tPavel Orsic:\tThank you\n"


def spoken(text: str, seconds: float, kind: Kind = Kind.CALL) -> Conversation:
    return Conversation(id="a", kind=kind, turns=(Turn(text=text, start_s=0.0, end_s=seconds),))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("One two three.", 3),
        ("Wie geht’s Ihnen?", 3),
        ("まず料金プランについてご説明します。", 9),
        ("我们先讨论一下价格 in euros", 7),
        ("ขอบคุณมาก", 5),
        ("", 0),
    ],
)
def test_words_are_counted_where_no_spaces_stand_between_them(text, words):
    assert words_and_seconds(spoken(text, 4.0)) == (words, 4.0)


def test_what_was_written_or_has_no_times_has_no_pace(tmp_path):
    assert words_and_seconds(spoken("One two.", 4.0, Kind.EMAIL)) == (0, 0.0)
    assert words_and_seconds(Conversation(id="a", turns=(Turn(text="One two."),))) == (0, 0.0)
    chat = tmp_path / "meeting_saved_chat.txt"
    chat.write_text(CHAT)
    (found,) = preview_files([chat])
    assert found.words_per_second is None
    assert found.conversations[0].words_per_second is None
    assert "right?" not in str(found.conversations[0])


@pytest.mark.parametrize(
    ("pace", "is_odd"), [(None, False), (0.3, False), (3.0, False), (0.002, True), (2_000.0, True)]
)
def test_a_pace_is_odd_where_milliseconds_were_taken_for_seconds(pace, is_odd):
    assert is_odd_pace(pace) is is_odd


def test_a_chat_begins_when_zooms_name_for_it_says():
    name = "GMT20260303-130045_RecordingnewChat.txt"
    assert ZoomChat().recognises(opened(name, CHAT))
    assert call(name, CHAT).started == datetime(2026, 3, 3, 13, 0, 45, tzinfo=UTC)
