import pytest

from workbench.trackers.question_threshold import MIN_JUDGED, Tuned, tuned

APART = [(0.55, False), (0.58, False), (0.61, False), (0.8, True), (0.9, True)]


def test_it_lies_between_right_and_wrong():
    assert tuned(APART, 0.5) == Tuned(least=0.71, right_kept=2, wrong_dropped=3)


def test_one_stray_result_does_not_move_it_to_the_end():
    found = tuned([*APART, (0.95, False)], 0.5)
    assert found == Tuned(least=0.71, right_kept=2, wrong_dropped=3)


def test_it_may_be_lower_than_the_one_in_use():
    found = tuned([(0.5, False), (0.6, True), (0.7, True), (0.8, True), (0.9, True)], 0.75)
    assert found == Tuned(least=0.55, right_kept=4, wrong_dropped=1)


@pytest.mark.parametrize("judged", [[], APART[1:], [(0.5, True)] * MIN_JUDGED, [(0.5, False)] * MIN_JUDGED])
def test_too_little_says_nothing(judged):
    assert tuned(judged, 0.5) is None


def test_one_that_does_as_well_as_any_stays():
    assert tuned(APART, 0.62) is None
    assert tuned([(0.9, False), (0.8, True), (0.7, True), (0.6, True), (0.55, True)], 0.5) is None


def test_scores_that_lie_close_together_are_told_apart():
    found = tuned([(0.70001, False)] * 4 + [(0.70002, True)], 0.5)
    assert found is not None
    assert 0.70001 < found.least <= 0.70002
