"""Words as they are compared: the same for whatever differs in case or encoding only, and different for the rest."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.words import compared, finder, fold, folded, phrase_of, phrases_of, spans_in

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
SPELLINGS = (
    *(str.upper, str.lower, str.title, str.casefold),
    *(lambda text, form=form: unicodedata.normalize(form, text) for form in ("NFC", "NFD", "NFKC", "NFKD")),
)
TRADE_MARKS = "\u2120\u2122"  # stay signs, or they would become letters of the word before


def test_every_character_is_the_same_in_any_case_and_encoding():
    for code in (*range(0xD800), *range(0xE000, sys.maxunicode + 1)):
        sign = chr(code)
        if sign not in TRADE_MARKS:
            assert {fold(spelt(sign)) for spelt in SPELLINGS} | {fold(fold(sign))} == {fold(sign)}, hex(code)


@given(TEXT, st.sampled_from(SPELLINGS))
def test_every_text_is_the_same_in_any_case_and_encoding(text, spelt):
    if not set(text) & set(TRADE_MARKS):
        assert fold(spelt(text)) == fold(text)
        assert compared(spelt(text)) == compared(text)


@given(TEXT)
def test_each_word_is_found_where_it_stands(text):
    said = folded(text)
    for word, (start, end) in zip(said.words, spans_in(text, [one[1:] for one in said.words]), strict=True):
        assert 0 <= start < end <= len(text)
        assert word.form in compared(text[start:end])[0]
    assert compared(text)[0] == f" {' '.join(word.form for word in said.words)} "


@given(TEXT)
def test_a_text_holds_what_it_says(text):
    phrase = phrase_of(text)
    if phrase.forms:
        assert phrase.is_in(folded(text))
        assert finder(text)(f"so {text} so")


@pytest.mark.parametrize(
    ("said", "typed"),
    [
        ("Die Straße", "STRASSE"),
        ("GROẞ", "gross"),
        ("ΟΔΟΣ", "οδος"),
        ("οδοσ", "ΟΔΟΣ"),
        ("İstanbul", "istanbul"),
        ("ISTANBUL", "İstanbul"),
        ("ISPARTA", "ısparta"),
        ("Das Cafe\u0301", "Café"),
        ("ﬁnance", "FINANCE"),
        ("ＡＢＣ １２", "abc 12"),
        ("ｶﾞｿﾘﾝ", "ガソリン"),
        ("この価格は高い", "価格"),
        ("AIを使う", "AI"),
        ("เราราคาแพงมาก", "ราคาแพง"),
        ("ខ្ញុំស្រលាញ់ភាសាខ្មែរ", "ភាសាខ្មែរ"),
        ("हिन्दी में", "हिन्दी"),
        ("Preis\u00adliste", "Preisliste"),
        ("Dana’s budget", "dana"),
        ("l'addition", "addition"),
        ("DON’T", "don't"),
        ("We use C++.", "C++"),
        ("Ｃ＋＋です", "c++"),
        ("C++/C#", "C#"),
        ("a C++", "C"),
        ("the .NET team", ".net"),
        ("on ASP.NET", ".NET"),
        ("24/7.", "24/7"),
        ("our R&D team", "r&d"),
        ("price, quality", "price quality"),
        ("Hello there", "Hello, there!"),
        ("only $5", "$5"),
        ("only $5", "5"),
        ("by 20% more", "20%"),
        ("by 20 % more", "20%"),
        ("by 20% more", "20 %"),
        ("by 20\u202f% more", "20%"),
        ("um 20\u00a0٪", "20%"),
        ("only $ 40", "$40"),
        ("only $40", "$ 40"),
        ("only US$ 40", "US$40"),
        ("only US$40", "us$ 40"),
        ("40 €, please", "40€"),
        ("AT&T", "at&t"),
        ("we are #1.", "#1"),
        ("nur €5", "€ 5"),
        ("値段は￥ 500です", "¥500"),
        ("値段は20 ％です", "20%"),
        ("the pri\u200bce", "price"),
        ("\ufeffpri\u2060ce", "price"),
        ("値段が高すぎます", "値段"),
        ("値段が高すぎます", "高すぎ"),
        ("ราคาแพงมากจริงๆ", "แพง"),
        ("ລາຄາແພງຫຼາຍ", "ແພງ"),
        ("តម្លៃថ្លៃណាស់", "ថ្លៃ"),
        ("ဈေးကြီးတယ်", "ကြီး"),
    ],
)
def test_the_same_words(said, typed):
    assert phrase_of(typed).is_in(folded(said))
    assert finder(typed)(said)


@pytest.mark.parametrize(
    ("said", "typed"),
    [
        ("Cafe", "Café"),
        ("Das Café", "Cafe"),
        ("Das Cafe\u0301", "Cafe"),
        ("がく", "かく"),
        ("prices", "price"),
        ("We can't", "can"),
        ("C", "C++"),
        ("C#", "C++"),
        ("C++", "C+"),
        ("C and ++", "C++"),
        ("net", ".NET"),
        ("done. Net", ".NET"),
        ("24, 7", "24/7"),
        ("R D", "R&D"),
        ("R and D", "R&D"),
        ("20 percent", "20%"),
        ("20 of the %", "20%"),
        ("the % 20", "20%"),
        ("$ for 40", "$40"),
        ("C ++", "C++"),
        ("R & D", "R&D"),
        ("No 1", "#1"),
        ("AT T", "AT&T"),
        ("quality price", "price quality"),
    ],
)
def test_other_words(said, typed):
    assert not phrase_of(typed).is_in(folded(said))


def test_a_query_is_words_and_what_stands_in_quotes():
    assert [one.forms for one in phrases_of('C++ "not now" “ΟΔΟΣ')] == [("c",), ("not", "now"), ("οδοσ",)]
    assert phrases_of("?! ++ …") == []


def test_only_words_next_to_signs_are_kept_with_them():
    assert compared("We use C++, R&D and .NET.")[1] == "c++ r& &d .net"
    assert compared("Nothing of the kind. Really…")[1] is None
