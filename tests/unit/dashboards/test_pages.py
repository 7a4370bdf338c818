"""Each dashboard's view: the right figures, what is said where there are none, and whatever an address may hold."""

from __future__ import annotations

import json
import threading
from itertools import combinations

import pandas as pd
import plotly.graph_objects as go
import pytest

import workbench as wb
from tests.support.patience import PATIENCE_S, wait_for
from tests.unit.dashboards.shop import HOSTILE, block, in_use, value, workspace
from workbench.dashboards.pages import PAGES, build
from workbench.dashboards.rates import differences_in_words
from workbench.engine.encoders import HashingEncoder
from workbench.publishing.publication import Publication
from workbench.results.statistics import NOT_APART
from workbench.widgets.dashboard_tables import plain

JUNK = {
    "tracker": "nobody",
    "team": HOSTILE,
    "side": "both",
    "from": "yesterday",
    "to": "9999-12-31",
    "account": "x" * 1000,
    "stage": "'; DROP TABLE calls; --",
    "offset": "-1",
    "limit": "many",
    "by": "colour",
    "board": "1",
    "playbook": "1",
    "deal": "1",
    "period": "aeon",
    "trackers": "a,b",
    HOSTILE: HOSTILE,
}


@pytest.fixture(scope="module")
def ws(tmp_path_factory):
    made = workspace(tmp_path_factory.mktemp("w"))
    made.boards.create("Hear the price", ["Price"], target=0.3)
    made.playbooks.create("Qualify", {"Budget": ["Price"], "Authority": ["Boss"], "Timing": []})
    return made


def seen(ws, name, **query):
    """The view as it travels; raises where it would hold what JSON cannot."""
    view = plain(build(name)(ws, query))
    json.dumps(view, allow_nan=False)
    for one in view["blocks"]:
        if one["figure"] and one["figure"]["figure"]["data"]:
            go.Figure(one["figure"]["figure"])  # raises where plotly knows no such property or value
    return view


def test_the_overview_counts_what_there_is(ws):
    view = seen(ws, "overview")
    assert [value(view, label) for label in ("Calls", "Sentences", "Trackers active")] == ["60", "180", "2"]
    assert value(view, "Found in 30 days") == "5"  # of June's ten calls; those of May are more than 30 days older
    rows = {row["name"]: row for row in block(view, "trackers")["table"]["rows"]}
    assert rows["Price"]["share"][1] == pytest.approx(23 / 60)
    assert rows["Price"]["rate"][1] == pytest.approx(23 / 120, abs=1e-5)
    assert rows["Idea"]["calls"] is None
    assert (rows["Boss"]["quality"], rows["Boss"]["precision"]) == ("Not measured", None)
    assert (rows["Price"]["quality"], rows["Price"]["hit_rate"]) == ("Well supported", [1.0, 1.0, 1.0])
    months = block(view, "trend")["months"]
    assert [one["name"] for one in months] == ["Price", "Boss"]
    assert [one["label"][:3] for one in months[0]["months"] if one["share"] is not None] == [
        *("Jan", "Feb", "Mar", "Apr", "May", "Jun")
    ]


def test_a_tracker_says_what_it_looks_for_how_well_it_does_and_what_it_found_last(ws):
    one = ws.trackers.get("Price").id
    view = seen(ws, "tracker", tracker="Price")
    assert view["query"] == {"tracker": one}
    assert "the customer says" in block(view, "scope")["note"]
    assert "of 10 sentences it finds, about 10 are right; of 10 that are there" in block(view, "quality")["note"]
    assert "of 10 that it finds, 8 are right" in block(view, "quality")["note"]
    teams = block(view, "teams")["figure"]["figure"]["data"][0]
    assert dict(zip(teams["x"], teams["y"], strict=True)) == pytest.approx({"North": 20 / 60, "South": 3 / 60})
    hits = block(view, "hits")
    assert (hits["total"], len(hits["hits"])) == (23, 20)
    assert hits["hits"][0]["trackers"][0] == {
        "id": one,
        "name": "Price",
        "score": pytest.approx(0.5, abs=0.5),
        "version": 1,
    }
    assert HOSTILE in hits["hits"][0]["text"]
    assert [row["now"] for row in block(view, "versions")["table"]["rows"]] == ["yes"]


