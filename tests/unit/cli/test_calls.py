"""Calls completed, deleted and kept for a time from the command line."""

from __future__ import annotations

import json
import sys

import pytest

import workbench as wb
from tests.unit import small
from workbench.engine.encoders import HashingEncoder


@pytest.fixture
def workbench(workbench, monkeypatch):
    """Runs a command, to whose question ``said`` is the answer."""

    def call(*arguments, said=""):
        monkeypatch.setattr(sys, "stdin", type("Said", (), {"readline": lambda self, *_: said})())
        return workbench(*arguments)

    return call


@pytest.fixture
def folder(tmp_path):
    ws = wb.open(tmp_path / "w", encoder=HashingEncoder())
    ws.ingest([{**call, "started": f"2020-01-0{at + 1}"} for at, call in enumerate(small.conversations(4))])
    return ws.path


def left(folder):
    return len(wb.open(folder, encoder=HashingEncoder()).lake.content_hashes())


def test_calls_are_completed_from_a_table(workbench, folder, tmp_path):
    table = tmp_path / "calls.csv"
    table.write_text("id,deal,stage,plan\ncall-1,d1,Demo,xl\nnobody,d2,Demo,s\n")
    code, out, _ = workbench("enrich", table, "-w", folder)
    assert (code, out.splitlines()[0]) == (0, "1 changed, 0 unchanged, 1 not in the workspace, 0 rejected")
    assert "'nobody': no conversation has this id" in out
    code, out, _ = workbench("enrich", table, "-w", folder, "--json")
    assert json.loads(out)["unchanged"] == 1
    table.write_text("id,outcome\ncall-2,perhaps\n")
    code, out, _ = workbench("enrich", table, "-w", folder)
    assert code == 1
    table.write_text("name\nx\n")
    code, _, error = workbench("enrich", table, "-w", folder)
    assert code == 1
    assert "no column for the conversation's id" in error


def test_calls_are_deleted_after_a_question(workbench, folder):
    code, _, error = workbench("delete", "call-1", "-w", folder, said="n\n")
    assert (code, left(folder)) == (1, 4)
    assert "Delete 1 call for good?" in error or left(folder) == 4
    code, out, _ = workbench("delete", "call-1", "nobody", "--yes", "-w", folder)
    assert (code, left(folder)) == (0, 3)
    assert out.startswith("1 call deleted with 12 sentences")
    code, out, _ = workbench("delete", "--party", "cy", "--yes", "--json", "-w", folder)
    assert (code, json.loads(out)["calls"], left(folder)) == (0, 3, 0)
    assert workbench("delete", "--vacuum", "-w", folder)[:2] == (0, "cleaned up\n")
    code, _, error = workbench("delete", "-w", folder)
    assert code == 1
    assert "give exactly one of calls" in error


def test_how_long_calls_are_kept(workbench, folder):
    assert workbench("retention", "-w", folder)[1] == "calls are kept until someone deletes them\n"
    code, out, _ = workbench("retention", "24 months", "-w", folder)
    assert (code, out.splitlines()) == (
        0,
        ["24 months, all calls and e-mails", "4 calls are due and will be deleted by the next catch-up"],
    )
    assert json.loads(workbench("retention", "--json", "-w", folder)[1])["due"] == 4
    assert workbench("catch-up", "-w", folder)[0] == 0
    assert left(folder) == 0
    assert workbench("retention", "--remove", "-w", folder)[1] == "calls are kept until someone deletes them\n"
    assert workbench("retention", "soon", "-w", folder)[0] == 1


def test_what_becomes_of_changed_calls_can_be_chosen(workbench, folder, tmp_path):
    (tmp_path / "x.jsonl").write_text(json.dumps({"id": "call-1", "turns": [{"text": "Another."}]}) + "\n")
    assert "1 kept as they were" in workbench("ingest", tmp_path / "x.jsonl", "--on-change", "keep", "-w", folder)[1]
    assert "1 rejected" in workbench("ingest", tmp_path / "x.jsonl", "--on-change", "reject", "-w", folder)[1]
    assert "1 changed" in workbench("ingest", tmp_path / "x.jsonl", "-w", folder)[1]
    code, _, error = workbench("ingest", tmp_path / "x.jsonl", "--on-change", "ask", "-w", folder)
    assert code == 1
    assert "on_change: must be one of replace, keep, reject" in error


def test_what_fits_no_call_is_written_to_a_file(workbench, folder, tmp_path):
    table, left_over = tmp_path / "export.csv", tmp_path / "left.csv"
    table.write_text('Call ID,Logged,Plan\ncall-1,2020-01-01,xl\nnobody,2020-01-02,"=1+1"\n')
    given = ("enrich", table, "-w", folder, "--column", "time=Logged", "--unmatched", left_over)
    code, out, _ = workbench(*given, "--dry-run")
    assert (code, out.splitlines()[0].startswith("0 changed")) == (0, True)
    assert "columns: time: Logged; id: Call ID; fields: Plan" in out
    code, out, _ = workbench(*given, "--tolerance", "30", "--month-first", "--json")
    assert json.loads(out)["matched"] == {"id": 1}
    header, row = left_over.read_text().splitlines()
    assert header == "row,reason,conversations that fit,Call ID,Logged,Plan"
    assert row.startswith("line 3,")
    assert row.endswith("'=1+1")
    code, _, error = workbench("enrich", table, "-w", folder, "--column", "time")
    assert (code, "USE=NAME" in error) == (1, True)
