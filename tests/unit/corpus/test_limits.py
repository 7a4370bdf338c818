"""Too few calls are told, never refused (C4)."""

from __future__ import annotations

import pytest

from workbench.corpus.limits import RARE, corpus_advice, rarity_advice
from workbench.corpus.views import Counts


@pytest.mark.parametrize(
    ("calls", "level", "offer"),
    [
        (0, "warning", "keyword"),
        (499, "warning", "keyword"),
        (500, "note", None),
        (1_499, "note", None),
    ],
)
def test_below_what_is_wanted_something_is_said(calls, level, offer):
    (advice,) = corpus_advice(Counts(conversations=5_000, calls=calls, sentences=9))
    assert (advice.level, advice.offer) == (level, offer)
    assert f"{calls:,} calls" in advice.message


def test_with_enough_calls_nothing_is_said():
    assert corpus_advice(Counts(calls=1_500)) == []


def test_a_rare_concept_is_told_where_its_rarity_is_known():
    assert rarity_advice(None) is None
    assert rarity_advice(RARE) is None
    for close, words in ((0, "No sentence comes close"), (1, "Only 1 sentence comes"), (2, "Only 2 sentences come")):
        advice = rarity_advice(close)
        assert advice is not None
        assert advice.offer == "keyword"
        assert advice.message.startswith(words)