def test_a_draft_is_shown_without_results(ws):
    view = seen(ws, "tracker", tracker="Idea")
    assert "never published" in view["lead"]
    assert HOSTILE in view["lead"]
    assert not {"hits", "trend"} & {one["id"] for one in view["blocks"]}


def test_search_finds_words_and_what_trackers_found_page_by_page(ws):
    everything = seen(ws, "search")
    assert block(everything, "hits")["total"] == 33
    words = seen(ws, "search", words="PRICE", team="South")
    assert block(words, "hits")["total"] == 3
    pages = [block(seen(ws, "search", trackers="Price", offset=str(at)), "hits")["hits"] for at in (0, 20, 40)]
    assert [len(page) for page in pages] == [20, 3, 0]
    assert len({hit["sentence_id"] for page in pages for hit in page}) == 23
    both = seen(ws, "search", trackers=",".join(one.id for one in ws.trackers.list()[:2]), words="boss")
    assert block(both, "hits")["total"] == 10
    whole = block(seen(ws, "search", trackers="Price", limit="5000"), "hits")["hits"]
    assert len(whole) == 23


def test_a_query_without_a_word_is_told(ws):
    assert "contains no searchable word" in block(seen(ws, "search", words="?!"), "hits")["note"]


def test_a_hit_leads_to_its_call_over_the_page_as_it_is(ws):
    view = seen(ws, "search", words="boss", team="South")
    hit = block(view, "hits")["hits"][0]
    place = {"call": hit["conversation_id"], "sentence": hit["sentence_id"]}
    assert hit["link"] == {"label": "Go to call", "page": "search", "query": view["query"] | place}
    over = seen(ws, "search", **hit["link"]["query"])
    assert (over["query"], over["notices"]) == (view["query"], [])
    assert [one["sentence_id"] for one in block(over, "hits")["hits"]] == [
        one["sentence_id"] for one in block(view, "hits")["hits"]
    ]


@pytest.mark.parametrize(("name", "part"), [("overview", "calls"), ("deal", "calls")])
def test_lists_of_calls_lead_to_each(ws, name, part):
    table = block(seen(ws, name), part)["table"]
    assert len(table["links"]) == len(table["rows"])
    for link in table["links"]:
        assert (link["label"], link["page"]) == ("Go to call", name)
        assert ws.lake.outline(link["query"]["call"]).sentences


def test_a_call_that_is_not_there_leaves_the_page_alone(ws):
    assert seen(ws, "search", call="nowhere", sentence="no:0")["notices"] == []


class Slow(HashingEncoder):
    """Encodes when it is let."""

    def __init__(self):
        super().__init__()
        self.may = threading.Event()

    def encode(self, texts):
        self.may.wait(PATIENCE_S)
        return super().encode(texts)


def test_by_meaning_the_page_does_not_wait_for_the_encoder(tmp_path):
    ws = workspace(tmp_path)
    nothing = block(seen(ws, "search", meaning="too expensive"), "hits")
    assert "not encoded" in nothing["empty"]
    ws.encode()
    ws = wb.Workspace(ws.path, Slow())
    waiting = seen(ws, "search", meaning="the price is too high")
    assert waiting["progress"]["label"].startswith("Starting")
    ws.encoder.may.set()
    wait_for(lambda: seen(ws, "search", meaning="the price is too high")["progress"] is None, "the encoder")
    found = seen(ws, "search", meaning="the price is too high")
    close = block(found, "hits")
    assert (close["title"], close["note"]) == ("23 sentences in 23 calls", "Close in meaning, the closest first.")
    assert all("price" in hit["text"] for hit in close["hits"])
    wide = block(seen(ws, "search", meaning="the price is too high", near="wide"), "hits")
    assert wide["total"] >= close["total"]


def test_teams_are_told_apart_and_lead_to_their_people(ws):
    view = seen(ws, "team", tracker="Price")
    assert block(view, "apart")["note"].startswith("North: more often than South.")
    rows = block(view, "groups")["table"]
    assert [row["group"] for row in rows["rows"]] == ["North", "South"]
    assert rows["rows"][0]["rate"][1] == pytest.approx(1 / 3)
    assert rows["links"][0]["query"]["team"] == "North"
    people = seen(ws, "team", **rows["links"][0]["query"])
    assert [row["group"] for row in block(people, "groups")["table"]["rows"]] == ["Ann"]
    boss = seen(ws, "team", tracker="Boss")
    assert "North and South cannot be told apart" in block(boss, "apart")["note"]
    assert "not corrected" in block(boss, "groups")["note"]
    (pair,) = block(view, "pairs")["table"]["rows"]
    assert (pair["first"], pair["verdict"], pair["second"]) == ("North", "more often", "South")
    assert pair["difference"].startswith("28.3 points (")
    assert len(block(seen(ws, "team", by="quarter"), "groups")["table"]["rows"]) == 2


