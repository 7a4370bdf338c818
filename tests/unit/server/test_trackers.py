"""Trackers over REST: made, changed and deleted, one or many; published, paused, gone back to."""

from __future__ import annotations

import json
import time

import pytest

from tests.support.api_server import part
from tests.unit.small import EXAMPLES
from workbench.domain.publications import PAST


@pytest.fixture
def draft(api, request):
    """A new keyword tracker; its name is the test's."""
    made = api("POST", "trackers", {"name": request.node.name[:80], "kind": "keyword", "settings": {"words": ["dog"]}})
    assert made.status == 201, made.body
    return made.json


def until(ask, holds):
    """Asks again until it holds; the test's own limit ends what never does."""
    while not holds(answer := ask()):
        time.sleep(0.05)
    return answer


def test_one_is_made_found_changed_and_deleted(api):
    body = {"name": "Costs", "description": "Too much", "examples": EXAMPLES, "threshold": "precision>=0.9"}
    made = api("POST", "trackers", body | {"filters": {"side": "customer", "started_from": "2026-01-01"}})
    assert made.status == 201
    tracker = made.json
    assert made.headers["Location"] == f"trackers/{tracker['id']}"
    assert tracker["threshold"] == "precision>=0.9"
    assert tracker["filters"]["side"] == "customer"
    assert tracker["filters"]["started_from"] == "2026-01-01T00:00:00Z"
    assert tracker["created"].endswith("Z")
    assert api.get("trackers/Costs") == api.get(f"trackers/{tracker['id']}") == tracker
    changed = api("PATCH", "trackers/Costs", {"name": "Cost / price", "filters": {"scope": "any"}})
    assert changed.status == 200
    assert (changed.json["filters"]["scope"], changed.json["filters"]["side"]) == ("any", "anyone")
    assert api("DELETE", f"trackers/{part('Cost / price')}").status == 204
    assert api("GET", f"trackers/{part('Cost / price')}").status == 404
    assert api.get(f"trackers/{tracker['id']}")["state"] == "deleted"
    assert tracker["id"] in [one["id"] for one in api.get("trackers", deleted="true")["items"]]
    assert api("PATCH", f"trackers/{tracker['id']}", {"name": "x"}).status == 404
    assert api("POST", f"trackers/{tracker['id']}/restore").json["state"] == "draft"
    assert api("DELETE", f"trackers/{tracker['id']}", forever="true").status == 204
    assert api("POST", f"trackers/{tracker['id']}/restore").status == 404


def test_its_name_is_cleaned_of_what_cannot_be_seen(api):
    body = {"name": "Un\u200bseen\x1b[31m \u202e!", "kind": "keyword", "settings": {"words": ["dog"]}}
    made = api("POST", "trackers", body)
    assert (made.status, made.json["name"]) == (201, "Unseen [31m !")
    changed = api("PATCH", f"trackers/{made.json['id']}", {"name": "Seen\x9b\u2066"})
    assert changed.json["name"] == "Seen"


def test_many_at_once_each_by_itself(api):
    good = [{"name": f"Many {n}", "kind": "keyword", "settings": {"words": ["a cat"]}} for n in range(3)]
    made = api("POST", "trackers", {"trackers": [good[0], {"name": "Many bad", "examples": ["one"]}, *good[1:]]})
    assert made.status == 207
    items = made.json["items"]
    assert [one["status"] for one in items] == [201, 422, 201, 201]
    assert items[1]["problem"]["errors"][0]["field"] == "examples"
    ids = [one["result"]["id"] for one in items if one["result"]]
    assert api("POST", "trackers", {"trackers": good[:1]}).json["items"][0]["status"] == 409
    changes = [
        {"tracker": "Many 0", "description": "new"},
        {"tracker": "nobody"},
        {"tracker": ids[1], "name": "Many 0"},
    ]
    changed = api("PATCH", "trackers", {"trackers": changes})
    assert [one["status"] for one in changed.json["items"]] == [200, 404, 409]
    assert api.get("trackers/Many 0".replace(" ", "%20"))["description"] == "new"
    gone = api("DELETE", "trackers", tracker=[*ids, "nobody"])
    assert [one["status"] for one in gone.json["items"]] == [204, 204, 204, 404]


def test_pages_of_trackers_stay_while_more_are_made(api):
    first = api.get("trackers", limit=1)
    api("POST", "trackers", {"name": "Late", "kind": "keyword", "settings": {"words": ["late"]}})
    rest = api.items("trackers", limit=1, cursor=first["next_cursor"])
    ids = [one["id"] for one in [*first["items"], *rest]]
    assert ids == [one.id for one in api.workspace.trackers.list()]


