"""How a keyword tracker compares words is recorded with it: what an older version published finds the same."""

from __future__ import annotations

import pytest

import workbench as wb
from workbench.domain.errors import InvalidTracker
from workbench.engine.encoders import HashingEncoder

SAID = ("we paid for it", "please pay now", "money uh back", "no words here")
WORDS = {"kind": "keyword", "words": ["pay"]}


@pytest.fixture
def workspace(tmp_path):
    ws = wb.open(tmp_path / "w", encoder=HashingEncoder())
    turns = [{"party": "a", "start_s": at, "end_s": at + 1, "text": f"{text}."} for at, text in enumerate(SAID)]
    parties = [{"id": "a", "name": "Ann", "side": "company"}]
    ws.ingest([{"id": "c", "started": "2026-11-01T10:00:00Z", "language": "en", "parties": parties, "turns": turns}])
    return ws


def old(workspace: wb.Workspace, name: str = "Pay") -> wb.Tracker:
    """Return a tracker as an earlier version stored it: without the field."""
    tracker = workspace.trackers.create(name, filters=wb.Filters(scope="any"), rules=1, **WORDS)
    assert "rules" not in tracker.settings
    return tracker


def found(frame) -> set[str]:
    return {text.rstrip(".") for text in frame["text"]}


def test_a_new_one_finds_irregular_forms(workspace):
    made = workspace.trackers.create("Pay", filters=wb.Filters(scope="any"), **WORDS)
    assert made.settings["rules"] == 2
    assert found(workspace.draft_detections("Pay")) == {SAID[0], SAID[1]}


def test_what_was_published_finds_the_same_until_it_is_changed_and_published_again(workspace):
    tracker = old(workspace)
    tracker.publish(past="all").wait()
    assert found(workspace.detections("Pay")) == {SAID[1]}
    tracker.update(description="Whoever pays", words=["pay"])
    assert "rules" not in tracker.settings
    assert "settings" not in tracker.unpublished_changes()
    tracker.update(words=["pay", "money back"])
    assert tracker.settings["rules"] == 2
    assert tracker.unpublished_changes() == ("settings",) or "settings" in tracker.unpublished_changes()
    assert len(tracker.preview().gained) == 2
    assert found(workspace.detections("Pay")) == {SAID[1]}
    tracker.publish(past="all").wait()
    assert found(workspace.detections("Pay")) == set(SAID[:3])
    tracker.roll_back(1)
    assert found(workspace.detections("Pay")) == {SAID[1]}


def test_a_tracker_s_file_keeps_its_rules_and_a_list_of_definitions_takes_the_newest(workspace, tmp_path):
    tracker = old(workspace)
    tracker.publish(past="all").wait()
    brought = workspace.trackers.import_file(tracker.export(tmp_path / "pay.tracker"), name="Brought")
    assert "rules" not in brought.settings
    listed = workspace.trackers.to_json(only=["Pay"])
    made = workspace.trackers.from_json(text=listed.replace('"Pay"', '"Listed"')).trackers
    assert made[0].settings["rules"] == 2
    table = workspace.trackers.to_csv(only=["Listed"]).replace("Listed", "Row")
    (again,) = workspace.trackers.from_csv(text=table).trackers
    assert again.settings == made[0].settings


@pytest.mark.parametrize("rules", [0, 3, "2", True, None])
def test_unknown_rules_are_refused(workspace, rules):
    with pytest.raises(InvalidTracker, match="rules: must be 1 or 2"):
        workspace.trackers.create("Pay", rules=rules, **WORDS)


@pytest.mark.parametrize("word", ["*", "refund OR *", "** OR x"])
def test_each_alternative_has_a_word(workspace, word):
    with pytest.raises(InvalidTracker, match="contains no word"):
        workspace.trackers.create("Star", kind="keyword", words=[word])
