"""How recognised words are compared with those that were said."""

from __future__ import annotations

import pytest

from benchmarks.transcribing import TURNS, distance, sentences, words


@pytest.mark.parametrize(
    ("wanted", "heard", "errors"),
    [("", "", 0), ("a b c", "a b c", 0), ("a b c", "", 3), ("", "a", 1), ("a b c", "a x c", 1), ("a b c", "b c d", 2)],
)
def test_errors_are_the_fewest_changes(wanted, heard, errors):
    assert distance(wanted.split(), heard.split()) == errors


def test_words_are_compared_without_case_and_signs():
    assert words("Don't, PLEASE — wait!") == ["don't", "please", "wait"]


def test_what_is_spoken_comes_from_the_sample_corpus():
    found = sentences()
    assert len(set(found)) == TURNS
    assert all(40 < len(text) < 120 for text in found)
