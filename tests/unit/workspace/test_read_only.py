"""Item 11: a workspace that cannot be written to, or should not be, can be read; a disk that fails is told."""

from __future__ import annotations

import errno
import os
import resource
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import workbench as wb
from tests.support.old_workspace import USER, expected, told, unpacked, upgraded
from tests.support.other_user import open_folder, take_away, without_rights  # noqa: F401
from tests.unit.small import PackagedName, conversations
from workbench.domain.errors import CannotWrite, ReadOnlyWorkspace, StateUnavailable, WorkspaceNotFound
from workbench.store.database import STATE

CHANGES: dict[str, Callable[[wb.Workspace], Any]] = {
    "ingest": lambda ws: ws.ingest(conversations(1), detect=False),
    "encode": lambda ws: ws.encode(),
    "create": lambda ws: ws.trackers.create("New", kind="keyword", words=["x"]),
    "update": lambda ws: ws.trackers.get("Draft").update(description="Other"),
    "tag": lambda ws: ws.trackers.get("Draft").train().tag(_open_sentence(ws), "yes"),
    "publish": lambda ws: ws.trackers.get("Names a price").publish(past="12 months"),
    "pause": lambda ws: ws.trackers.get("Names a price").pause(),
    "delete": lambda ws: ws.trackers.delete("Draft"),
    "stream": lambda ws: ws.streams.create("New"),
    "notify": lambda ws: ws.streams.get("Money").notify(email="ann@example.org"),
    "alert": lambda ws: ws.alerts.create("New", "Names a price", threshold=1),
    "metric": lambda ws: ws.metrics.create("New"),
    "log": lambda ws: ws.call("call-0074").log({"Paid": True}),
    "board": lambda ws: ws.boards.create("New", ["Names a price"], target=0.5),
    "credits": lambda ws: ws.credits.top_up(1),
    "read": lambda ws: ws.mark_read(*ws.messages(unread=True)),
    "wrong hit": lambda ws: ws.wrong_hit("Names a price", ws.detections("Names a price")["sentence_id"][0], by="cy"),
    "live": lambda ws: ws.live("new-call"),
    "replay": lambda ws: ws.live.play("call-0074"),
}


def _open_sentence(workspace: wb.Workspace) -> str:
    open_ones = [one for one in workspace.trackers.get("Draft").train().candidates if one.answer is None]
    return open_ones[0].sentence_id


def files(folder: Path) -> dict[str, bytes]:
    return {str(one.relative_to(folder)): one.read_bytes() for one in sorted(folder.rglob("*")) if one.is_file()}


