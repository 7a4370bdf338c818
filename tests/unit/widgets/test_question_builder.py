"""The builder of questions over a real workspace, with the judge on this machine."""

from __future__ import annotations

import pytest

import workbench as wb
from tests.unit.small import PackagedName, conversations
from workbench.widgets import QuestionBuilder
from workbench.widgets.hub import hub_of


@pytest.fixture
def calls(tmp_path):
    ws = wb.open(tmp_path / "w", encoder=PackagedName())
    ws.ingest(conversations(30))
    ws.encode()
    return ws


@pytest.fixture
def builder(calls):
    return QuestionBuilder(calls)


def named(builder, **changes):
    return {**builder.form, "name": "Asks for a discount", **changes}


def test_set_phrases_make_a_question_with_details_and_a_cost(builder, page):
    found = page(builder).result("check", form=named(builder), past="12 months")
    assert found["question"] == "Did the customer ask for a discount?"
    assert "Money off" in found["details"]
    assert found["cost"]["free"]
    assert (found["cost"]["calls"], found["counts"]["calls"]) == (30, 30)
    assert not [one for one in found["hints"] if one["level"] == "error"]


def test_a_section_that_is_missing_is_a_hint(builder, page):
    sections = {"who": "customer", "what": "ask_for", "topic": " "}
    found = page(builder).result("check", form=named(builder, sections=sections))
    assert [one["field"] for one in found["hints"] if one["level"] == "error"] == ["question"]
    assert found["cost"] is None


def test_a_question_is_refined_as_it_is_typed(builder, page):
    found = page(builder).result("check", form=named(builder, free=True, question="Why did our rep talk?"))
    assert {"yes-or-no answer" in one["message"] for one in found["refinements"]} >= {True}


def test_calls_are_tried_saved_and_published(calls, builder, page):
    browser = page(builder)
    asked = named(builder, free=True, question="Did the customer say that it is too expensive for us?", details="")
    asked["filters"] = {**asked["filters"], "side": "anyone"}
    browser.result("sample", form=asked)
    assert (builder.sample["seen"], builder.sample["total"], len(builder.sample["calls"])) == (30, 30, 30)
    browser.result("save", form=asked)
    tracker = calls.trackers.get("Asks for a discount")
    assert (str(tracker.kind), tracker.id) == ("question", builder.tracker_id)
    assert builder.form == builder.saved
    assert builder.sample is not None
    assert tracker.settings["sections"] == {"who": "customer", "what": "ask_for", "about": "discount"}
    plan = browser.result("plan", form={**builder.form, "details": "Another topic"}, past="all")
    assert "Version 1 reads 30 past calls." in plan["message"]
    assert "It runs automatically" in browser.result("publish", form=builder.form)["message"]
    assert calls.trackers.get(tracker.id).active_version() is not None
    assert builder.trackers == [{"id": tracker.id, "name": tracker.name}]


