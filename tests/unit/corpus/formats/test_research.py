"""CHAT, ELAN, TextGrid, STM, CTM and RTTM."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.corpus.formats.files import call, calls, format_name, read, reason, said, timed
from workbench.corpus.formats import FormatProblem, FoundConversation
from workbench.corpus.formats.research.chat import spoken
from workbench.corpus.formats.research.marked import without_marks
from workbench.corpus.formats.research.silence import is_silence


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("I [/] I want (.) <the ball> [//] the doggie@o +/.", "I I want the ball the doggie."),
        ("&=laughs what's (th)at [= dog] [!] ?", "what's that?"),
        ("&-uh wan(t) to [: too] hello_there +...", "uh want too hello there..."),
        ("well (1.5) no:: [% comment] xxx .", "well no xxx."),
        ("+< and then [x 3] ?", "and then?"),
        ("<yes no> [: maybe] !", "maybe!"),
    ],
)
def test_chats_codes_go_and_words_stay(line, text):
    assert spoken(line) == text


def test_chat_takes_times_in_any_of_their_marks_and_lines_that_go_on():
    content = (
        "@UTF8\n@Begin\n@Languages:\teng, deu\n@Participants:\tMOT Ann Mother, CHI Target_Child\n@Date:\t02-MAR-2026\n"
        "*MOT:\tone\n\ttwo . \x15500_3100\x15\n%mor:\tx\n*CHI:\tthree ! \u20223100_4000\u2022\n*MOT:\t0 .\n@End\n"
    )
    found = call("a.cha", content)
    assert [(turn.party, turn.start_s, turn.end_s, turn.text) for turn in found.turns] == [
        ("MOT", 0.5, 3.1, "one two."),
        ("CHI", 3.1, 4, "three!"),
    ]
    assert (found.language, found.fields["speaker MOT"]) == ("en", "Ann")


def test_elan_refuses_documents_with_entities():
    content = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "y">]><ANNOTATION_DOCUMENT>&x;</ANNOTATION_DOCUMENT>'
    assert "damaged XML" in reason("a.eaf", content)


GRID = """File type = "ooTextFile"
Object class = "TextGrid"

xmin = 0
xmax = 2.5
tiers? <exists>
size = 3
item []:
    item [1]:
        class = "IntervalTier"
        name = "Ann - words"
        xmin = 0
        xmax = 2.5
        intervals: size = 2
        intervals [1]:
            xmin = 0
            xmax = 1
            text = "hello"
        intervals [2]:
            xmin = 1
            xmax = 2.5
            text = "sp"
    item [2]:
        class = "IntervalTier"
        name = "Ann - utterances"
        xmin = 0
        xmax = 2.5
        intervals: size = 1
        intervals [1]:
            xmin = 0
            xmax = 2.5
            text = "hello 5 ""x"" = 3
again"
    item [3]:
        class = "TextTier"
        name = "p"
        xmin = 0
        xmax = 2.5
        points: size = 1
        points [1]:
            number = 1
            mark = "c"
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_of_several_tiers_of_a_speaker_the_one_with_the_longest_texts_is_read(encoding):
    content = GRID.encode(encoding)
    assert timed("a.TextGrid", content) == [(0, 2.5, 'hello 5 "x" = 3 again')]
    assert (call("a.TextGrid", content).turns[0].party, call("a.TextGrid", content).duration_s) == ("Ann", 2.5)


def test_a_textgrid_that_ends_early_is_told_wherever_it_does():
    for end in range(60, len(GRID) - 40, 37):
        found = read("a.TextGrid", GRID[:end])
        assert len(found) == 1
        assert isinstance(found[0], FormatProblem)


@pytest.mark.parametrize("mark", ["", " ", "<sil>", "sp", "#", "SIL"])
def test_marks_of_silence(mark):
    assert is_silence(mark)
    assert not is_silence("so")


def test_stm_takes_the_first_of_alternatives_and_tells_lines_that_are_none():
    segments = "a 1 spk 0.5 2 hello {um / @} (over)time <unk>\nb B 7 1.0 2.0 <o,f0> hi\n;; comment\nno segment\n"
    *problems, first, second = read("a.stm", segments + "a 1 spk 3 4 x\n" * 5 + "a 1 inter_segment_gap 4 5 <o> y\n")
    assert [one.line for one in problems] == [4]
    assert isinstance(first, FoundConversation)
    assert isinstance(second, FoundConversation)
    assert first.conversation.turns[0].text == "hello um overtime"
    assert first.left_out == {"gap": 1}
    assert [(turn.party, turn.text) for turn in second.conversation.turns] == [("7", "hi")]


def test_ctm_has_lengths_alternatives_and_several_recordings():
    words = "a 1 * * <ALT_BEGIN>\na 1 0 .5 um\na 1 * * <ALT>\na 1 0 .5 uh\na 1 * * <ALT_END>\n"
    words += "a 1 .6 .2 hello 0.9\nb A 1 1 x\n"
    first, second = calls("a.ctm", "<NA> 1 2\n" + words)
    assert [(turn.party, turn.start_s, turn.end_s, turn.text) for turn in first.turns] == [
        ("channel 1", 0, 0.8, "um hello")
    ]
    assert second.id == "b"


def test_words_get_their_speakers_from_an_rttm_beside_them(tmp_path):
    from workbench.corpus.formats import format_of

    (tmp_path / "a.ctm").write_text("a 1 0.5 0.4 hello\na 1 1.0 0.4 mira\na 1 2.1 0.4 hi\na 1 9 0.4 noise\n")
    rows = [(0.4, 1.2, "s0"), (2.0, 1.1, "s1")]
    (tmp_path / "a.rttm").write_text("".join(f"SPEAKER a 1 {at} {n} <NA> <NA> {who} <NA>\n" for at, n, who in rows))
    reader = format_of(tmp_path / "a.ctm")
    (found,) = reader.read(tmp_path / "a.ctm")
    assert [(turn.party, turn.text) for turn in found.conversation.turns] == [
        ("s0", "hello mira"),
        ("s1", "hi"),
        (None, "noise"),
    ]


def test_rttm_alone_has_words_only_as_lexemes():
    assert "CTM" in reason("a.rttm", "SPEAKER a 1 0.5 0.2 <NA> <NA> s1 <NA> <NA>\n")
    rows = "LEXEME a 1 0.5 0.2 hello lex s1 <NA>\nLEXEME a 1 0.8 0.2 you lex s1 <NA>\n"
    assert said("a.rttm", rows) == [("s1", "hello you")]


def test_lines_of_numbers_are_none_of_these():
    assert format_name("a.txt", "1 2 3\n4 5 6\n") is None
    assert format_name("a.txt", "a b c d e\n" * 5) is None


@given(st.text(st.sampled_from("{}/()@<>a %"), max_size=100))
def test_any_text_loses_its_marks(text):
    assert isinstance(without_marks(text), str)


@given(st.text(st.sampled_from("&-+[]<>()./:0ax \x15_12"), max_size=100))
def test_any_line_of_chat_is_spoken(text):
    assert isinstance(spoken(text), str)
