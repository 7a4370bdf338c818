"""Which sentences stay when a conversation is corrected."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.corpus.aligning import aligned

KEYS = st.lists(st.integers(0, 5), max_size=12)


@given(KEYS, KEYS)
def test_equal_sentences_are_paired_once_and_as_many_as_there_can_be(before, after):
    pairs = aligned(before, after)
    assert all(before[one] == after[other] for one, other in pairs)
    assert len({one for one, _ in pairs}) == len({other for _, other in pairs}) == len(pairs)
    assert len(pairs) == sum(min(before.count(key), after.count(key)) for key in range(6))


@given(KEYS)
def test_what_has_not_changed_is_paired_with_itself(said):
    assert aligned(said, said) == [(at, at) for at in range(len(said))]


@pytest.mark.parametrize(
    ("before", "after", "pairs"),
    [
        ([1, 2, 3], [9, 1, 2, 3], [(0, 1), (1, 2), (2, 3)]),
        ([1, 2, 3], [1, 3], [(0, 0), (2, 1)]),
        ([1, 2, 3, 4], [3, 1, 2, 4], [(0, 1), (1, 2), (2, 0), (3, 3)]),
        ([1, 1, 2], [1, 2], [(0, 0), (2, 1)]),
    ],
)
def test_what_was_put_in_taken_out_or_moved(before, after, pairs):
    assert aligned(before, after) == pairs


def test_long_calls_that_have_nothing_in_common_take_no_time():
    assert aligned(range(50_000), range(50_000, 100_000)) == []
    assert len(aligned([1, *range(2, 30_000), 5], [7, *range(29_999, 1, -1), 8])) == 29_998
