"""Calls over REST: pages, filters, what was found; a call's turns; detections."""

from __future__ import annotations

import pytest

from tests.support.api_server import part
from tests.unit.results import sales


def test_each_call_comes_with_what_was_found_in_it(api):
    calls = api.items("calls", limit=20)
    assert len(calls) == 87
    assert len({call["id"] for call in calls}) == 87
    found = [(one["tracker"]["name"], one["sentence_id"]) for call in calls for one in call["detections"]]
    known = [(name, id_) for name in ("Price", "Dog") for id_ in api.workspace.detections(name)["sentence_id"]]
    assert sorted(found) == sorted(known)
    one = next(call for call in calls if call["id"] == "c1")
    assert one["started"] == "2026-02-05T10:00:00Z"
    assert one["deal"] == {"id": "D-1", "stage": "Demo", "amount": None, "outcome": None}
    assert one["metrics"].keys() == {"Priced"}
    assert {"id": "ann", "name": "Ann", "side": "company", "team": "North", "email": "ann@us.example"} in one["parties"]


def test_pages_hold_each_call_once_while_calls_arrive(api):
    seen = []
    for at, page in enumerate(api.pages("calls", limit=30)):
        seen += [call["id"] for call in page["items"]]
        if at < 2:
            api.workspace.ingest([sales.call(100 + at, [("cy", "Hello there.")])], detect=False)
    assert len(seen) == len(set(seen))
    assert {"c100", "c101"} <= set(seen)
    back = []
    for at, page in enumerate(api.pages("calls", limit=30, order="newest")):
        back += [call["id"] for call in page["items"]]
        if at == 0:
            api.workspace.ingest([sales.call(102, [("cy", "Hello there.")])], detect=False)
    assert back == seen[::-1]


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ({"team": "North"}, {f"c{n}" for n in range(7)}),  # c6 names no team, but Ann is of this one
        ({"account": "nobody"}, set()),
        ({"started_from": "2026-03-01", "started_before": "2026-04-01", "team": "North"}, {"c2"}),
        ({"scope": "internal"}, {"c6"}),
        ({"direction": "outbound"}, {"c6"}),
        ({"participant": "ann@", "stage": "Demo", "side": "customer"}, {f"c{n}" for n in range(6)}),
        ({"team": ["North", "South"], "tracker": "Dog"}, set()),
        ({"kind": "email"}, set()),
        ({"team": "North", "field": 'region:"x"'}, set()),
    ],
)
def test_filters_are_those_of_trackers(api, query, wanted):
    assert {call["id"] for call in api.items("calls", **query)} == wanted


def test_calls_in_which_a_tracker_found_something(api):
    known = set(api.workspace.detections("Dog")["conversation_id"])
    assert {call["id"] for call in api.items("calls", tracker="Dog", limit=7)} == known


def test_a_call_with_its_turns_page_by_page(api):
    pages = list(api.pages("calls/call-3", limit=5))
    assert [len(page["turns"]) for page in pages] == [5, 5, 2]
    said = [one for page in pages for turn in page["turns"] for one in turn["sentences"]]
    assert [one["sentence_id"] for one in said] == [f"call-3:{n}:0" for n in range(12)]
    assert said[1]["start_s"] == 5.0
    assert pages[0]["call"]["id"] == "call-3"


def test_a_calls_id_may_hold_anything(api):
    name = "a/b?c#d%20é<b>"
    api.workspace.ingest([sales.call(0, [("cy", "Hello <b>there</b>.")], id=name)], detect=False)
    answer = api("GET", f"calls/{part(name)}")
    assert answer.json["call"]["id"] == name
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_detections_page_by_page(api):
    frame = api.workspace.detections("Price")
    for order in ("oldest", "newest"):
        found = api.items("detections", tracker="Price", limit=50, order=order)
        assert sorted(one["sentence_id"] for one in found) == sorted(frame["sentence_id"])
        assert {one["sentence_id"]: one["score"] for one in found} == dict(
            zip(frame["sentence_id"], frame["score"], strict=True)
        )


def test_facets(api):
    facets = api.get("facets")
    assert {"North"} <= set(facets["teams"])
    assert facets["first"].endswith("Z")


def test_a_call_is_completed_and_deleted(api):
    """One of its own: other tests share the server."""
    api.workspace.ingest([sales.call(300, [("cy", "It costs too much, and my dog barks.")])], detect=False)
    values = {"account": "Acme", "deal": {"id": "D-300", "stage": "Won"}, "fields": {"plan": "xl", "seats": 3}}
    changed = api("PATCH", "calls/c300", values).json
    assert (changed["account"], changed["deal"]["stage"], changed["fields"]["seats"]) == ("Acme", "Won", 3)
    assert api("PATCH", "calls/c300", {"account": None}).json["account"] == "Acme"
    assert api.get("calls/c300")["call"]["account"] == "Acme"
    assert api("PATCH", "calls/c300", {"deal": {"outcome": "perhaps"}}).status == 422
    assert api("PATCH", "calls/nobody", {"account": "x"}).status == 404
    receipt = api("DELETE", "calls/c300").json
    assert (receipt["calls"], receipt["sentences"]) == (1, 1)
    assert [api(method, "calls/c300").status for method in ("GET", "DELETE")] == [404, 404]
