"""Kappa and alpha against published values; intervals that hold the truth and are never empty."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.engine.agreement import alpha, kappa


def answers(table):
    """Return both lists of answers from counts of [first person's answer, second's]."""
    pairs = [(str(a), str(b)) for a, row in enumerate(table) for b, times in enumerate(row) for _ in range(times)]
    return [a for a, _ in pairs], [b for _, b in pairs]


@pytest.mark.parametrize(
    ("table", "known"),
    [([[20, 5], [10, 15]], 0.4), ([[45, 15], [25, 15]], 0.1304), ([[25, 35], [5, 35]], 0.2593), ([[5, 0], [0, 5]], 1)],
)
def test_kappa_is_the_textbooks(table, known):
    low, point, high = kappa(*answers(table))
    assert point == pytest.approx(known, abs=1e-4)
    assert -1 <= low < high <= 1
    assert low <= point <= high


def units(*coders: str) -> list[list[str]]:
    """Return the answers to each unit, from each coder's answers, one character per unit and . if missing."""
    return [[answer for answer in given if answer != "."] for given in zip(*coders, strict=True)]


# The first three are Krippendorff's own (2011, sections A to C), the last one is Wikipedia's.
@pytest.mark.parametrize(
    ("coders", "known"),
    [
        (("0100000010", "1110010000"), 0.095),
        (("aabbdcccedda", "babbbccceddd"), 0.692),
        (("123321412...", "1233224125.3", ".3332342251.", "12332441251."), 0.743),
        ((".....34121133.3", "1.213343.......", "..21344.21133.4"), 0.691),
    ],
)
def test_alpha_is_the_published_one(coders, known):
    low, point, high = alpha(units(*coders))
    assert point == pytest.approx(known, abs=5e-4)
    assert low < point < high


def by_definition(given: list[list[str]]) -> float:
    """One minus the disagreement within units over that among all answers that are part of a pair."""
    paired = [unit for unit in given if len(unit) > 1]
    everything = [answer for unit in paired for answer in unit]
    within = sum(sum(a != b for a, b in itertools.permutations(unit, 2)) / (len(unit) - 1) for unit in paired) / len(
        everything
    )
    pairs = list(itertools.permutations(everything, 2))
    return 1 - within / (sum(a != b for a, b in pairs) / len(pairs))


@given(st.lists(st.lists(st.sampled_from(["yes", "no", "not_sure"]), max_size=4), max_size=12))
def test_alpha_is_what_its_definition_says(answered):
    found = alpha(answered)
    if len({answer for unit in answered if len(unit) > 1 for answer in unit}) < 2:
        assert found is None
    else:
        assert found[1] == pytest.approx(by_definition(answered))


def test_where_all_say_the_same_nothing_can_be_told():
    assert kappa(["no"] * 12, ["no"] * 12) is None
    assert alpha([["no", "no"]] * 12) is None


def test_few_sentences_without_a_disagreement_are_no_proof_of_perfect_agreement():
    few = kappa(["yes", "no"] * 6, ["yes", "no"] * 6)
    many = kappa(["yes", "no"] * 60, ["yes", "no"] * 60)
    assert few[0] < many[0] < 1
    assert few[1] == many[1] == 1


def test_the_interval_holds_the_truth_about_as_often_as_it_says():
    rng = np.random.default_rng(5)
    truth = np.array([[0.30, 0.08], [0.07, 0.55]])
    chance = truth.sum(0) @ truth.sum(1)
    known = (np.trace(truth) - chance) / (1 - chance)
    held = 0
    for seed in range(200):
        low, _, high = kappa(*answers(rng.multinomial(30, truth.ravel()).reshape(2, 2)), seed=seed)
        held += low <= known <= high
    assert 0.90 <= held / 200 <= 0.99
