"""Folds keep a call together, and each machine learns from both kinds of label."""

from __future__ import annotations

import warnings

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from sklearn.model_selection import StratifiedGroupKFold

from workbench.engine import thresholds
from workbench.engine.folds import folds_by_call
from workbench.engine.recipes import RECIPES
from workbench.engine.thresholds import out_of_fold

tags = st.lists(st.tuples(st.integers(0, 1), st.integers(-2, 12)), min_size=1, max_size=60)


@given(tags, st.integers(2, 10), st.integers(0, 3))
def test_no_call_is_learnt_from_and_tested_on(pairs, count, seed):
    labels, calls = (np.array(column) for column in zip(*pairs, strict=True))
    folds = folds_by_call(labels, calls, count, seed)
    assert len(folds) <= count
    for train, test in folds:
        assert not set(calls[train][calls[train] >= 0]) & set(calls[test])
        assert set(labels[train]) == {0, 1}
        assert sorted([*train, *test]) == list(range(len(labels)))
    if folds:
        assert sorted(place for _, test in folds for place in test) == list(range(len(labels)))


@given(tags, st.integers(0, 3))
def test_there_are_folds_wherever_two_calls_hold_each_kind(pairs, seed):
    labels, calls = (np.array(column) for column in zip(*pairs, strict=True))
    alone = np.where(calls < 0, 100 + np.arange(len(calls)), calls)
    each = [len(set(alone[labels == kind])) for kind in (0, 1)]
    if min(each) < 2:
        assert folds_by_call(labels, calls, 10, seed) == []
    if not set(alone[labels == 0]) & set(alone[labels == 1]) and min(each) >= 2:
        assert folds_by_call(labels, calls, 10, seed)


@given(tags, st.integers(2, 10), st.integers(0, 3))
def test_calls_are_dealt_out_as_scikit_learn_deals_them(pairs, count, seed):
    labels, calls = (np.array(column) for column in zip(*pairs, strict=True))
    calls = np.where(calls < 0, 100 + np.arange(len(calls)), calls)
    folds = folds_by_call(labels, calls, count, seed)
    if folds and len(set(calls)) < len(calls):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            theirs = StratifiedGroupKFold(len(folds), shuffle=True, random_state=seed).split(labels, labels, calls)
            assert [test.tolist() for _, test in folds] == [test.tolist() for _, test in theirs]


def test_the_same_seed_gives_the_same_folds_another_one_others():
    labels, calls = np.arange(90) % 3 == 0, np.arange(90) // 4
    one, again, other = (folds_by_call(labels.astype(int), calls, 10, seed) for seed in (1, 1, 2))
    assert [test.tolist() for _, test in one] == [test.tolist() for _, test in again]
    assert [test.tolist() for _, test in one] != [test.tolist() for _, test in other]


def test_few_calls_warn_of_nothing():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert len(folds_by_call(np.array([1, 1, 1, 0, 0, 0, 0]), [0, 0, 1, 2, 2, 3, 4], 10, 0)) == 2


def test_calibration_never_sees_a_sentence_of_the_same_call(monkeypatch):
    """S2: the scores that threshold and strata come from are those of machines that saw no other of the call."""
    labels, calls = (np.arange(60) % 4 == 0).astype(np.int8), np.arange(60) // 6
    seen = []

    def spy(gram, chosen, recipe):
        seen.append(gram.diagonal().astype(int))
        return thresholds_fit(gram, chosen, recipe)

    thresholds_fit = thresholds.fit_kernel
    monkeypatch.setattr(thresholds, "fit_kernel", spy)
    gram = np.diag(np.arange(60.0))  # a sentence's place stands on the diagonal
    assert out_of_fold(gram, labels, RECIPES["default"], 0, calls=calls) is not None
    assert len(seen) == 10
    for trained_on in seen:
        left_out = set(range(60)) - set(trained_on.tolist())
        assert not {calls[at] for at in left_out} & {calls[at] for at in trained_on}
