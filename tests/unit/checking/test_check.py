"""Item 16: a check finds what is damaged and changes nothing; a repair puts right what can be, and says what."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import sys
from contextlib import closing, nullcontext
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import text

import workbench as wb
from tests.support.old_workspace import FOLDER, USER, told, unpacked, upgraded
from tests.support.other_user import open_folder, take_away, without_rights  # noqa: F401
from tests.unit.small import PackagedName, conversations
from tests.unit.workspace.test_damages import DAMAGES, FILES
from workbench.checking.corpus import rebuild
from workbench.checking.whole import check
from workbench.cli import app as cli
from workbench.corpus.manifest import read_manifest
from workbench.corpus.merging import LEASE
from workbench.domain.errors import NewerWorkspace, ReadOnlyWorkspace, WorkspaceDamaged, WorkspaceNotFound
from workbench.domain.leases import reading
from workbench.engine.encoders import HashingEncoder
from workbench.store.database import STATE

ALL = wb.Filters(scope="any", kinds=("call", "email"))


@pytest.fixture(autouse=True)
def _own_state(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(STATE, raising=False)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(one.relative_to(folder)): one.read_bytes() for one in sorted(folder.rglob("*")) if one.is_file()}


def test_what_is_whole_is_told_and_not_touched(tmp_path: Path) -> None:
    folder = unpacked(tmp_path)
    before = contents(folder)
    found = check(folder, encoder=PackagedName())
    assert found.is_whole
    assert found.counts.conversations == 47
    assert "no problems found" in str(found)
    after = contents(folder)
    assert {name: after[name] for name in before} == before
    assert set(after) - set(before) <= {"corpus/writers.lock"}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """An upgraded workspace, and what it tells."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv(STATE, raising=False)
        folder = unpacked(tmp_path_factory.mktemp("whole"))
        with wb.open(folder, encoder=PackagedName(), user=USER) as workspace:
            return folder, told(workspace)


# What a repair makes whole again, and by what a check calls it where that is not the file.
REPAIRED = {
    "corpus/manifest.json": {"half", "garbage", "delete"},
    "vectors.f32": {"half", "garbage", "delete"},
    "keys.i64": {"half", "delete"},
    "about.json": {"half", "garbage", "delete"},
    "ends.i64": {"half", "garbage", "delete"},
    "words.i32": {"half", "garbage", "delete"},
}
# Keys that are other numbers could be those of texts that are no longer in the corpus.
UNSEEN = {("keys.i64", "garbage")}
LOOKED_AT = ("half", "garbage", "delete", "folder", "link", "chmod")
LAST = [one for one in FILES if not one.startswith("live/") and "/000001-" not in one and "/000003-" not in one]


@pytest.mark.slow
@pytest.mark.parametrize("damage", LOOKED_AT)
@pytest.mark.parametrize("name", LAST)
def test_every_damage_is_found_and_mended_or_told(
    name: str,
    damage: str,
    whole: tuple[Path, dict[str, Any]],
    open_folder: Path,  # noqa: F811
) -> None:
    folder, before = Path(shutil.copytree(whole[0], open_folder / FOLDER)), whole[1]
    DAMAGES[damage](folder / name)
    last = Path(name).name
    with without_rights(open_folder) if damage == "chmod" else nullcontext():
        found = check(folder, encoder=PackagedName())
        if (last, damage) not in UNSEEN:
            called = folder / name if last != "keys.i64" else (folder / name).parent
            assert any(str(called) in str(one) for one in found.problems), found
        try:
            mended = check(folder, encoder=PackagedName(), repair=True)
        except ReadOnlyWorkspace:
            assert (name, damage) == ("state.db", "chmod")
            return
        if damage in REPAIRED.get(name, REPAIRED.get(last, set())):
            assert mended.is_whole, mended
            assert mended.repaired
            assert told(wb.open(folder, encoder=PackagedName(), user=USER)) == before


