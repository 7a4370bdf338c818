"""Sentences found by their words."""

from __future__ import annotations

import pytest

from workbench.corpus.ingest import ingest
from workbench.corpus.lake import Lake
from workbench.domain.filters import Filters
from workbench.domain.texts import text_key

SAID = (
    "The price is odd.",
    "Prices rose, and the price is odd.",
    "the PRICE is odd.",
    "He surprised us.",
    "C++ (odd)",
    "يوم سعيد",
)


@pytest.fixture
def lake(tmp_path):
    lake = Lake(tmp_path / "lake")
    parties = [{"id": "c", "side": "customer"}, {"id": "r", "side": "company"}]
    turns = [{"party": "cr"[n % 2], "text": text} for n, text in enumerate([*SAID, SAID[0]])]
    ingest(lake, [{"id": "one", "parties": parties, "turns": turns}])
    return lake


@pytest.mark.parametrize(
    ("words", "places"),
    [
        (["price"], [0, 2, 1]),  # none in the middle of a word, the same text once, short ones first
        (["PRICES", "price"], [1, 0, 2]),
        (["c++", "(odd"], [4, 0, 2, 1]),
        (["odd", "surprised"], [3, 4, 0, 2, 1]),
        (["سعيد"], [5]),
        (["'; DROP TABLE sentences"], []),
        ([], []),
        ([""], []),
    ],
)
def test_rare_words_weigh_more(lake, words, places):
    assert lake.said(words, None, 10) == [f"one:{place}:0" for place in places]


def test_filters_and_count(lake):
    assert lake.said(["price"], Filters(side="customer"), 1) == ["one:0:0"]
    assert lake.said(["price"] + [f"w{n}" for n in range(50)], Filters(side="company"), 9) == ["one:1:0"]


def test_distinct_texts_and_who_says_them(lake):
    table = lake.texts(Filters())
    assert table["times"].to_pylist() == [2, 1, 1, 1, 1, 1]
    assert table["id"].to_pylist()[0] == "one:0:0"
    keys = [text_key(text) for text in (SAID[0], SAID[1], "unsaid")]
    assert lake.sides(keys) == {keys[0]: {"customer"}, keys[1]: {"company"}}
