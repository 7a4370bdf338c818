"""Periods that go back from now: whole days of the workspace's time zone, wherever they are counted."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

import workbench as wb
from tests.unit.results.sales import call
from workbench.dashboards.pages import overview
from workbench.dashboards.pages.overview import build
from workbench.engine.encoders import HashingEncoder
from workbench.publishing import plan, publish

NOW = datetime(2026, 3, 31, 8, tzinfo=UTC)  # two days after clocks went forward in Berlin


def said(name, started):
    return call(0, [("ann", "hello"), ("cy", "the price is too high")], id=name, started=started)


@pytest.fixture
def ws(tmp_path, monkeypatch):
    for module in (plan, publish):
        monkeypatch.setattr(module, "now", lambda: NOW)
    with wb.Workspace(tmp_path / "w", HashingEncoder()) as opened:
        opened.time_zone = "Europe/Berlin"
        opened.trackers.create("Price", kind="keyword", words=["price"], filters=wb.Filters(scope="any"))
        yield opened


@pytest.mark.parametrize(
    ("past", "first", "before"),
    [
        ("1 month", "2026-02-28T00:00:00+01:00", "2026-02-27T23:59:59+01:00"),
        ("3 months", "2025-12-31T00:00:00+01:00", "2025-12-30T23:59:59+01:00"),
        ("6 months", "2025-09-30T00:00:00+02:00", "2025-09-29T23:59:59+02:00"),
    ],
)
def test_past_calls_are_read_from_the_beginning_of_a_day(ws, past, first, before):
    ws.ingest([said("first", first), said("before", before), said("undated", None), said("latest", NOW.isoformat())])
    tracker = ws.trackers.get("Price")
    planned = tracker.publish_plan(past)
    published = tracker.publish(past)
    published.wait()
    assert planned.since == published.since == datetime.fromisoformat(first)
    assert set(ws.detections("Price")["conversation_id"]) == {"first", "undated", "latest"}
    assert (planned.total, planned.undated) == (3, 1)


@pytest.mark.parametrize(
    ("zone", "first", "before"),
    [
        ("Europe/Berlin", "2026-03-24T00:00:00+01:00", "2026-03-23T23:59:59+01:00"),
        ("Pacific/Kiritimati", "2026-03-24T00:00:00+14:00", "2026-03-23T23:59:59+14:00"),
        ("Pacific/Pago_Pago", "2026-03-23T00:00:00-11:00", "2026-03-22T23:59:59-11:00"),
    ],
)
def test_an_alert_counts_whole_days_and_today(ws, zone, first, before):
    ws.time_zone = zone
    ws.trackers.get("Price").publish("all").wait()
    alert = ws.alerts.create("Many", "Price", threshold=1, days=7)
    ws.ingest([said("first", first), said("before", before), said("undated", None), said("later", "2026-03-31T09:00Z")])
    ws.catch_up()
    assert set(ws.detections("Price")["conversation_id"]) == {"first", "before", "undated", "later"}
    assert alert.reading(NOW) == (1, 1, 1)


def test_the_tile_counts_what_its_link_shows(ws):
    ws.trackers.get("Price").publish("all").wait()
    last, first = "2026-03-31T10:00:00+02:00", "2026-03-01T00:00:00+01:00"
    ws.ingest([said("last", last), said("first", first), said("before", "2026-02-28T23:59:59+01:00")])
    ws.catch_up()
    figures = next(block for block in build(ws, {})["blocks"] if block["id"] == "figures")
    tile = next(one for one in figures["tiles"] if one["label"] == f"Found in {overview.DAYS} days")
    assert (tile["value"], tile["link"]["query"]["from"]) == ("2", "2026-03-01")


def test_what_a_month_costs_is_counted_in_whole_days(ws, monkeypatch):
    monkeypatch.setenv("WORKBENCH_JUDGE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("WORKBENCH_JUDGE_MODEL", "m")
    ws.ingest([said("last", NOW.isoformat()), said("first", "2025-12-31T00:00:00+01:00")])
    settings = {"question": "Is it too expensive?", "judge": "endpoint"}
    asked = ws.trackers.create("Dear", kind="question", filters=wb.Filters(scope="any"), **settings)
    both = asked.cost(None).monthly
    assert both > 0
    ws.ingest([said("before", "2025-12-30T23:59:59+01:00"), said("undated", None)])
    assert asked.cost(None).monthly == both
