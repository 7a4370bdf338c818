"""Turns of several channels: in order of time, cut at pauses, joined without losing a word."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.transcription.transcriber import SpokenSegment, SpokenWord
from workbench.transcription.turns import MAX_PAUSE_S, MAX_TURN_S, turns_of


def segment(text, start_s, end_s):
    """A segment whose words share its time evenly."""
    words = text.split()
    step = (end_s - start_s) / len(words)
    timed = tuple(
        SpokenWord(f" {word}", start_s + at * step, start_s + (at + 1) * step) for at, word in enumerate(words)
    )
    return SpokenSegment(f" {text}", start_s, end_s, timed)


def told(turns):
    return [(one.channel, one.start_s, one.end_s, one.text) for one in turns]


def test_channels_are_merged_by_time_and_segments_of_one_are_joined():
    company = [segment("Good morning.", 0, 1), segment("How can I help?", 1.2, 2), segment("I see.", 6, 7)]
    customer = [segment("My phone is broken.", 2.5, 4), segment("It fell.", 4.2, 5)]
    assert told(turns_of([company, customer], 10)) == [
        (0, 0, 2, "Good morning. How can I help?"),
        (1, 2.5, 5, "My phone is broken. It fell."),
        (0, 6, 7, "I see."),
    ]


def test_a_long_pause_ends_a_turn_within_a_segment_too():
    words = (SpokenWord(" yes", 0, 0.5), SpokenWord(" well", 3, 3.5), SpokenWord(" no", 3.6, 4))
    found = turns_of([[SpokenSegment(" yes well no", 0, 4, words)]], 5)
    assert told(found) == [(0, 0, 0.5, "yes"), (0, 3, 4, "well no")]
    assert [len(one.words) for one in found] == [1, 2]
    apart = [segment("yes", 0, 1), segment("no", 1 + MAX_PAUSE_S + 0.01, 3)]
    assert len(turns_of([apart], 5)) == 2


def test_words_that_are_not_the_text_leave_it_whole():
    words = (SpokenWord("yes", 0, 0.5), SpokenWord("no", 9, 9.5))
    found = turns_of([[SpokenSegment("Yes, no.", 0, 10, words), SpokenSegment("So.", 10, 11, words)]], 12)
    assert told(found) == [(0, 0, 11, "Yes, no. So.")]


def test_languages_without_spaces_are_joined_without_them():
    one = SpokenSegment("価格は", 0, 1, (SpokenWord("価格", 0, 0.5), SpokenWord("は", 0.5, 1)))
    other = SpokenSegment("高い", 1, 2, (SpokenWord("高い", 1, 2),))
    assert [turn.text for turn in turns_of([[one, other]], 2)] == ["価格は高い"]


@pytest.mark.parametrize("seconds", [math.nan, math.inf, -math.inf, -5.0, 1e12])
def test_times_stay_within_the_recording(seconds):
    for given_times in ((seconds, 1.0), (1.0, seconds), (seconds, seconds)):
        (turn,) = turns_of([[SpokenSegment("hello", *given_times)]], 3)
        assert 0 <= turn.start_s <= turn.end_s <= 3


SEGMENTS = st.lists(
    st.tuples(st.floats(0, 300), st.floats(0, 40), st.text("abc ", min_size=1, max_size=12).filter(str.strip)),
    max_size=12,
)


@given(st.lists(SEGMENTS, min_size=1, max_size=3))
def test_no_word_is_lost_and_turns_are_in_order(channels):
    spoken = [[segment(text, start, start + length) for start, length, text in one] for one in channels]
    turns = turns_of(spoken, 400)
    for channel, segments in enumerate(spoken):
        said = [word for one in segments for word in one.text.split()]
        found = [word for one in turns if one.channel == channel for word in one.text.split()]
        assert sorted(found) == sorted(said)
    assert [one.start_s for one in turns] == sorted(one.start_s for one in turns)
    assert all("".join(word.text for word in one.words).split() == one.text.split() for one in turns)
    assert all(one.end_s - one.start_s <= MAX_TURN_S for one in turns)
