"""What says the opposite, in English, Spanish and German."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.trackers.polarity import opposed

ROOT = Path(__file__).parents[3] / "benchmarks"


def pairs(name: str) -> list[list[str]]:
    return [line.split("\t") for line in (ROOT / name).read_text("utf-8").splitlines()]


def test_the_pairs_that_were_written_before_anything_was_measured() -> None:
    told = [opposed(one, other, "en") == (kind == "apart") for kind, one, other in pairs("phrase_pairs.tsv")]
    assert (sum(told), len(told)) == (37, 40)
    apart = [opposed(one, other, "en") for kind, one, other in pairs("phrase_pairs.tsv") if kind == "apart"]
    assert all(apart)


def test_further_pairs_of_three_languages() -> None:
    held = pairs("phrase_pairs_held.tsv")
    wrong = [one for one in held if opposed(one[2], one[3], one[0]) != (one[1] == "apart")]
    assert len(held) == 40
    assert len(wrong) == 2
    assert {one[0] for one in wrong} == {"en"}


@pytest.mark.parametrize(
    ("one", "other", "language", "expected"),
    [
        ("I agree.", "I don't disagree.", "en", False),
        ("I want to cancel.", "No, I want to cancel.", "en", False),
        ("I want to cancel.", "Don't you want to cancel?", "en", False),
        ("I want to cancel.", "The weather is bad, but I don't want to cancel.", "en", True),
        ("I want to cancel.", "No I don't want to cancel.", "en", True),
        ("We have money.", "No money.", "en", True),
        ("I want the blue one.", "No thank you.", "en", False),
        ("I have money.", "I don't have money.", "fr", False),
        ("I have money.", "I don't have money.", None, True),
        ("Tengo dinero.", "No tengo dinero.", "es-MX", True),
        ("Nadie me llamó.", "No me llamó nadie.", "es", False),
        ("", "not", "en", False),
        ("!?", "I do not.", "en", False),
    ],
)
def test_rules(one: str, other: str, language: str | None, expected: bool) -> None:
    assert opposed(one, other, language) is expected
    assert opposed(other, one, language) is expected


@given(st.text(), st.sampled_from(["en", "es", "de", "fi", None]))
def test_nothing_opposes_itself(text: str, language: str | None) -> None:
    assert not opposed(text, text, language)


@pytest.mark.parametrize("text", ["The price is high and the quality is low.", "No. Never. I won't, but I will not."])
def test_nor_does_what_says_both(text: str) -> None:
    assert not opposed(text, text, "en")
