"""Where values come from: trackers' active versions, code, and what is told where nothing can be known."""

from __future__ import annotations

import numpy as np
import pytest

import workbench as wb
from tests.unit.metrics.made import ASKED, OTHER, asked_and_given, call, neither, only_asked, workspace
from workbench.domain.errors import ConversationNotFound, TrackerNotFound, WorkbenchError
from workbench.domain.metrics import InvalidMetric, MetricNotFound
from workbench.store.publications import PublicationRepository

BOTH = {"type": "trackers", "required": ["Asked", "Given"]}


@pytest.fixture
def ws(tmp_path):
    calls = [asked_and_given(0), only_asked(1), neither(2), asked_and_given(3)]
    email = {"id": "mail", "kind": "email", "scope": "external", "turns": [{"text": OTHER}]}
    return workspace(tmp_path, [*calls, call(4, ("company", ASKED), scope="internal"), email])


@pytest.fixture(scope="module")
def unread(tmp_path_factory):
    return workspace(tmp_path_factory.mktemp("unread"), [asked_and_given(0)], publish=False)


def values(ws, name):
    return ws.metrics.values(name).set_index("conversation_id")["value"].to_dict()


def test_all_some_or_none_of_the_trackers(ws):
    ws.metrics.create("Auth: verified", source=BOTH)
    assert values(ws, "Auth: verified") == {
        "c0": True,
        "c1": "partial",
        "c2": False,
        "c3": True,
        "c4": "not_applicable",
        "mail": "not_applicable",
    }
    any_of = ws.metrics.create("Auth: begun", source={**BOTH, "match": "any"})
    assert [values(ws, any_of.id)[f"c{n}"] for n in range(4)] == [True, True, False, True]


def test_where_the_tracker_that_it_applies_by_finds_nothing_it_does_not_apply(ws):
    source = {"type": "trackers", "required": ["Given"], "applies": "Asked"}
    ws.metrics.create("Auth: verified", source=source)
    assert [values(ws, "Auth: verified")[f"c{n}"] for n in range(4)] == [True, False, "not_applicable", True]


def test_the_first_category_whose_tracker_finds_something(ws):
    source = {"type": "trackers", "cases": {"given": "Given", "asked": "Asked"}, "otherwise": "nothing"}
    ws.metrics.create("Auth: how far", kind="categorical", categories=["given", "asked", "nothing"], source=source)
    assert [values(ws, "Auth: how far")[f"c{n}"] for n in range(4)] == ["given", "asked", "nothing", "given"]


def test_only_this_side_and_part_counts(ws):
    ws.metrics.create("By the customer", source={"type": "trackers", "required": ["Asked"], "side": "customer"})
    assert values(ws, "By the customer")["c0"] is False
    part = {"where": "first", "amount": 0.5, "unit": "minutes"}
    late = ws.metrics.create("At once", source={"type": "trackers", "required": ["Given"], "part": part})
    assert values(ws, late.id)["c0"] is False
    assert ws.metrics.of_calls(["c0"])["c0"]["At once"].evidence == ()


def test_what_was_not_read_is_unknown_and_what_arrives_is_read(ws, tmp_path):
    fresh = workspace(tmp_path / "other", [asked_and_given(0), neither(1)], publish=False)
    fresh.metrics.create("Auth: verified", source=BOTH)
    assert set(values(fresh, "Auth: verified").values()) == {"unknown"}
    for name in ("Asked", "Given"):
        fresh.trackers.get(name).publish()
    assert set(values(fresh, "Auth: verified").values()) == {"unknown"}
    fresh.ingest([asked_and_given(2), neither(3)])
    assert values(fresh, "Auth: verified") == {"c0": "unknown", "c1": "unknown", "c2": True, "c3": False}
    assert "not read" in fresh.call("c0").metrics()["Auth: verified"].why


def test_a_backfill_that_is_half_done_leaves_the_rest_unknown(ws):
    ws.metrics.create("Asked for", source={"type": "trackers", "required": ["Asked"]})
    rows = PublicationRepository(ws.database)
    active = ws.trackers.get("Asked").active_version()
    rows.mark(active.id, past_left=2)
    assert [values(ws, "Asked for")[f"c{n}"] for n in range(4)] == ["unknown", "unknown", False, True]


