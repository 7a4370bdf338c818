"""Publishing: what is frozen, the past in batches, upcoming calls, versions to go back to, states."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import text

import workbench as wb
from tests.support.patience import PATIENCE_S, wait_for
from tests.unit import small
from workbench.domain.errors import InvalidModelFile, NotEnoughTags, TrackerExists, TrackerNotFound, WrongState
from workbench.domain.publications import Run
from workbench.engine.encoders import HashingEncoder
from workbench.engine.model_file import read, write
from workbench.publishing import publication
from workbench.store.publications import PublicationRepository


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    monkeypatch.setattr(publication, "BATCH", 16)
    return small.ready(tmp_path / "w", rounds=2)


def more(workspace, count=20):
    calls = small.conversations(count, seed=9)
    for call in calls:
        call["id"] = "new-" + call["id"]
    workspace.ingest(calls, detect=False)


def finished(publication):
    wait_for(
        lambda: publication.progress().state is not Run.RUNNING and publication.progress().done > 0, "the backfill"
    )
    return publication.progress()


def test_the_past_is_read_and_comes_to_what_the_session_finds(workspace):
    tracker = workspace.trackers.get("Price")
    session = tracker.train()
    publication = tracker.publish(past="12 months")
    assert tracker.state == "active"
    assert finished(publication) == publication.progress()
    progress = publication.progress()
    assert (progress.state, progress.done, progress.total) == (Run.DONE, 80, 80)
    found = workspace.detections("Price")
    assert set(found["sentence_id"]) == set(session.detected()[0])
    assert progress.found == len(found) > 50
    assert found["score"].between(0, 1).all()


def test_without_a_past_only_what_arrives_is_read_and_once(workspace):
    tracker = workspace.trackers.get("Price")
    publication = tracker.publish()
    assert publication.progress().state is Run.DONE
    assert workspace.detections("Price").empty
    more(workspace)
    assert workspace.catch_up() == 20
    found = workspace.detections("Price")
    assert len(found) > 10
    assert found["conversation_id"].str.startswith("new-").all()
    assert workspace.catch_up() == 0
    assert len(workspace.detections("Price")) == len(found)


def test_what_is_imported_is_read_at_once(workspace):
    tracker = workspace.trackers.get("Price")
    tracker.publish()
    calls = [{**call, "id": f"late-{call['id']}"} for call in small.conversations(10, seed=3)]
    workspace.ingest(calls)
    assert set(workspace.detections("Price")["conversation_id"]) <= {call["id"] for call in calls}
    assert len(workspace.detections("Price")) > 5


def test_what_a_version_freezes(workspace):
    tracker = workspace.trackers.get("Price")
    frozen = tracker.publish().frozen
    assert frozen.version == 1
    assert frozen.answers == 50
    assert frozen.definition["examples"] == list(tracker.examples)
    assert frozen.estimate.heldout == tracker.last_estimate.heldout
    assert frozen.encoder == workspace.encoder.key
    assert len(frozen.model_hash) == 64
    again = wb.open(workspace.path, encoder=workspace.encoder).trackers.get("Price").active_version()
    assert again.frozen == frozen


def test_what_is_not_published_is_named(workspace):
    tracker = workspace.trackers.get("Price")
    assert tracker.unpublished_changes() == ()
    tracker.publish()
    assert tracker.unpublished_changes() == ()
    tracker.update(description="Another one", filters=wb.Filters(side="customer"))
    assert tracker.unpublished_changes() == ("description", "filters")
    session = tracker.train()
    for candidate in session.next_round():
        session.tag(candidate.sentence_id, small.answer(candidate.text))
    assert "answers" not in tracker.unpublished_changes()
    session.complete_round()
    assert tracker.unpublished_changes() == ("description", "filters", "answers")


def test_a_preview_tells_what_would_change(workspace):
    tracker = workspace.trackers.get("Price")
    finished(tracker.publish(past="12 months"))
    assert tracker.preview().gained == tracker.preview().lost == ()
    tracker.update(filters=wb.Filters(side="customer"))
    seen = tracker.preview()
    assert not seen.gained
    assert seen.lost
    assert seen.kept + len(seen.lost) == len(workspace.detections("Price"))
    calls = {name.rsplit(":", 2)[0] for _, name in seen.lost}
    assert calls == {call for call, _ in seen.lost}


@pytest.mark.usefixtures("state")
def test_an_earlier_version_is_gone_back_to_and_catches_up(workspace):
    tracker = workspace.trackers.get("Price")
    tracker.publish()
    tracker.update(filters=wb.Filters(side="company"))
    second = tracker.publish()
    assert second.version == 2
    more(workspace)
    workspace.catch_up()
    few = len(workspace.detections("Price"))
    tracker.roll_back(1)
    assert tracker.active_version().version == 1
    assert tracker.unpublished_changes() == ("filters",)
    workspace.catch_up()
    assert len(workspace.detections("Price")) > few
    with pytest.raises(WrongState, match="no version 7"):
        tracker.roll_back(7)


def test_a_backfill_is_cancelled_and_resumed(workspace, monkeypatch):
    tracker = workspace.trackers.get("Price")
    publication = tracker.publish(past="12 months")
    publication.cancel()
    wait_for(lambda: publication.progress().state is not Run.RUNNING, "the backfill to stop")
    if publication.progress().state is not Run.DONE:  # it can have been quicker
        assert publication.progress().state is Run.CANCELLED
        assert "are kept" in publication.progress().message
    publication.resume().result(timeout=PATIENCE_S)
    assert publication.progress().state is Run.DONE
    assert set(workspace.detections("Price")["sentence_id"]) == set(tracker.train().detected()[0])


def test_a_failure_is_kept_in_words_and_tried_again(workspace):
    tracker = workspace.trackers.get("Price")
    publication = tracker.publish(past="12 months")
    finished(publication)
    PublicationRepository(workspace.database).mark(publication.id, past_left=publication.first_upcoming)
    publication.file.write_bytes(b"not the model")
    with pytest.raises(WrongState, match="changed since it was published"):
        publication.resume().result(timeout=PATIENCE_S)
    progress = publication.progress()
    assert (progress.state, "changed since it was published" in progress.message) == (Run.FAILED, True)


@pytest.mark.usefixtures("state")
def test_two_kernels_share_the_work_and_double_nothing(workspace):
    tracker = workspace.trackers.get("Price")
    mine = tracker.publish(past="12 months")
    other = wb.open(workspace.path, encoder=workspace.encoder).trackers.get("Price").active_version()
    other.read_past(lambda fraction, message: True)
    finished(mine)
    found = list(mine.detections()["sentence_id"])
    assert len(found) == len(set(found))
    assert set(found) == set(tracker.train().detected()[0])


def test_states_and_what_they_allow(workspace):
    tracker = workspace.trackers.get("Price")
    with pytest.raises(WrongState, match="'Price' is draft, so it cannot become paused"):
        tracker.pause()
    tracker.publish()
    tracker.pause()
    more(workspace)
    assert workspace.catch_up() == 0
    tracker.resume()
    assert workspace.catch_up() == 20
    tracker.deactivate()
    assert tracker.active_version() is None
    with pytest.raises(WrongState):
        tracker.resume()
    tracker.roll_back(1)
    assert tracker.state == "active"


def test_a_draft_cannot_be_published_before_it_has_learnt(workspace):
    draft = workspace.trackers.create("Draft", examples=small.EXAMPLES)
    with pytest.raises(NotEnoughTags):
        draft.publish()
    with pytest.raises(wb.WorkbenchError, match="2 years"):
        workspace.trackers.get("Price").publish(past="2 years")


def test_a_deleted_tracker_is_not_published_also_where_another_kernel_deletes_it_meanwhile(workspace, monkeypatch):
    tracker = workspace.trackers.get("Price")
    other = wb.open(workspace.path, encoder=HashingEncoder())

    def deleted_meanwhile(*given):
        other.trackers.delete("Price")
        return write(*given)

    monkeypatch.setattr("workbench.workspace.tracker.write", deleted_meanwhile)
    for _ in range(2):
        with pytest.raises(WrongState, match="is deleted; restore it first"):
            tracker.publish()
        monkeypatch.undo()
        assert workspace.trackers.list() == []
        assert tracker.publications() == []


@pytest.mark.usefixtures("state")
def test_a_deleted_tracker_is_restored_with_its_answers(workspace):
    tracker = workspace.trackers.get("Price")
    tracker.publish()
    workspace.trackers.delete("Price")
    assert workspace.trackers.list() == []
    assert [one.name for one in workspace.trackers.deleted()] == ["Price"]
    with pytest.raises(TrackerNotFound):
        workspace.trackers.get("Price")
    new = workspace.trackers.create("Price", examples=small.EXAMPLES)
    with pytest.raises(TrackerExists):
        workspace.trackers.restore(tracker.id)
    new.update(name="Other")
    restored = workspace.trackers.restore(tracker.id)
    assert (restored.name, restored.state) == ("Price", "paused")
    assert len(restored.train().rounds()) == 2
    workspace.trackers.delete("Price", forever=True)
    assert workspace.trackers.deleted() == []


def test_a_model_file_runs_no_code_and_says_what_is_wrong(workspace, tmp_path):
    file = workspace.trackers.get("Price").publish().file
    detector, about = read(file)
    assert about["definition"]["name"] == "Price"
    other = tmp_path / "copy.safetensors"
    write(other, detector, about)
    assert other.read_bytes() == file.read_bytes()
    for content in (b"", b"\x80\x04cos\nsystem\n(S'touch pwned'\ntR.", file.read_bytes()[:-100]):
        other.write_bytes(content)
        with pytest.raises(InvalidModelFile, match=r"copy\.safetensors"):
            read(other)


@pytest.mark.usefixtures("state")
def test_an_interrupted_backfill_is_found_and_resumed(workspace):
    publication = workspace.trackers.get("Price").publish(past="12 months")
    publication.wait()
    whole = publication.detections()
    with workspace.database.begin() as connection:
        connection.execute(text("DELETE FROM detections WHERE number < 48"))
        connection.execute(text("UPDATE publications SET past_left = 48"))
    again = wb.open(workspace.path, encoder=workspace.encoder)
    assert again.trackers.get("Price").active_version().progress().state is Run.INTERRUPTED
    (resumed,) = again.resume_backfills()
    assert resumed.wait(progress=True).state is Run.DONE
    assert resumed.detections().equals(whole)
    assert again.resume_backfills() == []


def test_asking_how_a_backfill_stands_is_seen_by_nobody(tmp_path):
    """Many pollers of one that was interrupted never take each other for whoever reads."""
    workspace = small.ready(tmp_path / "w", rounds=1)
    publication = workspace.trackers.get("Price").publish(past="12 months")
    publication.wait()
    with workspace.database.begin() as connection:
        connection.execute(text("UPDATE publications SET past_left = 1"))
    wrong = []

    def poll():
        other = workspace.trackers.get("Price").active_version()
        wrong.extend(one for _ in range(60) if (one := other.progress().state) is Run.RUNNING)

    pollers = [threading.Thread(target=poll) for _ in range(3)]
    for one in pollers:
        one.start()
    for one in pollers:
        one.join()
    assert wrong == []
