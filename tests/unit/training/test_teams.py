"""Several people on one tracker: rounds are shared out, nobody overwrites anybody, and agreement is told."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter

import pytest

import workbench as wb
from tests.unit import small
from workbench.domain.annotators import Given, counted, user_of
from workbench.domain.errors import StateUnavailable, UnknownCandidate, WorkbenchError
from workbench.domain.tags import Answer
from workbench.engine.encoders import HashingEncoder
from workbench.store.moments import now
from workbench.store.sessions import SessionRepository
from workbench.widgets import QualityPlots, TaggingCarousel
from workbench.widgets.hub import hub_of


@pytest.fixture
def anna(tmp_path):
    workspace = wb.open(tmp_path / "w", encoder=HashingEncoder(), user="Anna")
    workspace.ingest(small.conversations())
    workspace.encode()
    workspace.trackers.create("Price", examples=small.EXAMPLES, seed=1)
    return workspace


@pytest.fixture
def ben(anna):
    return wb.open(anna.path, encoder=HashingEncoder(), user="Ben")


def sessions(*workspaces):
    return [one.trackers.get("Price").train() for one in workspaces]


def asked(workspace):
    return SessionRepository(workspace.database, workspace.trackers.get("Price").id).asked()


def say(session, candidates, wrong=()):
    for one in candidates:
        right = small.answer(one.text)
        session.tag(one.sentence_id, {"yes": "no", "no": "yes"}[right] if one.position in wrong else right)


@pytest.mark.usefixtures("state")
def test_a_round_is_shared_out_and_one_in_five_is_asked_of_all(anna, ben):
    one, other = sessions(anna, ben)
    first = one.next_round()
    say(one, first[:8])
    rest = other.next_round()
    assert [c.position for c in rest] == [0, 5, 10, 15, 20, *(at for at in range(24, 7, -1) if at % 5)]
    assert other.others() == {"Anna": 8}
    say(other, rest[:7])
    assert Counter(one.answers.values())[None] == 25 - 8 - 2  # of the other's seven, five are for all, one a piece
    assert [c.position for c in one.next_round()] == [*range(8, 23)]
    say(one, one.next_round())
    assert one.complete_round().answered == 25
    assert other.rounds()[-1].complete
    agreement = anna.trackers.get("Price").agreement()
    assert (agreement.people, agreement.sentences, agreement.agreed) == (("Anna", "Ben"), 5, 5)
    assert str(agreement) == "Anna and Ben agree on 5 of 5; kappa is not known yet."


@pytest.mark.usefixtures("state")
def test_nobody_overwrites_or_takes_back_what_another_said(anna, ben):
    one, other = sessions(anna, ben)
    name = one.next_round()[3].sentence_id
    one.tag(name, "yes")
    assert (other.tag(name, "no").answer, other.tag(name, "no").by) == ("no", "Ben")
    assert one.tag(name, "yes").answer == "yes"
    (item,) = [i for i in asked(anna) if i.given]
    assert {given.by: str(given.answer) for given in item.given} == {"Anna": "yes", "Ben": "no"}
    assert item.tag.answer == "not_sure"
    assert other.undo().answer == "no"
    assert other.undo() is None
    assert one.answers[name] == "yes"
    one.tag(name, "no", by="Cleo")
    one.tag(name, "yes", by="Dan")
    (item,) = [i for i in asked(anna) if i.given]
    assert item.tag.answer == "yes"
    with pytest.raises(WorkbenchError, match="user"):
        one.tag(name, "yes", by=" ")


@pytest.mark.usefixtures("state")
def test_an_answer_to_a_round_that_another_has_completed_is_kept_beside(anna, ben):
    one, other = sessions(anna, ben)
    shown = other.next_round()
    say(one, one.next_round())
    one.complete_round()
    before = one.surfaced(5)
    assert other.tag(shown[2].sentence_id, small.answer(shown[2].text)).round == 1
    with pytest.raises(UnknownCandidate):
        other.tag(shown[2].sentence_id, "no")  # a second thought is a correction
    assert one.surfaced(5) == before
    assert [c.position for c in other.second_opinions()] == [0, 5, 10, 15, 20]
    assert not one.second_opinions()
    assert {c.answer for c in other.second_opinions()} == {None}


def test_agreement_is_told_and_what_differs_is_settled(anna, ben):
    one, other = sessions(anna, ben)
    for _ in range(3):
        say(one, one.next_round())
        one.complete_round()
    say(other, other.second_opinions(), wrong=(5,))
    tracker = anna.trackers.get("Price")
    agreement = tracker.agreement()
    (pair,) = agreement.pairs
    assert (pair.sentences, pair.agreed, pair.percent) == (15, 12, 80)
    assert pair.kappa.low < pair.kappa.point < pair.kappa.high
    assert str(agreement).startswith("Anna and Ben agree on 12 of 15; kappa 0.")
    assert {str(found.counts) for found in agreement.disagreements} == {"not_sure"}
    assert "not sure" not in str(agreement.disagreements[0])
    (told,) = [advice for advice in one.advice() if advice.kind == "people"]
    assert (len(told.groups[0]), len(told.notes)) == (3, 3)
    wrong = agreement.disagreements[0].sentence_id
    assert other.correct(wrong, "no").answer == "no"
    again = tracker.agreement()
    assert (again.agreed, again.pairs) == (agreement.agreed, agreement.pairs)
    assert [found.settled for found in again.disagreements] == [True, False, False]
    assert {found.sentence_id: str(found.counts) for found in again.disagreements}[wrong] == "no"
    one.correct(wrong, "yes")
    assert str(tracker.agreement().disagreements[0].counts) == "yes"
    plots = QualityPlots(anna, "Price")
    plots.on_details()
    shown = next(view for view in plots.details["advice"] if view["kind"] == "people")
    assert sorted(shown["notes"].values())[0].startswith("Anna: ")


def test_what_two_have_trained_is_replayed_bit_by_bit(anna, ben):
    one, other = sessions(anna, ben)
    for _ in range(2):
        say(one, one.next_round()[:10])
        say(other, other.next_round(), wrong=(0, 20))
        say(one, one.next_round())
        other.complete_round()
    assert one.detected() == other.detected()
    tracker = anna.trackers.get("Price")
    assert tracker.replay().same
    assert {one["by"] for one in tracker.log()["answers"]} == {"Anna", "Ben"}


def test_the_cards_tell_what_others_do_and_go_on(anna, ben):
    mine, theirs = TaggingCarousel(anna, "Price"), TaggingCarousel(ben, "Price")
    mine.on_open()
    theirs.on_open()
    assert mine.state["news"] == ""
    cards = [card["sentence_id"] for card in mine.cards]
    mine.on_tag(cards[1], "no")
    theirs.on_tag(cards[2], "no")
    assert theirs.state["news"].startswith("Anna answers this round, too: 1 so far.")
    assert set(theirs.state["answers"]) == {cards[1], cards[2]}
    session = ben.trackers.get("Price").train()
    say(session, session.next_round())
    session.complete_round()
    mine.on_tag(cards[3], "yes")
    assert mine.state["round"] == 2
    assert mine.state["news"] == "Round 1 was completed with answers of Ben. All answers are kept."
    assert mine.state["answers"] == {}
    given = {g.by: str(g.answer) for i in asked(anna) if i.sentence_id == cards[3] for g in i.given}
    assert given == {"Anna": "yes", "Ben": small.answer(mine_text(session, cards[3]))}


def mine_text(session, sentence_id):
    return session.answered([sentence_id])[0].text


@pytest.mark.usefixtures("state")
def test_an_answer_given_while_another_trains_is_learnt_at_once(anna, ben):
    one, other = sessions(anna, ben)
    say(one, one.next_round())
    job = []

    def late(fraction, message):
        if not job:
            job.append(other.tag(one.candidates[0].sentence_id, "not_sure"))
        return True

    done = one.complete_round(late)
    assert done.answered == 25
    assert done.not_sure + done.yes + done.no == 25
    assert anna.trackers.get("Price").replay().same


ADDING = """
import sys
import workbench as wb
from tests.unit import small
from workbench.engine.encoders import HashingEncoder
workspace = wb.open(sys.argv[1], encoder=HashingEncoder())
workspace.ingest([{**call, "id": "new-" + call["id"]} for call in small.conversations(30, seed=7)])
workspace.encode()
"""


def test_calls_that_another_process_imports_are_seen(anna):
    carousel, price = TaggingCarousel(anna, "Price"), anna.trackers.get("Price")
    carousel.on_open()
    session = hub_of(anna).session(price)
    counted_before = anna.counts().conversations
    say(session, session.next_round())
    assert not session.is_behind
    subprocess.run([sys.executable, "-c", ADDING, str(anna.path)], check=True, cwd=small.ROOT)
    assert session.is_behind
    assert anna.counts().conversations == counted_before + 30
    session.complete_round()
    carousel.on_open()
    renewed = hub_of(anna).session(price)
    assert renewed is not session
    assert not renewed.is_behind
    assert len(renewed.learning.scope.named) > len(session.learning.scope.named)
    assert anna.trackers.get("Price").publish(past="12 months").wait().total == counted_before + 30


@pytest.mark.parametrize(
    ("said", "counts"),
    [
        (["yes"], "yes"),
        (["yes", "yes"], "yes"),
        (["yes", "no"], "not_sure"),
        (["yes", "yes", "no"], "yes"),
        (["yes", "yes", "no", "not_sure"], "not_sure"),
        (["yes", "not_sure"], "not_sure"),
        (["no", "no", "yes!"], "yes"),
    ],
)
def test_what_counts(said, counts):
    given = [Given(by=str(at), answer=Answer(a.strip("!")), at=now(), settles="!" in a) for at, a in enumerate(said)]
    assert counted(given) == counts


def test_who_works_here():
    assert user_of({"WORKBENCH_USER": " Anna  B ", "JUPYTERHUB_USER": "ben"}) == "Anna B"
    assert user_of({"JUPYTERHUB_USER": "ben"}) == "ben"
    assert user_of({})


def test_a_state_that_cannot_be_reached_says_so(tmp_path):
    with pytest.raises(StateUnavailable, match="cannot be used"):
        wb.open(tmp_path / "w", state="postgresql://ann:s3cret@127.0.0.1:1/w")
