"""Groups of few calls: hollow, beside the others, and without a say in how high the axis is."""

from __future__ import annotations

import pytest

import workbench as wb
from tests.unit.dashboards.shop import OTHER, PRICE, block, calls, in_use, value
from tests.unit.results.sales import call
from workbench.dashboards import few
from workbench.dashboards.pages import build
from workbench.engine.encoders import HashingEncoder
from workbench.results.grouping import MIN_CALLS

MONTHS = ["2026-01-01", "2026-02-01", "2026-03-01"]


def series(*calls: int, ends: bool = True) -> few.Series:
    y = [0.02, 0.04, 1.0]
    return few.Series("Price", MONTHS, y, calls, ([0.01, 0.02, 0.2], [0.05, 0.08, 1.0]) if ends else None)


def test_one_odd_call_is_hollow_and_sets_no_axis():
    shown = few.drawn("lines", [series(40, MIN_CALLS, 1)])
    line, hollow = shown.data
    assert line["y"] == [0.02, 0.04, None]
    assert shown.top == pytest.approx(0.08 * few.ROOM)
    assert (hollow["x"], hollow["y"]) == (["2026-03-01"], [shown.top])  # at the axis' end, and no higher
    assert (hollow["text"], hollow["customdata"], hollow["showlegend"]) == (["1 call"], [1.0], False)
    assert "fewer than 10 calls" in shown.note


def test_a_point_says_in_words_what_it_is_of():
    line = few.drawn("lines", [series(40, MIN_CALLS, 1)]).data[0]
    assert line["customdata"][0] == ["40 calls", 0.01, 0.05]
    assert line["hovertemplate"] == (
        "%{fullData.name}<br>%{x|%b %Y}: %{y:.3~p} (%{customdata[1]:.3~p} to %{customdata[2]:.3~p}), "
        "%{customdata[0]}<extra></extra>"
    )
    teams = few.Series("Price", ["North"], [0.5], [40])
    assert (
        few.drawn("bars", [teams])
        .data[0]["hovertemplate"]
        .endswith("<br>%{x}: %{y:.3~p}, %{customdata[0]}<extra></extra>")
    )


def test_without_few_calls_nothing_is_hollow():
    shown = few.drawn("bars", [series(40, 40, 40, ends=False)])
    assert [trace["type"] for trace in shown.data] == ["bar"]
    assert (shown.top, shown.note) == (pytest.approx(1.0 * few.ROOM), "")


def test_where_all_are_few_they_are_shown_as_they_are():
    shown = few.drawn("bars", [series(1, 2, 3)])
    assert shown.top is None
    assert shown.data[1]["y"] == [0.02, 0.04, 1.0]


def test_what_has_no_value_or_no_place_is_left_out():
    one = few.Series("Price", [None, *MONTHS[1:]], [0.1, None, 0.3], [1, 1, 40])
    assert [trace["x"] for trace in few.drawn("lines", [one]).data] == [[None, *MONTHS[1:]]]


def test_a_target_is_on_the_axis():
    assert few.drawn("lines", [series(40, 40, 1)], least=0.5).top == pytest.approx(0.5 * few.ROOM)


@pytest.fixture(scope="module")
def ws(tmp_path_factory):
    """The shop, with one odd call of no team a month later."""
    made = wb.open(tmp_path_factory.mktemp("w"), encoder=HashingEncoder())
    made.ingest([*calls(), call(600, [PRICE], team=None, started="2026-07-05T10:00:00Z")])
    in_use(made, "Dear", lambda text: "price" in text)
    made.boards.create("Naming prices", ["Dear"], target=0.3)
    return made


def data(view, name):
    return block(view, name)["figure"]["figure"]["data"]


def test_the_odd_call_is_hollow_on_every_page(ws):
    for page, name in (("tracker", "trend"), ("tracker", "teams"), ("team", "rates")):
        view = build(page)(ws, {"tracker": "Dear"})
        figure = block(view, name)["figure"]["figure"]
        hollow = [trace for trace in figure["data"] if trace.get("showlegend") is False]
        assert len(hollow) == 1, (page, name)
        assert hollow[0]["text"] == ["1 call"]
        assert figure["layout"]["yaxis"]["range"][1] < 1
        assert few.HOLLOW in block(view, name)["note"]


def test_the_odd_call_is_hollow_in_the_months_of_all_trackers_and_tells_no_trend(ws):
    trend = block(build("overview")(ws, {}), "trend")
    (dear,) = trend["months"]
    assert [month["label"] for month in dear["months"] if month["few"]] == ["Jul 2026"]
    assert dear["months"][-1]["share"] == 1.0
    assert dear["said"].startswith("Jun 2026")
    assert "too few to tell" in trend["note"]


def test_no_team_is_named_last_and_compared_with_none(ws):
    view = build("team")(ws, {"tracker": "Dear"})
    table = block(view, "groups")["table"]
    assert [row["group"] for row in table["rows"]] == ["North", "South", "No team"]
    assert table["links"][-1] is None
    pairs = block(view, "pairs")["table"]["rows"]
    assert {name for row in pairs for name in (row["first"], row["second"])} == {"North", "South"}
    assert "No team" not in block(view, "apart")["note"]


def test_a_board_counts_teams_and_gives_one_call_no_verdict(ws):
    view = build("initiative")(ws, {})
    rows = {row["team"]: row["verdict"] for row in block(view, "groups")["table"]["rows"]}
    assert rows == {"North": "reached", "South": "missed", "No team": "cannot be told"}
    assert value(view, "Teams on target") == "1 of 2"
    hollow = [trace for trace in data(view, "adoption") if trace.get("showlegend") is False]
    assert [trace["name"] for trace in hollow] == ["North", "South", "No team"]


def test_too_few_to_compare_is_said(tmp_path):
    ws = wb.open(tmp_path / "w", encoder=HashingEncoder())
    ws.ingest([call(n, [PRICE, OTHER], team=team) for n, team in enumerate(["North", "South"])])
    in_use(ws, "Dear", lambda text: "price" in text)
    assert "fewer than two groups with at least 10 calls" in block(build("team")(ws, {}), "apart")["note"]
