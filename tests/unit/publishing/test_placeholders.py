"""What a definition leaves open, such as [names of competitors], is never published silently."""

from __future__ import annotations

import ast

import pytest

import workbench as wb
from tests.unit.small import ROOT, conversations
from workbench.domain.errors import InvalidTracker
from workbench.domain.trackers import TrackerKind
from workbench.engine.encoders import HashingEncoder
from workbench.trackers.placeholders import check_filled, placeholders
from workbench.trackers.question_builder import set_phrases

SECTIONS = {"who": "customer", "what": "mention"}
OPEN = {
    "built": {"kind": "question", "sections": {**SECTIONS, "about": "competitor"}},
    "edited": {"kind": "question", "sections": {**SECTIONS, "topic": "[feature]"}},
    "free": {"kind": "question", "question": "Did they mention [name of the product]?"},
    "details": {"kind": "question", "question": "Did they mention others?", "details": "Such as [Namen der Anbieter]."},
    "phrase": {"kind": "phrase", "vocabulary": ["We also talk to [names of competitors]."]},
    "words": {"kind": "keyword", "words": ["price", "[names of competitors]"]},
    "exclusion": {"kind": "keyword", "words": ["price"], "exclude": ["[our name]"]},
}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    ws = wb.open(tmp_path_factory.mktemp("w"), encoder=HashingEncoder())
    ws.ingest(conversations(4))
    ws.encode()
    return ws


@pytest.mark.parametrize("name", OPEN)
def test_it_is_refused_until_it_is_filled_in(workspace, name):
    tracker = workspace.trackers.create(name, **OPEN[name])
    with pytest.raises(InvalidTracker, match=r"replace \[.+\] with the real ones before publishing"):
        tracker.publish(past="all")
    assert (tracker.state, tracker.active_version()) == ("draft", None)


def test_a_published_one_keeps_its_version_and_can_be_published_once_it_is_filled_in(workspace):
    tracker = workspace.trackers.create("Names", kind="phrase", vocabulary=["We talk to Initech, too."])
    tracker.publish()
    tracker.update(vocabulary=["We talk to [names of competitors], too."])
    with pytest.raises(InvalidTracker, match="vocabulary"):
        tracker.publish()
    assert tracker.active_version().version == 1
    tracker.update(vocabulary=["We talk to Initech and Hooli, too."])
    tracker.publish()
    assert tracker.active_version().version == 2


def test_every_way_to_publish_goes_through_the_check():
    """``publish`` of publishing makes all versions; nothing else adds one."""
    adding = {
        file.relative_to(ROOT / "workbench").as_posix()
        for file in (ROOT / "workbench").rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Version"
    }
    assert sorted(adding) == ["publishing/publish.py", "store/publications.py"]  # the second reads them


def test_each_open_place_of_the_builder_is_known():
    details = [one.details for section in set_phrases().values() for one in section]
    with_brackets = [text for text in details if "[" in text]
    assert len(with_brackets) == 4
    assert all(placeholders(text) for text in with_brackets)


@pytest.mark.parametrize("text", ["my number is [CARD]", "I am [NAME]", "no [ ] brackets", "a[1] and b[2]", "x [] y"])
def test_other_brackets_are_no_placeholders(text):
    assert placeholders(text) == []
    check_filled(TrackerKind.PHRASE, {"vocabulary": [text]})
