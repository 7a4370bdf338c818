"""What becomes of an open round when the filters change, in this kernel or in another (item 9)."""

from __future__ import annotations

import pytest

import workbench as wb
from tests.support.altered_corpus import delete_calls
from tests.unit.small import answer
from tests.unit.training_scene import NORTH, SOUTH, answer_all, learnt, play, tracker, workspace
from workbench.domain.errors import UnknownCandidate
from workbench.domain.tags import Reason
from workbench.engine.encoders import HashingEncoder
from workbench.store.sessions import SessionRepository


@pytest.fixture
def ws(tmp_path):
    return workspace(tmp_path / "w", user="ann")


@pytest.fixture
def four_rounds(tmp_path):
    return learnt(tmp_path / "w", 4)


def team(ws) -> dict[str, str]:
    frame = ws.conversations()
    return dict(zip(frame["id"], frame["team"], strict=True))


def teams_of(ws, candidates) -> set[str]:
    known = team(ws)
    return {known[one.conversation_id] for one in candidates}


def elsewhere(ws, user: str = "ben"):
    return wb.open(ws.path, encoder=HashingEncoder(), user=user).trackers.get("Price").train()


@pytest.mark.usefixtures("state")
@pytest.mark.parametrize("rounds", [0, 2])
def test_item_9_a_round_without_answers_is_drawn_anew(ws, rounds):
    made = tracker(ws)
    session = made.train()
    play(session, rounds)
    before = session.next_round()
    assert teams_of(ws, before) == {"North", "South"}
    made.update(filters=NORTH)
    after = session.next_round()
    assert teams_of(ws, after) == {"North"}
    assert len(after) == 25
    assert session.round_number == rounds + 1
    fresh = tracker(ws, "Other", filters=NORTH).train()
    if not rounds:  # as though it had been opened with these filters
        assert [c.sentence_id for c in fresh.next_round()] == [c.sentence_id for c in after]


@pytest.mark.usefixtures("state")
def test_item_9_answered_cards_stay_and_the_others_make_room(ws):
    made = tracker(ws)
    session = made.train()
    play(session, 1)
    cards = session.next_round()
    answer_all(session, cards[:10])
    made.update(filters=NORTH)
    rest = session.next_round()
    assert teams_of(ws, rest) == {"North"}
    now = session.candidates
    assert len(now) == 25
    assert [c.sentence_id for c in now[:10]] == [c.sentence_id for c in cards[:10]]
    known = team(ws)
    assert [c.outside for c in now[:10]] == [known[c.conversation_id] == "South" for c in now[:10]]
    assert not any(c.outside for c in rest)
    kept = {c.sentence_id for c in cards[10:] if known[c.conversation_id] == "North"}
    assert kept <= {c.sentence_id for c in rest}
    new = [c for c in rest if c.sentence_id not in kept]
    assert {c.probability for c in new} == {None}  # picked to teach: no chance is told of them
    assert {c.position for c in now} == set(range(25))
    answer_all(session, rest)
    done = session.complete_round()
    assert (done.answered, done.outside) == (25, sum(c.outside for c in now))
    assert session.estimate().in_scope == sum(one.in_scope for one in session.rounds())


@pytest.mark.usefixtures("state")
def test_item_9_the_other_kernel_learns_of_it_and_loses_no_answer(ws):
    made = tracker(ws)
    mine, theirs = made.train(), elsewhere(ws)
    cards = mine.next_round()
    answer_all(mine, cards[:3])
    assert [c.sentence_id for c in theirs.candidates]
    made.update(filters=NORTH)
    mine.next_round()  # what South says makes room
    known = team(ws)
    shown = next(c for c in cards[5:] if known[c.conversation_id] == "South")  # still on their screen
    assert shown.sentence_id not in mine.answers
    tag = theirs.tag(shown.sentence_id, "yes")
    assert (tag.answer, tag.reason, tag.probability) == ("yes", Reason.PICKED, None)
    assert mine.answers[shown.sentence_id] == "yes"
    assert next(c for c in theirs.candidates if c.sentence_id == shown.sentence_id).outside
    left = [c for c in theirs.next_round() if c.outside]  # of what all are asked, and one has answered
    assert {c.sentence_id for c in left} <= {c.sentence_id for c in cards[:3]}
    answer_all(theirs, theirs.next_round())
    for candidate in mine.next_round():
        mine.tag(candidate.sentence_id, answer(candidate.text))
    assert mine.complete_round().answered == 26


