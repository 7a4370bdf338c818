"""Answers of one kind alone: nothing is promised, nothing published, and advice says what is missing (item 8)."""

from __future__ import annotations

import pytest

from tests.unit.small import answer
from tests.unit.training_scene import answer_all, play, tracker, workspace
from workbench.domain.advice import AdviceKind
from workbench.domain.errors import NotEnoughTags, WorkbenchError


@pytest.fixture(scope="module")
def ws(tmp_path_factory):
    return workspace(tmp_path_factory.mktemp("one-sided") / "w", 80)


def always(said: str):
    return lambda _text: said


@pytest.mark.parametrize("rounds", [1, 2])
@pytest.mark.parametrize(
    ("said", "missing"), [("no", "YES"), ("yes", "NO"), ("not_sure", "YES or NO")], ids=["no", "yes", "not_sure"]
)
def test_item_8_nothing_is_promised_or_published(ws, said, missing, rounds):
    made = tracker(ws, f"Only {said} {rounds}")
    session = made.train()
    play(session, rounds, always(said))
    says = f"None of the {25 * rounds} answers is {missing}"
    with pytest.raises(NotEnoughTags, match=says):
        made.publish()
    with pytest.raises(NotEnoughTags, match="Examples don't count as answers"):
        made.publish()
    with pytest.raises(NotEnoughTags, match=says):
        session.estimate()
    for ask in (session.dial, session.review_round, session.review_sample, session.audit_round, session.freeze):
        with pytest.raises(NotEnoughTags):
            ask()
    assert made.publications() == []
    assert made.last_estimate is None
    assert [one.estimate for one in session.rounds()] == [None] * rounds
    assert made.replay().same, str(made.replay())


@pytest.mark.parametrize("rounds", [1, 2, 3])
@pytest.mark.parametrize(
    ("said", "says"), [("yes", "is NO"), ("not_sure", "All {} answers are NOT SURE"), ("no", "can't be published")]
)
def test_item_8_advice_speaks_up(ws, said, says, rounds):
    session = tracker(ws, f"Advised {said} {rounds}").train()
    play(session, rounds, always(said))
    first = session.advice()[0]
    assert first.kind is (AdviceKind.RARE if said == "no" and rounds > 1 else AdviceKind.ONE_SIDED)
    assert says.format(25 * rounds) in first.message


def test_item_8_a_round_of_only_not_sure_is_pointed_at_later_too(ws):
    session = tracker(ws, "Later").train()
    play(session, 2)
    assert not [one for one in session.advice() if one.kind is AdviceKind.ONE_SIDED]
    play(session, 1, always("not_sure"))
    told = next(one for one in session.advice() if one.kind is AdviceKind.ONE_SIDED)
    assert "All 25 answers of round 3 are NOT SURE" in told.message


def test_item_8_one_answer_of_the_other_kind_is_enough_to_publish(ws):
    made = tracker(ws, "Enough")
    session = made.train()
    cards = session.next_round()
    fits = next(card for card in cards if answer(card.text) == "yes")
    answer_all(session, cards, lambda text: "yes" if text == fits.text else "no")
    session.complete_round()
    assert made.publish().frozen.estimate.heldout.yes == 1


def test_item_8_an_active_version_stays_where_the_next_cannot_be_published(ws):
    """A tracker that was published before keeps its version, whatever is said since."""
    made = tracker(ws, "Kept")
    session = made.train()
    play(session, 2)
    version = made.publish().version
    for item in session.answered([a["sentence_id"] for r in made.log()["rounds"] for a in r["asked"]]):
        session.correct(item.sentence_id, "yes")
    with pytest.raises(NotEnoughTags, match="None of the 50 answers is NO"):
        made.publish()
    assert made.active_version().version == version


def test_item_8_review_in_a_list_says_what_is_missing(ws):
    from workbench.widgets import Review

    made = tracker(ws, "Listed")
    play(made.train(), 1, always("no"))
    review = Review(ws, made)
    review.on_open()
    assert review.state["estimate"] is None
    assert "YES and NO" in review.state["nothing"]
    with pytest.raises(WorkbenchError, match="None of the 25 answers is YES"):
        review.on_publish()