def test_an_initiative_is_held_against_its_target(ws):
    view = seen(ws, "initiative")
    assert (value(view, "Calls with it"), value(view, "Target")) == ("38%", "30%")
    rows = {row["team"]: row for row in block(view, "groups")["table"]["rows"]}
    assert (rows["North"]["verdict"], rows["South"]["verdict"]) == ("reached", "missed")
    lines = block(view, "adoption")["figure"]["figure"]["data"]
    assert [line["name"] for line in lines if line.get("showlegend", True)] == ["North", "South", "Target"]
    assert [line["name"] for line in lines if not line.get("showlegend", True)] == ["North", "South"]  # 5 calls a month
    assert set(lines[-1]["y"]) == {0.3}
    together = seen(ws, "initiative", by="", period="quarter")
    assert [line["name"] for line in block(together, "adoption")["figure"]["figure"]["data"]] == ["All", "Target"]


def test_an_initiative_whose_tracker_was_deleted_says_so(tmp_path):
    ws = workspace(tmp_path)
    ws.boards.create("Hear", ["Price"], target=0.3)
    ws.trackers.delete("Price", forever=True)
    assert block(seen(ws, "initiative"), "problem")["note"]


def test_a_deal_shows_its_calls_along_time(ws):
    view = seen(ws, "deal", deal="D-0", tracker="Price")
    assert value(view, "Conversations", "facts") == "6"
    assert value(view, "Sentences found", "facts") == "5"
    rows = block(view, "calls")["table"]["rows"]
    assert [row["tracker-0"] for row in rows] == [0, 1, 1, 0, 1, 1]
    assert block(view, "calls")["table"]["links"][0]["query"]["call"] == "c0"
    marks = block(view, "calls-in-time")["figure"]["figure"]["data"]
    assert [(trace["name"], len(trace["x"])) for trace in marks] == [("Calls", 6), ("Price", 4), ("Boss", 1)]
    assert "Not filtered here by tracker" in view["notices"][0]
    assert block(view, "hits")["total"] == 5


def test_a_playbook_counts_and_shows_what_fills_it(ws):
    view = seen(ws, "playbook")
    assert value(view, "Deals") == "10"
    assert value(view, "Budget filled").endswith("of 10")
    assert value(view, "Authority filled") == "10 of 10"
    assert value(view, "Completely filled") == "0 of 10"
    assert "Timing: without a tracker" in block(view, "advice")["note"]
    link = next(one for one in block(view, "deals")["table"]["links"] if one["query"]["deal"] == "D-0")
    deal = seen(ws, "playbook", **link["query"])
    states = [row["state"] for row in block(deal, "items")["table"]["rows"]]
    assert states == ["✓", "✓", "– not looked for"]
    assert block(deal, "item-0")["total"] == 4
    assert block(deal, "item-2")["hits"] == []


@pytest.mark.parametrize("name", PAGES)
def test_links_carry_the_common_filters(ws, name):
    view = seen(ws, name, team="North", stage="Proposal")
    for link in view["pages"]:
        assert link["query"] == {"team": "North", "stage": "Proposal"} | (
            {"tracker": view["query"]["tracker"]} if "tracker" in view["query"] else {}
        )
    assert [link["page"] for link in view["pages"]] == [*PAGES, "live"]


@pytest.mark.parametrize("name", PAGES)
def test_what_an_address_holds_beyond_sense_is_told_and_left_out(ws, name):
    view = seen(ws, name, **JUNK)
    assert "'<img src=x onerror" in " ".join(view["notices"])
    assert "there is no" in " ".join(view["notices"])
    assert HOSTILE not in view["lead"]
    assert not set(view["query"]) & {"team", "side", "from", "to", "account", "stage", HOSTILE}
    assert "token" not in " ".join(seen(ws, name, token="secret")["notices"])


