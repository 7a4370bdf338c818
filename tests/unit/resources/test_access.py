"""Who of a machine's users can read a workspace: its maker alone, whatever the umask, unless a group shares it."""

from __future__ import annotations

import asyncio
import gc
import grp
import os
import stat
import subprocess
import sys
import tempfile
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

import workbench as wb
from tests.unit.small import PackagedName, conversations, ready, trained
from workbench.cli.app import app
from workbench.domain.errors import WorkbenchError
from workbench.engine.fine_tuning_process import FineTuningOutcome
from workbench.resources.access import OpenToOthers
from workbench.training.second_stage import SecondStage

UMASKS = [0o000, 0o002, 0o022, 0o077]
NOBODY, ANN, BEN, GROUP = 65534, 61_001, 61_002, 54_321
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can act as another user")


@pytest.fixture(params=UMASKS, ids="umask {:03o}".format)
def umask(request) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def modes(folder: Path) -> Counter[tuple[str, str]]:
    """How many folders and files, the folder itself among them, have each mode."""
    gc.collect()  # a workspace that nobody holds any more takes SQLite's journal away
    found = [path.lstat().st_mode for path in (folder, *folder.rglob("*"))]
    return Counter(("folder" if stat.S_ISDIR(one) else "file", f"{stat.S_IMODE(one):04o}") for one in found)


def use_for_everything(folder: Path, out: Path, monkeypatch: pytest.MonkeyPatch, **options: object) -> wb.Workspace:
    """Use a workspace for all that makes files, in it and in ``out``."""
    monkeypatch.setattr("workbench.workspace.opened.SharedEncoder", PackagedName)
    wb.open(folder, **options).ingest(conversations(3, seed=8))
    ws = trained(folder, encoder=PackagedName())
    tracker = ws.trackers.get("Price")
    tracker.publish(past="12 months", stream="Pricey").wait()
    ws.streams.get("Pricey").notify(webhook="https://example.org/hook")
    stage = SecondStage(None, None, None, ws.lake, "m", (), ws.path / "models" / tracker.id)  # type: ignore[arg-type]
    stage._keep("key", FineTuningOutcome(wins=False, gain=None, seconds=1.0))
    ws.trackers.create("Asked", kind="question", question="Is the price too high?").publish(past="12 months").wait()
    ws.trackers.import_file(tracker.export(out / "price.tracker"), name="Price again")
    ws.trackers.to_csv(out / "trackers.csv")
    ws.trackers.to_json(out / "trackers.json")
    ws.ingest([one | {"id": f"later-{one['id']}"} for one in conversations(4, seed=9)])
    ws.encode()

    async def talk() -> None:
        async with ws.live("live-1") as call:
            await call.turn("well the price is far too high")
        await ws.live("live-2").turn("so we cannot pay that much money")

    asyncio.run(talk())
    return ws


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    folder.chmod(0o755)
    return folder


def test_all_that_is_made_is_its_makers_alone(tmp_path, out, umask, monkeypatch):
    ws = use_for_everything(tmp_path / "new" / "w", out, monkeypatch)
    assert set(modes(ws.path)) == {("folder", "0700"), ("file", "0600")}
    assert set(modes(out)) == {("folder", "0755"), ("file", "0600")}
    names = {path.suffix for path in ws.path.rglob("*")}
    made = {".db", ".db-wal", ".db-shm", ".parquet", ".json", ".lock", ".f32", ".i64", ".i32", ".tracker", ".jsonl"}
    assert made <= names


def test_all_that_is_made_is_the_groups_where_it_is_shared(tmp_path, out, umask, monkeypatch):
    ws = use_for_everything(tmp_path / "w", out, monkeypatch, shared=True)
    assert set(modes(ws.path)) == {("folder", "2770"), ("file", "0660")}
    assert len({path.stat().st_gid for path in ws.path.rglob("*")}) == 1
    assert set(modes(out)) == {("folder", "0755"), ("file", "0600")}


