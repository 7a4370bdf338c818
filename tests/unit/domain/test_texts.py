"""One key for a text, however it is encoded and whatever in it cannot be seen."""

from __future__ import annotations

import unicodedata

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.texts import UNSEEN, canonical, is_blank, normalise, text_key

CODES = [code for first, last in UNSEEN for code in range(first, last + 1)]
unseen = st.sampled_from([chr(code) for code in CODES if chr(code) not in "\u200c\u200d"])


def test_what_shows_nothing_is_all_that_unicode_says_and_no_white_space():
    ignorable = {code for code in range(0x110000) if regex.match(r"\p{Default_Ignorable_Code_Point}|\p{Cc}", chr(code))}
    assert {code for code in ignorable if code and not chr(code).isspace()} == set(CODES) - {
        0x2800,
        *range(0xFFF9, 0xFFFC),
    }


@given(st.text(max_size=20))
def test_a_text_has_the_key_of_its_other_form(text):
    assert len({text_key(unicodedata.normalize(form, text)) for form in ("NFC", "NFD")} | {text_key(text)}) == 1
    assert canonical(canonical(text)) == canonical(text)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=10), unseen, st.text(max_size=10))
def test_what_cannot_be_seen_changes_no_key(before, sign, after):
    assert text_key(f"{before}{sign}{after}") == text_key(before + after)


def test_joiners_count_where_writing_needs_them():
    for sign in "\u200c\u200d":
        assert text_key(f"pri{sign}ce") == text_key("price")
        assert text_key(f"می{sign}خواهم") != text_key("میخواهم")
        assert text_key(f"क्{sign}ष") != text_key("क्ष")


@given(st.text(unseen, max_size=9), st.text(" \t\n\0\u3000\u200c\u200d", max_size=9))
def test_nothing_to_see_is_blank(text, space):
    assert is_blank(text + space)
    assert not is_blank(f"{text}a{space}")


@pytest.mark.parametrize("text", ["that is too much", "C++, 20 % & “so”", "Straße, naïve", "価格は高い。", "ﬁnance Ａ"])
def test_keys_of_plain_texts_are_those_of_earlier_versions(text):
    assert canonical(f" {text}\n") == normalise(text) == text


def test_stored_keys_are_found_for_years():
    assert text_key("that is  too expensive for us") == 7081588999780290145
