"""Item 12: a mistyped -w makes nothing, with any command that only reads or changes what is there."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

import workbench as wb
from tests.unit.small import conversations, write
from workbench.cli import app as cli
from workbench.dashboards import opening, quality
from workbench.domain.errors import WorkspaceNotFound
from workbench.engine.encoders import HashingEncoder
from workbench.server.problems import RequestRefused
from workbench.server.service import Service
from workbench.store.database import STATE
from workbench.widgets.dashboard import Dashboard

Run = Callable[..., tuple[int, str]]
BRING_IN = {"ingest", "watch", "live", "import", "restore"}
"""Commands that make a workspace; all others are to find one."""
ARGUMENTS: dict[str, list[str]] = {
    "answers": ["Fee"],
    "import-answers": ["Fee", "{}/all.json"],
    "enrich": ["{}/all.json"],
    "aliases add": ["Ann", "A. Kline"],
    "aliases remove": ["Ann"],
    "backup": ["{}/b.backup"],
    "detections": ["Fee"],
    "export-corpus": ["{}/all.jsonl"],
    "export": ["Fee", "{}/fee.tracker"],
    "log": ["Fee"],
    "publish": ["Fee"],
    "replay": ["Fee"],
    "tokens create": ["Job"],
    "tokens revoke": ["Job"],
    "trackers delete": ["Fee"],
    "trackers export": ["{}/all.json"],
    "trackers import": ["{}/all.json"],
}


class Idle:
    """A server that serves nobody."""

    def start(self) -> None:
        pass


def commands(group: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    """All commands with the names that one types."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, f"{before}{name} ")
        else:
            yield f"{before}{name}", command


ALL = dict(commands(get_command(cli.app)))
ON_A_WORKSPACE = sorted(name for name, one in ALL.items() if any(p.name == "workspace" for p in one.params))


@pytest.fixture
def workbench(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Run a command as the shell does; return its exit code and what it says."""
    monkeypatch.delenv(STATE, raising=False)
    monkeypatch.setattr("workbench.workspace.opened.SharedEncoder", HashingEncoder)
    monkeypatch.setattr("workbench.serving.serve.configured", lambda *_, **__: Idle())
    monkeypatch.setattr("workbench.serving.serve.readers_environment", lambda given, _: dict(given))
    (tmp_path / "all.json").write_text("[]")

    def run(*arguments: object) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["workbench", *map(str, arguments)])
        with pytest.raises(SystemExit) as end:
            cli.main()
        return int(end.value.code or 0), "".join(capsys.readouterr())

    return run


def test_every_command_is_known_to_make_a_workspace_or_not() -> None:
    assert {name for name in BRING_IN if name in ALL} <= {*ON_A_WORKSPACE, "restore"}
    assert len(ON_A_WORKSPACE) >= 20
    for name in ON_A_WORKSPACE:
        told = next(one.help for one in ALL[name].params if one.name == "workspace")
        assert ("created if it does not exist" in told) == (name in BRING_IN), name


@pytest.mark.parametrize("there", ["nothing", "folder", "file"])
@pytest.mark.parametrize("name", [name for name in ON_A_WORKSPACE if name not in BRING_IN])
def test_a_mistyped_workspace_is_not_made(name: str, there: str, workbench: Run, tmp_path: Path) -> None:
    typo = tmp_path / "typo"
    if there == "folder":
        typo.mkdir()
    elif there == "file":
        typo.write_text("mine")
    code, said = workbench(*name.split(), *[one.format(tmp_path) for one in ARGUMENTS.get(name, [])], "-w", typo)
    if name == "dashboards":  # it says so on its pages, until there is one
        assert "There is no workspace" in said
    else:
        assert code == 1
        assert str(typo) in said
        assert "Traceback" not in said
    assert sorted(os.listdir(tmp_path)) == sorted(["all.json", *(["typo"] if there != "nothing" else [])])
    if there == "folder":
        assert os.listdir(typo) == []


def test_a_replay_makes_no_workspace(workbench: Run, tmp_path: Path) -> None:
    code, said = workbench("live", "call-1", "--replay", "-w", tmp_path / "typo")
    assert code == 1
    assert "there is no workspace" in said
    assert not (tmp_path / "typo").exists()


@pytest.mark.parametrize("command", ["ingest", "live"])
def test_what_brings_something_in_makes_one(command: str, workbench: Run, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO('{"id": "1", "text": "Hello there."}\n'))
    given = write(tmp_path / "calls.jsonl", conversations(1)) if command == "ingest" else "call-1"
    code, _ = workbench(command, given, "-w", tmp_path / "new")
    assert code == 0
    assert (tmp_path / "new" / "state.db").exists()


def test_python_makes_one_unless_told_otherwise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(STATE, raising=False)
    with pytest.raises(WorkspaceNotFound, match=r"there is no workspace in .*typo; check the path"):
        wb.open(tmp_path / "typo", create=False)
    assert not (tmp_path / "typo").exists()
    wb.open(tmp_path / "new")
    assert wb.open(tmp_path / "new", create=False).path == tmp_path / "new"


def test_a_workspace_with_its_state_on_a_server_is_found(state: str | None, tmp_path: Path) -> None:
    wb.open(tmp_path / "w")
    assert wb.open(tmp_path / "w", create=False).trackers.list() == []
    assert isinstance(opening.open_page("overview", tmp_path / "w", "editor"), Dashboard)


def test_servers_and_dashboards_make_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(STATE, raising=False)
    (tmp_path / "empty").mkdir()
    for folder in (tmp_path / "none", tmp_path / "empty"):
        service = Service(lambda folder=folder: str(folder))
        with pytest.raises(RequestRefused, match="there is no workspace"):
            service.workspace()
        service.close()
        assert "There is no workspace" in opening.open_page("overview", folder).value
        assert "There is no workspace" in quality.tracker_dashboard(folder).value
    assert os.listdir(tmp_path) == ["empty"]
    assert os.listdir(tmp_path / "empty") == []


def test_the_lab_is_told_whole_paths(workbench: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WORKBENCH_WORKSPACE", "demo")
    monkeypatch.setenv(STATE, "sqlite:///here.db")
    monkeypatch.setattr(os, "execv", lambda *_: None)
    workbench("lab", "--notebooks", tmp_path)
    assert os.environ["WORKBENCH_WORKSPACE"] == str(tmp_path / "demo")
    assert os.environ[STATE] == f"sqlite:///{tmp_path}/here.db"


def test_a_file_that_cannot_be_written_is_told_in_a_line(workbench: Run, tmp_path: Path) -> None:
    workspace = wb.open(tmp_path / "w", encoder=HashingEncoder())
    workspace.trackers.create("Fee", kind="keyword", words=["fee"]).publish()
    (tmp_path / "file").write_text("")
    for command in (
        ["trackers", "export", tmp_path / "file" / "x.json"],
        ["export", "Fee", tmp_path / "file" / "x.tracker"],
    ):
        code, said = workbench(*command, "-w", tmp_path / "w")
        assert code == 1
        assert said.startswith(f"workbench: {tmp_path / 'file'}")
        assert said.count("\n") == 1
