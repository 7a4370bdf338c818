"""The setting in use tells what the estimate tells, and hit rates still never fall."""

from __future__ import annotations

from workbench.domain.estimates import CorpusEstimate, DialPoint, Interval
from workbench.training.dial_setting import with_setting


def point(found: int, hit_rate: float | None, rule: str, *also: str) -> DialPoint:
    rate = None if hit_rate is None else near(hit_rate)
    return DialPoint(threshold=-found, found=found, precision=near(0.5), hit_rate=rate, rule=rule, also=also)


def near(share: float) -> Interval:
    return Interval(share - 0.1, share, share + 0.1)


def corpus(hit_rate: Interval | None) -> CorpusEstimate:
    return CorpusEstimate(precision=near(0.9), hit_rate=hit_rate, prevalence=None, drawn=50)


POINTS = (
    point(10, 0.5, "precision>=0.9"),
    point(40, 0.6, "hit_rate>=0.6", "balanced"),
    point(90, 0.7, "hit_rate>=0.9"),
)


def test_the_setting_in_use_has_the_estimates_figures_and_the_others_agree():
    low = with_setting(POINTS, "balanced", corpus(near(0.4)))
    assert (low[1].precision, low[1].hit_rate) == (near(0.9), near(0.4))
    assert [one.hit_rate for one in low] == [near(0.4), near(0.4), near(0.7)]
    assert [one.precision for one in low if one.found != 40] == [near(0.5), near(0.5)]
    high = with_setting(POINTS, "balanced", corpus(near(0.8)))
    assert [one.hit_rate for one in high] == [near(0.5), near(0.8), near(0.8)]


def test_where_nothing_can_be_told_the_others_stay():
    told = with_setting(POINTS, "balanced", corpus(None))
    assert [one.hit_rate for one in told] == [near(0.5), None, near(0.7)]


def test_a_rule_that_is_not_on_the_dial_changes_nothing():
    assert with_setting(POINTS, "precision>=0.7", corpus(near(0.4))) == POINTS