def test_a_state_that_is_gone_is_begun_anew_only_by_a_repair(tmp_path: Path) -> None:
    folder = unpacked(tmp_path)
    (folder / "state.db").unlink()
    found = check(folder, encoder=PackagedName())
    assert not found.is_whole
    assert "a repair creates an empty one" in str(found)
    assert not (folder / "state.db").exists()
    assert check(folder, encoder=PackagedName(), repair=True).is_whole
    assert wb.open(folder).trackers.list() == []


def test_the_manifest_is_made_anew_from_the_parts(tmp_path: Path) -> None:
    workspace = wb.open(tmp_path, encoder=HashingEncoder())
    for start in range(0, 9, 3):
        workspace.ingest(conversations(start + 3)[start:], detect=False)
    before = read_manifest(workspace.lake.root)
    root = workspace.lake.root
    for table in ("conversations", "turns", "sentences"):  # an import that was interrupted, twice
        shutil.copy(root / table / before.parts[1].name, root / table / "000002-00000000.parquet")
    shutil.copy(root / "turns" / before.parts[0].name, root / "turns" / "000009-0123abcd.parquet")
    (root / "turns" / "000010-0123abcd.tmp").write_bytes(b"half")
    (root / "manifest.json").unlink()
    assert [one.conversations for one in rebuild(root).parts] == [3, 3, 3]
    mended = workspace.check(repair=True)
    assert mended.is_whole
    assert read_manifest(root).conversations == before.conversations
    assert wb.open(tmp_path).counts(ALL).conversations == 9
    assert len(list((root / "turns").iterdir())) == 3


def test_the_manifest_of_merged_parts_is_made_anew(tmp_path: Path) -> None:
    workspace = wb.open(tmp_path, encoder=HashingEncoder())
    root, given = workspace.lake.root, conversations(40)
    for one in given[:17]:
        workspace.ingest([one], detect=False)
    with reading(root / LEASE):  # so that what was merged is left over
        for one in given[17:]:
            workspace.ingest([one], detect=False)
    parts = read_manifest(root).parts
    assert len(list((root / "turns").iterdir())) > len(parts)
    assert all(problem.is_note for problem in workspace.check().problems)
    (root / "manifest.json").unlink()
    assert [part.numbers for part in rebuild(root).parts] == [part.numbers for part in parts]
    assert workspace.check(repair=True).is_whole
    assert wb.open(tmp_path).counts(ALL).conversations == 40
    assert len(list((root / "turns").iterdir())) == len(parts)
    workspace.ingest(conversations(41), detect=False)
    assert workspace.check().is_whole


@pytest.mark.parametrize("gone", [0, 1])
def test_a_manifest_is_not_made_anew_with_a_part_less(gone: int, tmp_path: Path) -> None:
    workspace = wb.open(tmp_path, encoder=HashingEncoder())
    for start in range(0, 9, 3):
        workspace.ingest(conversations(start + 3)[start:], detect=False)
    part = read_manifest(workspace.lake.root).parts[gone].name
    (workspace.lake.root / "manifest.json").unlink()
    (workspace.lake.root / "sentences" / part).unlink()
    with pytest.raises(WorkspaceDamaged, match="a part is missing before"):
        rebuild(workspace.lake.root)
    mended = workspace.check(repair=True)
    assert not mended.is_whole
    assert "it cannot be rebuilt" in str(mended)
    assert not (workspace.lake.root / "manifest.json").exists()


def test_missing_vectors_are_made_as_they_were(tmp_path: Path) -> None:
    workspace = wb.open(tmp_path, encoder=HashingEncoder())
    workspace.ingest(conversations(20), detect=False)
    workspace.encode()
    keys, before = workspace.resources.vectors.store.keys.copy(), np.array(workspace.resources.vectors.store.vectors)
    rows = before.copy()
    rows[5], rows[40] = np.nan, 0
    (workspace.resources.vectors.store.folder / "vectors.f32").write_bytes(rows.astype("<f4").tobytes())
    found = workspace.check()
    assert f"{len(keys) - 5:,} of {len(keys):,} vectors are missing or damaged" in str(found)
    mended = workspace.check(repair=True)
    assert mended.is_whole, mended
    again = wb.open(tmp_path, encoder=HashingEncoder()).resources.vectors.store
    assert sorted(again.keys) == sorted(keys)
    assert (again.vectors[again.lookup(keys)] == before).all()


