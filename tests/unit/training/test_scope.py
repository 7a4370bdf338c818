"""Filters decide where to look; every answer teaches, and estimates say what they rest on (item 5)."""

from __future__ import annotations

import numpy as np
import pytest

import workbench as wb
from tests.support.altered_corpus import correct_sentence, delete_calls
from tests.unit.small import answer
from tests.unit.training_scene import (
    NORTH,
    SOUTH,
    answer_all,
    calls,
    drawn_in,
    learnt,
    play,
    precision,
    tracker,
    workspace,
)
from workbench.domain.errors import NotEnoughTags, NothingToTag
from workbench.engine.encoders import HashingEncoder
from workbench.store.sessions import SessionRepository

NARROW = wb.Filters(side="customer", teams=("North",), part={"where": "first", "amount": 20, "unit": "percent"})
NOTHING = wb.Filters(teams=("Nobody",))


@pytest.fixture
def ws(tmp_path):
    return workspace(tmp_path / "w")


def truth(ws, session) -> dict[str, float]:
    """Precision and hit rate over what the filters let through."""
    named = session.learning.scope.named
    ids = named.ids.to_pylist()
    yes = {name for name, one in ws.lake.sentences(ids, 0).items() if answer(one.text) == "yes"}
    found = set(session.detected()[0])
    return {"precision": len(found & yes) / max(1, len(found)), "hit_rate": len(found & yes) / max(1, len(yes))}


def test_item_5_all_answers_teach_after_the_filters_of_an_active_tracker_became_narrow(tmp_path):
    ws = learnt(tmp_path / "w", 4)
    made = ws.trackers.get("Price")
    made.publish()
    before = precision(ws, made.train())
    made.update(filters=NARROW)
    session = made.train()
    _, fitted = session.learning.first_stage()
    inside = sum(one.in_scope for one in session.rounds())
    assert 0 < inside < 20
    assert len(fitted.sure) == 100  # and not only those that lie inside
    assert len(fitted.data.labels) == 105
    assert precision(ws, session) >= before - 0.05
    version = made.publish()
    assert version.frozen.estimate.heldout.tags == 100
    assert version.frozen.estimate.heldout.outside == 100 - inside
    assert version.frozen.estimate.rests_on == f"100 answers, {inside} in the present scope"
    found = set(version.detections()["sentence_id"]) or set(session.detected()[0])
    assert {one.side for one in ws.lake.sentences(list(found), 0).values()} == {"customer"}


def test_item_5_a_narrow_scope_cannot_be_told_of_until_an_audit(ws):
    made = tracker(ws)
    session = made.train()
    play(session, 4)
    assert session.estimate().corpus.precision is not None
    made.update(filters=NARROW)
    corpus = session.estimate().corpus  # the session learns of the edit by itself
    assert (corpus.precision, corpus.hit_rate, corpus.prevalence) == (None, None, None)
    assert "can be used with the current filters" in corpus.reason
    assert corpus.drawn < 10
    assert all(point.precision is None for point in session.dial())
    answer_all(session, session.audit_round())
    session.complete_round()
    told = session.estimate().corpus
    assert told.drawn == corpus.drawn + 25
    true = truth(ws, session)
    assert told.precision.low <= true["precision"] <= told.precision.high
    assert told.hit_rate.low <= true["hit_rate"] <= told.hit_rate.high


def test_item_5_a_part_of_the_old_scope_is_told_of_by_the_answers_drawn_within_it(ws):
    made = tracker(ws)
    session = made.train()
    play(session, 4)
    answer_all(session, session.audit_round())
    session.complete_round()
    made.update(filters=NORTH)
    north = {"North"}
    team = dict(zip(ws.conversations()["id"], ws.conversations()["team"], strict=True))
    drawn = [i for i in SessionRepository(ws.database, made.id).asked() if i.probability is not None]
    within = [i for i in drawn if team[i.sentence_id.split(":")[0]] in north]
    estimate = session.estimate()
    assert 10 <= len(within) < len(drawn) == drawn_in(4) + 25
    assert estimate.corpus.drawn == len(within)
    true = truth(ws, session)
    assert estimate.corpus.precision.low <= true["precision"] <= estimate.corpus.precision.high
    assert estimate.corpus.calls == estimate.corpus.of_calls == 50