@pytest.mark.usefixtures("state")
def test_item_9_an_answer_to_a_round_that_gave_way_is_kept(ws):
    """Of one that was drawn anew, or in whose place an audit was opened."""
    made = tracker(ws)
    mine, theirs = made.train(), elsewhere(ws)
    old = mine.next_round()
    made.update(filters=NORTH)
    new = mine.next_round()
    lost = next(c for c in old if c.sentence_id not in {one.sentence_id for one in new})
    theirs.tag(lost.sentence_id, answer(lost.text))
    assert mine.answers[lost.sentence_id] == answer(lost.text)
    assert len(mine.candidates) == 26
    answer_all(mine, mine.next_round())
    mine.complete_round()
    shown = mine.next_round()
    mine.audit_round()
    gone = next(c for c in shown if c.sentence_id not in mine.answers)
    theirs.tag(gone.sentence_id, "no")
    answer_all(mine, mine.next_round())
    assert mine.complete_round().answered == 26
    with pytest.raises(UnknownCandidate):
        theirs.tag("elsewhere:0:0", "no")
    assert made.replay().same, str(made.replay())


@pytest.mark.parametrize("kind", ["audit", "review", "picked"])
@pytest.mark.parametrize("begun", [False, True])
def test_item_9_audits_reviews_and_picked_rounds(four_rounds, kind, begun):
    made = four_rounds.trackers.get("Price")
    session = made.train()
    picked = [c.sentence_id for c in session.surfaced(12)]
    opened = {"audit": session.audit_round, "review": session.review_round}
    cards = session.picked_round(picked) if kind == "picked" else opened[kind]()
    if begun:
        answer_all(session, cards[:2])
    made.update(filters=NORTH)
    rest = session.next_round()
    if kind == "picked":  # a person chose them
        assert {c.sentence_id for c in session.candidates} == {c.sentence_id for c in cards}
        assert any(c.outside for c in rest)
    else:
        assert teams_of(four_rounds, rest) == {"North"}
        reasons = {c.reason for c in session.candidates}
        assert reasons == {Reason(kind)} if begun or kind == "audit" else Reason.UNSURE in reasons
    answer_all(session, session.next_round())
    assert session.complete_round().complete
    assert made.replay().same, str(made.replay())


def test_item_9_a_round_that_keeps_its_drawn_sentences_tells_of_the_new_scope(four_rounds):
    made = four_rounds.trackers.get("Price")
    session = made.train()
    cards = session.next_round()
    drawn = [c for c in cards if c.probability is not None]
    answer_all(session, [drawn[0]])
    made.update(filters=NORTH)
    answer_all(session, session.next_round())
    session.complete_round()
    known = team(four_rounds)
    rows = [i for i in SessionRepository(four_rounds.database, made.id).asked() if i.probability is not None]
    within = [i for i in rows if known[i.sentence_id.split(":")[0]] == "North"]
    assert session.estimate().corpus.drawn == len(within)


def test_item_9_wider_filters_keep_a_begun_round_as_it_is(ws):
    made = tracker(ws, filters=NORTH)
    session = made.train()
    cards = session.next_round()
    answer_all(session, cards[:5])
    made.update(filters=wb.Filters())
    assert [c.sentence_id for c in session.next_round()] == [c.sentence_id for c in cards[5:]]
    assert not any(c.outside for c in session.candidates)


def test_cards_of_deleted_calls_make_room_for_others(ws):
    made = tracker(ws)
    session = made.train()
    cards = session.next_round()
    answer_all(session, cards[:5])
    answered = {c.conversation_id for c in cards[:5]}
    lost = {c.conversation_id for c in cards[5:12]} - answered
    delete_calls(ws.lake, *lost)
    rest = session.next_round()
    assert {c.conversation_id for c in rest}.isdisjoint(lost)
    assert len(session.candidates) == 25
    answer_all(session, rest)
    assert session.complete_round().answered == 25


def test_item_9_filters_that_leave_nothing_close_a_round_with_what_was_answered(ws):
    made = tracker(ws)
    session = made.train()
    play(session, 1)
    answer_all(session, session.next_round()[:6])
    made.update(filters=wb.Filters(teams=("Nobody",)))
    assert session.next_round() == []
    assert session.complete_round().answered == 6


def test_item_9_going_back_and_forth_never_asks_twice(ws):
    made = tracker(ws)
    session = made.train()
    for filters in (NORTH, SOUTH, wb.Filters(), NORTH, SOUTH):
        answer_all(session, session.next_round()[:3])
        made.update(filters=filters)
        answer_all(session, session.next_round()[:2])
    answer_all(session, session.next_round())
    session.complete_round()
    play(session)
    asked = [i.sentence_id for i in SessionRepository(ws.database, made.id).asked()]
    assert len(asked) == len(set(asked)) == 50
    assert made.replay().same, str(made.replay())
