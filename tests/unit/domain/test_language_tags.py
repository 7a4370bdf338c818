"""A language is one, whichever of its names and codes it is given by."""

from __future__ import annotations

import unicodedata

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.language_tags import language_tag, primary_language

FORMS = {
    "en": ("English", "EN", "eng", " english ", "ENGLISH", "en\u200b", "Ｅｎｇｌｉｓｈ"),
    "en-US": ("en_US", "EN-us", "en_US.UTF-8", "en us", "American English", "English (United States)", "English - US"),
    "en-GB": ("en-UK", "en_gb", "British English", "English (UK)"),
    "de": ("German", "Deutsch", "ger", "deu", "DEUTSCH"),
    "fr": ("French", "Français", "Francais", "fra", "Franc\u0327ais"),
    "zh-Hans-CN": ("zh_Hans_CN", "zh-hans-cn", "cmn-Hans-CN", "zh-cmn-Hans-CN"),
    "zh-Hans": ("Simplified Chinese", "Chinese (Simplified)", "Chinese, Simplified"),
    "pt-BR": ("pt_br", "Brazilian Portuguese", "Portuguese (Brazil)", "por-BR"),
    "ja": ("jpn", "Japanese", "日本語", "JA"),
    "he": ("iw", "heb", "Hebrew", "עברית"),
    "sr-Latn": ("sh", "sr_latn"),
    "yue": ("zh-yue", "Cantonese"),
    None: ("", "  ", "und", "Unknown", "\u200b", "N/A", None),
}


@pytest.mark.parametrize(("tag", "given"), [(tag, one) for tag, forms in FORMS.items() for one in (tag, *forms)])
def test_each_form_is_the_same_language(tag, given):
    assert language_tag(given) == tag
    assert primary_language(given) == (tag or "en").split("-")[0]


def test_every_english_name_is_the_language_of_its_code():
    names = Locale("en").languages.items()
    wrong = {name for code, name in names if len(name) > 3 and language_tag(name) != language_tag(code)}
    assert wrong <= {"Moldavian", "Oji-Cree", "Unknown language", "Multiple languages", "No linguistic content"}


@given(st.one_of(st.text(max_size=12), st.from_regex(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{1,8}){0,3}", fullmatch=True)))
def test_a_tag_is_its_own_tag(text):
    tag = language_tag(text)
    assert language_tag(tag) == tag
    assert language_tag(unicodedata.normalize("NFD", text)) == tag
