from __future__ import annotations

import csv
import io
import re
from datetime import UTC, datetime

import numpy as np
import pytest

import workbench as wb
from tests.unit import small
from workbench.domain.errors import WorkbenchError
from workbench.domain.reporters import reader
from workbench.widgets import Dashboard
from workbench.widgets.dashboard_tables import csv as csv_of
from workbench.widgets.dashboard_tables import plain

COLUMNS = [
    {"name": "team", "label": "Team", "kind": "text"},
    {"name": "rate", "label": "Rate", "kind": "interval"},
]


def block(name, kind, **parts):
    known = {"title": name, "note": "", "empty": "Nothing", "wide": False, "tiles": [], "hits": [], "total": 0}
    return {"id": name, "kind": kind, "figure": None, "table": None, **known, **parts}


def hit(number):
    known = {"title": "=cmd", "started": None, "speaker": "Cy", "side": "customer", "start_s": 1.0, "link": None}
    found = [{"id": "t", "name": "Price", "score": 0.9}]
    return {
        "sentence_id": f"s{number}",
        "conversation_id": "c",
        "text": f"-{number}",
        "before": [],
        "after": [],
        "trackers": found,
        **known,
    }


class Builder:
    """Makes pages of what it is asked, two hits at a time, and counts."""

    def __init__(self, hits=5, heeds_limit=False):
        self.asked = []
        self.fails = None
        self.progress = None
        self.hits = [hit(number) for number in range(hits)]
        self.heeds_limit = heeds_limit

    def __call__(self, workspace, query):
        self.asked.append(query)
        if self.fails:
            raise self.fails
        start = int(query.get("offset", 0))
        size = int(query["limit"]) if self.heeds_limit and "limit" in query else 2
        table = {
            "columns": COLUMNS,
            "rows": [{"team": "=North", "rate": [0.5, 0.7]}, {"team": "South", "rate": None}],
            "links": [],
            "total": 2,
        }
        return {
            "page": "tracker",
            "title": "Price",
            "lead": "",
            "pages": [],
            "controls": [],
            "query": query,
            "blocks": [
                block("hits", "hits", hits=self.hits[start : start + size], total=len(self.hits)),
                block("teams", "table", table=table),
                block("words", "text"),
            ],
            "progress": self.progress,
            "role": "editor",
        }


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    found = wb.open(tmp_path_factory.mktemp("dashboard") / "w", encoder=small.PackagedName())
    found.ingest(small.conversations(5))
    found.trackers.create("Price", examples=small.EXAMPLES)
    return found


@pytest.fixture
def build():
    return Builder()


@pytest.fixture
def dashboard(workspace, build, page):
    return page(Dashboard(workspace, build, "tracker"))


def test_it_is_ready_before_its_page_asks_and_made_once(dashboard, build):
    assert dashboard.widget.phase == "idle"
    assert dashboard.widget.view["title"] == "Price"
    assert dashboard.widget.view["role"] == "reader"
    dashboard.result("open", query={})
    assert build.asked == [{}]
    dashboard.result("open", query={"team": "North"})
    assert build.asked == [{}, {"team": "North"}]
    assert dashboard.widget.view["query"] == {"team": "North"}


def test_a_page_that_cannot_be_made_is_told_and_the_one_before_stays(dashboard, build):
    build.fails = WorkbenchError("no such month")
    dashboard.result("open", query={"from": "13"})
    assert "no such month" in dashboard.widget.error
    assert (dashboard.widget.phase, dashboard.widget.view["query"]) == ("idle", {})
    build.fails = None
    dashboard.result("open", query={"from": "13"})
    assert (dashboard.widget.error, dashboard.widget.view["query"]) == ("", {"from": "13"})


def test_one_that_was_never_made_has_failed(workspace, build, page):
    build.fails = ValueError("nothing there")
    dashboard = page(Dashboard(workspace, build, "tracker"))
    assert (dashboard.widget.phase, dashboard.widget.view) == ("failed", {})


