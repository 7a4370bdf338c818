"""What a rule says of a call, over all that its trackers can have done there."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from workbench.domain.metrics import NOT_APPLICABLE, PARTIAL, UNKNOWN, TrackerRule
from workbench.metrics.rules import State, judged

U, X, S, F = State.UNREAD, State.OUTSIDE, State.SILENT, State.FIRES


def value(rule, **states):
    return judged(rule, {name: np.array([state], dtype=np.int8) for name, state in states.items()})[0]


@pytest.mark.parametrize(
    ("a", "b", "both", "either"),
    [
        (F, F, True, True),
        (F, S, PARTIAL, True),
        (S, S, False, False),
        (F, U, UNKNOWN, True),
        (S, U, UNKNOWN, UNKNOWN),
        (U, U, UNKNOWN, UNKNOWN),
        (F, X, NOT_APPLICABLE, True),
        (S, X, NOT_APPLICABLE, False),
        (X, X, NOT_APPLICABLE, NOT_APPLICABLE),
        (U, X, UNKNOWN, UNKNOWN),
    ],
)
def test_all_or_any_of_two(a, b, both, either):
    for one, other in ((a, b), (b, a)):
        assert value(TrackerRule(required=("a", "b")), a=one, b=other) == both
        assert value(TrackerRule(required=("a", "b"), match="any"), a=one, b=other) == either


def test_nothing_is_false_before_all_have_read_it():
    rule = TrackerRule(required=("a", "b"), applies="c")
    for a, b, c in product(State, repeat=3):
        if value(rule, a=a, b=b, c=c) is False:
            assert U not in (a, b, c)
            assert c == F


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (F, F, "first"),
        (F, U, "first"),
        (S, F, "second"),
        (U, F, UNKNOWN),
        (S, S, "none"),
        (X, F, "second"),
        (X, X, NOT_APPLICABLE),
    ],
)
def test_the_first_case_that_holds(a, b, expected):
    rule = TrackerRule(cases=(("first", "a"), ("second", "b")), otherwise="none")
    assert value(rule, a=a, b=b) == expected


def test_without_a_category_for_the_rest_it_does_not_apply():
    assert value(TrackerRule(cases=(("first", "a"),)), a=S) == NOT_APPLICABLE
