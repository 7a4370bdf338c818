"""What phrases find with the packaged encoder, measured over calls of the sample corpus: the reference text's pairs."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from workbench.engine.encoders import DEFAULT_MODEL
from workbench.engine.loading import load_encoder
from workbench.trackers.phrase import CLOSENESS
from workbench.trackers.phrase_model import model_of

ROOT = Path(__file__).parents[3]
SENTENCES = 500
PAIRS = [line.split("\t") for line in (ROOT / "benchmarks" / "phrase_pairs.tsv").read_text("utf-8").splitlines()]
LEADS = ("I need", "Policy options", "Require", "Use case", "Fits our requirement", "Quotes", "Discounts")
NEGATIVE = ("I am not interested", "This makes me uncomfortable", "Not so good", "I am skeptical", "This does not fit")

pytestmark = pytest.mark.slow


@cache
def encoder():
    return load_encoder(DEFAULT_MODEL)


def encoded(texts) -> np.ndarray:
    return encoder().encode([*texts], batch_size=64, normalize_embeddings=True, show_progress_bar=False)


@cache
def corpus() -> np.ndarray:
    calls = map(json.loads, (ROOT / "sample_corpus" / "calls-2026-h1.jsonl").read_text("utf-8").splitlines())
    said = sorted({turn["text"] for call in calls if call.get("language", "en") == "en" for turn in call["turns"]})
    return encoded(np.random.default_rng(0).permutation(said)[:SENTENCES])


def found(vocabulary, texts) -> list[bool]:
    model = model_of(encoded(vocabulary), corpus(), corpus()[:0])
    scores = model.scores_said(encoded(texts), [(text, "en") for text in texts], vocabulary)
    return (scores >= CLOSENESS).tolist()


def test_the_reference_text_s_own_example():
    assert found(["I don't have any money"], ["I ran out of budget", "I have money to spend"]) == [True, False]


def test_a_single_word_stands_for_what_it_means():
    asked = ["can I get my money back", "can you send me the address"]
    assert found(["refund"], asked) == [True, False]


def test_phrases_of_the_reference_text_find_what_is_like_them():
    assert found(LEADS, ["Could we get a lower price?", "We require an offer.", "It rained all day."]) == [
        True,
        True,
        False,
    ]
    said = [
        "That makes me feel uneasy.",
        "We're not interested in that.",
        "I am very interested.",
        "It rained all day.",
    ]
    assert found(NEGATIVE, said) == [True, True, False, False]


def test_32_of_the_40_pairs_and_all_that_are_to_stay_apart():
    told = [found([entry], [text]) == [kind == "found"] for kind, entry, text in PAIRS]
    assert sum(told) >= 32
    assert all(right for right, (kind, _, _) in zip(told, PAIRS, strict=True) if kind == "apart")
