"""The table of trackers, on real ones: how each stands, what is done to one and to many, and what is taken back."""

from __future__ import annotations

import shutil

import pytest

import workbench as wb
from tests.unit import small
from workbench.engine.encoders import HashingEncoder
from workbench.tracker import Tracker
from workbench.widgets import TaggingCarousel, TrackerTable


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    folder = tmp_path_factory.mktemp("managed") / "w"
    workspace = small.trained(folder, rounds=2)
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
    table.workspace.trackers.get(tracker_id).active.wait()


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


def test_a_run_that_waits_its_turn_counts_as_running(ws, page, price, monkeypatch):
    _table, asking = opened(ws, page)
    monkeypatch.setattr("workbench.publishing.Publication._read_past", lambda self, report: None)
    asking.result("publish", tracker_id=price, past="1 month")
    ws.trackers.get(price).active.wait()
    assert look(asking, price)["run"]["state"] == "interrupted"
    asking.result("run", tracker_id=price, what="cancel")
    assert look(asking, price)["run"]["state"] == "cancelled"
    monkeypatch.undo()
    asking.result("run", tracker_id=price, what="resume")
    ws.trackers.get(price).active.wait()
    assert look(asking, price)["run"]["state"] == "done"


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
    table._hub.announce(price, carousel)
    assert [row["stamp"] > before for row, before in zip(table.rows, stamps, strict=True)] == [True, False]
    new = ws.trackers.create("New", examples=small.EXAMPLES)
    table._hub.announce(new.id, carousel)
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
    ):
        assert "only shows" in asking.ask(kind, **values)["error"]["message"]
    assert asking.result("versions", tracker_id=price) == []
    asking.result("choose", tracker_id=price)