def test_results_that_are_judged_say_how_far_to_trust_it_and_which_threshold_serves(builder, page):
    browser = page(builder)
    asked = named(builder, free=True, question="Did the customer say that it is too expensive for us?", details="")
    asked["filters"] = {**asked["filters"], "side": "anyone"}
    browser.result("sample", form=asked)
    found = sorted((one["score"], one["conversation_id"]) for one in builder.sample["calls"] if one["mentions"])
    assert len({score for score, _ in found}) > 5
    cut = found[len(found) // 2][0]
    for score, call in found:
        browser.result("judge", conversation_id=call, right=score >= cut)
    tuned = builder.sample["tuned"]
    assert len(builder.sample["judged"]) == len(found)
    assert found[0][0] < tuned["least"] <= cut
    assert (tuned["right_kept"], tuned["wrong_dropped"]) == (
        sum(score >= cut for score, _ in found),
        sum(score < cut for score, _ in found),
    )
    browser.result("sample", form={**asked, "least": tuned["least"]})
    assert {one["conversation_id"] for one in builder.sample["calls"] if one["mentions"]} == {
        call for score, call in found if score >= cut
    }
    assert builder.sample["tuned"] is None
    browser.result("save", form={**asked, "least": tuned["least"]})
    assert builder.form["least"] == builder.workspace.trackers.get("Asks for a discount").settings["least"]
    browser.result("judge", conversation_id=found[-1][1], right=None)
    assert found[-1][1] not in builder.sample["judged"]
    assert browser.ask("judge", conversation_id="elsewhere", right=True)["error"]["kind"] == "ConversationNotFound"


def test_another_question_begins_without_judgements(builder, page):
    browser = page(builder)
    asked = named(builder, free=True, question="Did anyone say that it is too expensive for us?", details="")
    asked["filters"] = {**asked["filters"], "side": "anyone"}
    browser.result("sample", form=asked)
    first = builder.sample["calls"][0]["conversation_id"]
    browser.result("judge", conversation_id=first, right=False)
    assert builder.sample["judged"] == {first: False}
    browser.result("sample", form={**asked, "least": 0.6})
    assert builder.sample["judged"] == {first: False}
    browser.result("sample", form={**asked, "details": "Only about the price"})
    assert builder.sample["judged"] == {}


def test_what_calls_say_near_a_question_can_be_said_to_count(builder, page):
    asked = named(builder, free=True, question="Did anyone say that it is too expensive for us?", details="")
    near = [one for one in page(builder).result("refine", form=asked) if one["text"]]
    assert near
    assert all(one["text"] in one["message"] for one in near)


def test_credits_that_are_missing_are_told(calls, builder, page, monkeypatch):
    monkeypatch.setenv("WORKBENCH_JUDGE_URL", "http://localhost:1/v1")
    monkeypatch.setenv("WORKBENCH_JUDGE_MODEL", "m")
    browser, asked = page(builder), named(builder, judge="endpoint")
    found = browser.result("check", form=asked, past="12 months")
    assert (found["cost"]["free"], found["cost"]["enough"], found["balance"]) == (False, False, 0)
    plan = browser.result("plan", form=asked, past="12 months")
    assert (plan["warns"], "You have no credits, so it cannot be published" in plan["message"]) == (True, True)
    assert browser.ask("publish", form=asked)["error"]["kind"] == "OutOfCredits"
    calls.credits.top_up(plan["credits"] / 2)
    assert "not enough (out of credits)" in browser.result("plan", form=asked, past="12 months")["message"]
    calls.credits.top_up(plan["credits"])
    assert not browser.result("plan", form=asked, past="12 months")["warns"]
    calls.credits.cap(0.001)
    assert "not enough (monthly cap reached)" in browser.result("plan", form=asked, past="12 months")["message"]
    calls.credits.cap(None)
    assert calls.trackers.get("Asks for a discount").active_version() is None


def test_other_trackers_are_said_to_be_built_elsewhere_and_stay_as_they_are(calls, builder, page):
    other = calls.trackers.create("Price", kind="keyword", words=["price"])
    builder.tracker_id = other.id
    assert (builder.elsewhere, builder.saved, builder.error) == ("Price", None, "")
    made = page(builder).result("save", form=named(builder))
    assert made["tracker_id"] != other.id
    assert calls.trackers.get("Price").settings["words"] == ["price"]
    calls.trackers.create("Q", kind="question", question="Did they agree?")
    hub_of(calls).announce("", None)
    assert [one["name"] for one in builder.trackers] == ["Q", "Asks for a discount"]


def test_a_stream_tells_somebody_where_an_address_is_given(calls, builder, page):
    browser = page(builder)
    asked = named(builder, free=True, question="Did anyone say that it is too expensive?", details="")
    assert browser.ask("publish", form=asked, stream="Dear", email="nobody")["error"]
    assert calls.trackers.list() == []
    for _ in range(2):
        browser.result("publish", form=asked, stream="Dear", email="ann@example.org")
    assert [one.target for one in calls.streams.get("Dear").channels] == ["ann@example.org"]
    assert builder.stage == "active"


def test_a_question_is_trained_further(calls, builder, page):
    browser = page(builder)
    details = "“that is too expensive for us” “the price is far too high”"
    asked = named(builder, free=True, question="Did anyone say that it is too expensive?", details=details)
    browser.result("save", form=asked)
    made = browser.result("train", name="Dear, trained")
    tracker = calls.trackers.get("Dear, trained")
    assert (made["tracker_id"], str(tracker.kind)) == (tracker.id, "example")
    found = calls.draft_detections("Asks for a discount")["sentence_id"]
    assert {one.sentence_id for one in tracker.train().candidates} <= set(found)
    assert builder.tracker_id == calls.trackers.get("Asks for a discount").id
    assert "Dear, trained" in browser.ask("train", name="Dear, trained")["error"]["message"]


def test_credits_are_added_and_told(calls, builder, page):
    browser = page(builder)
    assert browser.result("credits") == {"balance": 0, "spent": 0, "entries": [], "more": 0}
    calls.credits.set_price("local", 1)
    found = browser.result("top_up", amount=50, note="  Budget of May ")
    assert (found["balance"], found["entries"][0]["what"]) == (50, "Added: Budget of May")
    asked = named(builder, free=True, question="Did anyone say that it is too expensive?", details="")
    browser.result("sample", form=asked)
    browser.result("publish", form=asked, past="12 months")
    calls.trackers.get("Asks for a discount").active_version().wait()
    calls.ingest([{**one, "id": f"new-{one['id']}"} for one in conversations(4, seed=9)])
    found = browser.result("credits")
    assert sum(one["amount"] for one in found["entries"]) == pytest.approx(found["balance"])
    assert found["spent"] == pytest.approx(50 - found["balance"])
    rows = {one["what"]: one["calls"] for one in found["entries"]}
    assert rows == {"Added: Budget of May": 0, "Tried on calls before it was saved": 30, "Asks for a discount": 4}
    for wrong in (0, -1, "many", None, 10**12):
        assert browser.ask("top_up", amount=wrong)["error"]


def test_what_stops_it_is_seen_though_nobody_did_anything(calls, builder, page):
    browser = page(builder)
    calls.credits.set_price("local", 1)
    browser.result("top_up", amount=5)
    asked = named(builder, free=True, question="Did anyone say that it is too expensive?", details="")
    browser.result("publish", form=asked, past="12 months")
    calls.trackers.get("Asks for a discount").active_version().wait()
    assert browser.result("standing") is False
    assert (builder.stage, builder.paused) == ("paused", "out of credits")
    assert "of 30 are read. Out of credits." in builder.run
    browser.result("top_up", amount=500)
    browser.result("publish", form=asked, past="12 months")
    calls.trackers.get("Asks for a discount").active_version().wait()
    browser.result("standing")
    assert (builder.stage, builder.paused, builder.run) == ("active", "", "")
