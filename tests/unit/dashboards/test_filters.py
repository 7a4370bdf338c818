"""The row of filters: several values of one, periods by name, further fields, and what each part says of them."""

from __future__ import annotations

from datetime import date

import pytest

import workbench as wb
from tests.unit.dashboards.shop import block, value, workspace
from workbench.corpus.ingest import ingest
from workbench.dashboards.asked import UNFILTERED, several
from workbench.dashboards.pages import build
from workbench.dashboards.periods import days_of, named
from workbench.widgets.dashboard_tables import plain


@pytest.fixture(scope="module")
def ws(tmp_path_factory) -> wb.Workspace:
    made = workspace(tmp_path_factory.mktemp("w"))
    turns = [{"party": "c", "text": "The price is too high."}]
    odd = {"id": "odd", "team": "A|B", "started": "2026-06-20T10:00:00Z", "fields": {"region": "EMEA"}, "turns": turns}
    ingest(made.lake, [odd])
    return made


def seen(ws, name="overview", **query):
    return plain(build(name)(ws, query))


def control(view, name):
    return next(one for one in view["controls"] if one["name"] == name)


def test_several_values_of_a_filter_hold_together(ws):
    counts = [int(value(seen(ws, team=team), "Calls")) for team in ("North", "South", "North|South", "A|B")]
    assert counts == [30, 30, 60, 1]  # the last is one team, which is called so
    view = seen(ws, team="north | SOUTH")
    assert view["query"]["team"] == "North|South"
    assert control(view, "team")["value"] == "North|South"
    assert (control(view, "team")["kind"], control(view, "team")["more"]) == ("many", True)
    assert "there is no 'Nowhere'" in seen(ws, team="North|Nowhere")["notices"][0]


def test_values_are_told_apart():
    assert several("A|B", ("A|B", "A")) == ("A|B",)
    assert several("A|B", ("A", "B")) == ("A", "B")
    assert several(" A | |B|A", ()) == ("A", "B")


def test_further_fields_can_be_filtered_by(ws):
    view = seen(ws, **{"field.region": "EMEA"})
    assert value(view, "Calls") == "1"
    field = control(view, "field.region")
    assert (field["label"], field["value"], field["more"]) == ("region", "EMEA", True)
    assert {"value": "EMEA", "label": "EMEA"} in field["options"]


@pytest.mark.parametrize(
    ("name", "last", "first"),
    [
        ("30d", date(2026, 6, 20), "2026-05-22"),
        ("quarter", date(2026, 6, 20), "2026-04-01"),
        ("quarter", date(2026, 12, 31), "2026-10-01"),
        ("12m", date(2026, 6, 20), "2025-06-21"),
        ("12m", date(2024, 2, 29), "2023-03-01"),
    ],
)
def test_a_period_ends_with_the_newest_call(name, last, first):
    assert [f"{one:%Y-%m-%d}" for one in days_of(name, last)] == [first, f"{last}"]
    assert set(named(last)) == {"30d", "quarter", "12m"}


def test_a_period_holds_on_every_page_and_days_of_ones_own_outdo_it(ws):
    assert value(seen(ws, when="30d"), "Calls") == str(int(value(seen(ws, **{"from": "2026-05-22"}), "Calls")))
    view = seen(ws, when="quarter")
    assert all(link["query"]["when"] == "quarter" for link in view["pages"])
    period = control(view, "when")
    assert (period["kind"], period["value"]) == ("period", "quarter")
    assert [one["label"] for one in period["options"]] == [
        "All time",
        "30 days to 20 Jun 2026",
        "Quarter since 1 Apr 2026",
        "12 months to 20 Jun 2026",
    ]
    assert "when" not in seen(ws, when="30d", to="2026-02-01")["query"]
    assert "must be one of 30d, quarter, 12m" in seen(ws, when="aeon")["notices"][0]


