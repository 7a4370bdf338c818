"""Metrics over REST: made, logged, read with calls, filtered by, over time."""

from __future__ import annotations

import pytest


def ask(api, method, path, status, body=None, **query):
    answer = api(method, path, body, **query)
    assert answer.status == status, answer.body
    return answer.json if answer.body else None


@pytest.fixture
def metric(api):
    source = {"type": "trackers", "required": ["Price"]}
    made = ask(api, "POST", "metrics", 201, {"name": "Price: named", "source": source})
    yield made
    for one in api.workspace.metrics.list():
        if one.name != "Priced":
            api.workspace.metrics.delete(one.id)


def test_made_changed_and_deleted(api, metric):
    assert metric["source"]["required"] == [api.workspace.trackers.get("Price").id]
    assert [one["name"] for one in api.items("metrics") if not one["name"].startswith("test_")] == [
        "Priced",
        "Price: named",
    ]
    changed = ask(api, "PATCH", f"metrics/{metric['id']}", 200, {"definition": "A price is named", "name": "Price"})
    assert (changed["name"], changed["version"]) == ("Price", 2)
    assert api.get("metrics/Price")["definition"] == "A price is named"
    ask(api, "DELETE", f"metrics/{metric['id']}", 204)
    ask(api, "GET", "metrics/Price", 404)


def test_what_cannot_be_used_is_told_by_field(api, metric):
    wrong = ask(api, "POST", "metrics", 422, {"name": "x", "kind": "categorical"})
    assert wrong["errors"][0]["field"] == "categories"
    wrong = ask(api, "POST", "metrics", 422, {"name": "x", "source": {"type": "magic"}})
    assert wrong["errors"][0]["field"] == "source.type"
    ask(api, "POST", "metrics", 404, {"name": "x", "source": {"type": "trackers", "required": ["Nobody"]}})
    ask(api, "POST", "metrics", 422, {"name": "Price: named"})
    ask(api, "POST", "metrics", 422, {"name": "x", "colour": "red"})


def test_values_stand_with_calls_and_filter_them(api, metric):
    known = api.workspace.metrics.values("Price: named").set_index("conversation_id")["value"].to_dict()
    for one in api.items("calls"):
        assert one["metrics"]["Price: named"]["value"] == known[one["id"]]
    true = [one["id"] for one in api.items("calls", metric="Price: named=true")]
    assert true == [name for name, value in known.items() if value is True]
    both = api.items("calls", metric=["Price: named=true", "Price: named=false"])
    assert len(both) == sum(isinstance(value, bool) for value in known.values())
    assert ask(api, "GET", "calls", 422, metric="Price: named")["errors"][0]["field"] == "metric"
    ask(api, "GET", "calls", 422, metric="Price: named=often")
    ask(api, "GET", "calls", 404, metric="Nobody=true")


def test_values_are_logged(api, metric):
    ask(api, "POST", "metrics", 201, {"name": "Paid"})
    logged = ask(api, "POST", "calls/c0/metrics", 201, {"metric": "Paid", "value": True})
    assert logged["value"] is True
    assert api.get("calls/c0")["call"]["metrics"]["Paid"]["source"] == "code"
    ask(api, "POST", "calls/c0/metrics", 422, {"metric": "Paid", "value": "often"})
    ask(api, "POST", "calls/c0/metrics", 422, {"metric": "Price: named", "value": True})
    ask(api, "POST", "calls/nobody/metrics", 404, {"metric": "Paid", "value": True})


def test_many_values_and_events_are_logged_all_or_none(api, metric):
    for name in ("Paid", "Greeted"):
        ask(api, "POST", "metrics", 201, {"name": name})
    events = [{"name": "retry", "value": 3, "at_s": 2}, {"name": "Paid", "value": True}]
    logged = ask(api, "POST", "calls/c0/log", 201, {"metrics": {"Paid": True, "Greeted": "partial"}, "events": events})
    assert logged == {"metrics": 2, "events": 2}
    assert api.get("calls/c0")["call"]["metrics"]["Greeted"]["value"] == "partial"
    found = api.get("calls/c0/events")["items"]
    assert [(one["name"], one["value"], one["at_s"]) for one in found] == [("retry", 3, 2), ("Paid", True, None)]
    wrong = {"metrics": {"Paid": False, "Greeted": "often"}, "events": [{"name": "late"}]}
    ask(api, "POST", "calls/c0/log", 422, wrong)
    assert api.get("calls/c0")["call"]["metrics"]["Paid"]["value"] is True
    assert len(api.get("calls/c0/events")["items"]) == 2
    ask(api, "POST", "calls/c0/log", 404, {"metrics": {"Nobody's": True}})
    ask(api, "GET", "calls/nobody/events", 404)


def test_over_time(api, metric):
    table = api.workspace.metrics.trend("Price: named").table
    rows = api.get("metrics/Price:%20named/trend")["rows"]
    assert [one["count"] for one in rows] == table["count"].tolist()
    whole = api.get("metrics/Price:%20named/trend", every="all", by="team")
    assert {tuple(one["group"]) for one in whole["rows"]} == {("team",)}
    assert whole["notes"]
