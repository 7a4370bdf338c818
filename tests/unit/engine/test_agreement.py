"""Kappa and alpha against published values; intervals that hold the truth and are never empty."""

from __future__ import annotations

import numpy as np
import pytest

from workbench.engine.agreement import alpha, kappa


def answers(table):
    """Of counts [first person's answer, second's] the two lists."""
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


def test_alpha_is_krippendorffs():
    # His own example (2011): four coders, twelve units, five values, some missing.
    coded = [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
        [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
    ]
    units = [[str(row[at]) for row in coded if row[at] is not None] for at in range(12)]
    low, point, high = alpha([unit for unit in units if len(unit) > 1])
    assert point == pytest.approx(0.743, abs=5e-4)
    assert low < point < high


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
