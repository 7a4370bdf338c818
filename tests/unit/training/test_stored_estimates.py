"""Estimates never outlive the answers, filters and calls that they were made of (item 6)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import workbench as wb
from tests.support.altered_corpus import delete_calls
from tests.support.old_workspace import old_workspace  # noqa: F401
from tests.unit.small import EXAMPLES, answer
from tests.unit.training_scene import NORTH, answer_all, calls, learnt, play, tracker, workspace
from workbench.domain.errors import NotEnoughTags
from workbench.domain.tags import Answer
from workbench.engine.encoders import HashingEncoder
from workbench.engine.training import Trainer
from workbench.store.sessions import SessionRepository


@pytest.fixture
def ws(tmp_path):
    return workspace(tmp_path / "w", user="ann")


def answers_of(ws, made) -> dict[str, str]:
    return {i.sentence_id: str(i.tag.answer) for i in SessionRepository(ws.database, made.id).asked() if i.tag}


def one_of(ws, made, said: str) -> str:
    return next(name for name, answer_ in answers_of(ws, made).items() if answer_ == said)


@pytest.mark.usefixtures("state")
def test_item_6_a_correction_makes_the_stored_estimate_stale_until_it_is_made_anew(ws):
    made = tracker(ws)
    session = made.train()
    play(session, 3)
    before = made.last_estimate
    assert before.stale == ""
    session.correct(one_of(ws, made, "yes"), "no")
    assert made.last_estimate.stale == "answers were changed or added"
    assert replace(made.last_estimate, stale="") == before
    fresh = session.estimate()
    assert fresh.heldout.yes == before.heldout.yes - 1
    assert fresh.stale == ""
    assert made.last_estimate == fresh  # stored, so that all see it
    rounds = session.rounds()
    assert rounds[-1].estimate == fresh
    assert rounds[0].estimate.stale == "answers were changed or added"
    assert wb.open(ws.path, encoder=HashingEncoder()).trackers.get("Price").last_estimate == fresh


@pytest.mark.usefixtures("state")
def test_item_6_late_answers_of_others_make_it_stale_where_they_change_what_counts(tmp_path):
    ws = learnt(tmp_path / "w", 2)
    made = ws.trackers.get("Price")
    theirs = wb.open(ws.path, encoder=HashingEncoder(), user="ben").trackers.get("Price").train()
    shared = theirs.second_opinions()
    agreed = next(one for one in shared if answer(one.text) == "no")
    theirs.tag(agreed.sentence_id, "no")
    assert made.last_estimate.stale == ""  # what counts is as it was
    other = next(one for one in shared if answer(one.text) == "yes")
    theirs.tag(other.sentence_id, "no")
    assert made.last_estimate.stale == "answers were changed or added"
    tags = made.last_estimate.heldout.tags
    assert made.train().estimate().heldout.tags == tags - 1  # at odds, so NOT SURE
    assert made.last_estimate.stale == ""


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"filters": NORTH}, "the filters were changed"),
        ({"threshold": "hit_rate>=0.9"}, "another threshold was chosen"),
        ({"examples": [f"{one} indeed" for one in EXAMPLES]}, "the examples were changed"),
        (
            {"filters": NORTH, "threshold": "precision>=0.8"},
            "the filters were changed and another threshold was chosen",
        ),
    ],
)
def test_item_6_an_edit_of_the_tracker_makes_it_stale_and_taking_it_back_does_not(tmp_path, change, says):
    ws = learnt(tmp_path / "w", 2)
    made = ws.trackers.get("Price")
    before = made.last_estimate
    old = {"filters": made.filters, "examples": list(made.examples), "threshold": "balanced"}
    made.update(**change)
    assert made.last_estimate.stale == says
    made.update(**old)
    assert made.last_estimate == before
    made.update(**change)
    made.train().estimate()
    assert made.last_estimate.stale == ""


def test_item_6_a_deleted_call_makes_it_stale_a_new_one_does_not(tmp_path):
    ws = learnt(tmp_path / "w", 2)
    made = ws.trackers.get("Price")
    ws.ingest(calls(100, 5))
    assert made.last_estimate.stale == ""
    delete_calls(ws.lake, "call-0")
    assert made.last_estimate.stale == "calls were deleted or corrected"


def test_item_6_a_name_or_description_changes_nothing(tmp_path):
    ws = learnt(tmp_path / "w", 2)
    made = ws.trackers.get("Price")
    made.update(name="Dear", description="Says that it is too dear")
    assert made.last_estimate.stale == ""


def test_item_6_an_estimate_of_an_older_version_is_stale_after_a_correction(old_workspace):  # noqa: F811
    made = old_workspace.trackers.get("Price objections")
    assert "answers" not in made.last_estimate.stale
    rows = SessionRepository(old_workspace.database, made.id)
    item = next(i for i in rows.asked(1) if i.tag and i.tag.answer is Answer.YES)
    rows.answer(item.sentence_id, 1, Answer.NO, "ann", settles=True)
    assert made.last_estimate.stale.startswith("answers were changed or added")


def test_item_6_a_correction_while_it_is_frozen_goes_into_the_version(ws, monkeypatch):
    made = tracker(ws)
    session = made.train()
    play(session, 2)
    wrong = one_of(ws, made, "yes")
    other = wb.open(ws.path, encoder=HashingEncoder(), user="ann").trackers.get("Price").train()
    once = [lambda: other.correct(wrong, "no")]
    usual = Trainer.estimate

    def estimate(self, *args):
        out = usual(self, *args)
        if once:
            once.pop()()
        return out

    monkeypatch.setattr(Trainer, "estimate", estimate)
    frozen = made.publish().frozen
    said = answers_of(ws, made)
    assert frozen.estimate.heldout.yes == list(said.values()).count("yes")
    assert made.unpublished_changes() == ()


edits = st.lists(
    st.sampled_from(
        ["correct yes", "correct no", "correct unsure", "late", "north", "all", "strict", "round", "import"]
    ),
    max_size=5,
)


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(edits)
def test_item_6_whatever_happens_a_version_never_freezes_an_old_figure(tmp_path_factory, changes):
    ws = learnt(tmp_path_factory.mktemp("frozen") / "w", 2, 60)
    made = ws.trackers.get("Price")
    ben = wb.open(ws.path, encoder=HashingEncoder(), user="ben")
    for at, change in enumerate(changes):
        session, said = made.train(), answers_of(ws, made)
        match change.split():
            case ["correct", "yes"]:
                session.correct(list(said)[3 * at], "yes")
            case ["correct", "no"]:
                session.correct(list(said)[5 * at + 1], "no")
            case ["correct", _]:
                session.correct(list(said)[7 * at + 2], "not_sure")
            case ["late"]:
                answer_all(ben.trackers.get("Price").train(), ben.trackers.get("Price").train().second_opinions()[:2])
            case ["north"]:
                made.update(filters=NORTH)
            case ["all"]:
                made.update(filters=wb.Filters())
            case ["strict"]:
                made.update(threshold="precision>=0.9")
            case ["round"]:
                play(session)
            case ["import"]:
                ws.ingest(calls(100 + at, 1), detect=False)
                ws.encode()
    frozen = made.publish().frozen
    said = list(answers_of(ws, made).values())
    fresh = wb.open(ws.path, encoder=HashingEncoder()).trackers.get("Price").train()
    again = fresh.learning.scope.trainer.estimate(frozen.estimate.round, fresh.learning.first_stage()[1])
    assert frozen.estimate.heldout.yes == said.count("yes")
    assert frozen.estimate.heldout.tags == said.count("yes") + said.count("no")
    assert (frozen.estimate.heldout, frozen.estimate.corpus) == (again.heldout, again.corpus)
    assert frozen.estimate.stale == ""
    assert fresh.estimate().heldout == frozen.estimate.heldout
    assert made.last_estimate.stale == ""
    assert made.replay().same, str(made.replay())


@pytest.mark.usefixtures("state")
def test_item_6_a_workspace_that_can_only_be_read_tells_the_new_figure_and_stores_nothing(ws):
    made = tracker(ws)
    session = made.train()
    play(session, 2)
    session.correct(one_of(ws, made, "yes"), "no")
    reading = wb.open(ws.path, encoder=HashingEncoder(), read_only=True).trackers.get("Price")
    assert reading.last_estimate.stale
    assert reading.train().estimate().heldout.tags == 50
    assert reading.last_estimate.stale
    assert session.estimate() == reading.train().estimate()


def test_item_6_where_corrections_leave_one_kind_nothing_is_told_and_it_can_be_published(ws):
    made = tracker(ws)
    session = made.train()
    play(session, 2)
    for name, said in answers_of(ws, made).items():
        if said == "yes":
            session.correct(name, "no")
    held = made.publish().frozen.estimate.heldout
    assert (held.yes, held.precision, held.hit_rate) == (0, None, None)
    assert session.estimate().corpus.reason.startswith("It needs YES and NO answers")
    with pytest.raises(NotEnoughTags):
        session.dial()