@pytest.mark.parametrize("then", [wb.Filters(), SOUTH, wb.Filters(side="customer")])
def test_item_5_rounds_say_nothing_of_what_they_did_not_draw_from(ws, then):
    made = tracker(ws, filters=NORTH)
    session = made.train()
    play(session, 4)
    old = session.estimate()
    made.update(filters=then)
    corpus = session.estimate().corpus
    assert corpus.precision is None
    assert corpus.drawn == 0
    assert corpus.reason.startswith("No answer drawn at random")
    assert session.estimate().heldout.tags == 100
    answer_all(session, session.audit_round())
    session.complete_round()
    assert session.estimate().corpus.drawn == 25
    made.update(filters=NORTH)
    back = session.estimate()  # the audit drew from what matched other filters
    whole = then == wb.Filters()
    assert (back.corpus.drawn > old.corpus.drawn) == whole
    assert back.corpus.precision is not None


def test_item_5_filters_that_let_through_the_same_change_nothing(ws):
    made = tracker(ws)
    session = made.train()
    play(session, 3)
    before = session.estimate()
    made.update(filters=wb.Filters(teams=("North", "South")))
    assert session.estimate() == before


def test_item_5_changing_filters_and_back_leaves_all_as_it_was(ws):
    made = tracker(ws)
    session = made.train()
    play(session, 3)
    before, found = session.estimate(), session.detected()
    made.update(filters=NARROW)
    assert session.estimate() != before
    made.update(filters=wb.Filters())
    assert session.estimate() == before
    assert session.detected() == found
    assert made.last_estimate == before


def test_item_5_of_calls_that_came_later_nothing_is_claimed(ws):
    made = tracker(ws)
    session = made.train()
    play(session, 3)
    before = session.estimate()
    ws.ingest(calls(100, 300))
    ws.encode()
    session = made.train()
    later = session.estimate()
    assert (later.corpus.calls, later.corpus.of_calls, later.corpus.drawn) == (100, 400, before.corpus.drawn)
    assert "cover the 100 of 400 present at the time" in later.rests_on
    assert later.heldout == before.heldout
    play(session, 4)
    told = session.estimate()
    assert told.corpus.of_calls == told.corpus.calls == 400  # more was drawn from all than before
    assert told.corpus.drawn == drawn_in(5) - drawn_in(1)


@pytest.mark.parametrize("recipe", ["default", "tfidf", "knn", "random", "few-false-leads"])
def test_item_5_answers_teach_by_every_recipe(ws, recipe):
    made = tracker(ws)
    play(made.train(recipe), 3)
    made.update(filters=NARROW)
    session = made.train(recipe)
    _, fitted = session.learning.first_stage()
    assert len(fitted.sure) == 75
    assert session.estimate().heldout.tags == 75
    assert precision(ws, session) > 0.7
    play(session)
    assert made.replay().same, str(made.replay())


def test_item_5_an_answer_teaches_the_same_inside_and_outside(tmp_path):
    """The training set is the same whichever filters there are; only what is read with it differs."""
    ws = learnt(tmp_path / "w", 3)
    made = ws.trackers.get("Price")
    sets = []
    for filters in (wb.Filters(), NARROW, SOUTH, NOTHING):
        made.update(filters=filters)
        _, fitted = made.train().learning.first_stage()
        sets.append(fitted.data)
    for other in sets[1:]:
        assert np.allclose(other.sentence, sets[0].sentence)
        assert np.allclose(other.before, sets[0].before)
        assert other.labels.tolist() == sets[0].labels.tolist()
        assert other.call.tolist() == sets[0].call.tolist()
        assert np.allclose(other.words.toarray(), sets[0].words.toarray())


def test_item_5_filters_that_let_nothing_through_crash_nothing(ws):
    made = tracker(ws)
    session = made.train()
    play(session, 2)
    made.update(filters=NOTHING)
    assert session.detected() == ([], [])
    assert session.found().sentences == 0
    assert session.estimate().corpus.precision is None
    assert session.dial() == ()
    assert session.surfaced() == []
    assert [one.in_scope for one in session.rounds()] == [0, 0]
    assert isinstance(session.advice(), tuple)
    with pytest.raises(NothingToTag):
        session.next_round()
    with pytest.raises(NothingToTag):
        session.review_round()
    assert made.publish().frozen.estimate.answers == 50


