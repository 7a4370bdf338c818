"""WebVTT, SubRip and SubViewer, with what tools and people make of them."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.corpus.formats.files import call, format_name, read, reason, said, timed
from workbench.corpus.formats import FoundConversation
from workbench.corpus.formats.subtitles.cues import SubtitleCue, plain_text, timing_of, voices
from workbench.corpus.formats.subtitles.rolling import without_repeats

ROLLING = """WEBVTT
Kind: captions
Language: en

00:00:00.160 --> 00:00:02.230 align:start position:0%
 
hello<00:00:00.480><c> there</c>

00:00:02.230 --> 00:00:02.240 align:start position:0%
hello there
 

00:00:02.240 --> 00:00:04.309 align:start position:0%
hello there
next<00:00:03.000><c> line</c>

00:00:04.309 --> 00:00:04.319 align:start position:0%
next line
 

00:00:04.319 --> 00:00:06.000 align:start position:0%
next line
&gt;&gt; new<00:00:05.000><c> speaker</c>
"""  # noqa: W293, YouTube's lines of one space


def vtt(*cues: str) -> str:
    """A WebVTT file with a cue a second."""
    return "WEBVTT\n\n" + "\n\n".join(f"00:0{at}.000 --> 00:0{at + 1}.000\n{text}" for at, text in enumerate(cues))


def test_rolling_captions_say_each_line_once():
    assert timed("youtube.vtt", ROLLING) == [
        (0.16, 2.23, "hello there"),
        (2.24, 4.309, "next line"),
        (4.319, 6.0, "new speaker"),
    ]
    assert call("youtube.vtt", ROLLING).language == "en"


def test_who_says_the_same_twice_says_it_twice():
    assert len(said("a.vtt", vtt("Yes.", "Yes.", "Yes.", "Yes."))) == 4


def test_several_voices_in_a_cue_are_several_turns_with_its_times():
    assert said("a.vtt", vtt("<v Ann>Hello. <v.loud Bob>Hi Ann.</v> (noise)")) == [
        ("Ann", "Hello."),
        ("Bob", "Hi Ann."),
        (None, "(noise)"),
    ]


def test_a_voice_is_never_inherited_and_its_name_may_hold_entities_and_commas():
    assert said("a.vtt", vtt("<v Holt, Mira &amp; Co>Hi", "Who?")) == [("Holt, Mira & Co", "Hi"), (None, "Who?")]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("a <i>b</i> <c.yellow>c</c> <00:00:01.000>d", "a b c d"),
        ("R&amp;D &lt;v Red&gt; &#39;x&#39; a&nbsp;b", "R&D <v Red> 'x' a b"),
        ("{\\an8}top <font color=red>x</font><br/>y", "top x y"),
        ("<redacted> [PII] **** a < b", "<redacted> [PII] **** a < b"),
    ],
)
def test_tags_go_entities_are_decoded_after_them_and_marks_of_redaction_stay(source, text):
    assert plain_text(source) == text


def test_comments_styles_and_regions_are_no_cues_but_ids_that_look_like_them_are():
    text = (
        "WEBVTT\n\nSTYLE\n::cue { color: red }\n\nREGION\nid:x\n\nNOTE\n00:01.000 --> 00:02.000\nhidden\n\n"
        "NOTE-1\n00:01.000 --> 00:02.000 line:0\nshown\n\nNOTES\n00:02.000 --> 00:03.000\ntoo\n"
    )
    assert [text for _, text in said("a.vtt", text)] == ["shown", "too"]


def test_a_file_of_lone_carriage_returns_without_hours_is_read():
    assert timed("a.vtt", vtt("Hi", "Ho").replace("\n", "\r")) == [(0.0, 1.0, "Hi"), (1.0, 2.0, "Ho")]


def test_utf_16_is_read():
    assert said("a.vtt", vtt("Grüße").encode("utf-16")) == [(None, "Grüße")]


def test_an_empty_line_may_be_missing_between_cues():
    text = "WEBVTT\n1\n00:01.000 --> 00:02.000\none\n2\n00:02.000 --> 00:03.000\ntwo"
    assert [text for _, text in said("a.vtt", text)] == ["one", "two"]


def test_times_that_cannot_be_are_left_out_and_told_with_their_line():
    (found,) = read("a.vtt", "WEBVTT\n\n00:00:01.000 --> 00:99:02.000\nHi")
    assert isinstance(found, FoundConversation)
    assert (found.conversation.turns[0].start_s, found.conversation.turns[0].end_s) == (1.0, None)
    assert "line 3" in found.notes[0]


def test_names_in_the_text_are_speakers_where_they_come_back():
    text = vtt("Ann Lee: Hi.", "Bob: At 10:30: yes", "Ann Lee: See https://x.org/a: ok", "I looked twice: no")
    assert said("a.vtt", text) == [
        ("Ann Lee", "Hi."),
        ("Bob", "At 10:30: yes"),
        ("Ann Lee", "See https://x.org/a: ok"),
        (None, "I looked twice: no"),
    ]


@pytest.mark.parametrize(
    "name",
    [
        "Anna Lee | Contoso",
        "Priya/Contoso",
        "+1 415***1234",
        "14155551234",
        "Conference Room #4",
        "3M Meeting Room",
        'Kim "KJ" Jones',
        "Maria de la Cruz Hernández (Wide World Importers, Strategic Procurement)",
    ],
)
def test_names_that_look_like_none_are_speakers_where_every_cue_has_one(name):
    cues = ("Ann: Hello.", f"{name}: Hi: here we are.", "Ann: Fine.", f"{name}: Good.", "Ann: Yes.")
    assert said("a.vtt", vtt(*cues))[1] == (name, "Hi: here we are.")
    others = ("Ann: Hello.", f"{name}: here we are.", "It is late.", f"{name}: again", "We go on now.", "And on.")
    assert name not in {who for who, _ in said("a.vtt", vtt(*others))}


def test_a_telephone_that_speaks_once_is_a_speaker():
    assert said("a.vtt", vtt("Ann: Hello.", "Ben: Hi.", "Ann: Who?", "14155551234: Me.", "Ben: Oh.")) == [
        ("Ann", "Hello."), ("Ben", "Hi."), ("Ann", "Who?"), ("14155551234", "Me."), ("Ben", "Oh."),
    ]  # fmt: skip


def test_words_before_a_colon_are_no_speakers():
    text = vtt("hello there", "so one thing: we go", "it costs: 5", "Note: this", "Note: that", "https://x.org", "ok")
    assert {name for name, _ in said("a.vtt", text)} == {None}


def test_utterances_that_teams_cut_are_joined_by_their_ids():
    guid = "8b1f0c52-7d0e-4a55-9c11-3f5a20e7b6aa"
    text = (
        f"WEBVTT\n\n{guid}/1-0\n00:01.000 --> 00:02.000\n<v Ann>one</v>\n\n"
        f"{guid}/2-0\n00:01.500 --> 00:01.700\n<v Bob>hm</v>"
        f"\n\n{guid}/1-1\n00:02.000 --> 00:03.000\n<v Ann>two</v>\n"
    )
    assert timed("a.vtt", text) == [(1.0, 3.0, "one two"), (1.5, 1.7, "hm")]


def test_webex_names_speakers_in_ids():
    text = 'WEBVTT\n\n1 "Ann Lee" (12)\n00:01.000 --> 00:02.000\nHello: you\n\n2 "" (0)\n00:02.000 --> 00:03.000\nx\n'
    assert said("a.vtt", text) == [("Ann Lee", "Hello: you"), (None, "x")]


def test_an_older_zoom_file_has_names_in_brackets_above_the_text():
    text = vtt("(Ann Lee)\nHello", "(Bob Ray)\nHi", "(Ann Lee)\nyes", "(Bob Ray)\nno", "(laughter)")
    assert said("a.vtt", text)[:2] == [("Ann Lee", "Hello"), ("Bob Ray", "Hi")]


def test_zooms_file_name_tells_the_start():
    found = call("GMT20260302-090000_Recording.transcript.vtt", vtt("Hi"))
    assert found.started == datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_broadcast_captions_mark_speakers_within_a_line():
    text = (
        "1\n00:00:01,000 --> 00:00:02,000\n>> ANN: hello >> BOB: hi\n\n2\n00:00:02,000 --> 00:00:03,000\n>> ANN: no\n"
    )
    assert said("a.srt", text) == [("ANN", "hello"), ("BOB", "hi"), ("ANN", "no")]


def test_two_lines_of_one_cue_may_have_two_speakers():
    text = vtt("- Ann: Yes.\n- Bob: No.", "- Ann: Sure?\n- Bob: Yes.", "- a\n- b")
    assert said("a.vtt", text) == [
        ("Ann", "Yes."),
        ("Bob", "No."),
        ("Ann", "Sure?"),
        ("Bob", "Yes."),
        (None, "- a - b"),
    ]


def test_subrip_keeps_texts_that_are_numbers_and_empty_lines_within_cues():
    text = "0:00:01,0 --> 0:00:02,0\n3\n0:00:02 --> 0:00:03.5\nfour\n\nfive\n\n9\n0:00:04,0 --> 0:00:03,0\n6\n"
    assert timed("a.srt", text) == [(1.0, 2.0, "3"), (2.0, 3.5, "four five"), (4.0, None, "6")]


def test_subrip_of_western_windows_is_read():
    assert said("a.srt", "1\n00:00:01,000 --> 00:00:02,000\nGrüße aus Köln\n".encode("cp1252")) == [
        (None, "Grüße aus Köln")
    ]


def test_subviewer_has_breaks_as_tags():
    assert timed("a.sbv", "0:00:01.000,0:00:02.500\nHi[br]there\n\nmore\n") == [(1.0, 2.5, "Hi there more")]


def test_the_older_text_of_teams_has_a_name_line_only_where_it_has_three_lines():
    text = "0:0:0.0 --> 0:0:5.320\nAnn Lee\nThanks\n\n0:0:5.4 --> 0:0:6.0\nBob\nYes: no\n"
    assert said("a.txt", text) == [("Ann Lee", "Thanks"), ("Bob", "Yes: no")]


@pytest.mark.parametrize("text", ["WEBVTT\n", "WEBVTT\n\nNOTE x\n\n", "WEBVTT\n\n00:01.000 --> 00:02.000\n\n"])
def test_a_file_without_text_says_so_and_what_to_do(text):
    assert ";" in reason("a.vtt", text)


def test_only_the_first_line_makes_a_webvtt():
    assert format_name("a.vtt", "WEBVTTX\n\n00:00.000 --> 00:01.000\nx") is None
    assert format_name("a.txt", "\ufeffWEBVTT\tx\n\n00:00.000 --> 00:01.000\nx") == "WebVTT"


def test_metadata_of_graph_is_json_in_each_cue():
    cue = '{"startDateTime":"2026-03-02T09:00:01.000Z","speakerName":"Ann","spokenText":"Hi","spokenLanguage":"en-us"}'
    found = call("a.vtt", vtt(cue, cue))
    assert [turn.party for turn in found.turns] == ["Ann", "Ann"]
    assert (found.started, found.language) == (datetime(2026, 3, 2, 9, 0, 1, tzinfo=UTC), "en-US")


@pytest.mark.parametrize("line", ["a --> b", "--> 00:01", "00:01 ->", "x 00:01.000 --> 00:02.000", "1 --> 2"])
def test_arrows_in_texts_are_no_times(line):
    assert timing_of(line) is None


def test_voices_parts_a_text_at_its_tags():
    assert voices("a<v B>c</v>d") == [(None, "a"), ("B", "c"), (None, "d")]


@given(st.lists(st.lists(st.sampled_from("abc"), max_size=3), max_size=8))
def test_without_repeats_loses_no_new_line(listed):
    cues = [SubtitleCue(at + 1, list(lines), "", float(at), at + 1.0) for at, lines in enumerate(listed)]
    kept = Counter(line for cue in without_repeats(cues, Counter()) for line in cue.lines)
    assert set(kept) == {line for lines in listed for line in lines}


@given(st.text(st.sampled_from("<v> Ann:/&;.-0123\n"), max_size=200))
def test_any_text_gives_turns_or_a_reason(text):
    assert read("a.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\n" + text)


def ttml(body: str, root: str = "") -> str:
    names = 'xmlns="http://www.w3.org/ns/ttml" xmlns:ttp="http://www.w3.org/ns/ttml#parameter"'
    return f'<?xml version="1.0"?><tt {names} {root}><body><div>{body}</div></body></tt>'


@pytest.mark.parametrize(
    ("begin", "root", "start_s"),
    [
        ("00:00:01.5", "", 1.5),
        ("1.5s", "", 1.5),
        ("1500ms", "", 1.5),
        ("2m", "", 120.0),
        ("00:00:01:15", "", 1.5),
        ("00:00:01:05", 'ttp:frameRate="10"', 1.5),
        ("30f", 'ttp:frameRate="20"', 1.5),
        ("15t", 'ttp:tickRate="10"', 1.5),
        ("00:00:01:00", 'ttp:frameRate="30" ttp:frameRateMultiplier="1000 1001"', 1.0),
        ("later", "", None),
    ],
)
def test_timed_text_has_times_of_many_forms(begin, root, start_s):
    assert timed("a.ttml", ttml(f'<p begin="{begin}">Hello</p>', root)) == [(start_s, None, "Hello")]


def test_timed_text_counts_from_the_part_that_holds_it():
    body = '<p begin="1s" dur="2s">One</p></div><div begin="10s"><p begin="1s" end="3s">Two</p>'
    assert timed("a.xml", ttml(body)) == [(1.0, 3.0, "One"), (11.0, 13.0, "Two")]


def test_timed_text_is_read_without_what_it_refers_to():
    bomb = '<!DOCTYPE tt [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + ttml('<p begin="1s">&b;</p>').partition("?>")[2]
    assert "damaged" in reason("a.ttml", bomb)
    assert "no captions" in reason("a.ttml", ttml(""))


def test_substation_names_its_columns():
    line = "Dialogue: 0:00:01.00,0:00:02.50,Ann,Yes, it {\\b1}is\\N{\\b0}so\n"
    (turn,) = call("a.ssa", f"[Script Info]\n[Events]\nFormat: Start, End, Actor, Text\n{line}").turns
    assert (turn.party, turn.start_s, turn.end_s, turn.text) == ("Ann", 1.0, 2.5, "Yes, it is so")
    assert "no lines of dialogue" in reason("a.ass", "[Script Info]\nTitle: x\n")