def test_it_follows_the_active_version(ws):
    ws.metrics.create("Asked for", source={"type": "trackers", "required": ["Asked"]})
    tracker = ws.trackers.get("Asked")
    tracker.update(words=["parcel"])
    assert values(ws, "Asked for")["c2"] is False
    tracker.publish(past="12 months").wait()
    assert values(ws, "Asked for")["c2"] is True
    tracker.roll_back(1)
    assert values(ws, "Asked for")["c2"] is False
    before = values(ws, "Asked for")
    tracker.deactivate()
    assert values(ws, "Asked for") == before


def test_evidence_is_what_the_trackers_found_there(ws):
    ws.metrics.create("Auth: verified", source=BOTH)
    found = ws.call("c0").metrics()["Auth: verified"]
    assert found.evidence == ("c0:0:0", "c0:1:0")
    assert (found.source, found.version, found.at) == ("trackers", 1, None)
    assert ws.call("c2").metrics()["Auth: verified"].evidence == ()


def test_logged_values_are_taken_in_any_case_and_of_numpy(ws):
    ws.metrics.create("Paid in time")
    ws.metrics.create("Way", kind="categorical", categories=["Direct sales", "Support", "support"])
    for given, kept in ((np.True_, True), ("Partial", "partial"), (" NOT applicable ", "not_applicable")):
        ws.call("c0").log_metric("Paid in time", given)
        assert values(ws, "Paid in time")["c0"] is kept or values(ws, "Paid in time")["c0"] == kept
    for given, kept in (("DIRECT  SALES", "Direct sales"), ("support", "support"), ("SUPPORT", "Support")):
        ws.call("c0").log_metric("Way", given)
        assert values(ws, "Way")["c0"] == kept


def test_logged_values_are_checked(ws):
    ws.metrics.create("Paid")
    ws.metrics.create("Route", kind="categorical", categories=["sales", "support"])
    ws.metrics.create("Auth", source=BOTH)
    ws.call("c0").log_metric("Paid", True, evidence=("c0:2:0",))
    ws.call("c1").log_metric("Paid", "partial")
    ws.call("c0").log_metric("Route", "sales")
    ws.call("c0").log_metric("Route", "support")
    assert values(ws, "Paid") == {
        "c0": True,
        "c1": "partial",
        "c2": "unknown",
        "c3": "unknown",
        "c4": "unknown",
        "mail": "not_applicable",
    }
    assert values(ws, "Route")["c0"] == "support"
    assert ws.call("c0").metrics()["Paid"].evidence == ("c0:2:0",)
    for call_id, name, value, says in (
        ("c0", "Route", "billing", "'billing' is not a category of 'Route'; give one of 'sales', 'support'"),
        ("c0", "Route", "partial", "cannot be partial"),
        ("c0", "Paid", 1, "give one of True, 'partial', False"),
        ("c0", "Paid", None, "value: None"),
        ("c0", "Paid", ["x"], "value"),
        ("c0", "Auth", True, "come from trackers"),
    ):
        with pytest.raises(InvalidMetric, match=says):
            ws.call(call_id).log_metric(name, value)
    with pytest.raises(MetricNotFound):
        ws.call("c0").log_metric("Nobody's", True)
    with pytest.raises(ConversationNotFound):
        ws.call("c99")
    with pytest.raises(InvalidMetric, match="not a sentence of this call"):
        ws.call("c0").log_metric("Paid", True, evidence=("c1:0:0",))
    ws.call("c0").clear_metric("Paid")
    assert values(ws, "Paid")["c0"] == "unknown"


def test_a_category_that_was_taken_away_is_unknown(ws):
    metric = ws.metrics.create("Route", kind="categorical", categories=["sales", "support"])
    ws.call("c0").log_metric("Route", "support")
    changed = ws.metrics.update("Route", categories=["sales", "billing"])
    assert (metric.version, changed.version) == (1, 2)
    assert values(ws, "Route")["c0"] == "unknown"
    assert "the metric has changed" in ws.call("c0").metrics()["Route"].why
    assert ws.metrics.update("Route", name="Way").version == 2


