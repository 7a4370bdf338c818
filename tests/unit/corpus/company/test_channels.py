import pytest

from workbench.corpus.company.channels import channel_of, checked_channel, is_ours


@pytest.mark.parametrize(
    ("label", "channel"),
    [
        ("channel 0", "0"),
        ("channel 1 speaker 2", "1"),
        ("ch_0 spk_1", "0"),
        ("Ch 02", "2"),
        ("channel A", "a"),
        ("Left", "left"),
        ("right channel", "right"),
        ("links", "left"),
        ("Speaker 1", None),
        ("0", None),
        ("Cho", None),
        ("Charles", None),
        ("Channel Islands", None),
        ("Leftwich", None),
    ],
)
def test_labels_tell_channels_and_names_do_not(label, channel):
    assert channel_of(label) == channel


def test_channels_of_settings_are_left_right_or_a_number():
    assert [checked_channel(one) for one in ("left", "R", 0, "1", "B", "ch_0")] == ["left", "right", "0", "1", "b", "0"]
    assert [checked_channel(one) for one in ("middle", -1, None, True, 0.5, "")] == [None] * 6


@pytest.mark.parametrize(
    ("own", "channels", "ours"),
    [
        ("0", ["0", "1"], ["0"]),
        ("1", ["0", "1"], ["1"]),
        ("left", ["0", "1"], ["0"]),
        ("right", ["1", "2"], ["2"]),
        ("0", ["left", "right"], ["left"]),
        ("1", ["a", "b"], ["b"]),
        ("left", ["left"], ["left"]),
        ("2", ["0", "1", "2"], ["2"]),
    ],
)
def test_one_channel_is_ours_and_the_others_are_not(own, channels, ours):
    assert [one for one in channels if is_ours(one, own, channels)] == ours
    assert {is_ours(one, own, channels) for one in channels} <= {True, False}


@pytest.mark.parametrize(
    ("own", "channels"), [("0", ["1", "2"]), ("left", ["1"]), ("left", ["0", "1", "2"]), ("5", ["0"])]
)
def test_a_channel_that_the_call_lacks_tells_nothing(own, channels):
    assert {is_ours(one, own, channels) for one in channels} == {None}
