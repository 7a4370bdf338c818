"""Wrong hits wait for the trainer, change no estimate, and can be asked about in a round of their own."""

from __future__ import annotations

import pytest

import workbench as wb
from tests.unit import small
from workbench.domain.errors import NothingToTag, RoundIncomplete, UnknownCandidate, WorkbenchError
from workbench.domain.rounds import trained


@pytest.fixture
def workspace(tmp_path):
    return small.trained(tmp_path / "w", rounds=2)


def untagged(workspace, count=3):
    """Found sentences that no round asked about."""
    session = workspace.trackers.get("Price").train()
    return [candidate.sentence_id for candidate in session.surfaced(count)]


@pytest.mark.usefixtures("state")
def test_what_is_called_wrong_waits_once_a_person(workspace):
    first, second, _ = untagged(workspace)
    tracker = workspace.trackers.get("Price")
    tracker.publish()
    workspace.wrong_hit("Price", first, by="Ann", note="no price")
    workspace.wrong_hit("Price", first, by=" Ann ")
    workspace.wrong_hit("Price", first, by="Ben")
    workspace.wrong_hit("Price", second, by="Ann")
    queue = workspace.trackers.get("Price").queue()
    assert [(one.sentence.id, [hit.by for hit in one.hits]) for one in queue] == [
        (first, ["Ann", "Ben"]),
        (second, ["Ann"]),
    ]
    assert queue[0].hits[0].note == "no price"
    assert (queue[0].hits[0].version, queue[0].answer) == (1, None)
    workspace.wrong_hit("Price", first, by="Ann", note="a greeting")
    notes = {hit.by: hit.note for one in tracker.queue() for hit in one.hits if one.sentence.id == first}
    assert notes == {"Ann": "a greeting", "Ben": ""}
    tracker.dismiss([first])
    assert [one.sentence.id for one in tracker.queue()] == [second]
    workspace.wrong_hit("Price", first, by="Ben")
    assert {one.sentence.id for one in tracker.queue()} == {first, second}


def test_it_changes_nothing_by_itself(workspace):
    tracker = workspace.trackers.get("Price")
    session = tracker.train()
    before = session.estimate(), session.rounds(), session.detected(), tracker.log()
    for name in untagged(workspace):
        workspace.wrong_hit("Price", name, by="Ann")
    again = wb.open(workspace.path, encoder=workspace.encoder).trackers.get("Price")
    session = again.train()
    assert (session.estimate(), session.rounds(), session.detected(), again.log()) == before


def test_a_round_can_ask_about_them_and_counts_as_picked(workspace):
    tracker = workspace.trackers.get("Price")
    names = untagged(workspace)
    for name in names:
        workspace.wrong_hit("Price", name, by="Ann")
    session = tracker.train()
    drawn = session.estimate().corpus.drawn
    asked = session.picked_round([one.sentence.id for one in tracker.queue()])
    assert [one.sentence_id for one in asked] == names
    assert {(one.reason, one.probability) for one in asked} == {("picked", None)}
    for name in names[:2]:
        session.tag(name, "no")
    assert [one.sentence.id for one in tracker.queue()] == names[2:]
    session.tag(names[2], "yes")
    done = session.complete_round()
    assert (done.picked, done.no, done.yes) == (True, 2, 1)
    assert trained(session.rounds()) == 2
    assert session.estimate().corpus.drawn == drawn
    assert tracker.queue() == []
    workspace.wrong_hit("Price", names[2], by="Ben")
    (again,) = tracker.queue()
    assert again.answer == "yes"
    session.correct(names[2], "no")
    assert tracker.queue() == []
    assert tracker.replay().same


def test_such_a_round_leaves_answers_alone_and_wants_new_sentences_that_match(workspace):
    session = workspace.trackers.get("Price").train()
    (name, *_) = untagged(workspace)
    answered = [one.sentence_id for one in session.next_round()][:1]
    session.tag(answered[0], "no")
    with pytest.raises(RoundIncomplete):
        session.picked_round([name])
    session.undo()
    with pytest.raises(UnknownCandidate):
        session.picked_round(["call-0:99:0"])
    first_round = [one["sentence_id"] for one in workspace.trackers.get("Price").log()["rounds"][0]["asked"]]
    with pytest.raises(NothingToTag):
        session.picked_round(first_round)
    assert len(session.next_round()) == 25
    assert [one.sentence_id for one in session.picked_round([*first_round, name, name])] == [name]


def test_what_is_not_there_cannot_be_wrong(workspace):
    with pytest.raises(UnknownCandidate):
        workspace.wrong_hit("Price", "nowhere:0:0", by="Ann")
    with pytest.raises(WorkbenchError, match="who"):
        workspace.wrong_hit("Price", untagged(workspace)[0], by=" ")


def test_a_tracker_deleted_for_good_takes_its_queue_along(workspace):
    workspace.wrong_hit("Price", untagged(workspace)[0], by="Ann")
    workspace.trackers.delete("Price", forever=True)
    with workspace.database.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM wrong_hits").scalar() == 0