def test_what_filters_make_no_difference_to_says_so(ws):
    def told(view):
        return [one for one in view["blocks"] if UNFILTERED in one["note"]]

    for name, part in (("tracker", "rounds"), ("tracker", "versions")):
        assert block(seen(ws, name, team="North"), part) in told(seen(ws, name, team="North"))
        assert not told(seen(ws, name))
    assert "whatever the filters" in block(seen(ws, team="North"), "trackers")["note"]
    assert "whatever the filters" not in block(seen(ws), "trackers")["note"]


def links(view):
    return {one["label"]: one["query"] for one in block(view, "hits")["suggestions"]}


def test_a_search_counts_sentences_and_calls_and_marks_its_words(ws):
    found = block(seen(ws, "search", words="price"), "hits")
    assert (found["title"], found["note"], found["marked"]) == ("24 sentences in 24 calls", "Newest first.", "price")
    box = control(seen(ws, "search", words="price"), "words")
    assert (box["kind"], box["value"]) == ("search", "price")
    assert [one["value"] for one in box["options"]] == ["words", "meaning"]


def test_one_way_of_searching_holds_at_a_time(ws):
    view = seen(ws, "search", words="price", meaning="money")
    assert view["query"] == {"words": "price"}
    assert "One" not in view["notices"][0]
    assert "Search for one of the two at a time" in view["notices"][0]


def test_where_nothing_is_found_there_is_something_to_try(ws):
    view = seen(ws, "search", words="price unheard", team="North")
    assert block(view, "hits")["title"] == "Nothing found"
    assert links(view) == {"Only “price”: 20 sentences": {"words": "price", "team": "North"}}
    tried = links(seen(ws, "search", words="price", team="South", account="Account 0"))
    assert tried == {
        "Without the filter Team: 4 sentences": {"words": "price", "account": "Account 0"},
        "Without the filter Account: 3 sentences": {"words": "price", "team": "South"},
    }
    for query in tried.values():
        assert block(seen(ws, "search", **query), "hits")["total"] > 0
    assert not links(seen(ws, "search", words="price"))


def test_without_vectors_a_meaning_finds_nothing_and_leads_to_words(ws):
    view = seen(ws, "search", meaning="too expensive")
    assert block(view, "hits")["total"] == 0
    assert "not encoded" in block(view, "hits")["empty"]
    assert links(view) == {"Search for exactly these words": {"words": "too expensive"}}


def test_months_are_shares_of_calls_for_each_tracker(ws):
    view = seen(ws, to="2026-06-19")
    trend = block(view, "trend")
    assert [one["name"] for one in trend["months"]] == ["Price", "Boss"]  # the more frequent first
    price = trend["months"][0]
    assert len(price["months"]) == 12
    assert [month["label"] for month in price["months"]][::11] == ["Jul 2025", "Jun 2026"]
    assert price["months"][0] == {"label": "Jul 2025", "said": "Jul 2025: no calls", "share": None, "few": False}
    rows = [row for row in trend["table"]["rows"] if row["tracker"] == "Price"]
    assert sum(row["calls"] for row in rows) == 60
    for row in rows:
        month = next(one for one in price["months"] if one["share"] is not None and row["month"][:4] in one["label"])
        assert month["said"].startswith(month["label"])
        assert f"of {row['calls']} calls, likely " in month["said"]
    assert price["link"]["query"]["tracker"] == ws.trackers.get("Price").id


def test_trackers_are_chosen_for_the_months(ws):
    boss = ws.trackers.get("Boss").id
    view = seen(ws, shown=boss)
    assert [one["name"] for one in block(view, "trend")["months"]] == ["Boss"]
    assert (control(view, "shown")["value"], view["query"]["shown"]) == (boss, boss)
    assert control(seen(ws), "shown")["options"][0] == {"value": "", "label": "All"}
    assert "there is no 'nobody'" in seen(ws, shown="nobody")["notices"][0]