def test_events(ws):
    ws.metrics.create("Route", kind="categorical", categories=["sales", "support"])
    seen = ws.call("c0")
    seen.log_event("payment_retry", 3, at_s=12)
    seen.log_event("Route", "sales")
    assert seen.events()[["name", "value"]].to_numpy().tolist() == [["payment_retry", 3], ["Route", "sales"]]
    assert ws.call("c1").events().empty
    for name, value, at_s, says in (
        ("Route", "nowhere", None, "not a category"),
        ("x", {"a": 1}, None, "value"),
        ("x", float("nan"), None, "value"),
        ("", 1, None, "name"),
        ("x", 1, -1, "at_s"),
        ("x", 1, 601, "ends after 600 seconds"),
    ):
        with pytest.raises(InvalidMetric, match=says):
            seen.log_event(name, value, at_s=at_s)


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"name": " "}, "name: must have 1 to 80 characters, not 0"),
        ({"kind": "number"}, "kind: must be one of boolean, categorical, not 'number'"),
        ({"kind": "categorical"}, "categories: 0"),
        ({"kind": "categorical", "categories": ["a", "Partial"]}, "'Partial' cannot be a category"),
        ({"categories": ["a", "b"]}, "categories: only for categorical metrics"),
        ({"definition": "x" * 2_001}, "definition: must have at most 2,000 characters, not 2,001"),
        ({"source": {"type": "magic"}}, "source.type: must be one of .*, not 'magic'"),
        ({"source": {"type": "question", "question": "why"}}, "source.question"),
        ({"source": {"type": "code", "more": 1}}, "source.more: unknown"),
        ({"source": {"type": "trackers"}}, "source.required: name"),
        ({"source": {"type": "trackers", "required": "Asked"}}, "source.required: give a list"),
        ({"source": {**BOTH, "match": "most"}}, "source.match"),
        ({"source": {**BOTH, "side": "them"}}, "side: must be one of .*, not 'them'"),
        ({"source": {"type": "trackers", "cases": {"a": "Asked"}}}, "source.cases: only for categorical"),
        (
            {
                "kind": "categorical",
                "categories": ["a", "b"],
                "source": {"type": "trackers", "cases": {"c": "Asked"}},
            },
            "source: must be one of the categories a, b, not 'c'",
        ),
        ({"colour": "red"}, "colour: unknown"),
    ],
)
def test_what_cannot_be_used_is_told_by_field(unread, values, says):
    with pytest.raises(WorkbenchError, match=says):
        unread.metrics.create(**({"name": "M"} | values))
    assert unread.metrics.list() == []


def test_trackers_that_are_not_there(ws):
    with pytest.raises(TrackerNotFound, match="Nobody"):
        ws.metrics.create("M", source={"type": "trackers", "required": ["Nobody"]})
    ws.metrics.create("M", source=BOTH)
    ws.trackers.delete("Given", forever=True)
    assert values(ws, "M")["c0"] == "unknown"


def test_many_at_once_all_or_none(ws):
    metrics = ws.metrics
    made = metrics.create_many([{"name": "A"}, {"name": "B", "source": BOTH}])
    with pytest.raises(InvalidMetric, match=r"\[1\] kind"):
        metrics.create_many([{"name": "C"}, {"name": "D", "kind": "x"}])
    with pytest.raises(InvalidMetric, match="already named 'A'"):
        metrics.create_many([{"name": "C"}, {"name": "A"}])
    with pytest.raises(InvalidMetric, match="already named 'B'"):
        metrics.update_many({"A": {"name": "B"}})
    metrics.update_many({"A": {"definition": "what"}, made[1].id: {"name": "Z"}})
    assert [(one.name, one.version) for one in metrics.list()] == [("A", 2), ("Z", 1)]
    assert metrics.get("Z").source == made[1].source
    with pytest.raises(MetricNotFound):
        metrics.delete_many(["A", "nobody"])
    metrics.delete_many(["A", "Z"])
    assert metrics.list() == []