def test_a_corpus_that_was_never_encoded_is_whole(tmp_path: Path) -> None:
    workspace = wb.open(tmp_path, encoder=HashingEncoder())
    workspace.ingest(conversations(2), detect=False)
    assert workspace.check().is_whole
    assert workspace.check(repair=True).repaired == ()
    assert not workspace.is_encoded


DANGLING: dict[str, tuple[str, str]] = {
    "detections": (
        "INSERT INTO detections SELECT id, 'gone:0:0', 3, 0.5 FROM publications WHERE version = 1",
        "found sentences are not in the corpus",
    ),
    "moved": ("UPDATE detections SET number = number + 1", "found sentences are not in the corpus"),
    "upcoming": (
        "UPDATE publications SET next_upcoming = 1000",
        "have read more conversations than the corpus contains",
    ),
    "past": ("UPDATE publications SET past_left = first_upcoming + 1", "have read more conversations"),
    "unjudged": (
        "INSERT INTO unjudged SELECT id, 999, 'busy', 1, published FROM publications",
        "calls that wait for a judge are not in the corpus",
    ),
    "balance": ("UPDATE credit_rules SET amount = 7 WHERE name = 'balance'", "the entries come to 50.00"),
    "board": ("DELETE FROM trackers WHERE name LIKE 'Deleted%'", "deleted forever"),
}


