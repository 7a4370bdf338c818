"""Calls are deleted once they began longer ago than a rule lets them be kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

import workbench as wb
from tests.unit import small
from workbench.domain.errors import InvalidArgument, ReadOnlyWorkspace
from workbench.engine.encoders import HashingEncoder
from workbench.store.moments import now


@pytest.fixture
def ws(tmp_path):
    ws = wb.open(tmp_path / "w", encoder=HashingEncoder())
    calls = small.conversations(6)
    for months, call in enumerate(calls[:5]):
        call["started"] = (now() - timedelta(days=31 * months + 1)).isoformat()
        call["scope"] = "internal" if months % 2 else "external"
    calls[4]["turns"] = []
    ws.ingest(calls)
    return ws


def left(ws: wb.Workspace) -> list[str]:
    return sorted(ws.lake.content_hashes())


def test_calls_go_once_they_are_too_old(ws):
    rule = ws.retention(" 2 Months ")
    assert rule.period == "2 months"
    assert len(ws.retention.due()) == 3
    ws.catch_up()
    assert left(ws) == ["call-0", "call-1", "call-5"]  # the last one's start is not known
    assert wb.open(ws.path, encoder=HashingEncoder()).retention.rules() == [rule]
    assert ws.retention.run(now() + timedelta(days=400)).calls == 2
    assert left(ws) == ["call-5"]


def test_rules_can_be_narrowed_replaced_and_removed(ws):
    internal = wb.Filters(scope="internal")
    ws.retention("1 year", filters=internal)
    rule = ws.retention("1 week", filters=internal)
    assert ws.retention.rules() == [rule]
    ws.catch_up()
    assert left(ws) == ["call-0", "call-2", "call-4", "call-5"]
    ws.retention("1 day")
    ws.retention.remove(rule)
    assert [one.period for one in ws.retention.rules()] == ["1 day"]
    ws.retention.remove()
    ws.catch_up()
    assert ws.retention.rules() == []
    assert len(left(ws)) == 4
    assert ws.retention.run() is None


@pytest.mark.parametrize("period", ["soon", "0 days", "-3 months", "1.5 years", "101 years", "", 3, None])
def test_periods_that_are_none_are_refused(ws, period):
    with pytest.raises(InvalidArgument, match="period"):
        ws.retention(period)


def test_dates_in_filters_and_readers_are_refused(ws):
    with pytest.raises(InvalidArgument, match="started_before"):
        ws.retention("1 day", filters=wb.Filters(started_before=datetime(2026, 1, 1, tzinfo=UTC)))
    ws.retention("1 day")
    reader = wb.open(ws.path, encoder=HashingEncoder(), read_only=True)
    with pytest.raises(ReadOnlyWorkspace):
        reader.retention("2 days")
    assert len(reader.retention.due()) == 5
    assert len(left(reader)) == 6
