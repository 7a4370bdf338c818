"""Moments at the first and the last day of the calendar, from which no time can be taken or added."""

import json

import pytest

from tests.unit.corpus.formats.files import calls, read
from workbench.corpus.formats.cell_values import cell_moment

SAID = ("Hello, this is Ann.", "Hi, it is too expensive.", "Let me see.", "Thank you.")


def table(date, start):
    rows = [f"{date},{start},{'AB'[at % 2]},{text}" for at, text in enumerate(SAID)]
    return "\n".join(["date,start_time,speaker,text", *rows])


def teams(date, seconds):
    cues = []
    for at, text in enumerate(SAID):
        start = f"{seconds // 3600:02}:{seconds % 3600 // 60:02}:{seconds % 60:02}.{at}00"
        told = {"startDateTime": date, "speakerName": "AB"[at % 2], "spokenText": text}
        cues.append(f"{start} --> {start[:-3]}9{at}0\n{json.dumps(told)}\n")
    return "WEBVTT\n\n" + "\n".join(cues)


def pasted(date, time):
    return "\n".join(f"[{date} {time}] {'AB'[at % 2]}: {text}" for at, text in enumerate(SAID))


@pytest.mark.parametrize("value", ["9999-12-31 99:59", "9999-12-31 24:00", "31/12/9999 25:00", "12/31/9999 11:60 PM"])
def test_a_cell_after_the_last_day_holds_no_moment(value):
    assert cell_moment(value, False) is None or cell_moment(value, False).year == 9999


@pytest.mark.parametrize("date", ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59Z"])
@pytest.mark.parametrize("seconds", [0, 5, 86_399, 359_999])
def test_cues_at_an_end_of_the_calendar_are_read(date, seconds):
    (call,) = calls("meeting.vtt", teams(date, seconds))
    assert [turn.text for turn in call.turns] == list(SAID)


TIMES = ["00:00:00", "00:00:05", "23:59:59", "99:59:59", "400:00:00", "1e300"]


@pytest.mark.parametrize("date", ["0001-01-01", "0001-01-01 00:00:00", "9999-12-31", "9999-12-31 23:59:59"])
@pytest.mark.parametrize("time", TIMES)
def test_tables_at_an_end_of_the_calendar_are_read_or_named(date, time):
    assert read("calls.csv", table(date, time))


@pytest.mark.parametrize("date", ["0001-01-01", "9999-12-31", "31.12.9999", "12/31/9999"])
@pytest.mark.parametrize("time", TIMES)
def test_texts_at_an_end_of_the_calendar_are_read_or_named(date, time):
    assert read("call.txt", pasted(date, time))
