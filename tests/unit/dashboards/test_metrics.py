"""The page of metrics: shares over time, and what sets calls apart where it is asked for."""

from __future__ import annotations

import json

import pytest

from tests.unit.metrics.made import workspace
from tests.unit.metrics.test_analyst import HOSTILE, PLANTED, calls
from workbench.dashboards.pages import build


@pytest.fixture(scope="module")
def ws(tmp_path_factory):
    made = workspace(tmp_path_factory.mktemp("w"), calls())
    source = {"type": "trackers", "required": ["Given"], "applies": "Asked"}
    made.metrics.create("Auth: verified", definition=f"Who calls is known {HOSTILE}", source=source)
    made.metrics.create("Paid")
    return made


def seen(ws, **query):
    view = build("metrics")(ws, query)
    json.dumps(view)
    return view, {one["id"]: one for one in view["blocks"]}


def hits_of(view):
    return next(one for one in view["blocks"] if one["kind"] == "hits")["hits"]


def test_calls_are_browsed_by_the_value_of_a_metric(ws):
    metric = ws.metrics.get("Auth: verified")
    page = build("search")
    control = next(one for one in page(ws, {})["controls"] if one["name"] == "metric")
    assert {"value": f"{metric.id}=partial", "label": "Auth: verified: Partial"} in control["options"]
    true = set(ws.conversations(metrics={"Auth: verified": True})["id"])
    view = page(ws, {"words": "date", "metric": f"{metric.id}=true", "limit": "200"})
    shown, everything = hits_of(view), hits_of(page(ws, {"words": "date", "limit": "200"}))
    assert 0 < len(shown) < len(everything)
    assert {one["conversation_id"] for one in shown} <= true
    json.dumps(view)
    assert page(ws, {"words": "date", "metric": "Auth: verified: True"})["query"]["metric"] == f"{metric.id}=true"
    assert "metric: there is no" in page(ws, {"metric": "x=true"})["notices"][0]


def test_shares_over_time(ws):
    view, blocks = seen(ws)
    assert view["title"] == "Auth: verified"
    assert HOSTILE in view["lead"]
    shown = {one["label"]: one["value"] for one in blocks["figures"]["tiles"]}
    assert shown == {"True": "50%", "False": "50%", "Does not apply": "0", "Not known": "0"}
    assert [one["name"] for one in blocks["trend"]["figure"]["figure"]["data"]] == ["True"]  # the rest is false
    assert "Choose which calls" in blocks["answer"]["note"]
    _, grouped = seen(ws, by="team", period="quarter")
    assert [row["team"] for row in grouped["groups"]["table"]["rows"]][::2] == ["North", "South"]


def test_what_sets_calls_apart(ws):
    _, blocks = seen(ws, value="false")
    rows = blocks["differences"]["table"]["rows"]
    assert any(word in rows[0]["said"] for word in PLANTED.split())
    assert all(PLANTED in hit["text"] for hit in blocks["quotes"]["hits"][:3])
    assert blocks["typical"]["table"]["links"][0]["query"]["call"].startswith("c")
    _, asked = seen(ws, ask="why do calls fail the authentication metric?")
    assert asked["differences"]["table"]["rows"] == rows


def test_what_cannot_be_told_is_said(ws):
    assert "There is no answer" in seen(ws, ask="why are they not paid?")[1]["answer"]["note"]
    paid = ws.metrics.get("Paid").id
    assert "Too few calls" in seen(ws, metric=paid, value="true")[1]["answer"]["note"]
    assert "there is no 'often'" in seen(ws, metric=paid, value="often")[0]["notices"][0]
    assert seen(ws, metric="Paid")[1]["figures"]["tiles"][-1]["value"] == "80"
