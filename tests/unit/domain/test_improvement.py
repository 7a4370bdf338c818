from workbench.domain.estimates import Interval
from workbench.domain.improvement import TOO_FEW, change_in_words

VAGUE = Interval(0.1, 0.5, 0.9)
LOW, MIDDLE, HIGH = Interval(0.3, 0.4, 0.5), Interval(0.45, 0.55, 0.65), Interval(0.7, 0.8, 0.9)


def test_a_change_is_told_where_the_intervals_lie_apart():
    assert change_in_words(LOW, HIGH) == "up 40 points"
    assert change_in_words(HIGH, LOW) == "down 40 points"


def test_what_may_be_chance_is_called_so():
    assert change_in_words(LOW, MIDDLE) == "up 15 points, which may be chance"
    assert change_in_words(LOW, Interval(0.31, 0.41, 0.51)) == "up 1 point, which may be chance"
    assert change_in_words(LOW, LOW) == "unchanged"


def test_what_is_too_vague_is_not_compared():
    assert change_in_words(LOW, None) == change_in_words(LOW, VAGUE) == TOO_FEW
    assert change_in_words(None, LOW) == change_in_words(VAGUE, LOW) == "known for the first time"
