"""Calls as a table: the same from Python, the command line, REST and the overview."""

from __future__ import annotations

import io
from types import SimpleNamespace

import pandas as pd
import pytest
from typer.testing import CliRunner

import workbench as wb
from tests.unit.dashboards.shop import block
from tests.unit.results.sales import call
from workbench.cli.app import app
from workbench.dashboards.pages import build
from workbench.engine.encoders import HashingEncoder
from workbench.results.call_tables import KNOWN
from workbench.server.models.conversations import CallsQuery
from workbench.server.operations.conversations import get_table
from workbench.widgets.dashboard_tables import csv as block_csv

PRICE, OTHER = ("cy", "the price is too high"), ("ann", "we have two offices")


@pytest.fixture
def ws(tmp_path):
    ws = wb.open(tmp_path / "w", encoder=HashingEncoder())
    deal = {"id": "d1", "stage": "won", "amount": 12.5, "outcome": "won"}
    ws.ingest([call(0, [PRICE, PRICE, OTHER], title="=1+1", deal=deal), call(1, [OTHER])])
    for name in ("Price", "title"):
        ws.trackers.create(name, kind="keyword", words=["price"], filters=wb.Filters(scope="any")).publish(
            past="all"
        ).wait()
    ws.trackers.create("Draft", kind="keyword", words=["price"])
    ws.metrics.create("Long")
    ws.call("c0").log_metric("Long", True)
    return ws


def test_each_call_is_a_row_with_a_column_for_each_tracker_and_metric(ws):
    found = ws.calls_table().set_index("conversation_id")
    assert list(found.columns) == [*KNOWN[1:], "Price", "title (tracker)", "Long"]
    assert found["Price"].to_dict() == {"c0": 2, "c1": 0}
    assert found["Long"]["c0"] is True
    assert (found["deal_stage"]["c0"], found["deal_amount"]["c0"], found["team"]["c0"]) == ("won", 12.5, "North")
    assert list(ws.calls_table(wb.Filters(stages=("won",)))["conversation_id"]) == ["c0"]
    assert list(ws.calls_table(trackers=["Price"]).columns) == [*KNOWN, "Price", "Long"]


def test_a_call_that_no_version_has_read_is_not_counted_as_none(ws):
    ws.trackers.get("Price").pause()
    ws.ingest([call(2, [PRICE])])
    found = ws.calls_table().set_index("conversation_id")
    assert pd.isna(found["Price"]["c2"])
    assert found["title (tracker)"]["c2"] == 1


def test_commands_rest_and_python_write_the_same_csv(ws, tmp_path):
    file = tmp_path / "calls.csv"
    done = CliRunner().invoke(app, ["calls", "--to", str(file), "-w", str(ws.path)])
    assert done.exit_code == 0, done.output
    text = wb.to_csv(ws.calls_table())
    assert file.read_text() == text
    assert CliRunner().invoke(app, ["calls", "-w", str(ws.path)]).output == text
    page = get_table(SimpleNamespace(workspace=ws, query=CallsQuery()))
    assert (page.text, page.next_cursor) == (text, None)
    first = get_table(SimpleNamespace(workspace=ws, query=CallsQuery(limit=1)))
    rest = get_table(SimpleNamespace(workspace=ws, query=CallsQuery(limit=1, cursor=first.next_cursor)))
    both = pd.concat([pd.read_csv(io.StringIO(one.text)) for one in (first, rest)], ignore_index=True)
    assert list(both["conversation_id"]) == ["c0", "c1"]
    assert "'=1+1" in text
    assert wb.read_csv(file)["title"].tolist() == ["=1+1", ""]
    bad = CliRunner().invoke(app, ["calls", "--to", "calls.txt", "-w", str(ws.path)])
    assert bad.exit_code == 2


def test_the_table_sets_again_what_is_known_of_calls(ws, tmp_path):
    frame = ws.calls_table()[["conversation_id", "title", "account", "deal_id", "deal_stage"]]
    frame["deal_stage"] = ["lost", None]
    wb.to_csv(frame, tmp_path / "calls.csv")
    report = ws.conversations.update(wb.read_csv(tmp_path / "calls.csv"))
    assert (report.changed, report.rejected) == (1, ())
    again = ws.calls_table().set_index("conversation_id")
    assert again["deal_stage"]["c0"] == "lost"
    assert again["title"]["c0"] == "=1+1"


def test_the_overview_shows_the_newest_calls_and_saves_them(ws):
    found = block(build("overview")(ws, {}), "calls")
    assert [row["conversation_id"] for row in found["table"]["rows"]] == ["c1", "c0"]
    assert found["total"] == 2
    saved = pd.read_csv(io.StringIO(block_csv([found])))
    assert saved["Price"].tolist() == [0, 2]
    assert saved["Title"].tolist()[1] == "'=1+1"
    page = block(build("overview")(ws, {"offset": "1", "limit": "1"}), "calls")
    assert [row["conversation_id"] for row in page["table"]["rows"]] == ["c0"]
