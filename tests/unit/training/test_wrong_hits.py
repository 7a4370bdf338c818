"""Wrong hits wait for the trainer, change no estimate, and can be asked about in a round of their own."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

import workbench as wb
from tests.unit import small
from workbench.domain.errors import NothingToTag, RoundIncomplete, UnknownCandidate, WorkbenchError, WrongState
from workbench.domain.reporters import guest, hub_reader, reader
from workbench.domain.results import TooManyReports
from workbench.domain.rounds import trained
from workbench.store import wrong_hits
from workbench.store.moments import now


@pytest.fixture
def workspace(tmp_path):
    """Its one tracker is published and has read all calls."""
    made = small.ready(tmp_path / "w", rounds=2)
    made.trackers.get("Price").publish(past="12 months").wait()
    return made


def untagged(workspace, count=3):
    """Found sentences that no round asked about."""
    session = workspace.trackers.get("Price").train()
    return [candidate.sentence_id for candidate in session.surfaced(count)]


@pytest.mark.usefixtures("state")
def test_what_is_called_wrong_waits_once_a_person(workspace):
    first, second, _ = untagged(workspace)
    tracker = workspace.trackers.get("Price")
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


def not_found(workspace):
    """A sentence that no version has found."""
    found = set(workspace.detections("Price")["sentence_id"])
    return next(one for one in workspace.lake.pool()["id"].to_pylist() if one not in found)


def test_only_what_a_version_in_use_has_found_can_be_wrong(workspace):
    for name in ("nowhere:0:0", "", "a\0b", not_found(workspace)):
        with pytest.raises(UnknownCandidate, match="'Price' has not found sentence"):
            workspace.wrong_hit("Price", name, by="Ann")
    with pytest.raises(WorkbenchError, match="by: required"):
        workspace.wrong_hit("Price", untagged(workspace)[0], by=" \u200b")
    assert workspace.trackers.get("Price").queue() == []


def test_what_is_shown_can_be_reported_and_nothing_else(workspace):
    (name, *_) = untagged(workspace)
    draft = workspace.trackers.create("Weather", kind="keyword", words=["weather"])
    would = draft.finds()[0][0]
    with pytest.raises(WrongState, match="'Weather' was never published"):
        workspace.wrong_hit("Weather", would, by="Ann")
    tracker = workspace.trackers.get("Price")
    tracker.pause()
    workspace.wrong_hit("Price", name, by="Ann")  # what it has found is still shown
    tracker.deactivate()
    workspace.wrong_hit("Price", name, by="Ben")
    workspace.trackers.delete("Price")
    with pytest.raises(WrongState, match="'Price' was deleted"):
        workspace.wrong_hit(tracker.id, name, by="Cy")
    workspace.trackers.restore(tracker.id)
    assert [[hit.by for hit in one.hits] for one in workspace.trackers.get("Price").queue()] == [["Ann", "Ben"]]


@pytest.mark.usefixtures("state")
def test_notes_stay_on_one_line_without_control_characters(workspace):
    (name, *_) = untagged(workspace)
    workspace.wrong_hit("Price", name, by="An\x1bn", note=" no\0 price\x1b[31m\n404 GET /\u202e\ud800 ")
    (queued,) = workspace.trackers.get("Price").queue()
    assert [(hit.by, hit.note) for hit in queued.hits] == [("An n", "no price [31m 404 GET /")]
    with pytest.raises(WorkbenchError, match="at most 2,000 characters, not 2,001"):
        workspace.wrong_hit("Price", name, by="Ann", note="a" * 2_001)


@pytest.mark.usefixtures("state")
def test_people_of_one_name_have_a_note_each(workspace):
    (name, *_) = untagged(workspace)
    for place, one in enumerate([reader("ann", "token:1"), reader("ann", "token:2"), hub_reader("ann")]):
        workspace.wrong_hit("Price", name, by=one, note=f"note {place}")
    workspace.wrong_hit("Price", name, by="ann", note="note 3")
    workspace.wrong_hit("Price", name, by=reader("ann", "token:1"), note="note 4")
    (queued,) = workspace.trackers.get("Price").queue()
    assert {hit.by for hit in queued.hits} == {"ann"}
    assert sorted(hit.note for hit in queued.hits) == ["note 1", "note 2", "note 3", "note 4"]


def test_guests_are_told_apart_and_named(workspace):
    (name, *_) = untagged(workspace)
    for browser in ("a", "b"):
        workspace.wrong_hit("Price", name, by=guest(browser), note=f"note of {browser}")
    (queued,) = workspace.trackers.get("Price").queue()
    assert sorted(hit.note for hit in queued.hits) == ["note of a", "note of b"]
    assert all(re.fullmatch("reader [0-9a-f]{4}", hit.by) for hit in queued.hits)


@pytest.fixture
def few(monkeypatch):
    """Limits that a small workspace reaches."""
    for name, most in (("MAX_A_MINUTE", 4), ("MAX_OPEN", 6), ("MAX_OPEN_OF_GUESTS", 8)):
        monkeypatch.setattr(wrong_hits, name, most)


def found(workspace, count):
    return workspace.detections("Price")["sentence_id"].tolist()[:count]


@pytest.mark.usefixtures("state", "few")
def test_a_reader_sends_so_many_a_minute_and_others_go_on(workspace, monkeypatch):
    names, ann = found(workspace, 6), reader("ann", "token:1")
    for name in names[:4]:
        workspace.wrong_hit("Price", name, by=ann)
    with pytest.raises(TooManyReports, match="4 reports within a minute"):
        workspace.wrong_hit("Price", names[4], by=ann)
    workspace.wrong_hit("Price", names[0], by=ann)  # which says nothing new
    workspace.wrong_hit("Price", names[4], by=reader("ben", "token:2"))
    for name in names:
        workspace.wrong_hit("Price", name, by="Ann")  # in a notebook
    later = now() + timedelta(minutes=2)
    monkeypatch.setattr(wrong_hits, "now", lambda: later)
    workspace.wrong_hit("Price", names[4], by=ann)


@pytest.mark.usefixtures("state", "few")
def test_of_one_person_so_many_wait_and_of_all_guests_together(workspace):
    names = found(workspace, 9)
    for name in names[:6]:
        workspace.wrong_hit("Price", name, by="Ann")
    with pytest.raises(TooManyReports, match="6 of your reports are waiting"):
        workspace.wrong_hit("Price", names[6], by="Ann")
    workspace.wrong_hit("Price", names[0], by="Ann", note="a greeting")
    workspace.trackers.get("Price").dismiss(names[:1])
    workspace.wrong_hit("Price", names[6], by="Ann")
    for place, name in enumerate(names[:8]):
        workspace.wrong_hit("Price", name, by=guest(f"browser {place}"))
    with pytest.raises(TooManyReports, match="8 reports about this tracker are waiting"):
        workspace.wrong_hit("Price", names[8], by=guest("another browser"))
    workspace.wrong_hit("Price", names[8], by=reader("ben", "token:2"))


@pytest.mark.usefixtures("state", "few")
def test_no_limit_is_passed_by_sending_many_at_once(workspace):
    ann = reader("ann", "token:1")

    def send(name):
        try:
            workspace.wrong_hit("Price", name, by=ann)
        except TooManyReports:
            return 0
        return 1

    with ThreadPoolExecutor(12) as threads:
        assert sum(threads.map(send, found(workspace, 12))) == 4
    assert len(workspace.trackers.get("Price").queue()) == 4


def test_wrong_hits_of_an_older_workspace_keep_their_names(old_workspace):
    kept = [hit for one in old_workspace.trackers.list() for queued in one.queue() for hit in queued.hits]
    assert kept
    assert all(hit.by == hit.person for hit in kept)


def test_a_tracker_deleted_for_good_takes_its_queue_along(workspace):
    workspace.wrong_hit("Price", untagged(workspace)[0], by="Ann")
    workspace.trackers.delete("Price", forever=True)
    with workspace.database.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM wrong_hits").scalar() == 0
