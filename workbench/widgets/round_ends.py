"""What is said at the end of a round: what was answered, what changed, and what to do next."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.domain.advice import Advice, AdviceKind
from workbench.domain.assessments import of_estimate
from workbench.domain.estimates import Interval
from workbench.domain.improvement import change_in_words
from workbench.domain.rounds import Round
from workbench.widgets import views
from workbench.widgets.protocol import ChangeView, RoundEndView

MOST_ADVICE = 2
ELSEWHERE = {AdviceKind.AUDIT, AdviceKind.SAMPLE, AdviceKind.PEOPLE}  # said beside the estimates, at length


def round_end(done: Sequence[Round], advice: Sequence[Advice]) -> RoundEndView:
    """Return what to say of the last of the completed rounds ``done``."""
    last, *earlier = reversed(done)
    before = next((one.estimate for one in earlier if one.estimate is not None), None)
    then, now = of_estimate(before), of_estimate(last.estimate)
    return {
        "round": last.number,
        "yes": last.yes,
        "no": last.no,
        "not_sure": last.not_sure,
        "precision": _change(then.precision, now.precision),
        "hit_rate": _change(then.hit_rate, now.hit_rate),
        "advice": [one.message for one in advice if one.kind not in ELSEWHERE][:MOST_ADVICE],
    }


def _change(before: Interval | None, now: Interval | None) -> ChangeView:
    return {
        "before": views.interval(before),
        "now": views.interval(now),
        "said": change_in_words(before, now),
    }
