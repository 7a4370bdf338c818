"""What the viewer of calls marks: what stands as found, of drafts what they would find, whatever their kind."""

from __future__ import annotations

import pytest

import workbench as wb
from tests.unit import small
from workbench.engine.encoders import HashingEncoder
from workbench.widgets import CallViewer
from workbench.widgets.hub import hub_of


@pytest.fixture(scope="module")
def ws(tmp_path_factory):
    made = wb.open(tmp_path_factory.mktemp("found") / "w", encoder=HashingEncoder())
    made.ingest(small.conversations(12))
    made.encode()
    made.trackers.create("Price", "keyword", words=["price", "expensive"])
    made.trackers.create("Near", "phrase", vocabulary=["the weather is lovely today"], closeness=0.5)
    return made


def marked(viewer, page, call):
    found = page(viewer).result("detections", conversation_id=call)["marks"]
    outline = viewer.workspace.lake.outline(call)
    ids = [line.sentence_id for line in viewer.workspace.lake.lines(outline, 0, 100)]
    return {(ids[one["at"]], one["version"]) for one in found}


def standing(frame, call):
    return {
        (row.sentence_id, None if row.version is None or row.version != row.version else int(row.version))
        for row in frame[frame["conversation_id"] == call].itertuples()
    }


@pytest.mark.parametrize("name", ["Price", "Near"])
def test_a_draft_of_any_kind_marks_what_it_would_find(ws, page, name):
    frame = ws.draft_detections(name)
    call = frame["conversation_id"].iloc[0]
    found = marked(CallViewer(ws, name), page, call)
    assert {one for one, _ in found} == set(frame["sentence_id"][frame["conversation_id"] == call])
    assert {version for _, version in found} == {None}


def test_a_published_tracker_marks_what_stands_and_by_which_version(ws, page):
    tracker = ws.trackers.get("Price")
    tracker.publish("all").wait()
    viewer, call = CallViewer(ws, "Price"), ws.detections("Price")["conversation_id"].iloc[0]
    before = marked(viewer, page, call)
    assert before == standing(ws.detections("Price"), call)
    assert {version for _, version in before} == {1}
    tracker.update(words=["no such word"])
    tracker.publish()
    hub_of(ws).announce(tracker.id, object())
    assert marked(viewer, page, call) == before
    tracker.deactivate()
    assert marked(viewer, page, call) == before
    tracker.publish("all").wait()
    assert marked(viewer, page, call) == set()