def test_its_life(api, draft):
    path = f"trackers/{draft['id']}"
    assert api("POST", f"{path}/pause").status == 409
    made = api("POST", f"{path}/publish", {"past": "12 months", "stream": "Dogs"})
    assert made.status == 201
    assert made.headers["Location"] == "publications/1"
    shown = until(lambda: api.get(f"{path}/publications/1"), lambda one: one["run"]["state"] == "done")
    (version,) = api.workspace.trackers.get(draft["id"]).publications()
    assert shown["run"]["found"] == len(version.detections()) > 0
    assert shown["active"] is True
    assert "Dogs" in [one["name"] for one in api.get("streams")["items"]]
    for what, state in (("pause", "paused"), ("resume", "active")):
        assert api("POST", f"{path}/{what}").json["state"] == state
    api("PATCH", path, {"settings": {"words": ["dog", "cat"]}})
    assert api.get(path)["unpublished"] == ["settings"]
    assert api("POST", f"{path}/publish", {}).json["version"] == 2
    assert api("POST", f"{path}/roll_back", {"version": 1}).json["active_version"] == 1
    assert api("POST", f"{path}/roll_back", {"version": 9}).status == 409
    assert [one["version"] for one in api.items(f"{path}/publications", limit=1)] == [1, 2]
    for what in ("cancel", "resume"):
        assert api("POST", f"{path}/publications/1/{what}").json["version"] == 1
    assert api("POST", f"{path}/publications/7/cancel").status == 404
    assert api("POST", f"{path}/deactivate").json["state"] == "deactivated"
    assert len(api.items("detections", tracker=draft["id"])) == len(version.detections())  # what it found stays


def test_what_publishing_would_do_is_asked_first(api, draft):
    path, tracker = f"trackers/{draft['id']}", api.workspace.trackers.get(draft["id"])
    first = api.get(f"{path}/plan")
    assert (first["version"], first["past"], first["to_read"], first["cost"]) == (1, None, 0, None)
    tracker.publish("all").wait()
    api("PATCH", path, {"settings": {"words": ["dog", "cat"]}})
    for past in (None, *PAST):
        told = api.get(f"{path}/plan", **({} if past is None else {"past": past}))
        plan = tracker.publish_plan(past).to_dict()
        told_since, _ = told.pop("since"), plan.pop("since")
        assert told == plan
        assert (told_since is None) == (past in (None, "all"))
    assert api("GET", f"{path}/plan?past=2%20years").status == 422
    assert api("GET", "trackers/Nothing/plan").status == 404
    assert len(tracker.publications()) == 1


def test_one_that_learns_is_published_with_its_estimate(api):
    api.workspace.encode()  # what other tests have brought
    price = api.get("trackers/Price")
    assert price["estimate"]["heldout"]["tags"] == 25
    made = api("POST", "trackers/Price/publish", {})
    assert made.status == 201, made.body
    assert made.json["estimate"]["round"] == 1
    api("POST", "trackers/Price/roll_back", {"version": 1})
    untrained = api("POST", "trackers", {"name": "Untrained", "examples": EXAMPLES}).json
    refused = api("POST", f"trackers/{untrained['id']}/publish", {})
    assert (refused.status, refused.json["code"]) == (409, "not-enough-tags")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": "x"}, "examples"),
        ({"name": "   ", "examples": EXAMPLES}, "name"),
        ({"name": "x", "examples": "no list"}, "examples"),
        ({"name": "x", "examples": EXAMPLES, "colour": "red"}, "colour"),
        ({"name": "x", "examples": EXAMPLES, "filters": {"side": "left"}}, "filters.side"),
        (
            {"name": "x", "examples": EXAMPLES, "filters": {"started_from": "0001-01-01T00:00:00+14:00"}},
            "filters.started_from",
        ),
        ({"name": "x", "examples": EXAMPLES, "filters": {"part": {"amount": 400, "unit": "percent"}}}, "part.amount"),
        ({"name": "x", "examples": EXAMPLES, "threshold": "precision>=2"}, "threshold"),
        ({"name": "x", "examples": EXAMPLES, "settings": {"self": 1}}, "settings.self"),
        ({"name": "x", "kind": "keyword", "settings": {"words": 5}}, "words"),
        ({"name": "x", "kind": "phrase", "settings": {"vocabulary": ["a"], "closeness": "near"}}, "closeness"),
        ({"trackers": [{"name": 5}]}, "trackers.0.name"),
        ({"trackers": []}, "trackers"),
    ],
)
def test_what_cannot_be_is_refused_with_its_field(api, body, field):
    refused = api("POST", "trackers", body)
    assert refused.status == 422
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert refused.json["errors"][0]["field"] == field, refused.json


def test_a_model_that_the_operator_has_not_listed_is_not_taken(api):
    """F3: with a write token, a definition made the server ask the hub, or open any folder."""
    writer, told = api.token("models", "write"), set()
    for model in ("someone/model", "/etc/shadow", "/root", "/nothing/there", "../../etc"):
        settings = {"question": "Did they ask?", "judge": f"cross-encoder:{model}"}
        body = {"name": "Judged elsewhere", "kind": "question", "settings": settings}
        answers = [api("POST", "trackers", body, token=writer)]
        answers.append(api("POST", "definitions", {"text": json.dumps([body]), "format": "json"}, token=writer))
        made = api("POST", "trackers", body | {"settings": {"question": "Did they ask?"}}, token=writer).json
        answers.append(api("PATCH", f"trackers/{made['id']}", {"settings": {"judge": settings["judge"]}}, token=writer))
        for answer in answers:
            assert answer.status == 422, answer.body
            told.add(answer.json["detail"].rpartition("judge: ")[2].replace(model, "NAME"))
        api("DELETE", f"trackers/{made['id']}", forever="true")
    assert told == {"'NAME' is not among the models allowed here; list it in WORKBENCH_MODELS to allow it"}
