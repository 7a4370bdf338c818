"""Tables from CSV, workbooks and Parquet: columns by name, units by name and size, rows that are turns or calls."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, datetime, time, timedelta

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.corpus.formats.files import call, calls, format_name, opened, read, reason, said, timed
from workbench.corpus.formats import FormatProblem, FoundConversation
from workbench.corpus.formats.cell_values import cell_moment, cell_number, cell_text, day_first
from workbench.corpus.formats.opened import UnreadableFile
from workbench.corpus.formats.tables.columns import Use, column_of, is_header
from workbench.corpus.formats.tables.spreadsheet import Spreadsheet
from workbench.domain.conversations import Direction, Side


def notes(name: str, content: str | bytes) -> str:
    return " ".join(note for one in read(name, content) if isinstance(one, FoundConversation) for note in one.notes)


def workbook(*sheets: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for at, rows in enumerate(sheets):
        sheet = book.create_sheet(f"S{at}")
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def parquet(frame: pd.DataFrame) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.Table.from_pandas(frame), out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "use", "unit_s"),
    [
        ("Conversation ID", Use.CONVERSATION, None),
        ("callId", Use.CONVERSATION, None),
        ("startMillis", Use.START, 0.001),
        ("Start Time (sec)", Use.START, 1.0),
        ("end_ms", Use.END, 0.001),
        ("start_s", Use.START, 1.0),
        ("utterance-text", Use.TEXT, None),
        ("SpeakerName", Use.SPEAKER, None),
        ("Duration (minutes)", Use.DURATION, 60.0),
        ("colour", None, None),
    ],
)
def test_columns_are_known_by_name_and_names_tell_units(name, use, unit_s):
    found = column_of(0, name)
    assert (found.use, found.unit_s) == (use, unit_s)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_every_separator_is_found(separator):
    rows = [["call_id", "speaker", "text"], ["1", "Ann", "one"], ["1", "Bob", "two"]]
    content = "\n".join(separator.join(row) for row in rows)
    assert said("a.txt", content) == [("Ann", "one"), ("Bob", "two")]


def test_excels_first_line_decimal_commas_quotes_and_line_breaks():
    header = "sep=;\nCall ID;Speaker;Role;Start (s);End (s);Text\n"
    content = header + 'A;Ann;agent;1,5;2,25;"Hallo; ""du""\nzwei"\nA;Bob;customer;3;4;Ja'
    found = call("a.csv", content)
    assert [(turn.start_s, turn.end_s, turn.text) for turn in found.turns] == [
        (1.5, 2.25, 'Hallo; "du"\nzwei'),
        (3, 4, "Ja"),
    ]
    assert {party.id: party.side for party in found.parties} == {"Ann": Side.COMPANY, "Bob": Side.CUSTOMER}


def test_a_header_may_stand_below_a_title():
    assert said("a.csv", "Export of March,,\n,,\ncall,name,message\n7,Ann,Hi") == [("Ann", "Hi")]


def test_western_windows_is_read():
    assert said("a.csv", "call_id,speaker,text\n1,Jürgen,Grüße aus Köln\n".encode("cp1252")) == [
        ("Jürgen", "Grüße aus Köln")
    ]


@pytest.mark.parametrize(
    ("starts", "seconds", "told"),
    [
        (("0", "2600", "5000"), (0.0, 2.6, 5.0), "milliseconds"),
        (("0", "26", "50"), (0.0, 26.0, 50.0), "seconds"),
        (("0.5", "2.6", "5.25"), (0.5, 2.6, 5.25), "seconds"),
        (("0:10", "12:40", "1:00:03"), (10.0, 760.0, 3603.0), ""),
        (("09:00:10", "09:00:15", "09:01:00"), (0.0, 5.0, 50.0), "of the day"),
        (("1772442000", "1772442005", "1772442009"), (0.0, 5.0, 9.0), "1970"),
        (("2026-03-02T09:00:00Z", "2026-03-02T09:00:05.5Z", "2026-03-02T09:00:07Z"), (0.0, 5.5, 7.0), ""),
        (("13/03/2026 09:00:00", "13/03/2026 09:00:05", "13/03/2026 09:00:07"), (0.0, 5.0, 7.0), ""),
        (("46083.375", "46083.3750578704", "46083.375115741"), (0.0, 5.0, 10.0), ""),
    ],
)
def test_units_are_told_by_values(starts, seconds, told):
    rows = "".join(f"7,Ann,{start},one two three four\n" for start in starts)
    content = f"call_id,speaker,time,text\n{rows}"
    assert [turn.start_s for turn in call("a.csv", content).turns] == pytest.approx(seconds, abs=2e-3)
    assert told in notes("a.csv", content)


def test_dates_of_unknown_order_are_never_guessed():
    content = "call_id,speaker,timestamp,text\n7,Ann,02/03/2026 09:00:10,Hi\n7,Bob,02/03/2026 09:00:15,Ho\n"
    assert call("a.csv", content).started is None
    assert "Write the year first" in notes("a.csv", content)
    assert day_first(["02/03/2026", "13/03/2026"]) is True
    assert day_first(["02/03/2026", "03/13/2026"]) is False
    assert cell_moment("02.03.2026 09:00", None) == datetime(2026, 3, 2, 9)  # noqa: DTZ001, tells no zone


def test_rows_are_put_together_by_id_and_ordered_by_number_where_nothing_tells_times():
    found = calls("a.tsv", "call_id\tspeaker\ttext\tturn\nb\tAnn\ttwo\t2\na\tBob\tx\t1\nb\tBob\tone\t1\n")
    assert [(one.id, [turn.text for turn in one.turns]) for one in found] == [("b", ["one", "two"]), ("a", ["x"])]


def test_merged_cells_and_damaged_ids_are_told():
    assert [one.id for one in calls("a.csv", "call_id,speaker,text\n1,A,x\n,B,y\n2,A,z")] == ["1", "2"]
    assert "row above" in notes("a.csv", "call_id,speaker,text\n1,A,x\n,B,y")
    assert "mixed up" in notes("a.csv", "call_id,speaker,text\n1.23E+18,A,x\n1.23E+18,B,y")


def test_a_quote_that_is_never_closed_takes_no_rows_with_it():
    assert said("a.csv", 'call_id,speaker,text\n1,A,"Hello\n1,B,yes\n1,A,a 5" pipe\n') == [
        ("A", '"Hello'),
        ("B", "yes"),
        ("A", 'a 5" pipe'),
    ]


def test_commas_in_an_unquoted_last_column_belong_to_the_text_and_elsewhere_are_told_with_the_line():
    assert said("a.csv", "call_id,speaker,text\n1,A,well, yes, so\n") == [("A", "well, yes, so")]
    found = read("a.csv", "call_id,text,speaker\n1,ok,A\n1,well, yes,B\n")
    assert isinstance(found[0], FormatProblem)
    assert found[0].line == 3


def test_whispers_table_is_in_milliseconds_and_unquoted():
    content = 'start\tend\ttext\n0\t1000\t"Quoted\n1000\t2000\tand on\n'
    assert timed("a.tsv", content) == [
        (0, 1, '"Quoted'),
        (1, 2, "and on"),
    ]


def test_a_row_may_be_a_call_with_its_transcript_as_text():
    content = (
        "call_id,agent_name,date,duration,direction,transcript\n"
        '1,Ann,2026-03-02,61,inbound,"Agent: Hello there, how can I help?\nCustomer: no heat: in May.\nAgent: ok"\n'
        '2,Bob,2026-03-03,00:10:00,Out,"Agent: Hi\nCustomer: what about this thing over here, then?\nAgent: ok"\n'
    )
    first, second = calls("a.csv", content)
    assert [turn.party for turn in first.turns] == ["Agent", "Customer", "Agent"]
    assert (first.duration_s, first.direction, first.fields["agent_name"]) == (61, Direction.INBOUND, "Ann")
    assert (second.started, second.duration_s) == (datetime.fromisoformat("2026-03-03"), 600)


def test_turns_may_be_json_in_a_cell_or_nested_in_parquet():
    turns = [{"speaker": "agent", "text": "hi", "start": 0.5}, {"speaker": "customer", "text": "yo", "start": 2.0}]
    frame = pd.DataFrame({"call_id": ["1"], "started_at": [pd.Timestamp("2026-03-02 09:00")], "turns": [turns]})
    nested = call("a.parquet", parquet(frame))
    assert [(turn.start_s, turn.party, turn.text) for turn in nested.turns] == [
        (0.5, "agent", "hi"),
        (2, "customer", "yo"),
    ]
    assert nested.started == datetime.fromisoformat("2026-03-02T09:00")
    frame["turns"] = [json.dumps(turns)]
    assert call("a.csv", frame.to_csv(index=False)).turns == nested.turns


def test_moments_tell_the_start_and_offsets_the_turns():
    content = "call_id,speaker,offset_ms,ts,text\n1,A,500,2026-03-02T09:00:00.5Z,x\n1,B,2500,2026-03-02T09:00:02.5Z,y\n"
    found = call("a.csv", content)
    assert (found.started, [turn.start_s for turn in found.turns]) == (datetime(2026, 3, 2, 9, tzinfo=UTC), [0.5, 2.5])


def test_a_duration_is_the_turns_where_it_varies_and_else_the_calls():
    content = "call_id,speaker,start,duration,text\n1,A,0,1.5,x\n1,B,2,0.5,y\n"
    assert timed("a.csv", content) == [
        (0, 1.5, "x"),
        (2, 2.5, "y"),
    ]
    assert call("a.csv", "call_id,speaker,start,duration,text\n1,A,0,300,x\n1,B,2,300,y\n").duration_s == 300


def test_values_that_are_one_a_conversation_become_fields():
    found = call("a.csv", "call_id,speaker,text,region,score\n1,A,x,North,1\n1,B,y,North,2\n")
    assert found.fields == {"region": "North"}


def test_channels_are_speakers_where_nobody_else_is():
    assert said("a.csv", "call_id,channel,text\n1,0,a\n1,1,b\n") == [("channel 0", "a"), ("channel 1", "b")]


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ("id,colour,price\n1,red,2\n", "colour"),
        ("id,text\n1,hello\n2,b\n", "tells neither"),
        ("call_id,speaker,text\n", "no rows"),
        ("call_id,speaker,start\n1,A,0\n", "what is said"),
    ],
)
def test_a_table_without_speech_is_refused_with_its_columns_and_what_to_do(content, word):
    assert word in reason("a.csv", content)
    assert ";" in reason("a.csv", content)


def test_text_with_commas_is_no_table():
    assert format_name("a.txt", "Dear Ann,\nthe start, the end, the text\nof it, yes\n") is None


def test_a_workbook_is_read_wherever_its_table_stands():
    rows = [["Exported"], [], ["Call", "Speaker", "Time", "Text"]]
    rows += [
        [1001, "Agent", time(0, 0, 2), "Hi"],
        [1001, "Customer", timedelta(seconds=6), "'=1+1"],
        [1002.0, "Agent", 5, "x"],
    ]
    found = calls("a.xlsx", workbook([["nothing"]], rows))
    assert [turn.start_s for turn in found[0].turns] == [2, 6]
    assert [one.id for one in found] == ["1001", "1002"]


def test_minutes_that_a_spreadsheet_took_for_hours_are_told():
    rows = [
        ["call", "speaker", "time", "text"],
        *([1, "A", time(0, at), "one two three four five"] for at in (0, 5, 12, 20)),
    ]
    content = workbook(rows)
    assert [turn.start_s for turn in call("a.xlsx", content).turns] == [0, 5, 12, 20]
    assert "minutes and seconds" in notes("a.xlsx", content)


def test_a_workbook_that_unpacks_to_too_much_is_refused_unread(monkeypatch):
    monkeypatch.setattr("workbench.corpus.formats.tables.spreadsheet.MAX_SHEET_BYTES", 1_000_000)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 2_000_000)
    with pytest.raises(UnreadableFile, match="unpacks to"):
        list(Spreadsheet().read(opened("a.xlsx", out.getvalue())))


@pytest.mark.parametrize("cut", [10, 200, 2_000])
def test_damaged_files_are_told(cut):
    frame = parquet(pd.DataFrame({"call_id": ["1"] * 50, "speaker": ["A"] * 50, "text": ["x"] * 50}))
    assert ";" in reason("a.parquet", frame[:cut])


def test_e_mails_of_salesforce_are_e_mails():
    content = (
        "Id,FromAddress,FromName,ToAddress,Subject,TextBody,HtmlBody,MessageDate,Incoming,ThreadIdentifier\n"
        '02s1,ann@x.org,Ann,b@y.org,Hi,"Hello\n\nOn 2 Mar 2026, B wrote:\n> x",,2026-03-02T09:00:00.000Z,true,t1\n'
        "02s2,b@y.org,,ann@x.org,Re: Hi,,<p>Yes</p>,2026-03-02T09:10:00.000Z,false,t1\n"
    )
    first, second = calls("a.csv", content)
    assert (first.kind.value, first.turns[0].text, first.thread, first.direction) == (
        "email",
        "Hello",
        "t1",
        Direction.INBOUND,
    )
    assert (second.turns[0].text, second.direction) == ("Yes", Direction.OUTBOUND)


@pytest.mark.parametrize(
    ("value", "number"),
    [("1.234,5", 1234.5), ("1,234.5", 1234.5), ("0,5", 0.5), ("12", 12.0), ("x", None), (None, None)],
)
def test_numbers_as_europeans_write_them(value, number):
    assert cell_number(value) == number


@pytest.mark.parametrize(
    ("value", "text"), [(1001.0, "1001"), ("'=1", "=1"), (float("nan"), ""), (None, ""), (" a ", "a")]
)
def test_cells_as_text(value, text):
    assert cell_text(value) == text


def test_a_header_names_text_and_one_more():
    assert is_header(["call_id", "text"])
    assert not is_header(["text", "colour"])
    assert not is_header(["Ann said", "the text of it, and more"])


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["a", "b"]),
            st.sampled_from(["Ann", "Bob"]),
            st.text(st.characters(codec="utf-8"), max_size=20),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_what_pandas_writes_is_read_again(rows):
    frame = pd.DataFrame(rows, columns=["call_id", "speaker", "text"])
    frame["text"] = ["t" + "".join(one for one in text if one.isprintable()) for text in frame["text"]]
    frame["text"] = frame["text"].str.strip()
    wanted = {key: list(zip(own["speaker"], own["text"], strict=True)) for key, own in frame.groupby("call_id")}
    for content in (frame.to_csv(index=False), frame.to_csv(index=False, sep=";"), frame.to_csv(index=False, sep="\t")):
        found = {one.id: [(turn.party, turn.text) for turn in one.turns] for one in calls("a.csv", content)}
        assert found == wanted


@pytest.mark.parametrize(
    "header",
    [
        "call_id,speaker,text,start,end",
        "Anruf-ID,Sprecher,Äußerung,Beginn,Ende",
        "id_appel,locuteur,texte,début,fin",
        "id_llamada,hablante,texto,inicio,fin",
        "通話ID,話者,発話,開始,終了",
        "通话ID,说话人,文本,开始时间,结束时间",
        "통화ID,화자,텍스트,시작,종료",
    ],
)
@pytest.mark.parametrize("separator", ",;\t")
def test_headers_may_be_in_many_languages(header, separator):
    rows = [header, "1,Ann,Hello,0.5,1.25", "1,Bob,Hi,2.5,3.0", "2,Ann,So,0.0,1.0"]
    found = calls("a.csv", "\n".join(rows).replace(",", separator) + "\n")
    assert [(one.id, [(turn.party, turn.start_s, turn.end_s, turn.text) for turn in one.turns]) for one in found] == [
        ("1", [("Ann", 0.5, 1.25, "Hello"), ("Bob", 2.5, 3.0, "Hi")]),
        ("2", [("Ann", 0.0, 1.0, "So")]),
    ]


def test_the_rule_below_the_header_of_a_markdown_table_is_no_turn():
    text = "| Time | Speaker | Text |\n|------|:-------:|---:|\n| 00:01 | Ann | Hello there |\n| 00:04 | Bob | --- |\n"
    assert said("a.md", text) == [("Ann", "Hello there"), ("Bob", "---")]