@pytest.mark.parametrize("query", [{"a": "b" * 3_000}, {"a" * 1_001: "b" * 1_000}, {str(n): "" for n in range(60)}])
def test_addresses_that_nobody_means_are_refused(dashboard, build, query):
    assert "address" in (told := dashboard.ask("open", query=query)["error"]["message"]) or "filter" in told
    assert build.asked == [{}]


@pytest.mark.parametrize("query", [["a"], {"a": 1}, {"a": None}, None, "a", 1])
def test_what_is_no_address_is_refused(dashboard, build, query):
    assert dashboard.ask("open", query=query)["error"]["message"] == (
        "This page sent an invalid value: query must be an object. Reload the page."
    )
    assert build.asked == [{}]


def test_what_pages_use_themselves_is_no_filter(dashboard, build):
    dashboard.result("open", query={"team": "North", "offset": "3", "limit": "9"})
    assert build.asked[-1] == {"team": "North"}


def test_it_is_made_anew_while_a_backfill_runs_and_when_something_changed(dashboard, build, workspace):
    dashboard.result("poll")
    assert len(build.asked) == 1
    build.progress = {"label": "Price", "done": 1, "total": 9}
    tracker = workspace.trackers.create("Another", examples=small.EXAMPLES)
    dashboard.result("poll")
    dashboard.result("poll")
    assert len(build.asked) == 3
    build.progress = None
    dashboard.result("poll")
    dashboard.result("poll")
    assert len(build.asked) == 4
    workspace.ingest([small.conversations(6)[5] | {"id": "late"}])
    dashboard.result("poll")
    dashboard.result("poll")
    assert len(build.asked) == 5
    workspace.trackers.delete(tracker.id)
    dashboard.result("poll")
    assert len(build.asked) == 6


def test_more_of_a_block(dashboard, build):
    dashboard.result("open", query={"team": "North"})
    more = dashboard.result("more", block_id="hits", offset=2)
    assert [one["sentence_id"] for one in more["hits"]] == ["s2", "s3"]
    assert more["total"] == 5
    assert build.asked[-1] == {"team": "North", "offset": "2"}
    assert "Reload" in dashboard.ask("more", block_id="gone", offset=2)["error"]["message"]


@pytest.mark.parametrize("heeds_limit", [False, True])
def test_a_file_holds_all_hits_and_no_formula(workspace, page, heeds_limit):
    build = Builder(heeds_limit=heeds_limit)
    dashboard = page(Dashboard(workspace, build, "tracker"))
    rows = list(csv.DictReader(io.StringIO(dashboard.result("csv", block_id="hits"))))
    assert [row["sentence_id"] for row in rows] == ["s0", "s1", "s2", "s3", "s4"]
    assert (rows[1]["text"], rows[1]["title"], rows[1]["trackers"]) == ("'-1", "'=cmd", "Price")
    assert len(build.asked) == (2 if heeds_limit else 4)


def test_a_file_of_a_table_has_both_ends_of_intervals(dashboard):
    rows = list(csv.reader(io.StringIO(dashboard.result("csv", block_id="teams"))))
    assert rows == [["Team", "Rate, low", "Rate, high"], ["'=North", "0.5", "0.7"], ["South", "", ""]]
    assert "no table" in dashboard.ask("csv", block_id="words")["error"]["message"]


def test_intervals_in_a_file_have_their_point():
    view = {"columns": COLUMNS, "rows": [{"team": "North", "rate": [0.5, 0.6, 0.7]}, {"team": "South", "rate": None}]}
    told = csv_of([block("rates", "table", table={**view, "links": [], "total": 2})])
    rows = list(csv.reader(io.StringIO(told)))
    assert rows == [["Team", "Rate", "Rate, low", "Rate, high"], ["North", "0.6", "0.5", "0.7"], ["South", "", "", ""]]