def test_calls_are_found_by_their_values(ws):
    ws.metrics.create("Auth", source=BOTH)
    ws.metrics.create("Paid")
    ws.call("c0").log_metric("Paid", False)
    found = ws.conversations(metrics={"Auth": True})
    assert found["id"].tolist() == ["c0", "c3"]
    assert ws.conversations(metrics={"Auth": ["partial", False]})["id"].tolist() == ["c1", "c2"]
    assert ws.conversations(metrics={"Auth": True, "Paid": "unknown"})["id"].tolist() == ["c3"]
    teams = ws.conversations(wb.Filters(teams=("South",)), metrics={"Auth": True})
    assert teams["id"].tolist() == ["c0"]
    assert set(ws.search("parcel", metrics={"Auth": "partial"})["conversation_id"]) == {"c1"}
    assert ws.search("parcel", metrics={"Paid": True}).empty
    with pytest.raises(InvalidMetric, match="'yes' cannot"):
        ws.conversations(metrics={"Auth": "yes"})


def test_a_preview_saves_nothing(ws):
    shown = ws.metrics.preview(count=3, source=BOTH, filters=wb.Filters())
    assert len(shown) == 3
    assert all(one.quotes for one in shown if one.outcome.value is True)
    assert ws.metrics.list() == []
    with pytest.raises(WorkbenchError, match="count"):
        ws.metrics.preview(count=0)


def test_many_values_and_events_in_one_go(ws):
    ws.metrics.create("Paid")
    ws.metrics.create("Route", kind="categorical", categories=["sales", "support"])
    ws.call("c0").log({"Paid": True, "Route": "sales"}, ["begun", {"name": "retry", "value": 3, "at_s": 12}])
    assert (values(ws, "Paid")["c0"], values(ws, "Route")["c0"]) == (True, "sales")
    assert ws.call("c0").events()[["name", "value"]].to_numpy().tolist() == [["begun", None], ["retry", 3]]
    ws.metrics.log(
        {
            "c1": {"metrics": {"Paid": {"value": False, "evidence": ["c1:0:0"]}}, "events": [{"name": "retry"}]},
            "c2": {"metrics": {"Paid": "partial"}},
        }
    )
    assert ws.call("c1").metrics()["Paid"].evidence == ("c1:0:0",)
    assert values(ws, "Paid")["c2"] == "partial"
    assert ws.metrics.events("retry")["conversation_id"].tolist() == ["c0", "c1"]
    assert len(ws.metrics.events()) == 3


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"metrics": {"Paid": True, "Nobody's": True}}, "Nobody's"),
        ({"metrics": {"Paid": 1}}, "c1: value: 1 cannot"),
        ({"metrics": {"Paid": {"evidence": []}}}, "c1: value: 'Paid' takes"),
        ({"metrics": {"Paid": {"value": True, "evidence": ["c0:0:0"]}}}, "c1: evidence"),
        ({"metrics": ["Paid"]}, "c1: metrics"),
        ({"events": [{"name": "x", "at_s": -1}]}, "c1: at_s"),
        ({"events": [{"value": 1}]}, "c1: events"),
        ({"events": "begun"}, "c1: events: give a list"),
        ({"values": {}}, "c1: values: unknown"),
    ],
)
def test_all_that_is_logged_in_one_go_or_none_of_it(ws, given, says):
    ws.metrics.create("Paid")
    with pytest.raises(WorkbenchError, match=says):
        ws.metrics.log({"c0": {"metrics": {"Paid": True}, "events": ["begun"]}, "c1": given})
    with pytest.raises(ConversationNotFound, match="c99"):
        ws.metrics.log({"c0": {"metrics": {"Paid": True}}, "c99": {}})
    assert values(ws, "Paid")["c0"] == "unknown"
    assert ws.metrics.events().empty


def test_all_metrics_in_one_table(ws, tmp_path):
    ws.metrics.create("Auth", source=BOTH)
    ws.metrics.create("Paid")
    ws.call("c0").log_metric("Paid", False)
    table = ws.metrics.table(wb.Filters(teams=("South",))).set_index("conversation_id")
    assert table.loc[["c0", "c2"], ["Auth", "Paid"]].to_numpy().tolist() == [[True, False], [False, "unknown"]]
    wb.to_csv(ws.metrics.table(), tmp_path / "metrics.csv")
    assert "c1,,2026-02-02" in (tmp_path / "metrics.csv").read_text()
