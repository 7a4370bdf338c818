"""No definition makes this machine load a model that the operator has not listed (F3), whichever way it comes in."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

import workbench as wb
from tests.unit.small import conversations
from workbench.domain.allowed_models import MODELS
from workbench.domain.errors import InvalidModelFile, InvalidTracker, JudgeUnavailable
from workbench.domain.publications import definition_of
from workbench.domain.trackers import TrackerKind
from workbench.engine.encoders import HashingEncoder
from workbench.engine.model_file import pack
from workbench.judges import cross_encoder
from workbench.publishing.file_contents import Contents
from workbench.reading.judging import judge_of
from workbench.trackers.question import QuestionSettings

JUDGE = "cross-encoder:someone/model"
GIVEN = {"name": "Asks", "kind": "question", "question": "Did they ask?", "judge": JUDGE}
LISTED = {"name": "Asks", "kind": "question", "settings": {"question": "Did they ask?", "judge": JUDGE}}
REFUSED = f"'someone/model' is not among the models allowed here; list it in {MODELS}"


@pytest.fixture
def loaded(monkeypatch):
    """What a library was asked to load."""
    names = []
    monkeypatch.setattr(cross_encoder, "load_cross_encoder", lambda name, **_: names.append(name))
    return names


@pytest.fixture
def ws(tmp_path, monkeypatch, loaded):
    monkeypatch.setenv(MODELS, "another/model")
    workspace = wb.open(tmp_path / "w", encoder=HashingEncoder())
    workspace.ingest(conversations(4))
    workspace.encode()
    return workspace


def test_made_in_python(ws, loaded):
    with pytest.raises(InvalidTracker, match=REFUSED):
        ws.trackers.create(**GIVEN)
    with pytest.raises(InvalidTracker, match=REFUSED):
        ws.trackers.create_many([GIVEN])
    assert ws.trackers.list() == []
    assert loaded == []


def test_changed_in_python(ws, loaded):
    tracker = ws.trackers.create("Asks", kind="question", question="Did they ask?")
    with pytest.raises(InvalidTracker, match=REFUSED):
        tracker.update(judge=JUDGE)
    with pytest.raises(InvalidTracker, match=REFUSED):
        ws.trackers.update_many({"Asks": {"judge": JUDGE}})
    assert ws.trackers.get("Asks").settings["judge"] == "local"
    assert loaded == []


def test_brought_as_json_or_csv(ws, loaded):
    text = json.dumps([LISTED])
    with pytest.raises(InvalidTracker, match=f"line 1: judge: {REFUSED}"):
        ws.trackers.from_json(text=text)
    rows = f"name,kind,question,judge\nAsks,question,Did they ask?,{JUDGE}\nOther,question,Did they ask?,local\n"
    with pytest.raises(InvalidTracker, match=f"line 2: judge: {REFUSED}"):
        ws.trackers.from_csv(text=rows)
    brought = ws.trackers.from_csv(text=rows, skip=True)
    assert [one.name for one in brought.trackers] == ["Other"]
    assert REFUSED in brought.refused[0].reason
    assert loaded == []


def test_brought_as_a_trackers_file(ws, tmp_path, loaded):
    contents = Contents(
        name="Asks",
        description="",
        kind=TrackerKind.QUESTION,
        filters=wb.Filters(),
        examples=[],
        threshold="balanced",
        settings=LISTED["settings"],
        seed=1,
        version=1,
        published=None,
        encoder=ws.encoder.key,
        given=0,
        estimate=None,
        answers=None,
    )
    file = tmp_path / "asks.tracker"
    file.write_bytes(pack(None, contents.model_dump(mode="json")))
    with pytest.raises(InvalidModelFile, match=REFUSED):
        ws.trackers.import_file(file)
    assert ws.trackers.list() == []
    assert loaded == []


def test_asked_of_a_metric(ws, loaded):
    ws.metrics.create("Paid", source={"type": "question", "question": "Did they pay?"})
    with pytest.raises(JudgeUnavailable, match=REFUSED):
        ws.metrics.ask("Paid", judge=JUDGE)
    shown = ws.metrics.preview(source={"type": "question", "question": "Did they pay?"}, judge=JUDGE)
    assert {REFUSED in one.outcome.why for one in shown} == {True}
    assert loaded == []


def test_standing_in_the_state_from_another_time_or_another_machine(ws, loaded):
    """A workspace that somebody sends, or one of a version that took any name: it opens, lists, and reads nothing."""
    tracker = ws.trackers.create("Asks", kind="question", question="Did they ask?")
    spec = ws.trackers.repository.get("Asks")
    ws.trackers.repository.save(replace(spec, settings=spec.settings | {"judge": JUDGE}))
    again = wb.open(ws.path, encoder=HashingEncoder())
    tracker = again.trackers.get("Asks")
    assert tracker.settings["judge"] == JUDGE
    with pytest.raises(JudgeUnavailable, match=REFUSED):
        tracker.sample(4)
    tracker.update(description="Still to be changed")
    assert JUDGE in again.trackers.to_json()
    with pytest.raises(JudgeUnavailable, match=REFUSED):
        judge_of(QuestionSettings.checked(definition_of(again.trackers.repository.get("Asks"))["settings"]))
    assert loaded == []


def test_a_listed_one_is_taken_and_loaded(ws, loaded, monkeypatch):
    monkeypatch.setenv(MODELS, "another/model, someone/model")
    tracker = ws.trackers.create(**GIVEN)
    assert tracker.settings["judge"] == JUDGE
    with pytest.raises(AttributeError):  # of the stand-in, which is no model
        tracker.sample(4)
    assert loaded == ["someone/model"]


@pytest.mark.parametrize("judge", ["Cross-Encoder:x", "cross-encoder", "cross-encoder:", "file:///etc", ["a"], 1, None])
def test_no_other_spelling_names_a_model(ws, judge, loaded):
    settings = {"question": "Did they ask?", "judge": judge}
    brought = ws.trackers.from_json(text=json.dumps([LISTED | {"settings": settings}]), skip=True)
    assert [one.settings["judge"] for one in brought.trackers] in ([], ["local"])
    assert loaded == []
