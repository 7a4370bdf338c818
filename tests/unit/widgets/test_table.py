"""The table of trackers, on real ones: how each stands, what is done to one and to many, and what is taken back."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

import pytest

import workbench as wb
from tests.unit import small
from workbench.engine.encoders import HashingEncoder
from workbench.ready_made import ready_made
from workbench.widgets import TaggingCarousel, TrackerTable, ready_made_views
from workbench.widgets.hub import hub_of
from workbench.workspace.tracker import Tracker


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    folder = tmp_path_factory.mktemp("managed") / "w"
    workspace = small.ready(folder, rounds=2)
    workspace.trackers.create("Fresh", examples=small.EXAMPLES)
    return folder


@pytest.fixture
def ws(trained, tmp_path):
    shutil.copytree(trained, tmp_path / "w")
    return wb.open(tmp_path / "w", encoder=HashingEncoder())


@pytest.fixture
def price(ws):
    return ws.trackers.get("Price").id


def opened(ws, page, **traits):
    table = TrackerTable(ws, **traits)
    asking = page(table)
    asking.result("open")
    return table, asking


def look(asking, tracker_id):
    return asking.result("look", ids=[tracker_id])[0]


def publish(table, asking, tracker_id, past=None):
    asking.result("publish", tracker_id=tracker_id, past=past)
    table.workspace.trackers.get(tracker_id).active_version().wait()


def state_of(table, tracker_id):
    return next(row["state"] for row in table.rows if row["id"] == tracker_id)


def test_a_draft_shows_its_last_estimate_and_no_version(ws, page, price):
    table, asking = opened(ws, page)
    assert [row["name"] for row in table.rows] == ["Price", "Fresh"]
    assert table.phase == "idle"
    found = look(asking, price)
    assert (found["version"], found["unpublished"], found["run"], found["error"]) == (None, [], None, "")
    assert found["estimate"]["tags"] == 50
    assert look(asking, table.rows[1]["id"])["estimate"] is None


def test_publishing_makes_a_version_and_reads_the_past(ws, page, price):
    table, asking = opened(ws, page)
    publish(table, asking, price, "12 months")
    found = look(asking, price)
    assert (state_of(table, price), found["version"]) == ("active", 1)
    assert (found["run"]["state"], found["run"]["done"], found["run"]["total"]) == ("done", 80, 80)
    assert found["run"]["found"] > 0
    assert asking.result("progress", ids=[price])[price] == found["run"]


def test_publishing_can_collect_its_calls_in_a_stream(ws, page, price):
    _table, asking = opened(ws, page)
    asking.result("publish", tracker_id=price, past=None, stream=" ")
    assert ws.streams.list() == []
    asking.result("publish", tracker_id=price, past="12 months", stream="Prices")
    assert [stream.name for stream in ws.streams.list()] == ["Prices"]


def test_a_run_that_waits_its_turn_counts_as_running(ws, page, price, monkeypatch):
    _table, asking = opened(ws, page)
    monkeypatch.setattr("workbench.publishing.publication.Publication.read_past", lambda self, report: None)
    asking.result("publish", tracker_id=price, past="1 month")
    ws.trackers.get(price).active_version().wait()
    assert look(asking, price)["run"]["state"] == "interrupted"
    asking.result("run", tracker_id=price, what="cancel")
    assert look(asking, price)["run"]["state"] == "cancelled"
    monkeypatch.undo()
    asking.result("run", tracker_id=price, what="resume")
    ws.trackers.get(price).active_version().wait()
    assert look(asking, price)["run"]["state"] == "done"


def test_what_publishing_would_do_is_said_before_it_is_done(ws, page, price):
    table, asking = opened(ws, page)
    plans = asking.result("plan", ids=[price, "nothing"], past="all")
    assert plans[price]["message"] == ws.trackers.get(price).publish_plan("all").message
    assert "Version 1 reads 80 past calls." in plans[price]["message"]
    assert (plans[price]["warns"], plans["nothing"]["warns"]) == (False, True)
    publish(table, asking, price, "all")
    assert "80 calls stay" in asking.result("plan", ids=[price])[price]["message"]
    assert asking.ask("plan", ids=[price], past="soon")["result"][price]["warns"]
    readers = page(TrackerTable(ws, can_edit=False))
    assert readers.ask("plan", ids=[price])["error"]


def test_what_is_not_trained_is_not_published_and_says_why(ws, page):
    table, asking = opened(ws, page)
    reply = asking.ask("publish", tracker_id=table.rows[1]["id"], past=None)
    assert reply["error"]["kind"] == "NotEnoughTags"
    assert state_of(table, table.rows[1]["id"]) == "draft"


def test_changes_show_until_they_are_published_and_can_be_looked_at(ws, page, price):
    table, asking = opened(ws, page)
    publish(table, asking, price, "12 months")
    ws.trackers.get(price).update(threshold="hit_rate>=0.99", description="Too dear")
    assert look(asking, price)["unpublished"] == ["description", "threshold"]
    changes = asking.result("preview", tracker_id=price)
    gained = asking.result("changes", tracker_id=price, which="gained")
    lost = asking.result("changes", tracker_id=price, which="lost")
    assert len(gained) == min(20, changes["gained"])
    assert len(lost) == min(20, changes["lost"])
    assert changes["kept"] > 0
    assert all(one["conversation_id"].startswith("call-") and one["text"] for one in gained + lost)
    publish(table, asking, price)
    found = look(asking, price)
    assert (found["version"], found["unpublished"]) == (2, [])


def test_versions_say_what_changed_and_can_be_gone_back_to(ws, page, price):
    table, asking = opened(ws, page)
    publish(table, asking, price)
    ws.trackers.get(price).update(threshold="hit_rate>=0.9")
    publish(table, asking, price)
    newest, first = asking.result("versions", tracker_id=price)
    assert (newest["version"], newest["active"], newest["changed"]) == (2, True, ["threshold"])
    assert (first["active"], first["changed"], first["form"]["examples"]) == (False, [], small.EXAMPLES)
    asking.result("roll_back", tracker_id=price, version=1)
    assert look(asking, price)["version"] == 1
    assert asking.ask("roll_back", tracker_id=price, version=7)["error"]["kind"] == "WrongState"


def test_one_that_fails_leaves_the_others_as_they_are(ws, page, price):
    table, asking = opened(ws, page)
    publish(table, asking, price)
    fresh = table.rows[1]["id"]
    reply = asking.result("act", what="pause", ids=[fresh, price, "nobody"])
    assert reply["done"] == [price]
    assert "draft" in reply["failed"][fresh]
    assert "nobody" in reply["failed"]["nobody"]
    assert (state_of(table, price), state_of(table, fresh)) == ("paused", "draft")
    assert asking.result("act", what="resume", ids=[price])["done"] == [price]
    assert asking.result("act", what="deactivate", ids=[price])["done"] == [price]
    assert (state_of(table, price), look(asking, price)["version"]) == ("deactivated", 1)


def test_a_deletion_taken_back_at_once_leaves_no_trace(ws, page, price):
    table, asking = opened(ws, page)
    publish(table, asking, price)
    table.tracker_id = price
    asking.result("act", what="delete", ids=[price])
    assert [row["id"] for row in table.deleted] == [price]
    assert table.gone == [{"id": price, "name": "Price"}]
    assert (table.tracker_id, price in [row["id"] for row in table.rows]) == ("", False)
    asking.result("act", what="restore", ids=[price])
    assert (table.gone, table.deleted, table.tracker_id, state_of(table, price)) == ([], [], price, "active")


def test_what_is_restored_later_is_paused_and_a_name_taken_meanwhile_is_told(ws, page, price):
    table, asking = opened(ws, page)
    publish(table, asking, price)
    asking.result("act", what="delete", ids=[price])
    asking.result("dismiss")
    assert table.gone == []
    ws.trackers.create("Price", examples=small.EXAMPLES)
    assert "Price" in asking.result("act", what="restore", ids=[price])["failed"][price]
    ws.trackers.get("Price").update(name="Other")
    assert asking.result("act", what="restore", ids=[price])["done"] == [price]
    assert state_of(table, price) == "paused"


def test_names_follow_the_builders_rules(ws, page, price):
    table, asking = opened(ws, page)
    asking.result("rename", tracker_id=price, name="  Pricing objections ")
    assert table.rows[0]["name"] == "Pricing objections"
    assert asking.ask("rename", tracker_id=price, name=" ")["error"]["kind"] == "InvalidTracker"
    assert asking.ask("rename", tracker_id=price, name="Fresh")["error"]["kind"] == "TrackerExists"
    assert asking.result("tips", name="When do they ask?")[0]["level"] == "tip"


def test_other_widgets_show_the_one_that_is_chosen_and_the_table_hears_of_changes(ws, page, price):
    table, asking = opened(ws, page)
    carousel = TaggingCarousel(ws, tracker=table)
    stamps = [row["stamp"] for row in table.rows]
    asking.result("choose", tracker_id=price)
    assert carousel.tracker_id == table.tracker_id == price
    hub_of(ws).announce(price, carousel)
    assert [row["stamp"] > before for row, before in zip(table.rows, stamps, strict=True)] == [True, False]
    new = ws.trackers.create("New", examples=small.EXAMPLES)
    hub_of(ws).announce(new.id, carousel)
    assert table.rows[-1]["name"] == "New"


def test_one_that_cannot_be_read_says_so_in_its_row(ws, page, price, monkeypatch):
    table, asking = opened(ws, page)
    estimate = Tracker.last_estimate
    broken = property(lambda self: 1 / 0 if self.name == "Price" else estimate.fget(self))
    monkeypatch.setattr(Tracker, "last_estimate", broken)
    found = asking.result("look", ids=[row["id"] for row in table.rows])
    assert [bool(one["error"]) for one in found] == [True, False]


def test_people_who_only_read_change_nothing(ws, page, price):
    _, asking = opened(ws, page, can_edit=False)
    for kind, values in (
        ("act", {"what": "delete", "ids": [price]}),
        ("rename", {"tracker_id": price, "name": "Other"}),
        ("publish", {"tracker_id": price}),
        ("roll_back", {"tracker_id": price, "version": 1}),
        ("run", {"tracker_id": price, "what": "cancel"}),
        ("add", {"key": "budget", "called": "Budget"}),
        ("import", {"text": "name\nA", "form": "csv"}),
    ):
        assert "only shows" in asking.ask(kind, **values)["error"]["message"]
    assert asking.result("versions", tracker_id=price) == []
    asking.result("choose", tracker_id=price)
    assert json.loads(asking.result("export", form="json")["text"])["trackers"][0]["name"] == "Price"


def test_many_are_published_at_once_and_one_that_fails_is_told_by_itself(ws, page, price):
    words = ws.trackers.create_many([{"name": f"W{n}", "kind": "keyword", "words": ["dog"]} for n in range(3)])
    table, asking = opened(ws, page)
    fresh = ws.trackers.get("Fresh").id
    ids = [words[0].id, fresh, price, "nobody", words[1].id]
    reply = asking.result("act", what="publish", ids=ids, past="12 months")
    for tracker_id in reply["done"]:
        ws.trackers.get(tracker_id).active_version().wait()
    assert reply["done"] == [words[0].id, price, words[1].id]
    assert set(reply["failed"]) == {fresh, "nobody"}
    assert "round" in reply["failed"][fresh]
    assert [row["state"] for row in table.rows] == ["active", "draft", "active", "active", "draft"]
    assert look(asking, words[0].id)["run"]["found"] > 0


def test_ready_made_ones_are_told_with_what_was_measured_of_them(ws, page):
    _, asking = opened(ws, page)
    found = asking.result("ready_made")
    assert len(found) == 15
    assert json.loads(json.dumps(found)) == found
    budget = next(one for one in found if one["key"] == "budget")
    assert (budget["name"], budget["kind"], budget["filters"]["side"]) == ("Budget limit", "phrase", "customer")
    assert budget["can_train"]
    assert len(budget["said"]) == 20
    measured = budget["quality"]
    assert 0 < measured["f1"]["low"] < measured["f1"]["point"] < measured["f1"]["high"] < 1
    assert (measured["calls"] > 0, measured["hits"] > 0, measured["measured"][:2]) == (True, True, "20")
    unmeasured = replace(ready_made()[0], quality=None)
    assert ready_made_views.ready_made(unmeasured)["quality"] is None


def test_a_ready_made_one_is_added_under_a_name_that_is_free(ws, page):
    table, asking = opened(ws, page)
    added = asking.result("add", key="budget", called="Budget limit")
    assert added == {"id": table.rows[-1]["id"], "name": "Budget limit"}
    assert ws.trackers.get(added["id"]).kind == "phrase"
    assert asking.ask("add", key="budget", called="Budget limit")["error"]["kind"] == "TrackerExists"
    assert asking.ask("add", key="budget", called=" ")["error"]["kind"] == "InvalidTracker"
    assert asking.ask("add", key="nothing", called="N")["error"]["kind"] == "TrackerNotFound"
    other = asking.result("add", key="budget", called=" Budget 2 ", as_examples=True)
    assert (other["name"], ws.trackers.get("Budget 2").kind) == ("Budget 2", "example")
    assert asking.result("act", what="publish", ids=[added["id"]])["done"] == [added["id"]]


def test_definitions_go_out_and_come_in_and_what_cannot_be_used_is_told_with_its_line(ws, page, price):
    table, asking = opened(ws, page)
    whole = asking.result("export", form="csv")
    assert whole["name"] == "trackers.csv"
    assert whole["text"].startswith("\ufeffname,kind,")
    one = asking.result("export", form="json", ids=[price])
    assert [each["name"] for each in json.loads(one["text"])["trackers"]] == ["Price"]
    again = asking.result("import", text=whole["text"], form="csv")
    assert (again["made"], again["refused_count"]) == ([], 2)
    assert [each["line"] for each in again["refused"]] == [2, 7]
    text = "name,kind,words\n<script>alert(1)</script>,keyword,dog\n=1+1,keyword,\n"
    brought = asking.result("import", text=text, form="csv")
    assert brought["made"] == [{"id": table.rows[-1]["id"], "name": "<script>alert(1)</script>"}]
    assert brought["refused"][0]["line"] == 3
    assert "words" in brought["refused"][0]["reason"]


@pytest.mark.parametrize(
    ("text", "form", "told"),
    [
        ("name;kind\nA;keyword\n", "csv", "semicolons"),
        ("a,b\n1,2\n", "csv", "column a, b: unknown or repeated"),
        ("<html>", "json", "give a list of trackers"),
        ('[{"name": "A", ]', "json", "line 1: invalid JSON"),
        ("name\nA", "xlsx", "not json or csv"),
        ("x" * 4_000_001, "csv", "too large for a page"),
    ],
)
def test_what_is_no_list_of_definitions_is_refused_whole(ws, page, text, form, told):
    table, asking = opened(ws, page)
    assert told in asking.ask("import", text=text, form=form)["error"]["message"]
    assert len(table.rows) == 2


def test_what_a_page_cannot_fetch_is_refused_and_says_what_can_be_done(ws, page, monkeypatch):
    monkeypatch.setattr("workbench.widgets.exchange.MOST_GIVEN", 10)
    _, asking = opened(ws, page)
    assert "ws.trackers.to_csv(" in asking.ask("export", form="csv")["error"]["message"]


def test_other_tables_hear_of_what_comes_in(ws, page):
    _, asking = opened(ws, page)
    other, _ = opened(ws, page)
    text = json.dumps([{"name": f"N{n}", "kind": "keyword", "settings": {"words": ["dog"]}} for n in range(3)])
    assert asking.result("import", text=text, form="json")["made_count"] == 3
    assert [row["name"] for row in other.rows][-3:] == ["N0", "N1", "N2"]


def test_what_stands_is_shown_whichever_version_found_it(ws, page, price):
    table, asking = opened(ws, page)
    publish(table, asking, price, "all")
    before = look(asking, price)
    tracker = ws.trackers.get(price)
    assert before["run"]["found"] == len(ws.detections("Price")) > 50
    assert (before["version"], before["estimated"], before["run"]["found_by"]) == (1, 1, [1])
    for change, version in (("description", 2), ("filters", 3)):
        tracker.update(**({"filters": wb.Filters(side="customer")} if change == "filters" else {change: "Other"}))
        publish(table, asking, price)
        after = look(asking, price)
        assert (after["version"], after["estimate"]) == (version, before["estimate"])
        assert after["run"]["found"] == before["run"]["found"] == sum(tracker.found_by_version().values())
        assert after["run"]["found_by"] == [1]
        assert after["estimated"] == (2 if version == 2 else 1)  # version 2 reads by the same model as version 1
    tracker = ws.trackers.get(price)
    tracker.deactivate()
    assert look(asking, price)["run"]["found"] == before["run"]["found"]
    tracker.publish("1 month").wait()  # the calls have no date, so that it reads all of them
    after = look(asking, price)["run"]
    assert set(after["found_by"]) == set(ws.detections("Price")["version"]) == {4}
    assert after["found"] == len(ws.detections("Price")) < before["run"]["found"]
