"""Keyword trackers: inflections, phrases, exclusions, languages, and settings that are refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.errors import InvalidTracker
from workbench.trackers.keyword import KeywordMatcher, KeywordSettings


def said(text: str, *words: str, language: str = "en", **more: object) -> list[str]:
    """What of ``text`` counts as one of the words."""
    matcher = KeywordMatcher(KeywordSettings.checked({"words": list(words), **more}))
    return [text[one.start : one.end] for one in matcher.occurrences(text, language)]


def test_any_inflection_whatever_the_case():
    assert said("PRICES went up, it is priced well, the pricing", "price") == ["PRICES", "priced", "pricing"]
    assert said("The company's offer", "company") == ["company's"]
    assert said("priceless, enterprise", "price") == []


def test_exactly_as_written():
    assert said("Prices and a price", "price", match="exact") == ["price"]
    assert said("a Price", "price", match="exact") == ["Price"]


def test_phrases_are_words_that_follow_each_other():
    assert said("We cancelled my subscriptions; my subscription: cancel", "cancel my subscription") == [
        "cancelled my subscriptions"
    ]
    assert said("cancel, my subscription!", "cancel my subscription") == ["cancel, my subscription"]


def test_an_exclusion_that_shares_a_word_takes_away_where_they_overlap():
    assert said("the cost price is a price", "price", exclude=["cost price"]) == ["price"]
    assert said("the cost prices", "price", exclude=["cost price"]) == []


def test_any_other_exclusion_takes_the_sentence_away():
    assert said("I am joking about the price", "price", exclude=["joke"]) == []


@pytest.mark.parametrize(
    ("language", "word", "text"),
    [
        ("es-ES", "cancelar", "quiero que cancelen la cuenta"),
        ("de", "Rechnung", "die Rechnungen sind falsch"),
        ("de-AT", "haus", "die Häuser dort"),
        ("ja", "値段", "この値段は高い"),
        ("xx", "blargh", "a blargh b"),
    ],
)
def test_each_language_by_its_own_rules(language, word, text):
    assert said(text, word, language=language)


def test_an_unknown_language_is_read_as_english():
    matcher = KeywordMatcher(KeywordSettings.checked({"words": ["price"]}))
    assert matcher.occurrences("prices", None)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({}, "words: 0"),
        ({"words": "price"}, "words: give a list"),
        ({"words": ["price", 3]}, "words: give a list"),
        ({"words": ["..."]}, "contains no word"),
        ({"words": ["x" * 301]}, "301 characters"),
        ({"words": ["price"], "match": "fuzzy"}, "match: must be one of inflected, exact, not 'fuzzy'"),
        ({"words": ["price"], "examples": []}, "examples"),
    ],
)
def test_what_cannot_be_used_is_named(settings, told):
    with pytest.raises(InvalidTracker, match=told):
        KeywordSettings.checked(settings)


def test_settings_survive_json_and_say_each_word_once():
    settings = KeywordSettings.checked({"words": ["Price", " price ", "cost"], "exclude": ["cost price"]})
    assert settings.words == ("Price", "cost")
    assert KeywordSettings.checked(settings.to_dict()) == settings


@given(st.text(max_size=80), st.text(max_size=20))
def test_no_text_breaks_it_and_what_is_found_is_there(text, word):
    try:
        settings = KeywordSettings.checked({"words": [word]})
    except InvalidTracker:
        return
    found = KeywordMatcher(settings).occurrences(text)
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert KeywordMatcher(settings).occurrences(f"so {settings.words[0]} so")