@pytest.mark.usefixtures("state")
def test_item_5_answers_of_another_kernel_about_newer_calls_teach_here_too(ws, tmp_path):
    made = tracker(ws)
    session = made.train()
    play(session)
    other = wb.open(tmp_path / "w", encoder=HashingEncoder(), user="ben")
    other.ingest(calls(100, 200))
    other.encode()
    theirs = other.trackers.get("Price").train()
    play(theirs)
    new = [i for i in SessionRepository(ws.database, made.id).asked(2) if int(i.sentence_id.split(":")[0][5:]) >= 100]
    assert new
    _, fitted = session.learning.first_stage()
    assert len(fitted.sure) == 50
    assert sum(not tag.inside for tag in fitted.tags) == len(new)


def gone_calls(ws, made, count: int) -> list[str]:
    asked = SessionRepository(ws.database, made.id).asked()
    return list(dict.fromkeys(item.sentence_id.split(":")[0] for item in asked if item.tag))[:count]


@pytest.mark.usefixtures("state")
def test_answers_of_deleted_calls_are_counted_and_crash_nothing(ws, tmp_path):
    made = tracker(ws)
    session = made.train()
    play(session, 3)
    version = made.publish(past="12 months")
    version.wait()
    answer_all(session, session.next_round()[:5])
    before = made.last_estimate
    lost = gone_calls(ws, made, 6)
    delete_calls(ws.lake, *lost)
    items = SessionRepository(ws.database, made.id).asked()
    gone = [item for item in items if item.tag and item.sentence_id.split(":")[0] in lost]
    closed = sum(item.round <= 3 for item in gone)
    assert before.stale == ""
    assert made.last_estimate.stale == "calls were deleted or corrected"
    estimate = session.estimate()
    assert (estimate.gone, estimate.answers) == (closed, 75 - closed)
    assert f"{closed} more can't be used" in estimate.rests_on
    assert sum(one.gone for one in session.rounds()) == len(gone)
    assert made.last_estimate.stale == ""
    session.advice(), session.dial(), session.second_look(), session.second_opinions(), session.surfaced()
    made.agreement(), made.log(), made.queue()
    for one in session.next_round():
        session.tag(one.sentence_id, answer(one.text))
    session.complete_round()
    session.correct(gone[0].sentence_id, "no")
    assert {c.conversation_id for c in session.candidates}.isdisjoint(lost)
    assert made.publish().frozen.estimate.gone == session.estimate().gone > 0
    made.export(tmp_path / "price.tracker")


def test_an_answer_about_a_sentence_that_says_something_else_by_now_teaches_nothing(ws):
    made = tracker(ws)
    session = made.train()
    play(session, 2)
    item = next(i for i in SessionRepository(ws.database, made.id).asked(1) if str(i.tag.answer) == "yes")
    correct_sentence(ws.lake, item.sentence_id, "well my dog barks a lot I mean 4711")
    ws.encode()
    _, fitted = session.learning.first_stage()
    assert len(fitted.sure) == 49
    assert session.estimate().gone == 1
    assert [one.gone for one in session.rounds()] == [1, 0]


def test_an_answered_sentence_out_of_scope_has_evidence_and_a_card_that_says_so(ws):
    made = tracker(ws, filters=NORTH)
    session = made.train()
    play(session, 2)
    cards = session.next_round()
    answer_all(session, cards[:3])
    made.update(filters=SOUTH)
    session.next_round()
    marked = {one.sentence_id: one.outside for one in session.candidates}
    assert [name for name, outside in marked.items() if outside] == [c.sentence_id for c in cards[:3]]
    assert "".join(piece.text for piece in session.evidence(cards[0].sentence_id)) == cards[0].text


def test_without_answers_there_is_still_nothing_to_tell(ws):
    session = tracker(ws, filters=NOTHING).train()
    with pytest.raises(NotEnoughTags):
        session.estimate()
    with pytest.raises(NothingToTag):
        session.next_round()
