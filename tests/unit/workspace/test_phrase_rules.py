"""How a phrase tracker scores is recorded with it: what an older version published finds the same."""

from __future__ import annotations

import numpy as np
import pytest

import workbench as wb
from tests.support.old_workspace import USER, unpacked
from tests.unit.small import PRICEY, conversations
from workbench.domain.errors import InvalidTracker
from workbench.engine.encoders import HashingEncoder
from workbench.reading.versions import version_file, version_reader
from workbench.store.database import STATE

PHRASE = {"kind": "phrase", "vocabulary": [f"well {PRICEY[0]} well 3"], "closeness": 0.3}


@pytest.fixture
def workspace(tmp_path):
    ws = wb.open(tmp_path / "w", encoder=HashingEncoder())
    ws.ingest(conversations(30))
    ws.encode()
    return ws


def found(frame) -> dict[str, float]:
    return dict(zip(frame["sentence_id"], frame["score"], strict=True))


def test_a_tracker_of_an_older_workspace_reads_as_it_did(tmp_path, monkeypatch):
    monkeypatch.delenv(STATE, raising=False)
    ws = wb.open(unpacked(tmp_path), user=USER)
    tracker = ws.trackers.get("Too dear")
    assert tracker.settings == {"vocabulary": list(tracker.settings["vocabulary"]), "closeness": 0.35}
    (publication,) = tracker.publications()
    stored = found(publication.detections())
    read = {one.sentence_id: one.score for one in version_reader(ws.resources, publication.frozen).read()}
    assert stored
    assert {name: read[name] for name in stored} == pytest.approx(stored, abs=1e-6)
    assert tracker.unpublished_changes() == ()
    assert not version_file(ws.path, tracker.id, 1).exists()
    tracker.update(closeness=0.4)
    assert "rules" not in tracker.settings
    tracker.update(rules=2)
    assert tracker.settings["rules"] == 2


def test_a_version_keeps_what_it_was_measured_by(workspace):
    tracker = workspace.trackers.create("Price", **PHRASE)
    assert tracker.settings["rules"] == 2
    tracker.publish(past="all").wait()
    before = found(workspace.detections("Price"))
    assert found(workspace.draft_detections("Price")) == pytest.approx(before, abs=1e-5)
    assert version_file(workspace.path, tracker.id, 1).exists()
    turns = [{"party": "c", "text": f"well {PRICEY[0]} so {at}", "start_s": float(at)} for at in range(200)]
    parties = [{"id": "c", "side": "customer"}]
    workspace.ingest([{"id": "later", "scope": "external", "parties": parties, "turns": turns}])
    workspace.encode()
    again = version_reader(workspace.resources, tracker.active_version().frozen).read()
    assert {one.sentence_id: one.score for one in again if one.sentence_id in before} == pytest.approx(before, abs=1e-5)
    other = workspace.trackers.create("Now", **PHRASE)
    later = {name for name in found(workspace.draft_detections("Now")) if name.startswith("later")}
    assert len(later) < sum(one.sentence_id.startswith("later") for one in again)
    tracker.update(description="What is dear")
    tracker.publish(past="all").wait()
    files = [version_file(workspace.path, tracker.id, number).read_bytes() for number in (1, 2)]
    assert files[0] == files[1]
    assert other.state == "draft"


def test_negation_and_another_entry_in_a_workspace(tmp_path):
    said = ("I need more time for that", "I do not need more time for that", "thanks and goodbye")
    ws = wb.open(tmp_path / "w", encoder=HashingEncoder())
    parties = [{"id": "c", "side": "customer"}]
    turns = [{"party": "c", "text": text, "start_s": float(at)} for at, text in enumerate(said)]
    ws.ingest([{"id": "a", "scope": "external", "language": "en", "parties": parties, "turns": turns}])
    ws.encode()
    tracker = ws.trackers.create("Time", kind="phrase", vocabulary=["we need more time for that"], closeness=0.2)
    first = set(ws.draft_detections("Time")["text"])
    assert first == {said[0]}
    tracker.update(vocabulary=["we need more time for that", "I really do not need more time for that"])
    assert set(ws.draft_detections("Time")["text"]) == {said[0], said[1]}


def test_a_version_can_be_published_before_anything_is_encoded(tmp_path):
    ws = wb.open(tmp_path / "w", encoder=HashingEncoder())
    tracker = ws.trackers.create("Price", **PHRASE)
    tracker.publish()
    ws.ingest(conversations(5))
    assert ws.trackers.get("Price").state == "active"


def test_files_and_lists_keep_the_rules(workspace, tmp_path):
    old = workspace.trackers.create("Old", rules=1, **PHRASE)
    assert "rules" not in old.settings
    old.publish(past="all").wait()
    brought = workspace.trackers.import_file(old.export(tmp_path / "old.tracker"), name="Brought")
    assert "rules" not in brought.settings
    for listed in (workspace.trackers.to_json(only=["Old"]), workspace.trackers.to_csv(only=["Old"])):
        read = workspace.trackers.from_json if listed.startswith("{") else workspace.trackers.from_csv
        (made,) = read(text=listed.replace("Old", f"Listed {len(listed)}")).trackers
        assert made.settings == old.settings
    ready = workspace.trackers.from_ready_made("Budget limit", as_examples=False)
    assert "rules" not in ready.settings
    scores = workspace.draft_detections("Old")["score"]
    assert np.allclose(scores, workspace.draft_detections("Brought")["score"])


@pytest.mark.parametrize("rules", [0, 3, "2", True, None, [2]])
def test_unknown_rules_are_refused(workspace, rules):
    with pytest.raises(InvalidTracker, match="rules: must be 1 or 2"):
        workspace.trackers.create("Price", rules=rules, **PHRASE)
