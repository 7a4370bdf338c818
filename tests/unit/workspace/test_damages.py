"""Item 11: whatever file of a workspace is damaged in whatever way, one clear error names it and the remedy."""

from __future__ import annotations

import os
import re
import shutil
import tarfile
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import pytest

import workbench as wb
from tests.support.old_workspace import ARCHIVE, FOLDER, USER, expected, unpacked
from tests.support.other_user import open_folder, without_rights  # noqa: F401
from tests.unit.small import PackagedName
from workbench.domain.errors import CorpusNotEncoded, WorkbenchError
from workbench.store.database import STATE

ALL = wb.Filters(scope="any", kinds=("call", "email"))
with tarfile.open(ARCHIVE) as _archive:
    FILES = sorted(one.name.partition("/")[2] for one in _archive if one.isfile())
# One of each kind: all parts of a table are read alike, and all models. Calls that go on have tests of their own.
DAMAGED = [
    one for one in FILES if not one.startswith(("live/", "models/5")) and not re.search("/00000[2-9]-|version-1", one)
]
REMEDIES = ("workbench restore", "workbench check", "move it away", "links are not followed", "ask ", "publish ")


def _swap(file: Path, data: bytes) -> None:
    file.unlink()
    file.write_bytes(data)


def _link(file: Path) -> None:
    other = file.parents[len(file.parts) - file.parts.index(FOLDER) - 2].parent / "elsewhere"
    shutil.move(file, other)
    os.symlink(other, file)


def _folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


DAMAGES: dict[str, Callable[[Path], None]] = {
    "empty": lambda file: _swap(file, b""),
    "half": lambda file: _swap(file, file.read_bytes()[: file.stat().st_size // 2]),
    "odd": lambda file: _swap(file, file.read_bytes()[: file.stat().st_size // 2 + 3]),
    "garbage": lambda file: _swap(file, os.urandom(file.stat().st_size)),
    "zeros": lambda file: _swap(file, bytes(file.stat().st_size)),
    "delete": lambda file: file.unlink(),
    "folder": _folder,
    "link": _link,
    "chmod": lambda file: file.chmod(0),
}


def use(folder: Path) -> None:
    """Read all that there is, then make what is missing, and publish."""
    workspace = wb.open(folder, encoder=PackagedName(), user=USER)
    assert workspace.counts(ALL).conversations == expected()["counts"]["conversations"]
    for conversation in workspace.conversations(ALL)["id"]:
        workspace.lake.turns(conversation)
    for tracker in workspace.trackers.list():
        tracker.publications()
        if tracker.state == "draft":
            continue
        workspace.detections(tracker.name)
        if tracker.active_version() is not None and tracker.active_version().file.parent.exists():
            tracker.preview()
            tracker.export(folder.parent / "x.tracker")
    workspace.statistics("Price objections", by="team")
    workspace.search(meaning="too dear")
    workspace.search("euros")
    workspace.trackers.get("Price objections").train().rounds()
    assert workspace.live.journals()
    workspace.encode()
    assert workspace.trackers.get("Draft").train().candidates
    workspace.trackers.create("New", kind="keyword", words=["euros"]).publish(past="12 months").wait()


@pytest.fixture(autouse=True, scope="module")
def _all_imported(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Modules may lie where another user cannot read them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv(STATE, raising=False)
        use(unpacked(tmp_path_factory.mktemp("whole")))


@pytest.fixture(autouse=True)
def _own_state(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(STATE, raising=False)


def test_what_is_whole_can_be_used(tmp_path: Path) -> None:
    use(unpacked(tmp_path))


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("name", DAMAGED)
def test_item_11_a_damaged_file_is_named_with_the_remedy(name: str, damage: str, open_folder: Path) -> None:  # noqa: F811
    folder = unpacked(open_folder)
    DAMAGES[damage](folder / name)
    others = {one: _content(folder / one) for one in FILES if one != name}
    with without_rights(open_folder) if damage == "chmod" else nullcontext():
        told = _told(folder)
    if told:
        print(told)
        assert "encode" in told or (Path(name).name in told and any(remedy in told for remedy in REMEDIES)), told
    for one, before in others.items():
        if not one.startswith(("state.db", "words", "vectors")):
            assert _content(folder / one)[: len(before)] == before, f"{one} was changed"


def _told(folder: Path) -> str:
    """The error; empty where all went well."""
    try:
        use(folder)
    except WorkbenchError as error:
        return f"ws.encode() {error}" if isinstance(error, CorpusNotEncoded) else str(error)
    return ""


def _content(file: Path) -> bytes:
    return file.read_bytes() if file.is_file() else b""
