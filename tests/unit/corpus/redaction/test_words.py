"""The words that redaction knows: numbers, reserved words, folding, and the lists of its file."""

from __future__ import annotations

import re
import unicodedata

import pytest

from workbench.corpus.redaction import words
from workbench.corpus.redaction.letters import WORD, folded, is_unspaced
from workbench.corpus.redaction.number_words import MAX_NUMBER_WORDS, first_words, number_phrases
from workbench.corpus.redaction.reserved import is_reserved


@pytest.mark.parametrize(
    ("said", "digits"),
    [
        ("twenty one", "21"),
        ("double oh", "00"),
        ("eight hundred", "800"),
        ("vierunddreißig", "34"),
        ("quatre vingt dix neuf", "99"),
        ("soixante et onze", "71"),
        ("treinta y cuatro", "34"),
        ("zéro", "0"),
    ],
)
def test_numbers_are_read_in_several_languages(said, digits):
    phrase = tuple(folded(word) for word in said.split())
    assert number_phrases()[phrase] == digits
    assert phrase[0] in first_words()
    assert len(phrase) <= MAX_NUMBER_WORDS


def test_words_are_folded_alike_composed_or_not():
    for word in ("Müller", "José", "김민수", "ガ"):
        assert folded(unicodedata.normalize("NFD", word)) == folded(unicodedata.normalize("NFC", word))
    assert folded("STRASSE") == folded("Straße")
    assert folded("Li\u200bsa") == "lisa"
    assert is_unspaced("田")
    assert not is_unspaced("é")
    assert re.fullmatch(WORD, "Jose\u0301")


def test_cues_numbers_and_roles_never_count_as_names():
    assert all(is_reserved(word) for word in ("Order", "seven", "TELEFON", "agent", "dot", "Card", "電話番号"))
    assert not any(is_reserved(word) for word in ("Lars", "Will", "田中"))


def test_all_lists_of_the_file_are_read():
    assert "the" in words.common_words()
    assert words.spelled()["Ö"] == "oe"
    assert words.joiners()["underscore"] == "_"
    assert "my name is" in words.introductions("strong")
    assert "電話" in words.phrases("phone_cues_unspaced")