@pytest.fixture(scope="module")
def backed_up(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("backup")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv(STATE, raising=False)
        with wb.open(upgraded(folder)) as workspace:
            return workspace.backup(folder / "a.backup").file


@pytest.mark.parametrize("name", DANGLING)
def test_what_the_state_names_and_is_not_there_is_dropped(
    name: str, state: str | None, backed_up: Path, tmp_path: Path
) -> None:
    old = upgraded(tmp_path) if state is None else wb.restore(backed_up, tmp_path / "new", state=state).path
    workspace = wb.open(old, encoder=PackagedName(), user=USER)
    assert workspace.check().is_whole
    answers = workspace.trackers.get("Price objections").log()["answers"]
    damage, says = DANGLING[name]
    with workspace.database.begin() as connection:
        assert connection.execute(text(damage)).rowcount > 0
    found = workspace.check()
    assert not found.is_whole
    assert says in str(found)
    assert all(one.repair for one in found.problems if not one.is_note)
    mended = workspace.check(repair=True)
    assert mended.is_whole, mended
    assert says in str(mended)
    assert workspace.check(repair=True).repaired == ()
    assert workspace.trackers.get("Price objections").log()["answers"] == answers
    if name == "board":
        (board,) = workspace.boards.list()
        assert list(board.initiative.trackers) == [workspace.trackers.get("Price objections").id]


def test_what_people_said_is_kept_whatever_is_gone(tmp_path: Path) -> None:
    workspace = wb.open(unpacked(tmp_path), encoder=PackagedName(), user=USER)
    with workspace.database.begin() as connection:
        for table, column in (("answers", "sentence_id"), ("metric_values", "conversation_id")):
            connection.execute(text(f"UPDATE {table} SET {column} = 'gone' || {column}"))
    before = workspace.trackers.get("Draft").log()["answers"]
    mended = workspace.check(repair=True)
    assert mended.is_whole
    assert sum("what people said is kept" in str(one) for one in mended.problems) == 2
    assert workspace.trackers.get("Draft").log()["answers"] == before


def test_rows_that_belong_to_nothing_are_removed(tmp_path: Path) -> None:
    folder = unpacked(tmp_path)
    wb.open(folder).close()
    with closing(sqlite3.connect(folder / "state.db")) as connection, connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("INSERT INTO stream_trackers VALUES ('gone', 'gone')")
    assert "are orphaned" in str(check(folder, encoder=PackagedName()))
    mended = check(folder, encoder=PackagedName(), repair=True)
    assert mended.is_whole
    assert "rows of stream_trackers are orphaned; a repair removes them" in str(mended)


def test_what_no_repair_can_mend_is_told(tmp_path: Path) -> None:
    folder = unpacked(tmp_path)
    workspace = wb.open(folder, encoder=PackagedName(), user=USER)
    with workspace.database.begin() as connection:
        connection.execute(text("UPDATE trackers SET filters = '{' WHERE name = 'Draft'"))
    workspace.close()
    mended = check(folder, encoder=PackagedName(), repair=True)
    assert not mended.is_whole
    assert "does not contain JSON in filters" in str(mended)


def test_a_check_writes_nothing_where_it_may_not(open_folder: Path) -> None:  # noqa: F811
    folder = unpacked(open_folder)
    before = contents(folder)
    take_away(folder)
    with without_rights(open_folder):
        assert check(folder, encoder=PackagedName()).is_whole
        with pytest.raises(ReadOnlyWorkspace):
            check(folder, encoder=PackagedName(), repair=True)
    assert contents(folder) == before


def test_a_check_finds_nothing_wrong_while_others_import(tmp_path: Path) -> None:
    import threading

    workspace = wb.open(tmp_path, encoder=HashingEncoder())
    workspace.ingest(conversations(2), detect=False)
    workspace.encode()
    stop = threading.Event()

    def go_on() -> None:
        other = wb.open(tmp_path, encoder=HashingEncoder())
        for number in range(3, 400):
            if stop.is_set():
                return
            other.ingest(conversations(number)[-1:], detect=False)
            other.encode()

    thread = threading.Thread(target=go_on)
    thread.start()
    try:
        found = [check(tmp_path, encoder=HashingEncoder()) for _ in range(6)]
    finally:
        stop.set()
        thread.join()
    assert all(one.is_whole for one in found), [str(one) for one in found]
    assert not any("interrupted" in str(one) for one in found)
    assert check(tmp_path, encoder=HashingEncoder(), repair=True).is_whole


def test_parts_that_were_merged_are_not_left_over_from_interrupted_imports(tmp_path: Path) -> None:
    workspace = wb.open(tmp_path, encoder=HashingEncoder())
    root, given = workspace.lake.root, conversations(60)
    for part in (given[:17], given[17:]):
        with reading(root / LEASE):  # which the first merge makes
            for one in part:
                workspace.ingest([one], detect=False)
            assert len(list((root / "turns").iterdir())) > len(read_manifest(root).parts)
            assert "interrupted" not in str(workspace.check())
    shutil.copy(next((root / "turns").iterdir()), root / "turns" / "000999-0123abcd.parquet")
    assert "interrupted" in str(workspace.check())


def test_newer_and_missing_workspaces_are_told(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceNotFound):
        check(tmp_path / "none")
    folder = unpacked(tmp_path)
    with closing(sqlite3.connect(folder / "state.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(NewerWorkspace):
        check(folder, repair=True)


def run(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    monkeypatch.setattr(sys, "argv", ["workbench", *map(str, arguments)])
    with pytest.raises(SystemExit) as end:
        cli.main()
    return int(end.value.code or 0)


def test_the_command_says_it_by_its_exit_code_and_as_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = unpacked(tmp_path)
    assert run(monkeypatch, "check", "-w", folder) == 0
    assert "no problems found" in capsys.readouterr().out
    os.truncate(folder / "words" / "words-1" / "ends.i64", 8)
    assert run(monkeypatch, "check", "-w", folder, "--json") == 1
    found = json.loads(capsys.readouterr().out)
    assert not found["whole"]
    (problem,) = [one for one in found["problems"] if not one["note"]]
    assert problem["repairable"]
    assert problem["where"].endswith("ends.i64")
    assert run(monkeypatch, "check", "-w", folder, "--repair") == 0
    out = capsys.readouterr().out
    assert "repaired: " in out
    assert run(monkeypatch, "check", "-w", folder, "--json") == 0
    assert json.loads(capsys.readouterr().out)["problems"] == []
