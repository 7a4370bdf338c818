"""Item 16: nothing of an archive is believed: whatever somebody made, no file lies elsewhere, and no link or bomb."""

from __future__ import annotations

import io
import json
import os
import random
import shutil
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import workbench as wb
from tests.unit.small import conversations
from workbench.backups.archive import LIST, ArchiveReader, ArchiveWriter, Entry, is_kept
from workbench.domain.errors import CannotWrite, InvalidBackup, NewerWorkspace, WorkbenchError
from workbench.engine.encoders import HashingEncoder
from workbench.store.database import STATE

NAMES = (
    "../state.db",
    "corpus/../../x",
    "/etc/passwd",
    "//x",
    "corpus//x",
    "corpus/./x",
    "corpus\\..\\x",
    "C:/x",
    "corpus/a\0b",
    "corpus/\nx",
    "corpus/ x",
    "corpus/x ",
    "corpus",
    "state.db/x",
    "state.db-wal",
    "backups/x",
    "other/x",
    ".ssh/authorized_keys",
    "corpus/" + "a" * 256,
    "corpus/" + "a/" * 10 + "x",
    "",
    "corpus/",
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small backup."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv(STATE, raising=False)
        folder = tmp_path_factory.mktemp("made")
        workspace = wb.open(folder / "w", encoder=HashingEncoder(8))
        workspace.ingest(conversations(2), detect=False)
        workspace.encode()
        workspace.trackers.create("Price", kind="keyword", words=["price"])
        return workspace.backup(folder / "small.backup").file


@pytest.fixture(autouse=True)
def _own_state(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(STATE, raising=False)


def rewritten(
    made: Path,
    target: Path,
    change: Callable[[dict[str, Any], dict[str, bytes]], None],
    compress: int = zipfile.ZIP_STORED,
    kinds: dict[str, int] | None = None,
) -> Path:
    """A backup whose list and files somebody changed; ``kinds`` are the modes of some of its entries."""
    with zipfile.ZipFile(made) as given:
        files = {name: given.read(name) for name in given.namelist()}
    about = json.loads(files.pop(LIST))
    change(about, files)
    with zipfile.ZipFile(target, "w") as out:
        for name, data in {**files, LIST: json.dumps(about).encode()}.items():
            info = zipfile.ZipInfo(name)
            info.external_attr = (kinds or {}).get(name, stat.S_IFREG | 0o600) << 16
            info.compress_type = compress if name != LIST else zipfile.ZIP_STORED
            out.writestr(info, data)
    return target


def refused(file: Path, folder: Path, says: str = ".") -> None:
    """It is, nothing was written, and nothing was left over."""
    before = sorted(os.listdir(folder.parent))
    with pytest.raises(InvalidBackup, match=says) as raised:
        wb.restore(file, folder)
    assert str(file) in str(raised.value)
    assert sorted(os.listdir(folder.parent)) == before


@pytest.mark.parametrize("name", NAMES)
def test_no_path_leads_elsewhere(name: str, made: Path, tmp_path: Path) -> None:
    assert not is_kept(name)

    def change(about: dict[str, Any], files: dict[str, bytes]) -> None:
        about["files"].append({**about["files"][0], "name": name})
        files[name] = files[about["files"][0]["name"]]

    refused(rewritten(made, tmp_path / "x.backup", change), tmp_path / "new", "x.backup: ")


def test_paths_of_a_workspace_are_kept() -> None:
    for name in ("state.db", "corpus/manifest.json", "corpus/turns/000001-0123abcd.parquet", "vectors/a-b/keys.i64"):
        assert is_kept(name)
    assert is_kept("models/ü/version-1.safetensors")


@pytest.mark.parametrize("kind", [stat.S_IFLNK | 0o777, stat.S_IFDIR | 0o700, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFBLK])
def test_nothing_but_files_is_taken_out(kind: int, made: Path, tmp_path: Path) -> None:
    file = rewritten(made, tmp_path / "x.backup", lambda *_: None, kinds={"state.db": kind})
    refused(file, tmp_path / "new", "a link or a folder")


def test_a_bomb_is_refused_before_anything_is_unpacked(made: Path, tmp_path: Path) -> None:
    def change(about: dict[str, Any], files: dict[str, bytes]) -> None:
        files["corpus/bomb"] = bytes(50_000_000)
        about["files"].append({"name": "corpus/bomb", "size": 50_000_000, "sha256": "0" * 64})

    file = rewritten(made, tmp_path / "x.backup", change, zipfile.ZIP_DEFLATED)
    assert file.stat().st_size < 5_000_000
    refused(file, tmp_path / "new", "larger than the archive|compressed")


def test_a_compressed_file_is_refused(made: Path, tmp_path: Path) -> None:
    refused(rewritten(made, tmp_path / "x.backup", lambda *_: None, zipfile.ZIP_DEFLATED), tmp_path / "new")


CHANGES: dict[str, tuple[Callable[[dict[str, Any], dict[str, bytes]], Any], str]] = {
    "more in the archive": (lambda _, files: files.update({"corpus/more": b"x"}), "not in both"),
    "more in the list": (
        lambda about, _: about["files"].append({**about["files"][0], "name": "corpus/x"}),
        "not in both",
    ),
    "twice in the list": (lambda about, _: about["files"].append(about["files"][0]), "twice"),
    "another hash": (lambda about, _: about["files"][0].update(sha256="0" * 64), "its hash differs"),
    "no hash": (lambda about, _: about["files"][0].update(sha256="../x"), "no hash"),
    "another size": (lambda about, _: about["files"][0].update(size=1), "has another size"),
    "a size below 0": (lambda about, _: about["files"][0].update(size=-1), "no size"),
    "a size that is a text": (lambda about, _: about["files"][0].update(size="1"), "no size"),
    "a name that is a number": (lambda about, _: about["files"][0].update(name=1), "not the path"),
    "no name": (lambda about, _: about["files"][0].pop("name"), "damaged"),
    "files that are none": (lambda about, _: about.update(files=5), "list of files"),
    "no files": (lambda about, _: about.pop("files"), "damaged"),
    "a format that is none": (lambda about, _: about.update(format="1"), "no format"),
    "no state": (
        lambda about, files: (
            files.pop("state.db"),
            about.update(files=[one for one in about["files"] if one["name"] != "state.db"]),
        ),
        "contains no state",
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_list_that_does_not_fit_is_refused(name: str, made: Path, tmp_path: Path) -> None:
    change, says = CHANGES[name]
    refused(rewritten(made, tmp_path / "x.backup", lambda *both: change(*both)), tmp_path / "new", says)


def test_a_newer_backup_is_told(made: Path, tmp_path: Path) -> None:
    file = rewritten(made, tmp_path / "x.backup", lambda about, _: about.update(format=2))
    with pytest.raises(NewerWorkspace, match="newer version of the workbench"):
        wb.restore(file, tmp_path / "new")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"SQLite format 3\0", b"{}", bytes(1_000)])
def test_what_is_not_a_backup_is_told(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "x.backup").write_bytes(content)
    refused(tmp_path / "x.backup", tmp_path / "new", "not a backup, or damaged")


def test_another_archive_is_told(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as out:
        out.writestr("a.txt", "a")
    refused(tmp_path / "x.zip", tmp_path / "new", "not a backup")
    refused(tmp_path, tmp_path / "new", "not a file")
    refused(tmp_path / "none", tmp_path / "new", "no such file")


def test_a_damaged_part_of_what_is_inside_is_told(made: Path, tmp_path: Path) -> None:
    import hashlib

    def change(about: dict[str, Any], files: dict[str, bytes]) -> None:
        bad = b"not a database"
        files["state.db"] = bad
        (entry,) = [one for one in about["files"] if one["name"] == "state.db"]
        entry.update(size=len(bad), sha256=hashlib.sha256(bad).hexdigest())

    file = rewritten(made, tmp_path / "x.backup", change)
    refused(file, tmp_path / "new", "cannot be opened after restoring.*not a SQLite database")


def test_a_backup_with_any_byte_changed_is_refused_or_the_same(made: Path, tmp_path: Path) -> None:
    """Or cut off anywhere: what comes out is what went in, or nothing."""
    data, rng = made.read_bytes(), random.Random(0)
    wb.restore(made, tmp_path / "whole")
    whole = contents(tmp_path / "whole")
    kept = 0
    for trial in range(120):
        place = rng.randrange(len(data)) if trial % 2 else len(data) - 1 - rng.randrange(6_000)
        changed = bytearray(data)
        changed[place] ^= 1 << rng.randrange(8)
        file = tmp_path / "x.backup"
        file.write_bytes(changed if trial % 5 else data[:place])
        said = ""
        try:
            wb.restore(file, tmp_path / "new")
        except WorkbenchError as error:
            said = str(error)
        if said:
            assert "x.backup" in said
        else:
            kept += 1
            assert contents(tmp_path / "new") == whole
            shutil.rmtree(tmp_path / "new")
        assert not list(tmp_path.glob(".*"))
    print(f"{kept} of 120 changes did not matter")


def contents(folder: Path) -> dict[str, bytes]:
    return {str(one.relative_to(folder)): one.read_bytes() for one in folder.rglob("*") if one.is_file()}


def test_a_writer_that_is_not_finished_leaves_nothing(tmp_path: Path) -> None:
    writer = ArchiveWriter(tmp_path / "x.backup")
    writer.add("state.db", io.BytesIO(b"1"))
    writer.drop()
    assert os.listdir(tmp_path) == []


def test_what_a_killed_writer_left_is_taken_away_and_what_another_writes_is_not(tmp_path: Path) -> None:
    (tmp_path / ".x.backup.0123abcd.part").write_bytes(b"left")
    (tmp_path / ".y.backup.0123abcd.part").write_bytes(b"of another")
    first = ArchiveWriter(tmp_path / "x.backup")
    second = ArchiveWriter(tmp_path / "x.backup")
    assert len(list(tmp_path.glob(".x*.part"))) == 2
    assert first.add("state.db", io.BytesIO(b"12345"), 3) == Entry(
        "state.db", 3, "a665a45920422f9d417e4867efdc4fb8a04a1f3fff1fa07e998e86f7f7a27ae3"
    )
    first.finish({})
    second.drop()
    assert sorted(os.listdir(tmp_path)) == [".y.backup.0123abcd.part", "x.backup"]
    assert (tmp_path / "x.backup").stat().st_mode & 0o777 == 0o600
    assert ArchiveReader(tmp_path / "x.backup").entries == first.entries


def test_a_disk_without_room_is_told_before_anything_is_unpacked(made: Path, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 1_000_000})())
    with pytest.raises(CannotWrite, match="the disk is full"):
        wb.restore(made, tmp_path / "new")
    assert os.listdir(tmp_path) == []
