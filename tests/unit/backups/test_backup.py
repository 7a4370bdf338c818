"""Item 16: a backup holds everything, from SQLite and PostgreSQL to either, and is restored whole or not at all."""

from __future__ import annotations

import json
import os
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

import workbench as wb
from tests.support.old_workspace import USER, told, unpacked, upgraded
from tests.support.other_user import open_folder, take_away, without_rights  # noqa: F401
from tests.unit.small import PackagedName, conversations
from workbench.cli import app as cli
from workbench.domain.errors import CannotWrite, WorkbenchError, WorkspaceDamaged, WorkspaceExists
from workbench.engine.encoders import HashingEncoder
from workbench.resources.opening import FOLDERS, STATE_FILE
from workbench.store.database import STATE, open_database
from workbench.store.tables import metadata


@pytest.fixture(autouse=True)
def _own_state(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(STATE, raising=False)


@pytest.fixture
def server(request: pytest.FixtureRequest) -> Any:
    return request.getfixturevalue("postgresql_server")


def rows(workspace: wb.Workspace) -> dict[str, list[tuple[Any, ...]]]:
    """All of the state, as JSON is written and as moments are in UTC."""
    with workspace.database.connect() as connection:
        asked = {one.name: one.select().order_by(*one.primary_key) for one in metadata.sorted_tables}
        return {name: [tuple(map(str, row)) for row in connection.execute(one)] for name, one in asked.items()}


def test_item_16_all_is_restored_as_it_was(tmp_path: Path) -> None:
    workspace = wb.open(unpacked(tmp_path), encoder=PackagedName(), user=USER)
    before = told(workspace)
    taken = workspace.backup(tmp_path / "a.backup")
    assert taken.conversations == before["counts"]["conversations"]
    assert not taken.damaged
    assert str(taken).startswith(str(tmp_path / "a.backup"))
    restored = wb.restore(taken.file, tmp_path / "new")
    again = wb.open(restored.path, encoder=PackagedName(), user=USER)
    assert told(again) == before
    assert rows(again) == rows(workspace)
    assert again.encode() == workspace.encode() == 0
    assert again.path.stat().st_mode & 0o777 == 0o700
    assert (again.path / "state.db").stat().st_mode & 0o777 == 0o600
    again.trackers.get("Price objections").preview()
    assert sorted(os.listdir(tmp_path)) == ["a.backup", "new", "old.workspace"]


def test_a_backup_of_a_backup_is_the_same(tmp_path: Path) -> None:
    first = wb.open(unpacked(tmp_path)).backup(tmp_path / "a.backup")
    second = wb.open(wb.restore(first.file, tmp_path / "new").path).backup(tmp_path / "b.backup")
    assert (second.files, second.conversations) == (first.files, first.conversations)


@pytest.fixture(scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any, Any]:
    """A backup of a workspace in use, what it tells, and what is in its state."""
    folder = tmp_path_factory.mktemp("taken")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv(STATE, raising=False)
        with wb.open(upgraded(folder), encoder=PackagedName(), user=USER) as old:
            return old.backup(folder / "a.backup").file, told(old), rows(old)


@pytest.mark.parametrize("target", ["sqlite", "postgresql"])
@pytest.mark.parametrize("source", ["sqlite", "postgresql"])
def test_the_state_moves_between_databases(
    source: str, target: str, taken: tuple[Path, Any, Any], tmp_path: Path, server: Any
) -> None:
    given, before, state = taken
    if source == "postgresql":
        url = server.new(migrated=False)
        wb.restore(given, tmp_path / "there", state=url)
        assert not (tmp_path / "there" / "state.db").exists()
        there = wb.open(tmp_path / "there", state=url, encoder=PackagedName(), user=USER)
        assert told(there) == before
        given = there.backup(tmp_path / "b.backup").file
    where = server.new() if target == "postgresql" else None
    wb.restore(given, tmp_path / "new", state=where)
    again = wb.open(tmp_path / "new", state=where, encoder=PackagedName(), user=USER)
    assert told(again) == before
    assert _same(rows(again), state)
    again.trackers.create("Later", kind="keyword", words=["x"]).publish(past="12 months").wait()
    again.credits.top_up(1)  # numbers that a database counts itself go on behind those that came
    again.call("call-0074").log(events=["later"])
    again.trackers.get("Draft").train().tag(_open(again), "yes")


def _open(workspace: wb.Workspace) -> str:
    return next(one.sentence_id for one in workspace.trackers.get("Draft").train().candidates if one.answer is None)


def _same(found: dict[str, list[tuple[Any, ...]]], wanted: dict[str, list[tuple[Any, ...]]]) -> bool:
    """SQLite tells moments without their zone, and true as 1."""

    def plain(data: dict[str, list[tuple[Any, ...]]]) -> dict[str, list[tuple[str, ...]]]:
        return {name: sorted(tuple(_plain(one) for one in row) for row in rows) for name, rows in data.items()}

    return plain(found) == plain(wanted)


def _plain(value: str) -> str:
    return value.removesuffix("+00:00")


def test_values_that_databases_tell_apart_come_over_as_they_are(tmp_path: Path, server: Any) -> None:
    """JSON's null and none at all; texts in any script; moments and numbers to the last digit."""
    odd = wb.open(tmp_path / "w")
    odd.metrics.create("Größe", definition="大きさ 🙂 \\ ' \" %s :x")
    odd.ingest(conversations(1), detect=False)
    odd.call("call-0").log(events=[{"name": "none", "value": None}, {"name": "third", "value": 1 / 3}])
    with odd.database.begin() as connection:
        connection.execute(
            text("INSERT INTO rounds (tracker_id, number, completed) SELECT id, 1, created FROM trackers")
        )
        values = {"id": "1", "body": '{"a": null, "ü": [1.0, 1e-300, "\\u0000"]}', "at": "2026-01-02 03:04:05.678901"}
        connection.execute(text("INSERT INTO definitions VALUES (:id, 'board', 'B', :body, :at)"), values)
    url = server.new()
    wb.restore(odd.backup(tmp_path / "a.backup").file, tmp_path / "there", state=url)
    there = wb.open(tmp_path / "there", state=url)
    wb.restore(there.backup(tmp_path / "b.backup").file, tmp_path / "back")
    for folder in ("w", "back"):
        with closing(sqlite3.connect(tmp_path / folder / "state.db")) as connection:
            found = connection.execute("SELECT body, created FROM definitions WHERE kind = 'board'").fetchall()
            assert found == [(values["body"], values["at"])]
            values_of = connection.execute("SELECT value FROM metric_events ORDER BY id").fetchall()
            assert [str(one) for (one,) in values_of] == ["null", "0.3333333333333333"]
    assert rows(wb.open(tmp_path / "back")) == rows(odd)


def test_nothing_is_written_over(tmp_path: Path, server: Any) -> None:
    workspace = wb.open(tmp_path / "w", encoder=HashingEncoder())
    workspace.ingest(conversations(1), detect=False)
    file = workspace.backup(tmp_path / "a.backup").file
    with pytest.raises(CannotWrite, match="already exists"):
        workspace.backup(file)
    with pytest.raises(WorkspaceExists, match="not empty; give another folder, or use force"):
        wb.restore(file, workspace.path)
    with pytest.raises(WorkspaceExists, match="a file; give a folder"):
        wb.restore(file, file)
    url = server.new()
    used = wb.open(tmp_path / "used", state=url)
    used.streams.create("Mine")
    with pytest.raises(WorkspaceExists, match="the database already contains a workspace's state"):
        wb.restore(file, tmp_path / "new", state=url)
    assert not (tmp_path / "new").exists()
    assert [one.name for one in used.streams.list()] == ["Mine"]
    assert not [one for one in os.listdir(tmp_path) if one.startswith(".")]


def test_by_force_what_was_there_is_kept(tmp_path: Path, server: Any) -> None:
    workspace = wb.open(tmp_path / "w", encoder=HashingEncoder())
    workspace.streams.create("In the backup")
    file = workspace.backup(tmp_path / "a.backup").file
    workspace.streams.create("Since")
    workspace.database.dispose()
    assert workspace.backup(file, force=True).file == file
    workspace.streams.create("Not in the backup")
    restored = wb.restore(file, workspace.path, force=True)
    assert restored.replaced is not None
    assert [one.name for one in wb.open(workspace.path).streams.list()] == ["In the backup", "Since"]
    assert "Not in the backup" in [one.name for one in wb.open(restored.replaced).streams.list()]
    assert str(restored.replaced) in str(restored)
    url = server.new()
    wb.open(tmp_path / "used", state=url).streams.create("Mine")
    wb.restore(file, tmp_path / "new", state=url, force=True)
    assert [one.name for one in wb.open(tmp_path / "new", state=url).streams.list()] == ["In the backup", "Since"]
    (copy,) = (tmp_path / "new" / "backups").iterdir()
    with open_database(copy).connect() as connection:
        assert connection.execute(text("SELECT name FROM streams")).scalars().all() == ["Mine"]


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    file = wb.open(tmp_path / "w").backup(tmp_path / "a.backup").file
    (tmp_path / "new").mkdir()
    assert wb.restore(file, tmp_path / "new").replaced is None
    assert wb.restore(file, tmp_path / "deep" / "er").conversations == 0


def test_a_folder_gets_a_file_named_after_the_moment(tmp_path: Path) -> None:
    (tmp_path / "all").mkdir()
    file = wb.open(tmp_path / "demo.workspace").backup(tmp_path / "all").file
    assert file.parent == tmp_path / "all"
    assert file.name.startswith("demo-2")
    assert file.suffix == ".backup"
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(("bad", "says"), [("w/x.backup", "inside the workspace"), ("no/x", "no such folder")])
def test_a_place_that_cannot_be_is_told(bad: str, says: str, tmp_path: Path) -> None:
    workspace = wb.open(tmp_path / "w")
    with pytest.raises(CannotWrite, match=says):
        workspace.backup(tmp_path / bad)


def test_a_damaged_part_is_told_and_the_rest_is_kept(tmp_path: Path) -> None:
    workspace = wb.open(tmp_path / "w", encoder=HashingEncoder())
    workspace.ingest(conversations(1), detect=False)
    part = next((workspace.path / "corpus" / "turns").iterdir())
    data = part.read_bytes()
    part.write_bytes(data[:-20] + bytes(20))
    taken = workspace.backup(tmp_path / "a.backup")
    assert [part.name in one for one in taken.damaged] == [True]
    part.unlink()
    with pytest.raises(WorkspaceDamaged, match=part.name):
        workspace.backup(tmp_path / "b.backup")
    assert sorted(os.listdir(tmp_path)) == ["a.backup", "w"]


def test_a_workspace_for_reading_can_be_backed_up(open_folder: Path) -> None:  # noqa: F811
    folder = unpacked(open_folder)
    (open_folder / "out").mkdir()
    take_away(folder)
    with without_rights(open_folder):
        reading = wb.open(folder, user=USER)
        file = reading.backup(open_folder / "out" / "a.backup").file
        wb.restore(file, open_folder / "out" / "new")
        assert told(wb.open(open_folder / "out" / "new", user=USER)) == told(reading)


def test_a_full_disk_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    import resource

    workspace = wb.open(unpacked(tmp_path))
    file = workspace.backup(tmp_path / "a.backup").file
    before, limits = sorted(os.listdir(tmp_path)), resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, limits[1]))
    try:
        with pytest.raises(WorkbenchError, match=str(tmp_path)):
            workspace.backup(tmp_path / "b.backup")
        with pytest.raises(CannotWrite, match=str(tmp_path)):
            wb.restore(file, tmp_path / "new")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert sorted(os.listdir(tmp_path)) == before