@pytest.fixture(autouse=True)
def _own_state(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(STATE, raising=False)


@pytest.fixture(params=["asked for", "without rights"])
def reading(request: pytest.FixtureRequest, open_folder: Path) -> Iterator[wb.Workspace]:  # noqa: F811
    """A workspace that is opened for reading, as it was asked for or because nobody may write in it."""
    folder = upgraded(open_folder)
    for lock in folder.rglob("*.lock"):
        lock.unlink()
    before = files(folder)
    if request.param == "asked for":
        yield wb.open(folder, encoder=PackagedName(), user=USER, read_only=True)
    else:
        take_away(folder)
        with without_rights(folder):
            yield wb.open(folder, encoder=PackagedName(), user=USER)
    assert files(folder) == before


def test_all_can_be_read(reading: wb.Workspace) -> None:
    assert reading.read_only
    found = told(reading)
    for what in ("conversations", "streams", "search", "messages"):
        assert found[what] == expected()[what], what
    assert reading.trackers.get("Price objections").train().estimate()
    assert reading.trackers.get("Price objections").preview()
    assert len(reading.search(meaning="something that nobody said before", limit=3)) == 3


@pytest.mark.parametrize("change", CHANGES)
def test_nothing_can_be_changed(change: str, reading: wb.Workspace) -> None:
    with pytest.raises(ReadOnlyWorkspace, match=r"/.*opened for reading only.*make its folder writable"):
        CHANGES[change](reading)


@pytest.mark.parametrize("asked", [True, None])
def test_an_older_workspace_can_be_read_without_an_upgrade(asked: bool | None, open_folder: Path) -> None:  # noqa: F811
    folder = unpacked(open_folder)
    before = files(folder)
    take_away(folder)
    with without_rights(folder):
        found = told(wb.open(folder, user=USER, read_only=asked))
    assert found["streams"] == expected()["streams"]
    assert found["estimates"]
    assert files(folder) == before


def test_what_stands_in_the_journal_is_read_along(open_folder: Path) -> None:  # noqa: F811
    """As a copied or killed workspace has it: a journal beside the state, and nobody who writes."""
    folder = unpacked(open_folder)
    writing = wb.open(folder)
    writing.streams.create("In the journal")
    other = open_folder / "other"
    shutil.copytree(folder, other)
    assert (other / "state.db-wal").stat().st_size
    (other / "state.db-shm").unlink()
    before = files(other)
    take_away(other)
    with without_rights(other):
        names = [one.name for one in wb.open(other).streams.list()]
    assert "In the journal" in names
    assert files(other) == before
    writing.database.dispose()


def test_readers_see_what_others_write_meanwhile(tmp_path: Path) -> None:
    writing = wb.open(unpacked(tmp_path))
    reading = wb.open(writing.path, read_only=True)
    writing.streams.create("Later")
    writing.ingest(conversations(1), detect=False)
    assert "Later" in [one.name for one in reading.streams.list()]
    assert reading.counts(wb.Filters(scope="any")).calls == writing.counts(wb.Filters(scope="any")).calls
    writing.database.dispose()


def test_there_must_be_something_to_read(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceNotFound):
        wb.open(tmp_path / "none", read_only=True)
    assert not (tmp_path / "none").exists()


def test_a_workspace_cannot_be_made_where_nobody_may_write(open_folder: Path) -> None:  # noqa: F811
    take_away(open_folder)
    with without_rights(open_folder), pytest.raises(CannotWrite, match="no permission to write here"):
        wb.open(open_folder / "new")


def test_a_state_on_a_server_can_be_read(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    server = request.getfixturevalue("postgresql_server")
    url = server.new()
    wb.open(tmp_path, state=url).streams.create("Talk")
    reading = wb.open(tmp_path, state=url, read_only=True)
    assert [one.name for one in reading.streams.list()] == ["Talk"]
    with pytest.raises(ReadOnlyWorkspace):
        reading.streams.create("More")
    with pytest.raises(StateUnavailable, match="open it for writing once"):
        wb.open(tmp_path, state=server.new(migrated=False), read_only=True)


@contextmanager
def small_files(size: int) -> Iterator[None]:
    """The system refuses each write beyond this size, as a disk does that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("change", ["ingest", "encode", "create", "publish", "log"])
def test_what_cannot_be_written_is_told_and_leaves_all_as_it_was(change: str, tmp_path: Path) -> None:
    workspace = wb.open(unpacked(tmp_path), encoder=PackagedName(), user=USER)
    if change == "encode":
        workspace.ingest(conversations(2), detect=False)
    before = told(workspace)
    with small_files(2_000), pytest.raises(CannotWrite, match=str(workspace.path)):
        CHANGES[change](workspace)
    assert told(workspace) == before == told(wb.open(workspace.path, encoder=PackagedName(), user=USER))
    CHANGES[change](workspace)


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EIO, errno.EDQUOT])
def test_the_system_s_errors_name_the_file_and_the_remedy(error: int, tmp_path: Path, monkeypatch: Any) -> None:
    workspace = wb.open(tmp_path, encoder=PackagedName())
    workspace.ingest(conversations(1), detect=False)

    def fail(_: int) -> None:
        raise OSError(error, os.strerror(error))

    monkeypatch.setattr(os, "fsync", fail)
    for change in ("ingest", "encode"):
        with pytest.raises(CannotWrite, match=rf"{tmp_path}.*; ") as raised:
            CHANGES[change](workspace) if change == "encode" else workspace.ingest(conversations(2), detect=False)
        assert raised.value.__suppress_context__
