"""Rates over time and by group: what counts, and what is told beside."""

from __future__ import annotations

import pandas as pd
import pytest

import workbench as wb
from tests.unit.metrics.made import asked_and_given, neither, only_asked, workspace
from workbench.domain.errors import WorkbenchError
from workbench.results.intervals import wilson


@pytest.fixture(scope="module")
def ws(tmp_path_factory):
    """36 calls over six months: of three that ask two are given an answer, of four one does not ask."""
    made = [neither(n) if n % 4 == 0 else only_asked(n) if n % 3 == 0 else asked_and_given(n) for n in range(36)]
    out = workspace(tmp_path_factory.mktemp("w"), made)
    source = {"type": "trackers", "required": ["Given"], "applies": "Asked"}
    out.metrics.create("Auth", source=source)
    out.metrics.create("Steps", source={"type": "trackers", "required": ["Asked", "Given"]})
    out.metrics.create("Route", kind="categorical", categories=["a", "b"])
    for number in range(10):
        out.call(f"c{number}").log_metric("Route", "ab"[number % 5 == 0])
    return out


def test_what_does_not_apply_counts_in_no_share(ws):
    rows = ws.metrics.trend("Auth", every=None).table.set_index("value")
    assert rows.loc["true", ["count", "known", "not_applicable", "unknown", "calls"]].tolist() == [18, 27, 9, 0, 36]
    assert rows.loc["false", "count"] == 9
    share, low, high = wilson(pd.Series([18.0]).to_numpy(), pd.Series([27.0]).to_numpy())
    assert rows.loc["true", ["share", "low", "high"]].tolist() == pytest.approx([share[0], low[0], high[0]])
    assert "partial" not in rows.index


def test_partial_is_a_value_of_its_own(ws):
    rows = ws.metrics.trend("Steps", every=None).table.set_index("value")["count"]
    assert rows.to_dict() == {"true": 18, "partial": 9, "false": 9}


def test_unknown_is_told_beside(ws):
    found = ws.metrics.trend("Route", every=None)
    assert found.table.set_index("value")["count"].to_dict() == {"a": 8, "b": 2}
    assert found.table["known"].tolist() == [10, 10]
    assert found.table["unknown"].tolist() == [26, 26]
    assert any("26 of 36 are unknown" in note for note in found.notes)


def test_by_time_and_group(ws):
    months = ws.metrics.trend("Auth")
    assert months.by == ("month",)
    true = months.table[months.table["value"] == "true"]
    assert true["month"].tolist() == [pd.Timestamp(2026, month, 1) for month in range(1, 7)]
    assert true["calls"].sum() == 36
    teams = ws.metrics.trend("Auth", by=["team", "person"], every="quarter").table
    assert set(teams["team"]) == {"North", "South"}
    assert teams[teams["value"] == "true"]["count"].sum() == 18
    south = ws.metrics.trend("Auth", every=None, filters=wb.Filters(teams=("South",))).table
    assert south["calls"].tolist() == [18, 18]


def test_what_is_as_found_is_told(ws):
    notes = ws.metrics.trend("Auth").notes
    assert any("errors included" in note for note in notes)
    ws.trackers.create("Draft", kind="keyword", words=["x"])
    ws.metrics.create("By a draft", source={"type": "trackers", "required": ["Draft"]})
    found = ws.metrics.trend("By a draft", every=None)
    assert any("'Draft' is not published" in note for note in found.notes)
    assert found.table["known"].tolist() == [0, 0]
    assert found.table["share"].isna().all()


def test_what_cannot_be_grouped_by(ws):
    with pytest.raises(WorkbenchError, match="every: must be one of week, month, quarter, not 'year'"):
        ws.metrics.trend("Auth", every="year")
    with pytest.raises(WorkbenchError, match=r"by: must be one of person, .* not 'colour'"):
        ws.metrics.trend("Auth", by="colour")


def test_without_calls(tmp_path):
    empty = wb.open(tmp_path / "empty")
    empty.metrics.create("Paid")
    assert empty.metrics.trend("Paid").table.empty
    assert empty.metrics.values("Paid").empty
    assert empty.metrics.preview() == []
