"""Pasted transcripts whose lines have a date: when they began, and what an hour and a minute are."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.unit.corpus.formats.files import call, format_name, read
from workbench.corpus.formats.plain_text.day_times import count_from_first_day, settle_times

MADE = (count_from_first_day, settle_times)  # in plain_text/day_times.py
LINES = (("Ann", "Good morning.", 0.0), ("Bob", "What does it cost?", 62.0), ("Ann", "Twenty.", 86_400.0))
DATED = {
    "ISO, UTC": "2024-03-05T10:02:00Z Ann: {}\n2024-03-05T10:03:02Z Bob: {}\n2024-03-06T10:02:00Z Ann: {}\n",
    "year first": "2024-03-05 10:02:00 Ann: {}\n2024-03-05 10:03:02 Bob: {}\n2024-03-06 10:02:00 Ann: {}\n",
    "brackets": "[2024-03-05 10:02:00] Ann: {}\n[2024-03-05 10:03:02] Bob: {}\n[2024-03-06 10:02:00] Ann: {}\n",
    "with dots": "[05.03.24, 10:02:00] Ann: {}\n[05.03.24, 10:03:02] Bob: {}\n[06.03.24, 10:02:00] Ann: {}\n",
    "names in brackets": "2024-03-05 10:02:00 [Ann Lee] {}\n2024-03-05 10:03:02 [Bob Ray] {}\n"
    "2024-03-06 10:02:00 [Ann Lee] {}\n",
}


@pytest.mark.parametrize("form", DATED)
def test_they_begin_when_the_first_line_says(form):
    found = call("chat.txt", DATED[form].format(*(text for _, text, _ in LINES)))
    assert found.started == datetime(2024, 3, 5, 10, 2, tzinfo=UTC if form == "ISO, UTC" else None)
    assert [((turn.party or "").split()[0], turn.text, turn.start_s) for turn in found.turns] == list(LINES)


def test_an_offset_is_taken_off():
    found = call("chat.txt", "2024-03-05T10:02:00+02:00 Ann: Hello.\n2024-03-05T10:03:00+02:00 Bob: Hi, Ann.\n")
    assert found.started == datetime(2024, 3, 5, 8, 2, tzinfo=UTC)


@pytest.mark.parametrize("zone", ["+99:00", "-24:30", "+2460"])
def test_a_zone_that_cannot_be_is_left_out_with_the_date(zone):
    found = call("chat.txt", f"2024-03-05T10:02:00{zone} Ann: Hello.\n2024-03-05T10:03:00{zone} Bob: Hi, Ann.\n")
    assert found.started is None
    assert [turn.start_s for turn in found.turns] == [0.0, 60.0]


def test_a_date_whose_order_nothing_tells_is_left_out():
    text = (
        "12/03/2024, 10:15 - Ann: Hello\n12/03/2024, 10:16 - Bob: Hi, what is the price?\n12/03/2024, 11:17 - Ann: 20\n"
    )
    (found,) = read("chat.txt", text)
    assert found.conversation.started is None
    assert [turn.start_s for turn in found.conversation.turns] == [0.0, 60.0, 3_720.0]
    assert any("may begin with day or month" in one for one in found.notes)


def test_the_order_that_keeps_lines_in_order_is_taken():
    text = (
        "01/02/2024, 10:15 - Ann: Hello\n02/01/2024, 10:16 - Bob: Hi, what is the price?\n03/01/2024, 11:17 - Ann: 20\n"
    )
    found = call("chat.txt", text)
    assert found.started == datetime.fromisoformat("2024-01-02T10:15")


def test_am_and_pm_are_hours_and_minutes():
    text = "Ann Lee (Acme) 11:58 AM\nHello there\n\nBob Ray 12:02 PM\nHi.\n\nAnn Lee (Acme) 1:00 PM\nTwenty.\n"
    assert [turn.start_s for turn in call("a.txt", text).turns] == [0.0, 240.0, 3_720.0]


LOGS = {
    "levels": "\n".join(
        f"2024-03-05T10:02:{at:02}Z {'INFO' if at % 2 else 'WARN'}: served in {at} ms" for at in range(20)
    ),
    "modules": "\n".join(f"2024-03-05 10:02:{at:02},123 [main] com.acme.Server: request served" for at in range(20)),
    "programs": "\n".join(
        f"[2024-03-05 10:02:{at:02}] {'nginx' if at % 2 else 'app'}: request served" for at in range(20)
    ),
    "times alone": "\n".join(f"10:02:{at:02} {'INFO' if at % 3 else 'ERROR'}: served in {at} ms" for at in range(20)),
}


@pytest.mark.parametrize("log", LOGS)
def test_logs_are_no_transcripts(log):
    assert format_name("a.txt", LOGS[log]) is None
