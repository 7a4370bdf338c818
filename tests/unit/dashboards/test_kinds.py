"""Trackers without training on the pages: what they look for, and that nothing is claimed of how well they do."""

from __future__ import annotations

from typing import Any

import pytest

import workbench as wb
from tests.support.chat_endpoint import Answer, chat_endpoint, finding, judging_endpoint
from tests.unit.dashboards.shop import block, value
from tests.unit.small import conversations
from workbench.dashboards.kinds import MOST, looks_for
from workbench.dashboards.pages import build
from workbench.domain.publications import definition_of
from workbench.engine.encoders import HashingEncoder

EVIL = "<img src=x onerror=alert(1)>"
MADE: dict[str, dict[str, Any]] = {
    "keyword": {"words": ["expensive", EVIL], "exclude": ["cheap"]},
    "phrase": {"vocabulary": ["well that is too expensive for us", EVIL], "closeness": 0.5},
    "question": {"question": "Did anyone say that it is too expensive?", "details": "“that is too expensive for us”"},
}
TOLD = {
    "keyword": ("One of these, in any form: expensive, <img", "Not: cheap."),
    "phrase": ("“well that is too expensive for us”", "must be: 0.5, where 1 is identical."),
    "question": (
        "Did anyone say that it is too expensive?",
        "“that is too expensive for us”",
        "on this machine answers",
    ),
}


@pytest.fixture
def ws(tmp_path):
    made = wb.open(tmp_path / "w", encoder=HashingEncoder())
    made.ingest(conversations(30))
    made.encode()
    return made


@pytest.mark.parametrize("kind", MADE)
def test_the_pages_of_a_kind_without_training(ws, kind):
    ws.trackers.create("Dear", kind=kind, **MADE[kind]).publish(past="12 months").wait()
    view = build("tracker")(ws, {"tracker": "Dear"})
    names = [one["id"] for one in view["blocks"]]
    assert names == ["figures", "concept", "scope", "quality", "trend", "teams", "hits", "versions"]
    for said in TOLD[kind]:
        assert said in block(view, "concept")["note"]
    assert "is not known: nobody has judged its matches" in block(view, "quality")["note"]
    assert "uncorrected and include its errors" in block(view, "quality")["note"]
    assert "errors, which are not known" in block(view, "trend")["note"]
    assert "answers" not in [one["name"] for one in block(view, "versions")["table"]["columns"]]
    found = ws.detections("Dear")
    assert value(view, "Sentences found") == f"{len(found)}"
    assert len(found) == block(view, "hits")["total"] > 0
    searched = block(build("search")(ws, {"trackers": "Dear"}), "hits")
    assert {one["sentence_id"] for one in searched["hits"]} <= set(found["sentence_id"])
    assert searched["total"] == len(found)
    assert build("search")(ws, {"trackers": "Dear"})["notices"] == []
    (row,) = block(build("overview")(ws, {}), "trackers")["table"]["rows"]
    assert (row["quality"], row["precision"], row["hit_rate"]) == ("Not measured", None, None)
    assert "The tracker itself: How well it does is not known" in block(build("team")(ws, {}), "apart")["note"]


def test_what_a_version_looks_for_is_shown_and_not_what_a_draft_of_it_would(ws):
    tracker = ws.trackers.create("Dear", kind="keyword", words=["expensive"])
    tracker.publish(past="12 months").wait()
    tracker.update(words=["weather"], filters=wb.Filters(side="customer"))
    view = build("tracker")(ws, {})
    assert "expensive" in block(view, "concept")["note"]
    assert "what anyone says" in block(view, "scope")["note"]


def test_of_many_words_some_are_told(ws):
    words = [f"word{number}" for number in range(MOST + 5)]
    tracker = ws.trackers.create("Many", kind="keyword", words=words)
    assert "and 5 more" in looks_for(definition_of(tracker.spec))


def test_out_of_credits_it_is_said_what_is_kept_and_what_to_do(ws, monkeypatch):
    with chat_endpoint(finding("expensive")) as endpoint:
        monkeypatch.setenv("WORKBENCH_JUDGE_URL", endpoint.url)
        monkeypatch.setenv("WORKBENCH_JUDGE_MODEL", "m")
        tracker = ws.trackers.create("Dear", judge="endpoint", kind="question", **MADE["question"])
        ws.credits.top_up(tracker.cost("12 months").credits / 2)
        tracker.publish(past="12 months").wait()
    state = tile(build("tracker")(ws, {}), "State")
    assert (state["value"], state["tone"]) == ("paused", "warning")
    assert "out of credits; version 1. Its matches are kept." in state["note"]
    assert "to add credits and publish it again" in state["note"]
    (row,) = block(build("overview")(ws, {}), "trackers")["table"]["rows"]
    assert row["state"] == "paused: out of credits, version 1"


def test_calls_that_wait_and_calls_without_an_answer_are_told(ws, monkeypatch):
    with judging_endpoint(monkeypatch, finding("expensive")) as endpoint:
        ws.credits.top_up(1_000)
        ws.trackers.create("Dear", judge="endpoint", kind="question", **MADE["question"]).publish()
        endpoint.answering = lambda request, _: Answer("garbage")
        ws.ingest([{**one, "id": f"bad-{one['id']}"} for one in conversations(2, seed=3)])
        assert tile(build("tracker")(ws, {}), "Calls without an answer")["value"] == "2"
        endpoint.answering = lambda request, _: Answer(status=429, body=b"{}")
        ws.ingest([{**one, "id": f"more-{one['id']}"} for one in conversations(2, seed=4)])
    waiting = tile(build("tracker")(ws, {}), "Upcoming calls")
    assert (waiting["value"], waiting["tone"]) == ("waiting", "warning")
    assert "429" in waiting["note"]


def tile(view: Any, label: str) -> dict[str, Any]:
    return next(one for one in block(view, "figures")["tiles"] if one["label"] == label)


def test_a_ready_made_one_tells_what_was_measured_until_it_is_changed(ws):
    tracker = ws.trackers.from_ready_made("Pain point", name="Ache")
    tracker.publish()
    told = block(build("tracker")(ws, {"tracker": "Ache"}), "quality")["note"]
    quality = next(one.quality for one in ws.trackers.ready_made() if one.name == "Pain point")
    assert f"On {quality.calls} invented calls" in told
    assert f"{quality.precision.point:.0%}" in told
    assert f"measured on {quality.measured}, with 95% intervals" in told
    assert "uncorrected and include its errors" in told
    tracker.update(closeness=0.9)
    tracker.publish()
    assert "invented" not in block(build("tracker")(ws, {"tracker": "Ache"}), "quality")["note"]
