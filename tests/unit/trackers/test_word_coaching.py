"""Advice on words and vocabulary."""

from __future__ import annotations

import pytest

from workbench.trackers.word_coaching import coach_finds, coach_vocabulary, coach_words, words_of_examples
from workbench.widgets.kind_views import NO_SETTINGS


def words(*given: str, **more):
    return [(one.level, one.index) for one in coach_words({**NO_SETTINGS, "words": list(given), **more})]


@pytest.mark.parametrize(
    ("given", "advice"),
    [
        (["pricing", "too expensive"], []),
        ([], [("error", None)]),
        (["?"], [("error", None)]),
        (["price", "prices"], [("tip", 1)]),
        (["price", "price list"], [("tip", 1)]),
        (["it"], [("warning", 0)]),
        (["we cannot pay that much money now"], [("tip", 0)]),
    ],
)
def test_words(given, advice):
    assert words(*given) == advice


def test_exact_words_do_not_find_each_others_inflections():
    assert words("price", "prices", match="exact") == []


def test_a_word_that_is_excluded_too():
    assert words("price", exclude=["Prices"]) == [("warning", 0)]


def test_vocabulary():
    given = {**NO_SETTINGS, "vocabulary": ["That is too expensive", "that is too expensive!", "yes we can"]}
    assert [(one.level, one.index) for one in coach_vocabulary(given)] == [("warning", 2), ("tip", 1)]
    assert [one.level for one in coach_vocabulary(NO_SETTINGS)] == ["error"]


def test_what_the_corpus_says_of_a_word():
    assert coach_finds("price", 0, 9, 9, 100) is None
    assert coach_finds("price", 0, 0, 0, 0) is None
    assert "never said" in coach_finds("price", 0, 0, 0, 100).message
    assert "63% of calls" in coach_finds("price", 0, 80, 63, 100).message


def test_words_that_examples_share():
    assert words_of_examples(["The price is high.", "Prices are up.", "A discount?"]) == ["price"]
    assert words_of_examples(["Unaffordable!", "No money."]) == ["unaffordable", "money"]
    assert words_of_examples([]) == []
