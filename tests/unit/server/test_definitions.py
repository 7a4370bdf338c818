"""Ready-made trackers and definitions over REST: listed, added, given out as a text and brought in again."""

from __future__ import annotations

import json

import pytest


@pytest.fixture
def words(api, request):
    """Two new keyword trackers; their names."""
    names = [f"{request.node.name[:60]} {n}" for n in range(2)]
    body = [{"name": name, "kind": "keyword", "settings": {"words": ["dog"]}} for name in names]
    made = api("POST", "trackers", {"trackers": body})
    assert [one["status"] for one in made.json["items"]] == [201, 201]
    return names


def test_ready_made_ones_are_listed_with_what_was_measured(api):
    found = api.items("ready-made", limit=4)
    assert [one["name"] for one in found] == [one.name for one in api.workspace.trackers.ready_made()]
    budget = next(one for one in found if one["key"] == "budget")
    assert budget["filters"]["side"] == "customer"
    assert len(budget["settings"]["vocabulary"]) == 20
    interval = budget["quality"]["f1"]
    assert 0 < interval["low"] < interval["point"] < interval["high"] < 1
    assert budget["quality"]["calls"] > 0


def test_one_is_added_by_name_or_key_and_published_at_once(api):
    made = api("POST", "ready-made/Greeting", {})
    assert (made.status, made.json["kind"], made.json["state"]) == (201, "phrase", "draft")
    assert made.headers["Location"] == f"../trackers/{made.json['id']}"
    again = api("POST", "ready-made/greeting", {})
    assert (again.status, again.json["code"]) == (409, "tracker-exists")
    trained = api("POST", "ready-made/greeting", {"as_examples": True, "name": "Greeting, trained"})
    assert (trained.json["kind"], trained.json["name"]) == ("example", "Greeting, trained")
    assert len(trained.json["examples"]) >= 5
    assert api("POST", f"trackers/{made.json['id']}/publish", {}).status == 201
    missing = api("POST", "ready-made/nothing", {})
    assert missing.status == 404
    assert "Budget limit" in missing.json["detail"]
    assert api("POST", "ready-made/greeting", {"name": ""}).status == 422


def test_some_are_got_by_id_or_name(api, words):
    known = api.get(f"trackers/{words[1].replace(' ', '%20')}")
    found = api.get("trackers", tracker=[known["id"], words[0]], limit=1)
    assert [one["name"] for one in found["items"]] == words[:1]
    rest = api.get("trackers", tracker=[known["id"], words[0]], cursor=found["next_cursor"])
    assert [one["name"] for one in rest["items"]] == words[1:]
    missing = api("GET", "trackers", tracker=[*words, "nobody"])
    assert (missing.status, missing.json["detail"]) == (404, "no tracker has the id or name 'nobody'")
    api("DELETE", "trackers", tracker=words)
    assert api("GET", "trackers", tracker=words[1]).status == 404
    assert api("GET", "trackers", tracker=words[1], deleted="true").status == 404
    gone = api.get("trackers", tracker=known["id"], deleted="true")
    assert [one["name"] for one in gone["items"]] == words[1:]


@pytest.mark.parametrize("form", ["json", "csv"])
def test_what_is_given_out_can_be_brought_in(api, words, form):
    given = api.get("definitions", format=form, tracker=words)
    assert given["format"] == form
    taken = api("POST", "definitions", given)
    assert (taken.status, taken.json["code"]) == (422, "invalid-tracker")
    skipped = api("POST", "definitions", given | {"skip": True}).json
    assert (skipped["made"], len(skipped["refused"])) == ([], 2)
    assert skipped["refused"][0]["line"] >= 2
    api("DELETE", "trackers", tracker=words, forever="true")
    brought = api("POST", "definitions", given)
    assert brought.status == 201
    assert ([one["name"] for one in brought.json["made"]], brought.json["refused"]) == (words, [])
    assert [one["settings"]["words"] for one in api.items("trackers", tracker=words)] == [["dog"]] * 2


def test_all_are_given_out_where_none_is_named(api):
    given = json.loads(api.get("definitions")["text"])
    assert [one["name"] for one in given["trackers"]] == [one.name for one in api.workspace.trackers.list()]
    assert api("GET", "definitions", tracker="nobody").status == 404


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"text": "<html>"}, "line 1: give a list of trackers"),
        ({"text": '[{"name": "A", ]'}, "line 1: invalid JSON"),
        ({"text": "a,b\n1,2\n", "format": "csv", "skip": True}, "column a, b: unknown or repeated"),
        ({"text": "name\nA\n", "format": "csv"}, "line 2: examples: 0"),
        ({"text": "", "format": "xlsx"}, "format"),
        ({}, "text"),
    ],
)
def test_what_is_no_text_of_definitions_is_refused(api, body, told):
    before = len(api.workspace.trackers.list())
    refused = api("POST", "definitions", body)
    assert refused.status == 422
    assert told in refused.json["detail"]
    assert len(api.workspace.trackers.list()) == before