@pytest.mark.parametrize("name", ["made-before", "with-other-things"])
def test_a_folder_that_was_there_holds_nothing_that_others_can_read(tmp_path, out, umask, monkeypatch, name):
    folder = tmp_path / name
    folder.mkdir()
    folder.chmod(0o755)
    if name == "with-other-things":
        (folder / "notes.txt").touch()
        (folder / "notes.txt").chmod(0o644)
    ws = use_for_everything(folder, out, monkeypatch)
    found = modes(ws.path)
    if name == "with-other-things":  # it is not the workbench's to close, and neither is what lies in it
        assert folder.stat().st_mode & 0o777 == 0o755
        assert (folder / "notes.txt").stat().st_mode & 0o777 == 0o644
        found -= Counter([("folder", "0755"), ("file", "0644")])
        found -= Counter([("file", f"{0o666 & ~umask:04o}")])  # a lock, in which nothing stands
    assert set(found) == {("folder", "0700"), ("file", "0600")}


def as_user(script: str, user: int, *arguments: object) -> str:
    """Return what a script prints as another user, after imports, as an environment may be root's."""
    become = f"\nos.umask(0o022); os.setgroups([{GROUP}]); os.setgid({user}); os.setuid({user})\n"
    command = [sys.executable, "-c", f"import os, sys{script.replace('BECOME', become)}", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that every user can get to."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        os.chmod(folder, 0o755)
        yield Path(folder)


@as_root
def test_nobody_else_can_read_a_word(place):
    before = os.umask(0o022)
    try:
        trained(place / "w").database.dispose()
    finally:
        os.umask(before)
    script = "BECOME\nprint([name for _, _, files in os.walk(sys.argv[1]) for name in files])"
    assert as_user(script, NOBODY, place) == "[]"


def opened_to_all(folder: Path) -> Path:
    """A workspace as older versions made it at the usual umask, where other users can get to it."""
    ready(folder).database.dispose()
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    return folder


@pytest.fixture
def reachable(tmp_path, monkeypatch) -> Path:
    """As if no folder above it kept others out."""
    monkeypatch.setattr("workbench.resources.access.PARENTS", 0)
    return tmp_path


def test_an_older_workspace_stays_as_it_is_and_its_owner_is_told(reachable):
    folder = opened_to_all(reachable / "old")
    before = modes(folder)
    with pytest.warns(OpenToOthers, match="access -w .*old --private"):
        ws = wb.open(folder)
    assert set(before) == {("folder", "0755"), ("file", "0644")}
    before_umask = os.umask(0o022)
    try:
        ws.ingest([one | {"id": f"later-{one['id']}"} for one in conversations(4, seed=9)])
    finally:
        os.umask(before_umask)
    assert set(modes(folder)) == set(before)  # readers of a team's folder can go on


def test_nobody_is_told_of_a_workspace_that_a_folder_above_keeps_to_its_owner(tmp_path):
    tmp_path.chmod(0o700)
    folder = opened_to_all(tmp_path / "old")
    with warnings.catch_warnings():
        warnings.simplefilter("error", OpenToOthers)
        wb.open(folder)


@as_root
def test_only_the_owner_is_told(reachable):
    folder = opened_to_all(reachable / "old")
    os.chown(folder, NOBODY, NOBODY)
    with warnings.catch_warnings():
        warnings.simplefilter("error", OpenToOthers)
        wb.open(folder)


def test_it_is_closed_and_shared_when_asked(reachable):
    folder = opened_to_all(reachable / "old")
    wb.open(folder, shared=False)
    assert set(modes(folder)) == {("folder", "0700"), ("file", "0600")}
    wb.open(folder, shared=True)
    assert set(modes(folder)) == {("folder", "2770"), ("file", "0660")}
    wb.open(folder)
    assert set(modes(folder)) == {("folder", "2770"), ("file", "0660")}


def test_links_and_what_is_linked_are_left_alone(tmp_path):
    folder = opened_to_all(tmp_path / "w")
    for name in ("followed", "linked"):
        (tmp_path / name).touch(0o604)
        (tmp_path / name).chmod(0o604)
    (folder / "live").mkdir(exist_ok=True)
    (folder / "live" / "link").symlink_to(tmp_path / "followed")
    (folder / "live" / "hard").hardlink_to(tmp_path / "linked")
    os.mkfifo(folder / "live" / "pipe")
    with pytest.raises(WorkbenchError, match="linked from elsewhere"):
        wb.open(folder, shared=True)
    assert (tmp_path / "followed").stat().st_mode & 0o777 == 0o604
    assert (tmp_path / "linked").stat().st_mode & 0o777 == 0o604
    assert (folder / "state.db").stat().st_mode & 0o777 == 0o660


def test_the_environment_names_the_group_of_new_workspaces(tmp_path, monkeypatch):
    groups = [number for number in os.getgroups() if number != os.getegid()] or [os.getegid()]
    name = grp.getgrgid(groups[0]).gr_name
    monkeypatch.setenv("WORKBENCH_SHARED_GROUP", name)
    ws = wb.open(tmp_path / "new")
    ws.ingest(conversations(3))
    assert set(modes(ws.path)) == {("folder", "2770"), ("file", "0660")}
    assert {path.stat().st_gid for path in (ws.path, *ws.path.rglob("*"))} == {groups[0]}
    monkeypatch.delenv("WORKBENCH_SHARED_GROUP")
    before = wb.open(tmp_path / "before")
    monkeypatch.setenv("WORKBENCH_SHARED_GROUP", name)
    assert set(modes(wb.open(before.path).path)) == {("folder", "0700"), ("file", "0600")}
    monkeypatch.setenv("WORKBENCH_SHARED_GROUP", "no-such-group")
    with pytest.raises(WorkbenchError, match="no group 'no-such-group'"):
        wb.open(tmp_path / "other")
    assert not (tmp_path / "other").exists()


USED_TWICE = """
import tempfile
import workbench as wb
from tests.unit.small import HashingEncoder, conversations

def use(folder, who, shared):
    ws = wb.open(folder, encoder=HashingEncoder(), shared=shared)
    ws.ingest([one | {"id": who + one["id"]} for one in conversations(5)])
    ws.encode()
    if who not in [tracker.name for tracker in ws.trackers.list()]:
        ws.trackers.create(who, kind="keyword", words=["price"]).publish(past="12 months").wait()
    return ws.counts().conversations

use(tempfile.mkdtemp(), "before", None)
BECOME
print(use(sys.argv[1], sys.argv[2], True if len(sys.argv) > 3 else None))
"""


@as_root
def test_two_users_of_a_group_work_in_one_workspace(place):
    """At the usual umask, which keeps the group from writing."""
    os.chown(place, ANN, GROUP)
    place.chmod(0o2775)
    assert as_user(USED_TWICE, ANN, place / "w", "ann", "shared") == "5"
    assert as_user(USED_TWICE, BEN, place / "w", "ben") == "10"
    assert as_user(USED_TWICE, ANN, place / "w", "ann") == "10"
    assert set(modes(place / "w")) == {("folder", "2770"), ("file", "0660")}
    assert {path.stat().st_gid for path in (place / "w").rglob("*")} == {GROUP}


def test_the_command_tells_and_changes_who_can_read(reachable):
    folder = opened_to_all(reachable / "old")

    def said(*arguments: str) -> str:
        done = CliRunner().invoke(app, ["access", "-w", str(folder), *arguments])
        assert done.exit_code == 0, done.output
        return done.output

    assert "whoever each file's mode allows (the folder's is 0755)" in said()
    assert said("--private") == said() == f"{folder}: only you\n"
    group = grp.getgrgid(os.getegid()).gr_name
    assert said("--shared", "--group", group) == said() == f"{folder}: the group {group}\n"
    assert CliRunner().invoke(app, ["access", "-w", str(folder), "--private", "--shared"]).exit_code == 2
    (reachable / "none").mkdir()
    refused = CliRunner().invoke(app, ["access", "-w", str(reachable / "none"), "--private"])
    assert isinstance(refused.exception, WorkbenchError)
    assert "there is no workspace in" in str(refused.exception)
    assert list((reachable / "none").iterdir()) == []
