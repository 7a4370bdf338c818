"""Files of a test run go into memory only where there is room."""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from scripts import scratch


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Fake the system's answers; there is space everywhere, unless a test changes it."""
    told = {"free": scratch.ROOM, "flags": 0, "memory": iter([scratch.ROOM])}
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=told["free"]))
    monkeypatch.setattr(os, "statvfs", lambda _: SimpleNamespace(f_flag=told["flags"]))
    monkeypatch.setattr(scratch, "memory", lambda: told["memory"])
    return told


def test_a_folder_in_memory_is_taken_where_there_is_room(tmp_path: Path, room: dict[str, Any]) -> None:
    assert scratch.is_roomy(tmp_path)


@pytest.mark.parametrize("lacking", [{"free": 2**26}, {"flags": os.ST_NOEXEC}, {"memory": iter([scratch.ROOM, 2**30])}])
def test_and_not_where_something_is_short(tmp_path: Path, room: dict[str, Any], lacking: dict[str, Any]) -> None:
    room.update(lacking)
    assert not scratch.is_roomy(tmp_path)


def test_a_system_without_one_has_none(tmp_path: Path) -> None:
    assert not scratch.is_roomy(tmp_path / "nowhere")


def test_a_folder_that_all_users_can_work_in_is_made_and_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(scratch, "IN_MEMORY", tmp_path)
    monkeypatch.setattr(scratch, "is_roomy", lambda _: True)
    scratch.main()
    made = Path(capsys.readouterr().out.strip())
    assert made.parent == tmp_path
    assert stat.S_IMODE(made.stat().st_mode) == 0o1777
