"""Inflections, the irregular ones too: word families written before any matcher was measured on them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.errors import InvalidTracker
from workbench.trackers.keyword import KeywordMatcher, KeywordSettings

FAMILIES = Path(__file__).parent / "families"
# Regular stems join these; a dictionary that says otherwise doesn't part what is joined.
JOINED = {("en", "quit", "quite"), ("es", "caso", "casa"), ("es", "plazo", "plaza"), ("es", "libro", "libra"),
          ("de", "zahlen", "zählen")}  # fmt: skip


def matcher(*words: str, **more: object) -> KeywordMatcher:
    return KeywordMatcher(KeywordSettings.checked({"words": list(words), "rules": 2, **more}))


def said(text: str, *words: str, language: str = "en", **more: object) -> list[str]:
    """What of ``text`` counts as one of the words."""
    return [text[one.start : one.end] for one in matcher(*words, **more).occurrences(text, language)]


def families(name: str) -> list[tuple[str, list[str]]]:
    lines = (FAMILIES / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [(base, forms.split()) for base, _, forms in (line.partition(": ") for line in lines)]


@pytest.mark.parametrize("name", ["en", "es", "de", "held_en", "held_es", "held_de"])
def test_a_word_finds_all_its_forms(name):
    missed = [
        (base, form)
        for base, forms in families(name)
        for found in [matcher(base)]
        for form in [base, *forms]
        if not found.occurrences(f"{form}.", name[-2:])
    ]
    assert len(families(name)) == (15 if "held" in name else 60)
    assert missed == []


def test_words_that_look_alike_are_apart():
    pairs = [tuple(line.replace(":", "").split()) for line in (FAMILIES / "apart.txt").read_text("utf-8").splitlines()]
    found = {(language, one, other) for language, one, other in pairs if said(other, one, language=language)}
    assert found == JOINED


def test_a_form_finds_the_others_unless_it_is_a_word_by_itself():
    assert said("we buy it, she paid", "bought", "pays") == ["buy", "paid"]
    assert said("it went up again, prices go up", "go up") == ["went up", "go up"]
    assert said("she leaves, on the left", "left") == ["left"]
    assert said("she left", "leave") == ["left"]


def test_phrases_go_on_after_what_says_nothing():
    assert said("I want my, uh, money um you know back", "money back") == ["money um you know back"]
    assert said("Ich will äh kündigen", "will kündigen", language="de") == ["will äh kündigen"]
    assert said("quiero eh o sea cancelar", "quiero cancelar", language="es") == ["quiero eh o sea cancelar"]
    assert said("money is back", "money back") == []
    assert said("money um um um um um um um back", "money back") == []
    assert said("money uh back", "money back", match="exact") == []
    assert said("he said uh huh", "uh huh") == ["uh huh"]


def test_alternatives_are_one_entry():
    found = matcher("refund OR money back").occurrences("a refund, so my money back")
    assert {one.phrase for one in found} == {"refund OR money back"}
    assert len(found) == 2
    assert said("cats or dogs", "cats or dogs") == ["cats or dogs"]
    assert said("an OR gate", "OR gate") == ["OR gate"]


def test_a_star_stands_for_letters_or_a_word():
    assert said("a cancellation, it cancels", "cancel*") == ["cancellation", "cancels"]
    assert said("overpaid and prepaid", "*paid", match="exact") == ["overpaid", "prepaid"]
    assert said("refund the money, refund money", "refund * money") == ["refund the money"]
    assert said("colour or color", "colo*r") == ["colour", "color"]
    assert said("rated 5* by all", r"5\*") == ["5"]
    assert said("rated 50 by all", r"5\*") == []


def test_signs_are_kept():
    assert said("C++ or C or C#", "C++") == ["C"]
    assert said("it costs $40, not 40", "$40") == ["40"]
    assert said("24/7 and 24 or 7", "24/7") == ["24/7"]
    assert said("24 uh 7", "24/7") == []


def test_an_exclusion_in_another_form_takes_away_what_it_shares():
    assert said("they paid attention and paid", "pay", exclude=["pay attention"]) == ["paid"]
    assert said("joking, they paid", "pay", exclude=["joke"]) == []
    assert said("prepaid and paid", "*paid", exclude=["prepaid"]) == ["paid"]


def test_what_older_versions_found_by_their_stem_is_what_they_find():
    old = KeywordMatcher(KeywordSettings.checked({"words": ["pay", "5*", "money back", "cats OR dogs"]}))
    assert old.settings.rules == 1
    assert "rules" not in old.settings.to_dict()
    for text in ("she paid", "50", "money uh back", "dogs"):
        assert old.occurrences(text) == []
    assert [len(old.occurrences(text)) for text in ("pays", "a 5* hotel", "money backs", "cats or dogs")] == [1] * 4


@given(st.text(max_size=80), st.text(max_size=20), st.sampled_from(["en", "es", "de", "ja", "xx"]))
def test_no_text_breaks_it_and_what_is_typed_is_found(text, word, language):
    try:
        found = matcher(word)
    except InvalidTracker:
        return
    assert all(0 <= one.start < one.end <= len(text) for one in found.occurrences(text, language))
    if not {"*", "\\"} & set(word):
        assert found.occurrences(f"so {found.settings.words[0].split(' OR ')[0]} so", language)