def test_every_folder_that_a_workspace_makes_is_in_its_backup(tmp_path: Path) -> None:
    """Whoever keeps something in a new folder of the workspace has to name it in ``FOLDERS``."""
    workspace = wb.open(unpacked(tmp_path), encoder=PackagedName(), user=USER)
    workspace.ingest(conversations(2))
    workspace.encode()
    session = workspace.trackers.get("Draft").train()
    for one in session.candidates:
        session.tag(one.sentence_id, "yes" if one.position % 2 else "no")
    session.complete_round()
    workspace.trackers.get("Draft").publish(past="12 months").wait()
    journal = (STATE_FILE, f"{STATE_FILE}-wal", f"{STATE_FILE}-shm", f"{STATE_FILE}.migration.lock")
    strange = {one for one in os.listdir(workspace.path) if not one.startswith(".")} - {*FOLDERS, *journal}
    assert not strange
    wb.restore(workspace.backup(tmp_path / "a.backup").file, tmp_path / "new")
    kept = {str(one.relative_to(tmp_path / "new")) for one in (tmp_path / "new").rglob("*") if one.is_file()}
    passing = (".lock", "-wal", "-shm", ".tmp", ".alive")
    there = {str(one.relative_to(workspace.path)) for one in workspace.path.rglob("*") if one.is_file()}
    made_again = ("backups/", "corpus/derived/")
    assert {one for one in there if not one.endswith(passing) and not one.startswith(made_again)} == kept


def run(*arguments: object) -> int:
    sys.argv = ["workbench", *map(str, arguments)]
    with pytest.raises(SystemExit) as end:
        cli.main()
    return int(end.value.code or 0)


def test_the_commands_do_the_same(tmp_path: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", [])
    workspace = wb.open(tmp_path / "w", encoder=HashingEncoder())
    workspace.ingest(conversations(3), detect=False)
    assert run("backup", tmp_path / "a.backup", "-w", tmp_path / "w", "--json") == 0
    about = json.loads(capsys.readouterr().out)
    assert about["conversations"] == 3
    assert run("restore", tmp_path / "a.backup", tmp_path / "new", "--json") == 0
    assert json.loads(capsys.readouterr().out)["path"] == str(tmp_path / "new")
    assert run("restore", tmp_path / "a.backup", tmp_path / "new") == 1
    assert "force" in capsys.readouterr().err
    assert run("restore", tmp_path / "a.backup", tmp_path / "new", "--force") == 0
    assert run("backup", tmp_path / "a.backup", "-w", tmp_path / "w") == 1
    assert run("backup", tmp_path / "a.backup", "-w", tmp_path / "w", "--force") == 0
    assert wb.open(tmp_path / "new").counts(wb.Filters(scope="any")).calls == 3