@pytest.mark.parametrize("name", PAGES)
def test_every_page_says_what_to_do_where_there_is_nothing(tmp_path, name):
    ws = wb.open(tmp_path, encoder=HashingEncoder())
    told = {
        "overview": "First import calls",
        "tracker": "Build one",
        "search": "Publish one",
        "team": "Build one",
        "initiative": "no initiative boards yet",
        "deal": "No calls belong to a deal",
        "playbook": "no playbooks yet",
        "metrics": "no metrics yet",
    }
    said = json.dumps(seen(ws, name))
    assert told[name] in said
    assert "ws." not in said  # those who read have no use for code


def test_a_tracker_that_has_read_no_call_yet_is_shown(tmp_path):
    ws = wb.open(tmp_path, encoder=HashingEncoder())
    in_use(ws, "Price", lambda text: True)
    ws.boards.create("Hear", ["Price"], target=0.3)
    ws.playbooks.create("Ask", {"Budget": ["Price"]})
    for name in PAGES:
        seen(ws, name)


def test_partial_results_of_a_backfill_show_with_its_progress(tmp_path, monkeypatch):
    ws = workspace(tmp_path)
    in_use(ws, "Late", lambda text: "price" in text, left=30)
    late = ws.trackers.get("Late").active_version()
    stopped = seen(ws, "tracker", tracker="Late")
    assert stopped["progress"] is None
    assert "interrupted" in json.dumps(block(stopped, "figures"))
    reached, done = threading.Event(), threading.Event()
    monkeypatch.setattr(Publication, "read_past", lambda *_: reached.set() or done.wait(PATIENCE_S))
    job = late.resume()
    assert reached.wait(PATIENCE_S)
    try:
        view = seen(ws, "tracker", tracker="Late")
        assert view["progress"] == {"label": "Reading past calls", "done": 30, "total": 60}
        assert block(view, "hits")["total"] == 3
        overview = seen(ws, "overview")
        assert overview["progress"]["done"] == 30
        assert block(overview, "runs")["table"]["rows"][0]["name"] == "Late"
    finally:
        done.set()
        job.result(PATIENCE_S)


def test_filters_narrow_the_figures(ws):
    view = seen(ws, "team", tracker="Price", **{"from": "2026-02-01", "to": "2026-02-28"})
    assert sum(row["calls"] for row in block(view, "groups")["table"]["rows"]) == 10
    crossed = seen(ws, "team", **{"from": "2026-03-01", "to": "2026-02-01"})
    assert "later than" in crossed["notices"][0]


def test_the_overview_counts_what_passes_the_filters(ws):
    view = seen(ws, "overview", team="North")
    assert [value(view, label) for label in ("Calls", "Sentences")] == ["30", "90"]
    assert "to" not in next(tile["note"] for tile in block(view, "figures")["tiles"] if tile["label"] == "Calls")


@pytest.mark.parametrize(
    ("page", "name"),
    [
        ("tracker", "tracker"),
        ("team", "tracker"),
        ("initiative", "board"),
        ("playbook", "playbook"),
        ("metrics", "metric"),
        ("deal", "deal"),
    ],
)
def test_a_link_to_what_is_not_there_shows_nothing_else_in_its_place(ws, page, name):
    if page == "metrics":
        ws.metrics.create("Priced", source={"type": "trackers", "required": ["Price"]})
    view = seen(ws, page, **{name: "does-not-exist"})
    assert view["blocks"] == []
    assert view["notices"][0] == f"{name}: there is no 'does-not-exist'. It may have been renamed or deleted."
    chooser = view["controls"][0]
    assert (chooser["name"], chooser["value"], chooser["options"][0]["label"]) == (name, "", "Choose…")
    assert len(chooser["options"]) > 1


def test_many_differences_are_told_by_who_stands_out():
    names = "ABCDEF"
    rows = [
        {"first": a, "second": b, "difference": -0.1, "low": -0.2, "high": -0.05, "p": 0.0, "verdict": "lower"}
        for a, b in combinations(names, 2)
    ]
    told = differences_in_words(pd.DataFrame(rows)).splitlines()
    assert told[0] == "F: more often than 5 others."
    assert "A: less often than 5 others." in told
    alike = pd.DataFrame([{**row, "p": 1.0, "verdict": NOT_APART} for row in rows])
    assert differences_in_words(alike).startswith("No two of them can be told apart: all 15")
