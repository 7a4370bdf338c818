"""Names are cleaned of every control and invisible character, and what is printed shows those of older workspaces."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.names import clean_name, printable, running_text

EVERY = [chr(point) for point in range(sys.maxunicode + 1)]
BREAKS = [one for one in EVERY if unicodedata.category(one) in ("Cc", "Zl", "Zp", "Cs")]
FORMATS = [one for one in EVERY if unicodedata.category(one) == "Cf"]
BLANKS = [*map(chr, (0x034F, 0x115F, 0x1160, 0x180B, 0x2800, 0x3164, 0xFE0F, 0xFFA0, 0xE0100, 0xE01EF))]
HIDDEN = [*BREAKS, *FORMATS, *BLANKS]


def test_no_control_or_format_character_stays_in_a_name():
    assert len(BREAKS) > 2_000
    assert len(FORMATS) > 150
    for one in HIDDEN:
        assert clean_name(f"a{one}b") in ("ab", "a b"), ascii(one)
        assert clean_name(f"{one}ab{one}{one}") == "ab", ascii(one)
        assert clean_name(one * 3) == "", ascii(one)


def test_names_that_look_the_same_are_the_same():
    for one in (*FORMATS, *BLANKS):
        assert clean_name(f"Pri{one}ce") == "Price", ascii(one)


@given(st.text(st.one_of(st.characters(), st.sampled_from(HIDDEN)), max_size=40))
def test_cleaning_twice_changes_nothing_and_nothing_cleaned_is_escaped(text):
    cleaned = clean_name(text)
    assert clean_name(cleaned) == cleaned
    assert printable(cleaned) == cleaned
    assert not {unicodedata.category(one) for one in cleaned} & {"Cc", "Zl", "Zp", "Cs"}


@given(st.text(st.one_of(st.characters(), st.sampled_from(HIDDEN)), max_size=40))
def test_what_is_printed_steers_nothing_and_can_be_encoded(text):
    shown = printable(text, lines=False)
    shown.encode()
    assert not {unicodedata.category(one) for one in shown} & {"Cc", "Zl", "Zp", "Cs"}
    assert {one for one in shown if unicodedata.category(one) == "Cf"} <= {"\u200c", "\u200d"}


@pytest.mark.parametrize(
    "name",
    [
        *("Pricing objections", "値引きの相談", "Ärger mit Rechnung", "Цена", "שאלה על מחיר", "سؤال عن السعر"),
        "می\u200cخواهم",  # Persian writes it with a non-joiner
        "क्\u200dष",  # after a virama a joiner shows half a letter
        *("👩\u200d💻 support", "👩🏽\u200d💻", "❤\ufe0f", "🏳\ufe0f\u200d🌈"),
    ],
)
def test_writing_that_needs_joiners_keeps_them(name):
    assert clean_name(name) == name
    assert printable(name) == name


def test_lines_stay_where_there_may_be_some():
    assert printable("a\n\tb\r\x1b[31m") == "a\n\tb\\r\\x1b[31m"
    assert printable("a\n\u202eb", lines=False) == "a\\n\\u202eb"


def test_a_long_text_takes_no_longer_than_its_length():
    assert clean_name("\u200b\x07a" * 200_000) == " ".join("a" * 200_000)


def test_running_text_keeps_what_it_is_written_with():
    assert running_text("a\n\tb\r\x1b[31m\u202e\ud800") == "a\n\tb\\r\\x1b[31m\\u202e\\ud800"
    assert running_text(khmer := "ភាសា\u200bខ្មែរ 👩\u200d💻") == khmer  # zero-width spaces part its words
    turning = ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")
    steering = [*BREAKS, *(one for one in EVERY if unicodedata.bidirectional(one) in turning)]
    assert [one for one in steering if running_text(one) == one] == ["\t", "\n"]


def test_a_name_in_ascii_is_cleaned_as_any_other_is():
    for text in ("Ann Smith", "  Ann\t Smith ", "Ann\x00\x1b[31m", "", " ", "O'Neil, Jr. (Acme)"):
        marked = clean_name(text + " \u00e9")
        assert clean_name(text) == marked.removesuffix("\u00e9").rstrip()
