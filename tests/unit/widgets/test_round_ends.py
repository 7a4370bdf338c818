from dataclasses import replace

from fakes import estimate

from workbench.domain.advice import Advice, AdviceKind
from workbench.domain.improvement import TOO_FEW
from workbench.domain.rounds import Round
from workbench.widgets.round_ends import MOST_ADVICE, round_end


def done(number, **changes):
    counts = {"asked": 25, "yes": 9, "no": 14, "not_sure": 2, "complete": True, "estimate": estimate(number)}
    return Round(number=number, **{**counts, **changes})


def test_the_first_round_has_nothing_to_compare_with():
    end = round_end([done(1)], [])
    assert (end["round"], end["yes"], end["no"], end["not_sure"]) == (1, 9, 14, 2)
    assert end["precision"] == {"before": None, "now": None, "said": TOO_FEW}


def test_a_round_is_compared_with_the_last_one_that_has_an_estimate():
    end = round_end([done(3), done(4, estimate=None), done(5)], [])
    before, now = estimate(3).corpus.hit_rate, estimate(5).corpus.hit_rate
    assert end["hit_rate"]["before"]["point"] == before.point
    assert end["hit_rate"]["now"]["point"] == now.point
    assert end["hit_rate"]["said"] == "up 16 points, which may be chance"


def test_a_round_that_leaves_no_estimate_says_so():
    assert round_end([done(3), done(4, estimate=None)], [])["precision"]["said"] == TOO_FEW


def test_little_advice_is_given_and_none_that_stands_beside_the_estimates():
    more = Advice(kind=AdviceKind.MORE, message="Another round should help.")
    audit = replace(more, kind=AdviceKind.AUDIT, message="An audit would tell.")
    assert round_end([done(1)], [audit, more])["advice"] == ["Another round should help."]
    assert len(round_end([done(1)], [more] * 5)["advice"]) == MOST_ADVICE
