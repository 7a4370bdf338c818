"""Pasted transcripts in all their shapes, and texts that are none."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.corpus.formats.files import call, format_name, read, said, timed
from workbench.corpus.formats import FoundConversation
from workbench.corpus.formats.names_in_text import accepted_names, can_be_name, looks_like_name, split_name
from workbench.corpus.formats.plain_text.line_kinds import LineKind, line_of
from workbench.corpus.formats.plain_text.transcripts import transcript_of

TWO = [(12.0, "Ann Lee", "Hi there."), (15.0, "Bob (Acme)", "Yes: it is. More.")]
SHAPES = {
    "time, name, text": "[00:12] Ann Lee: Hi there.\n[00:15] Bob (Acme): Yes: it is.\nMore.\n",
    "with a dash": "00:00:12 - Ann Lee: Hi there.\n00:00:15 - Bob (Acme): Yes: it is.\nMore.\n",
    "range": "[00:12 - 00:14] Ann Lee: Hi there.\n[00:15 - 00:19] Bob (Acme): Yes: it is.\nMore.\n",
    "round brackets": "(0:12) Ann Lee: Hi there.\n(0:15) Bob (Acme): Yes: it is. More.\n",
    "name and time above": "Ann Lee  0:12\nHi there.\n\nBob (Acme)  0:15\nYes: it is.\nMore.\n",
    "with a tab": "Ann Lee\t0:12\nHi there.\n\nBob (Acme)\t0:15\nYes: it is.\nMore.\n",
    "time in brackets": "Ann Lee (0:12)\nHi there.\n\nBob (Acme) (0:15)\nYes: it is.\nMore.\n",
    "square brackets": "Ann Lee [00:00:12]\nHi there.\n\nBob (Acme) [00:00:15]\nYes: it is.\nMore.\n",
    "with a bar": "Ann Lee | 00:12\nHi there.\n\nBob (Acme) | 00:15\nYes: it is.\nMore.\n",
    "with a colon after it": "Ann Lee (00:12):\nHi there.\n\nBob (Acme) (00:15):\nYes: it is.\nMore.\n",
    "text on the line": "Ann Lee (00:12): Hi there.\nBob (Acme) (00:15): Yes: it is. More.\n",
    "time above": "00:00:12 Ann Lee\nHi there.\n00:00:15 Bob (Acme)\nYes: it is.\nMore.\n",
    "time and a bar above": "0:12 | Ann Lee\nHi there.\n\n0:15 | Bob (Acme)\nYes: it is.\nMore.\n",
    "seconds": "[12.0s -> 14.5s] Ann Lee: Hi there.\n[15s -> 19s] Bob (Acme): Yes: it is. More.\n",
    "names in angle brackets": "00:12 <Ann Lee> Hi there.\n00:15 <Bob (Acme)> Yes: it is.\nMore.\n",
    "frames": "00:00:12:05 - 00:00:14:10 Ann Lee\nHi there.\n\n"
    "00:00:15:00 - 00:00:19:00 Bob (Acme)\nYes: it is. More.\n",
    "bold": "**Ann Lee** 0:12\nHi there.\n\n**Bob (Acme)** 0:15\nYes: it is.\nMore.\n",
}


@pytest.mark.parametrize("shape", SHAPES)
def test_each_shape_gives_the_same_turns(shape):
    found = call("a.txt", SHAPES[shape])
    assert [(turn.start_s, turn.party, turn.text) for turn in found.turns] == TWO


@pytest.mark.parametrize("shape", SHAPES)
def test_line_ends_of_windows_and_spaces_at_ends_change_nothing(shape):
    content = SHAPES[shape].replace("\n", "  \r\n")
    assert [turn.text for turn in call("a.txt", content).turns] == [text for _, _, text in TWO]


def test_names_alone_need_to_come_back_or_to_be_roles():
    assert said("a.txt", "Interviewer: Hello.\nJane: Hi\n") == [("Interviewer", "Hello."), ("Jane", "Hi")]
    assert said("a.txt", "李雷：你好\n韩梅梅：很好\n李雷：太好了\n韩梅梅：再见\n")[0] == ("李雷", "你好")
    assert said("a.txt", "Q: What?\nA: Yes: a bike.\nQ: So?\nA: So.\n")[1] == ("A", "Yes: a bike.")
    assert format_name("a.txt", "Jane: Hello.\nJill: Hi\n") is None


STACKED = {
    "name, time, text": "{0}\n00:01\n{3}\n\n{1}\n00:04\n{4}\n\n{0}\n00:08\n{5}\n",
    "time, name, text": "00:01 - 00:03\n{0}\n{3}\n\n00:04 - 00:06\n{1}\n{4}\n\n00:08 - 00:10\n{0}\n{5}\n",
    "frames, name, text": "00:00:01:00 - 00:00:03:12\n{0}\n{3}\n\n00:00:04:00 - 00:00:06:01\n{1}\n{4}\n\n"
    "00:00:08:00 - 00:00:10:00\n{0}\n{5}\n",
}


@pytest.mark.parametrize("shape", STACKED)
@pytest.mark.parametrize("names", [("Ann Lee", "Bob Ray"), ("Agent", "Customer"), ("Speaker 1", "Speaker 2")])
def test_names_and_times_may_have_lines_of_their_own(shape, names):
    texts = ("thank you for calling.", "how much is it?", "it depends.")
    found = call("a.txt", STACKED[shape].format(*names, "", *texts))
    assert [(turn.party, turn.start_s, turn.text) for turn in found.turns] == [
        (names[0], 1.0, texts[0]),
        (names[1], 4.0, texts[1]),
        (names[0], 8.0, texts[2]),
    ]


def test_short_sentences_between_times_are_no_names():
    text = "00:01\nThank You\nfor calling us.\n\n00:04\nHow Much\nis it?\n\n00:08\nIt Depends\non many things.\n"
    assert {turn.party for turn in call("a.txt", text).turns} == {None}


@pytest.mark.parametrize(
    ("company", "customer", "colon"),
    [
        ("担当者", "お客様", "："),
        ("オペレーター", "顧客", "："),
        ("客服", "客户", "："),
        ("상담원", "고객", ": "),
        ("Conseillère", "Client", " : "),
        ("Asesor", "Cliente", ": "),
        ("Оператор", "Клиент", ": "),
        ("Kundenberaterin", "Anruferin", ": "),
    ],
)
def test_roles_are_known_in_many_languages(company, customer, colon):
    text = f"{company}{colon}…1\n{customer}{colon}…2\n{company}{colon}…3\n"
    found = call("a.txt", text)
    assert {party.name: party.side and party.side.value for party in found.parties} == {
        company: "company",
        customer: "customer",
    }


@pytest.mark.parametrize("mark", ["- {}: ", "* {}: ", "• {}: ", "<{}> ", "[{}] ", "[{}]: ", "**{}:** ", "**{}**: "])
def test_roles_may_be_marked(mark):
    lines = [("Agent", "Hello there"), ("Customer", "Hi"), ("Agent", "How are you?")]
    assert said("a.md", "".join(f"{mark.format(name)}{text}\n\n" for name, text in lines)) == lines


@pytest.mark.parametrize("form", ["{} [00:0{}] {}", "**{}** *00:0{}*\n{}", "{}: [00:0{}] {}", "{} (00:0{}) {}"])
def test_a_time_in_brackets_or_italics_needs_no_colon(form):
    lines = [("Speaker 1", 5, "Hello there"), ("Speaker 2", 7, "Hi"), ("Speaker 1", 9, "So")]
    found = call("a.md", "".join(f"{form.format(*one)}\n\n" for one in lines))
    assert [(turn.party, turn.start_s, turn.text) for turn in found.turns] == lines


@pytest.mark.parametrize("form", ["     {}.   {}\n", "12     {}    {}\n", "{}: {}\n"])
def test_questions_and_answers_of_a_deposition(form):
    lines = [("Q", "Please state your name."), ("A", "John Smith."), ("Q", "And where do you live?"), ("A", "Ohio.")]
    assert said("a.txt", "".join(form.format(*one) for one in lines)) == lines


def test_a_time_may_stand_after_the_name():
    text = "".join(
        f"**{name}:** [00:00:0{at}] Hi.\n\n" for name, at in (("Ann", 1), ("Bob", 4), ("Ann", 7), ("Bob", 9))
    )
    assert timed("a.md", text)[1][::2] == (4.0, "Hi.")


@pytest.mark.parametrize(
    "text",
    [
        "Customer: Acme\nContact: Bob\nOwner: Ann\nStage: Won\nAgent: Joe\n",
        "# Account\n\n- Customer: Acme\n- Contact: Bob\n- Status: open\n- Agent: Joe\n",
        "# Changelog\n\n- Added: foo\n- Fixed: bar\n- Changed: baz\n- Fixed: x\n- Added: y\n",
        "<Agent> <name>x</name>\n<Agent> <name>y</name>\n",
    ],
)
def test_forms_and_lists_are_no_transcripts(text):
    assert format_name("a.md", text) is None


def test_what_is_told_of_the_call_is_no_speech():
    content = (
        "Renewal\nDate: 2026-03-02\nDuration: 31 mins\nAttendees: Ann, Bob\n\n**Ann Lee:** Hello.\n**Bob:** Hi.\n"
        "I said it twice: no.\n**Ann Lee:** OK.\n**BOB:** fine\n\nSummary\n\nThey met.\n"
    )
    found = call("a.md", content)
    assert [turn.text for turn in found.turns] == ["Hello.", "Hi. I said it twice: no.", "OK.", "fine"]
    assert {turn.party for turn in found.turns} == {"Ann Lee", "Bob"}
    assert (found.title, found.duration_s, found.fields["Attendees"]) == ("Renewal", 1860, "Ann, Bob")


def test_times_of_the_day_are_counted_from_the_first_past_midnight():
    content = "23:59:50 Ann Lee: a\n00:00:10 Bob: b\n00:01:15 Ann Lee: c\n"
    assert [start for start, _, _ in timed("a.txt", content)] == [0, 20, 85]


def test_a_run_past_an_hour_is_minutes_first():
    assert [start for start, _, _ in timed("a.txt", "59:58 Ann: a\n1:00:03 Bob: b\n")] == [3598, 3603]


def test_text_with_times_and_no_names_is_read_where_it_can_be_spoken():
    content = "[00:00.000 --> 00:04.000]  Hello there, all\n[00:04.000 --> 00:06.500]  How are you\n"
    assert timed("a.txt", content) == [(0, 4, "Hello there, all"), (4, 6.5, "How are you")]
    assert timed("a.txt", "0:00\nwelcome back\n0:05\nto the show\n") == [
        (0, None, "welcome back"),
        (5, None, "to the show"),
    ]


def test_an_unknown_speaker_is_none():
    assert said("a.txt", "Unknown Speaker  0:01\nHi\n\n0:05\nHo\n\nAnn  0:09\nHa\n") == [
        (None, "Hi"),
        (None, "Ho"),
        ("Ann", "Ha"),
    ]


def test_fathoms_action_items_are_left_out():
    content = (
        "Plan: Q3 - March 02\nVIEW RECORDING - 66 mins (No highlights): https://x.y\n\n---\n\n"
        "0:01 - Ann\n  Yes.  OK: go\n"
        "  ACTION ITEM: do it - WATCH: https://x.y\n\n1:00:05 - Bob Ray (X)\n  z\n"
    )
    assert call("a.txt", content).title == "Plan: Q3"
    assert timed("a.txt", content) == [(1, None, "Yes.  OK: go"), (3605, None, "z")]


def test_meets_notes_and_notices_are_no_speech():
    content = (
        "Notes\nAnn: proposed a plan.\nPlan - Transcript\n00:00:00\nAnn Lee: Hi.\nBob: Ho\nand on.\n"
        "00:05:00\nAnn Lee: So?\n"
        "La transcripción finalizó a las 00:06:10\nGenerated by a computer.\n"
    )
    found = call("a.txt", content)
    assert [(turn.start_s, turn.text) for turn in found.turns] == [(0, "Hi."), (None, "Ho and on."), (300, "So?")]
    assert (found.title, found.duration_s) == ("Plan", 370)


def test_zooms_captions_and_chat():
    captions = "[Ann] 09:00:01 AM\nhi\n\n[Bob (Guest)] 09:00:05 AM\nyes\nno\n"
    assert timed("a.txt", captions) == [(0, None, "hi"), (4, None, "yes no")]
    chat = (
        "09:02:11 From Ann Kline to Everyone:\n\tHello\n\tmore\n09:02:15 From Bob to Everyone:\n"
        '\tRemoved a \U0001f44d reaction from "x"\n09:02:16\t From  Bob : old\n'
    )
    (found,) = read("a.txt", chat)
    assert isinstance(found, FoundConversation)
    assert [(turn.party, turn.text) for turn in found.conversation.turns] == [
        ("Ann Kline", "Hello more"),
        ("Bob", "old"),
    ]
    assert found.left_out == {"reaction": 1}


@pytest.mark.parametrize(
    "text",
    [
        "# Title\nInstall: run pip\nUsage: call it\nLicense: MIT\nNote: this\nNote: that\nUsage: again\n",
        "Name: Ann\nType: x\nDate: 3\n\nName: Bob\nType: y\nDate: 4\n",
        "12:00:01 INFO started\n12:00:02 WARN x: y\n12:00:05 INFO stop\n",
        "10:00 meet Bob\n11:30 dentist\n12:00 lunch\n",
        "Once upon a time there was a man: he said nothing.\nAnd then he went home.\nShe said: no.\n",
        "Thanks for watching.\n\nTranscribed by https://otter.ai\n",
        "name: a\ntype: b\nname: c\ntype: d\nname: e\ntype: f\n",
        "Agent: hello\n",
        "",
    ],
)
def test_other_texts_are_not_taken_for_transcripts(text):
    assert format_name("a.txt", text) is None
    assert transcript_of(text) is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Ann Lee: Hello", "Ann Lee"),
        ("Holt, Mira (External): Hi", "Holt, Mira (External)"),
        ("Dr. A. B. Smith: yes", "Dr. A. B. Smith"),
        ("**Ann:** hi", "Ann"),
        ("**Ann**: hi", "Ann"),
        ("李雷：你好", "李雷"),
        ("10:30 Meeting: x", None),
        ("https://x.org", None),
        ("Maybe. See https://x.org/a: what", None),
        ("a" * 41 + ": x", None),
        ("one two three four five six seven: x", None),
    ],
)
def test_a_name_is_a_few_words_before_the_first_colon(text, name):
    found = split_name(text)
    assert (found.name if found else None) == name
    assert name is None or (can_be_name(name) and looks_like_name(name))


def test_names_are_accepted_where_they_come_back_or_are_many():
    assert accepted_names([["Ann: a"], ["x"], ["y"], ["z"], ["Ann: b"]]) == {"ann"}
    assert accepted_names([["Ann: a"], ["x"], ["y"], ["z"]]) == set()
    assert accepted_names([["Ann: a"], ["Bob: b"], ["so he said: c"]]) == {"ann", "bob"}


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("[0:12] Ann: x", LineKind.TIME_NAME_TEXT),
        ("Ann  0:12", LineKind.NAME_TIME),
        ("0:12 Ann", LineKind.TIME_NAME),
        ("0:12", LineKind.TIME),
        ("0:12 and then it rained", LineKind.TIME_TEXT),
        ("Ann: x", LineKind.NAME_TEXT),
        ("it was 0:12", LineKind.TEXT),
        ("99:99:99 x", LineKind.TEXT),
    ],
)
def test_lines_are_told_apart(line, kind):
    assert line_of(1, line).kind is kind


@settings(max_examples=100, deadline=None)
@given(st.text(st.sampled_from("[0:12] Ann-|\n\t*()"), max_size=300))
def test_any_text_is_a_transcript_or_is_not(text):
    found = transcript_of(text)
    assert found is None or all(turn.text for turn in found.turns)
