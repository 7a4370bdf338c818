"""One sentence, one badge and two figures of an estimate; what is too vague is told nowhere as a number."""

from __future__ import annotations

import pytest

from workbench.domain.assessments import NOT_TRAINED, Badge, Basis, assess, in_words, of_estimate
from workbench.domain.estimates import CorpusEstimate, Estimate, HeldOutEstimate, Interval

GOOD, FAIR, POOR = Interval(0.7, 0.8, 0.9), Interval(0.42, 0.6, 0.8), Interval(0.1, 0.3, 0.5)
VAGUE = Interval(0.1, 0.6, 0.95)


@pytest.mark.parametrize(
    ("precision", "hit_rate", "badge"),
    [
        (GOOD, GOOD, Badge.SUPPORTED),
        (GOOD, FAIR, Badge.FAIR),
        (GOOD, POOR, Badge.WEAK),
        (POOR, None, Badge.WEAK),
        (GOOD, None, Badge.FAIR),  # half of it is not known
        (GOOD, VAGUE, Badge.FAIR),
        (None, None, Badge.UNMEASURED),
        (VAGUE, VAGUE, Badge.UNMEASURED),
    ],
)
def test_a_badge_says_how_well_it_does_as_far_as_that_can_be_told(precision, hit_rate, badge):
    assert assess(precision, hit_rate).badge == badge


@pytest.mark.parametrize(
    ("precision", "hit_rate", "sentence"),
    [
        (
            GOOD,
            FAIR,
            "Of 10 sentences it finds, about 8 are right (7 to 9); of 10 that are there, it finds about 6 (4 to 8).",
        ),
        (GOOD, VAGUE, "Of 10 sentences it finds, about 8 are right (7 to 9); how many it misses is not known yet."),
        (None, FAIR, "Of 10 that are there, it finds about 6 (4 to 8); how many are right is not known yet."),
        (VAGUE, None, "How well it does is not known yet."),
        (
            Interval(0.1, 0.1, 0.1),
            None,
            "Of 10 sentences it finds, about 1 is right; how many it misses is not known yet.",
        ),
    ],
)
def test_a_sentence_says_what_can_be_told(precision, hit_rate, sentence):
    assert assess(precision, hit_rate).sentence == sentence


def test_figures_are_those_that_may_be_told():
    found = assess(GOOD, VAGUE, stale="answers were changed or added")
    assert (found.precision, found.hit_rate, found.basis) == (GOOD, None, Basis.CALLS)
    assert found.stale == "answers were changed or added"


def test_the_sample_corpus_is_named():
    found = assess(GOOD, POOR, Basis.SAMPLE)
    assert found.sentence.startswith("On the sample corpus, of 10 sentences it finds, about 8 are right")


def test_an_estimate_speaks_of_all_calls_and_apart_from_that_of_the_tags():
    held = HeldOutEstimate(
        precision=0.9, hit_rate=0.1, precision_spread=0.1, hit_rate_spread=0.1, repeats=10, tags=100, yes=30
    )
    estimate = Estimate(
        round=4,
        heldout=held,
        corpus=CorpusEstimate(precision=GOOD, hit_rate=None, prevalence=None, drawn=20),
        threshold=0.5,
    )
    calls, tags = in_words(estimate)
    assert calls == f"In all calls: o{of_estimate(estimate).sentence[1:]}"
    assert tags.startswith(
        "On the tagged sentences: of 10 that it finds, 9 are right; of 10 that are there, it finds 1."
    )
    assert of_estimate(None) == NOT_TRAINED
