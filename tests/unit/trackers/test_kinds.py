"""Trackers without training: from their definition to published results, like any other."""

from __future__ import annotations

import pytest

import workbench as wb
from tests.unit.small import OPENINGS, PRICEY, conversations
from workbench.domain.errors import InvalidTracker, TrackerExists, TrackerNotFound, WrongState
from workbench.domain.publications import Run
from workbench.engine.encoders import HashingEncoder

KEYWORD = {"kind": "keyword", "words": ["expensive", "price is far"]}
PHRASE = {"kind": "phrase", "vocabulary": [f"well {PRICEY[0]} well 3"], "closeness": 0.2}


@pytest.fixture
def workspace(tmp_path):
    ws = wb.open(tmp_path / "w", encoder=HashingEncoder())
    ws.ingest(conversations(30))
    return ws


def texts(frame) -> set[str]:
    return {next(said for said in PRICEY if said in text) for text in frame["text"]}


def test_a_keyword_tracker_needs_no_vectors(workspace):
    tracker = workspace.trackers.create("Price", **KEYWORD)
    assert texts(workspace.draft_detections("Price")) == set(PRICEY[:2])
    publication = tracker.publish(past="12 months")
    assert publication.wait().state is Run.DONE
    found = workspace.detections("Price")
    assert texts(found) == set(PRICEY[:2])
    assert set(found["score"]) == {1.0}
    workspace.ingest([{**one, "id": f"new-{one['id']}"} for one in conversations(5, seed=9)])
    assert any(workspace.detections("Price")["conversation_id"].str.startswith("new-"))
    assert not workspace.is_encoded


def test_a_phrase_tracker_finds_what_is_near(workspace):
    workspace.encode()
    tracker = workspace.trackers.create("Price", **PHRASE)
    wide = workspace.draft_detections("Price")
    tracker.update(closeness=0.35)
    assert 0 < len(workspace.draft_detections("Price")) < len(wide)
    assert wide["score"].min() >= 0.2
    tracker.publish(past="12 months").wait()
    assert set(workspace.detections("Price")["score"]) <= set(wide["score"])


def test_a_short_entry_is_found_wherever_it_is_said(workspace):
    workspace.encode()
    workspace.trackers.create("Dogs", kind="phrase", vocabulary=["my dogs"], closeness=0.99)
    found = workspace.draft_detections("Dogs")
    assert len(found) > 5
    assert all("my dog" in text for text in found["text"])
    assert set(found["score"]) == {1.0}


@pytest.mark.parametrize("settings", [KEYWORD, PHRASE], ids=["keyword", "phrase"])
def test_versions_previews_and_changes_are_the_same_for_every_kind(workspace, settings):
    workspace.encode()
    tracker = workspace.trackers.create("Price", **settings)
    tracker.publish(past="12 months").wait()
    assert tracker.unpublished_changes() == ()
    before = set(workspace.detections("Price")["sentence_id"])
    tracker.update(**({"words": ["expensive"]} if settings is KEYWORD else {"closeness": 0.9}))
    assert tracker.unpublished_changes() == ("settings",)
    preview = tracker.preview()
    assert len(preview.lost) > 0
    assert not preview.gained
    tracker.publish(past="12 months").wait()
    assert {name for _, name in preview.lost} == before - set(workspace.detections("Price")["sentence_id"])
    tracker.roll_back(1)
    assert set(workspace.detections("Price")["sentence_id"]) == before
    assert workspace.statistics("Price").rates["rate"].notna().all()
    assert len(workspace.search(trackers=["Price"], filters=wb.Filters(scope="any"))) > 0


def test_the_filters_hold(workspace):
    workspace.trackers.create("Price", filters=wb.Filters(side="customer"), **KEYWORD)
    assert set(workspace.draft_detections("Price")["side"]) == {"customer"}


def test_there_is_nothing_to_train(workspace):
    tracker = workspace.trackers.create("Price", **KEYWORD)
    with pytest.raises(WrongState, match="needs no training"):
        tracker.train()
    assert not tracker.is_trained


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"kind": "keyword"}, "words: 0"),
        ({"kind": "keyword", "words": ["a"], "examples": ["x"]}, "examples"),
        ({"kind": "phrase", "vocabulary": ["a"], "closeness": 1.5}, "closeness: 1.5"),
        ({"kind": "phrase", "vocabulary": ["a"], "words": ["b"]}, "words"),
        ({"kind": "oracle"}, "kind: must be one of example, keyword, phrase, question, not 'oracle'"),
        ({"kind": "example", "words": ["a"]}, "examples: 0"),
    ],
)
def test_what_cannot_be_used_is_named(workspace, given, told):
    with pytest.raises(InvalidTracker, match=told):
        workspace.trackers.create("Price", **given)


def test_a_changed_setting_is_checked_and_the_others_stay(workspace):
    tracker = workspace.trackers.create("Price", **KEYWORD)
    with pytest.raises(InvalidTracker, match="words: 0"):
        tracker.update(words=[])
    with pytest.raises(InvalidTracker, match="closeness"):
        tracker.update(closeness=0.5)
    tracker.update(exclude=["far"])
    assert workspace.trackers.get("Price").settings == {
        "words": ["expensive", "price is far"],
        "exclude": ["far"],
        "match": "inflected",
        "rules": 2,
    }


def test_many_at_once_all_or_none(workspace):
    trackers = workspace.trackers
    made = trackers.create_many(
        [{"name": f"T{n}", "kind": "keyword", "words": [word]} for n, word in enumerate(OPENINGS)]
    )
    assert [one.name for one in trackers.get_many([made[0].id, "T1"])] == ["T0", "T1"]
    with pytest.raises(InvalidTracker, match=r"\[1\] words: 0"):
        trackers.create_many([{"name": "A", **KEYWORD}, {"name": "B", "kind": "keyword"}])
    with pytest.raises(TrackerExists, match="'T3'"):
        trackers.create_many([{"name": "A", **KEYWORD}, {"name": "T3", **KEYWORD}])
    with pytest.raises(TrackerExists, match="'A'"):
        trackers.create_many([{"name": "A", **KEYWORD}, {"name": "A", **KEYWORD}])
    trackers.update_many({"T0": {"words": ["x"]}, made[1].id: {"name": "Second"}})
    assert trackers.get("T0").settings["words"] == ["x"]
    with pytest.raises(TrackerExists, match="'T2'"):
        trackers.update_many({"T0": {"words": ["y"]}, "Second": {"name": "T2"}})
    assert trackers.get("T0").settings["words"] == ["x"]
    with pytest.raises(TrackerNotFound):
        trackers.delete_many(["T0", "nobody"])
    trackers.delete_many(["T0", "Second"])
    assert len(trackers.list()) == len(OPENINGS) - 2
    assert len(trackers.deleted()) == 2
    both = {"T2": {"description": "one"}, trackers.get("T2").id: {"words": ["two"]}}
    assert {(one.description, one.settings["words"][0]) for one in trackers.update_many(both)} == {("one", "two")}
    trackers.delete_many(["T2", made[0].id], forever=True)
    assert len(trackers.list()) == len(OPENINGS) - 3
    assert [one.name for one in trackers.deleted()] == ["Second"]


def test_a_change_leaves_a_publication_of_that_moment_as_it_is(workspace):
    stale = workspace.trackers.create("Price", **KEYWORD)
    workspace.trackers.get("Price").publish()
    stale.update(description="How much it costs")
    assert workspace.trackers.get("Price").active_version().version == 1
    workspace.trackers.delete("Price")
    with pytest.raises(TrackerNotFound, match="deleted in the meantime"):
        stale.update(description="Again")
