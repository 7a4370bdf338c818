"""What all readers share: times, encodings, runs of words, roles, and the way from a draft to a conversation."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.corpus.formats import times
from workbench.corpus.formats.assemble import assembled, in_order, told_counts
from workbench.corpus.formats.base import FormatProblem, FoundConversation
from workbench.corpus.formats.decoding import decoded
from workbench.corpus.formats.draft import Draft, DraftTurn
from workbench.corpus.formats.opened import Opened, UnreadableFile
from workbench.corpus.formats.recognition import passed_over, passed_over_if_unknown
from workbench.corpus.formats.roles import known_speaker, side_of
from workbench.corpus.formats.runs import TimedWord, channel_speaker, runs


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1:02:03,5", 3723.5), ("12:40", 760), ("0:0:5.320", 5.32), ("00:00:00,000", 0), ("75:10", 4510),
        ("0:0:1.32", 1.32),
        ("2.9s", 2.9), ("PT1M2.5S", 62.5), ("PT2S", 2), ("2,5", 2.5), (".5", 0.5), ("300 ms", 0.3), (" 7 ", 7),
        ({"seconds": "12", "nanos": 900000000}, 12.9), ({"nanos": 5e8}, 0.5), ({}, 0), (timedelta(seconds=3), 3),
        ("", None), ("PT", None), ("P", None), ("1:61", None), ("a:b", None), ("soon", None), (None, None),
        (True, None), ("9" * 50, None),
        (float("inf"), None), ([1], None), ({"x": 1}, None), (1e300, None), (10**400, None),
    ],
)  # fmt: skip
def test_seconds_of_every_form(text, seconds):
    assert times.seconds(text) == seconds


@pytest.mark.parametrize(
    ("value", "iso"),
    [
        ("2026-03-02T09:00:00Z", "2026-03-02T09:00:00+00:00"),
        ("2026-03-02T10:00:00.1234567+01:00", "2026-03-02T10:00:00.123456+01:00"),
        ("2026-03-02 09:00:00 UTC", "2026-03-02T09:00:00+00:00"),
        ("2026-03-02T09:00:00", "2026-03-02T09:00:00"),
        (1772442000, "2026-03-02T09:00:00+00:00"),
        (1772442000000, "2026-03-02T09:00:00+00:00"),
        ("1772442000000000", "2026-03-02T09:00:00+00:00"),
        (17, None), ("nonsense", None), ("0001-01-01T00:00:00Z", None), (None, None), (1e30, None), (-5, None),
    ],
)  # fmt: skip
def test_moments_of_every_form(value, iso):
    found = times.moment(value)
    assert (found.isoformat() if found else None) == iso


@given(
    st.one_of(st.text(max_size=30), st.floats(), st.integers(), st.none(), st.dictionaries(st.text(), st.integers()))
)
@settings(max_examples=200)
def test_no_value_breaks_a_time(value):
    for read in (times.seconds, times.number, times.millis, times.moment, times.zoned, times.taken_as_utc):
        found = read(value)
        assert found is None or found == found


@settings(max_examples=300, deadline=None)
@given(st.from_regex(r"[0-9.,+ ]{0,12}", fullmatch=True))
def test_seconds_with_their_unit_are_as_those_of_any_other_form(text):
    """Most are told by a shorter way, which takes no more than the long one."""
    assert times.seconds(f"{text}s") == times.seconds(f"{text} s") == times.seconds(f"{text}S")


def test_moments_without_a_zone_are_left_to_the_import():
    naive = datetime(2026, 7, 1, 9)  # noqa: DTZ001, that is what is tested
    found = assembled(Draft([DraftTurn("a")], started_local=naive), "x")
    assert isinstance(found, FoundConversation)
    assert found.conversation.started == naive
    zoned = assembled(Draft([DraftTurn("a")], started=naive.replace(tzinfo=timezone(timedelta(hours=5)))), "x")
    assert isinstance(zoned, FoundConversation)
    assert zoned.conversation.started == datetime(2026, 7, 1, 4, tzinfo=UTC)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_text_in_every_unicode_encoding(encoding):
    assert decoded("Müller: Grüße, schönen Tag!".encode(encoding)).text == "Müller: Grüße, schönen Tag!"


def test_western_windows_is_taken_before_statistics_of_a_few_signs():
    read = decoded("naïve café – “quoted”".encode("cp1252"))
    assert read.text == "naïve café – “quoted”"
    assert "cp1252" in read.note


@given(st.binary(max_size=300))
@settings(max_examples=200, deadline=None)
def test_no_bytes_break_decoding(data):
    decoded(data)


def test_a_file_is_opened_once_compressed_or_not(tmp_path):
    file = tmp_path / "x.json.gz"
    file.write_bytes(gzip.compress(b'\xef\xbb\xbf{"a": NaN}\r\n'))
    opened = Opened(file)
    assert (opened.name, opened.stem, opened.suffix, opened.json) == ("x.json", "x", ".json", {"a": None})
    assert opened.lines == ['{"a": NaN}', ""]
    assert opened.first_line == b'{"a": NaN}'
    assert Opened(tmp_path / "y", b"\n\n  first\nsecond").first_line == b"first"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b'{"a": 1,\n "b": }', "not JSON"),
        (b"[" * 200_000, "nested"),
        (b'{"a": ' + b"9" * 6_000 + b"}", "not JSON"),
        (b"\x1f\x8b\x08\x00broken", "damaged"),
        (gzip.compress(b" " * 60_000_000), "times its size"),
    ],
)
def test_what_cannot_be_read_says_why(tmp_path, data, reason):
    file = tmp_path / "x.json"
    file.write_bytes(data)
    with pytest.raises(UnreadableFile, match=reason):
        _ = Opened(file).json


def test_a_file_that_is_too_large_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("workbench.corpus.formats.opened.MAX_FILE", 10)
    with pytest.raises(UnreadableFile, match="split it"):
        _ = Opened(tmp_path / "x", b"12345678901").data


def test_runs_of_words_join_marks_and_break_where_the_speaker_changes():
    words = [
        TimedWord("Hi", "a", 1, 2),
        TimedWord(",", "a", before=""),
        TimedWord("you", "a", 2, 3),
        TimedWord("Yes", "b"),
        TimedWord("So", "a", 5, 6),
    ]
    assert [(one.speaker, one.text, one.start_s, one.end_s) for one in runs(words)] == [
        ("a", "Hi, you", 1, 3),
        ("b", "Yes", None, None),
        ("a", "So", 5, 6),
    ]
    assert [channel_speaker(*one) for one in ((0, 1), (0, None), (None, 1), (None, None))] == [
        "channel 0 speaker 1",
        "channel 0",
        "1",
        None,
    ]


def test_unknown_speakers_are_nobody_and_roles_have_sides():
    assert [known_speaker(one) for one in ("", None, "UU", "Unknown Speaker", "(Unknown)", True)] == [None] * 6
    assert [known_speaker(one) for one in (0, 1.0, " Ann\n Kline ")] == ["0", "1", "Ann Kline"]
    assert [side_of(one) for one in ("Agent", "END_USER", "end-user", "EndUser", "Ann", None, 5)] == [
        "company", "customer", "customer", "customer", None, None, None,
    ]  # fmt: skip


def test_turns_are_sorted_and_those_without_a_start_stay_behind_the_one_before():
    turns = [DraftTurn("c", start_s=5), DraftTurn("d"), DraftTurn("a", start_s=1), DraftTurn("b")]
    assert [one.text for one in in_order(turns)] == ["a", "b", "c", "d"]


def test_what_is_empty_is_left_out_and_a_draft_without_speech_says_what_it_had():
    draft = Draft([DraftTurn(" ")])
    draft.left_out["event"] = 2
    found = assembled(draft, "x")
    assert isinstance(found, FormatProblem)
    assert "2 events" in found.reason
    assert told_counts({"turn without text": 2, "internal note": 1, "x": 0}) == "2 turns without text, 1 internal note"


def test_hostile_texts_become_a_conversation_all_the_same():
    draft = Draft(
        [DraftTurn("a\0b\ud83d", "Ann\x1b[31m\n", -1, 1e7), DraftTurn("\x07", "x" * 900)],
        id="i\0d" * 400,
        title="t\r\nt",
        fields={"k\n": 2**70, "v": "a\0b"},
        sides={},
        language="xx" * 500,
    )
    found = assembled(draft, "f")
    assert isinstance(found, FoundConversation)
    assert len(found.conversation.id) <= 500
    assert found.conversation.fields["v"] == "a b"
    again = assembled(Draft([DraftTurn("a")], id="i\0d" * 400), "f")
    assert isinstance(again, FoundConversation)
    assert again.conversation.id == found.conversation.id


def test_what_a_folder_passes_over(tmp_path):
    for name in (
        ".hidden.json",
        "a.png",
        "a.mp3",
        "a.py",
        "a.html",
        "recording.conf",
        "double_click_to_convert_01.zoom",
    ):
        assert passed_over(tmp_path / name)
    for name in ("a.json", "a.txt", "a.md", "a.vtt", "a.csv", "inbox"):
        assert not passed_over(tmp_path / name)
    assert [passed_over_if_unknown(tmp_path / name) for name in ("a.txt", "inbox", "a.json")] == [True, True, False]
