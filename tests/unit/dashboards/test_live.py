"""The page of live calls: what readers get, and what is said where there is no workspace."""

from __future__ import annotations

import workbench as wb
from workbench.dashboards import live
from workbench.dashboards.pages import PAGES
from workbench.engine.encoders import HashingEncoder


def test_readers_follow_calls_and_editors_replay_them_too(tmp_path, monkeypatch):
    ws = wb.open(tmp_path, encoder=HashingEncoder())
    monkeypatch.setenv("WORKBENCH_ROLE", "reader")
    page = live(ws)
    assert not page.can_replay
    assert [one["page"] for one in page.pages] == [*PAGES, "live"]
    assert live(ws, role="editor").can_replay
    monkeypatch.setenv("WORKBENCH_WORKSPACE", str(tmp_path))
    assert not live().error


def test_a_folder_that_is_no_workspace_is_said_and_not_made(tmp_path):
    assert "There is no workspace" in live(tmp_path / "nowhere").value
    assert not (tmp_path / "nowhere").exists()