@pytest.fixture
def dog(workspace):
    """A tracker that has found something, and a sentence of that."""
    tracker = workspace.trackers.create(f"Dog {len(workspace.trackers.list())}", kind="keyword", words=["dog"])
    tracker.publish(past="12 months").wait()
    return tracker, workspace.detections(tracker.name)["sentence_id"].iloc[0]


def says(page, dog, **more):
    """Says that it is wrong; who that was, as the trainer sees it, and as the page is told."""
    tracker, sentence = dog
    told = page.result("wrong", tracker_id=tracker.id, sentence_id=sentence, **more)
    (queued,) = tracker.queue()
    return [hit.by for hit in queued.hits], told["by"]


def test_readers_say_wrong_hit_under_no_name_of_the_one_who_started_the_server(dashboard, dog, monkeypatch):
    monkeypatch.setenv("WORKBENCH_USER", "Ann")
    names, told = says(dashboard, dog, note="about a dog")
    assert names == [told]
    assert re.fullmatch("reader [0-9a-f]{4}", told)
    assert dog[0].queue()[0].hits[0].note == "about a dog"


def test_in_a_notebook_it_is_whoever_works_there(workspace, build, page, dog, monkeypatch):
    monkeypatch.setenv("WORKBENCH_USER", "Ann")
    assert says(page(Dashboard(workspace, build, "tracker", "editor")), dog) == (["Ann"], "Ann")


def test_on_jupyterhub_it_is_its_user(dashboard, dog, monkeypatch):
    monkeypatch.setenv("JUPYTERHUB_USER", "ben")
    assert says(dashboard, dog) == (["ben"], "ben")


def message(tracker, sentence, metadata):
    request = {"id": "0", "kind": "wrong", "tracker_id": tracker.id, "sentence_id": sentence}
    return {"content": {"data": {"method": "custom", "content": request}}, "metadata": metadata, "buffers": []}


def test_behind_the_gate_it_is_who_the_message_says(dashboard, dog, monkeypatch):
    monkeypatch.setenv("WORKBENCH_GATED", "1")
    monkeypatch.setenv("JUPYTERHUB_USER", "ben")
    dashboard.widget._handle_msg(message(*dog, {"workbench_reader": reader("ann", "token:1").stamp()}))
    (reply,) = dashboard.replies
    assert reply == {"id": "0", "result": {"by": "ann"}, "error": None, "state_number": reply["state_number"]}
    (hit,) = dog[0].queue()[0].hits
    assert (hit.by, hit.person) == ("ann", "token:1")


@pytest.mark.parametrize("metadata", [None, {}, [], {"workbench_reader": "ann"}, {"workbench_reader": {"name": "ann"}}])
def test_behind_the_gate_nothing_is_kept_that_says_no_sender(dashboard, dog, monkeypatch, metadata):
    monkeypatch.setenv("WORKBENCH_GATED", "1")
    dashboard.widget._handle_msg(message(*dog, metadata))
    assert "cannot tell who you are" in dashboard.replies[0]["error"]["message"]
    dashboard.widget._handle_msg(message(*dog, {"workbench_reader": reader("ann", "token:1").stamp()}))
    assert "cannot tell who you are" in dashboard.ask("wrong", tracker_id="", sentence_id="")["error"]["message"]
    assert len(dog[0].queue()) == 1


def test_readers_say_wrong_hit_and_nothing_else(dashboard):
    for kind in ("act", "publish", "delete", "rename", "tag", "_show", "observe"):
        assert "has no request" in dashboard.ask(kind)["error"]["message"]


def test_views_are_plain_json():
    found = plain(
        {"a": np.float64("nan"), "b": np.array([1.5, 2]), "c": datetime(2026, 1, 2, tzinfo=UTC), 3: (np.int64(4),)}
    )
    assert found == {"a": None, "b": [1.5, 2.0], "c": "2026-01-02T00:00:00+00:00", "3": [4]}
    with pytest.raises(TypeError, match="object"):
        plain({"a": object()})
