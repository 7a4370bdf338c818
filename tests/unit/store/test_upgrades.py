"""Item 11: an upgrade of the state is done whole or not at all, a copy is kept, and what cannot be opened is told."""

from __future__ import annotations

import gc
import os
import shutil
import sqlite3
import subprocess
import sys
import traceback
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine, create_engine, event, text

from tests.support.old_workspace import unpacked
from tests.support.patience import PATIENCE_S
from tests.unit.small import ROOT
from workbench.domain.errors import CannotWrite, NewerWorkspace, StateUnavailable, WorkspaceDamaged
from workbench.store import upgrades
from workbench.store.cut_off import finish
from workbench.store.database import HEAD, open_database
from workbench.store.migrate import migrate, migrating, revisions
from workbench.store.sqlite_file import copy_file
from workbench.store.tables import metadata
from workbench.store.upgrades import MAX_COPIES

CHANGES = ("CREATE", "ALTER", "DROP", "INSERT", "UPDATE", "DELETE")
# The old one committed each statement of a migration by itself.
BRICKED = [one for one in revisions() if one <= "0012"]


def killed_after(nth: int, work: Callable[[], Any]) -> bool:
    """Whether a child that does the work was killed after its ``nth`` change; else it came to its end."""
    child = os.fork()
    if child == 0:
        gc.disable()  # what other tests left, such as threads' objects, can't be freed in a child
        try:
            done = 0

            def count(_: Any, __: Any, statement: str, *___: Any) -> None:
                nonlocal done
                done += statement.lstrip().upper().startswith(CHANGES)
                if done == nth:
                    os._exit(9)

            event.listen(Engine, "after_cursor_execute", count)
            work()
            os._exit(0)
        except BaseException:  # noqa: BLE001, the child must end here
            traceback.print_exc()
            sys.stderr.flush()
            os._exit(1)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert status in (0, 9), "the upgrade failed by itself"
    return status == 9


def rows(file: Path) -> dict[str, int]:
    with closing(sqlite3.connect(file)) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for (name,) in names}


NEW: set[tuple[str, ...]] = set()
"""What SQLite says of tables that are new: those that are the same need not be compared again, which takes long."""


def assert_is_new(engine: Engine) -> None:
    with engine.connect() as connection:
        found = as_written(connection)
        if found is None or found not in NEW:
            assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        if found is not None:
            NEW.add(found)
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all() == [HEAD]
    engine.dispose()


def as_written(connection: Connection) -> tuple[str, ...] | None:
    """Every table and index as the statement that made it; None where a server keeps them."""
    if connection.dialect.name != "sqlite":
        return None
    query = text("SELECT type || name || coalesce(sql, '') FROM sqlite_master ORDER BY 1")
    return tuple(connection.execute(query).scalars())


def at_version(file: Path, version: str) -> Path:
    engine = create_engine(f"sqlite:///{file}")
    with migrating(engine) as own:
        migrate(own, version)
    engine.dispose()
    return file


def test_a_new_state_that_was_cut_off_at_any_statement_opens(tmp_path: Path) -> None:
    killed = 0
    for nth in range(1, 1_000):
        file = tmp_path / f"{nth}.db"
        if not killed_after(nth, lambda file=file: open_database(file)):
            break
        killed += 1
        assert "trackers" not in rows(file)
        if nth % 8 == 1:
            assert_is_new(open_database(file))
    print(f"killed after each of {killed} statements of {len(revisions())} migrations")
    assert killed > len(metadata.tables)  # one a table, and those of their indexes


def test_item_11_an_older_state_that_was_cut_off_at_any_statement_keeps_all_rows(tmp_path: Path) -> None:
    old = unpacked(tmp_path) / "state.db"
    before, killed = rows(old), 0
    for nth in range(1, 1_000):
        file = tmp_path / f"{nth}.db"
        shutil.copy(old, file)
        if not killed_after(nth, lambda file=file: open_database(file)):
            break
        killed += 1
        assert rows(file) == before
        assert_is_new(open_database(file))
    after = rows(tmp_path / f"{nth}.db")
    assert {name: count for name, count in after.items() if name in before} == before
    print(f"killed after each of {killed} statements from 0012 to {HEAD}")


@pytest.mark.parametrize("nth", [1, 7, 20, 30])
def test_an_upgrade_that_was_cut_off_on_postgresql_is_done_again(nth: int, request: pytest.FixtureRequest) -> None:
    url = request.getfixturevalue("postgresql_server").new(migrated=False)
    code = (
        "import os, sys; from sqlalchemy import Engine, event; from workbench.store.database import open_database\n"
        "left = [int(sys.argv[2])]\n"
        "@event.listens_for(Engine, 'after_cursor_execute')\n"
        "def _(c, k, statement, *more):\n"
        f"    left[0] -= statement.lstrip().upper().startswith({CHANGES!r})\n"
        "    if not left[0]: os._exit(9)\n"
        "open_database(sys.argv[1])"
    )
    done = subprocess.run([sys.executable, "-c", code, url, str(nth)], cwd=ROOT, timeout=PATIENCE_S)
    assert done.returncode == 9
    assert_is_new(open_database(url))


def cut_off_by_the_old_code(tmp_path: Path, version: str | None, nth: int) -> Path | None:
    """A state whose next migration was stopped after ``nth`` statements, each of them kept; None where it has fewer."""
    file = tmp_path / f"{version}-{nth}.db"
    if version is not None:
        at_version(file, version)
    following = revisions()[0 if version is None else revisions().index(version) + 1]
    killed = killed_after(nth, lambda: migrate(create_engine(f"sqlite:///{file}"), following))
    return file if killed else None


def test_a_state_that_the_old_code_bricked_is_mended(tmp_path: Path) -> None:
    """As in faults/02: the first statement of 0009 was kept, its version was not."""
    file = cut_off_by_the_old_code(tmp_path, "0008", 1)
    assert file is not None
    with closing(sqlite3.connect(file)) as connection:
        assert "by" in [row[1] for row in connection.execute("PRAGMA table_info(answers)")]
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == ("0008",)
    assert_is_new(open_database(file))


@pytest.mark.slow
@pytest.mark.parametrize("version", [None, *BRICKED[:-1]])
def test_a_state_that_the_old_code_bricked_anywhere_is_mended(version: str | None, tmp_path: Path) -> None:
    mended = []
    for nth in range(1, 100):
        file = cut_off_by_the_old_code(tmp_path, version, nth)
        if file is None:
            break
        engine = create_engine(f"sqlite:///{file}")
        if upgrades.versions_of(engine) in ([], [version]):
            with migrating(engine) as own:
                mended.append(finish(own, version))
        assert_is_new(open_database(file))
    assert mended


def test_tables_that_fit_no_version_are_told(tmp_path: Path) -> None:
    file = at_version(tmp_path / "state.db", "0008")
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("ALTER TABLE answers ADD COLUMN strange TEXT")
    with pytest.raises(WorkspaceDamaged, match=r"state\.db: damaged: its tables do not fit version 0008; restore"):
        open_database(file)


@pytest.mark.parametrize("version", ["9999", "0099"])
def test_f21_a_state_of_a_newer_version_is_told(version: str, tmp_path: Path) -> None:
    file = tmp_path / "state.db"
    open_database(file).dispose()
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", [version])
    before = file.read_bytes()
    with pytest.raises(NewerWorkspace, match=rf"state\.db: written by a newer version .*{version}.*upgrade the workb"):
        open_database(file)
    assert file.read_bytes() == before


@pytest.mark.parametrize("version", ["0001", "", "x; DROP TABLE trackers", "12", "00013", "ffff"])
def test_f21_a_version_that_cannot_be_is_told(version: str, tmp_path: Path) -> None:
    file = tmp_path / "state.db"
    open_database(file).dispose()
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", [version])
    with pytest.raises(WorkspaceDamaged, match=r"state\.db: damaged: .*workbench restore"):
        open_database(file)
    assert "trackers" in rows(file)


def test_f21_a_state_of_two_versions_is_told(tmp_path: Path) -> None:
    file = tmp_path / "state.db"
    open_database(file).dispose()
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("INSERT INTO alembic_version VALUES ('0001')")
    with pytest.raises(WorkspaceDamaged, match="0001"):
        open_database(file)


def test_a_copy_of_the_state_is_kept_before_an_upgrade(tmp_path: Path) -> None:
    file = at_version(tmp_path / "state.db", "0008")
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("INSERT INTO streams VALUES ('1', 'Talk', '2026-01-01 00:00:00.000000')")
    open_database(file).dispose()
    (copy,) = (tmp_path / "backups").iterdir()
    assert copy.name.startswith("state-0008-")
    assert copy.stat().st_mode & 0o777 == 0o600
    assert rows(copy)["streams"] == 1
    assert "metrics" not in rows(copy)
    assert_is_new(open_database(copy))


def test_a_state_that_needs_no_upgrade_is_not_copied(tmp_path: Path) -> None:
    for _ in range(2):
        open_database(tmp_path / "state.db").dispose()
    assert not (tmp_path / "backups").exists()


def test_old_copies_make_room_for_new_ones(tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    (folder / "mine.db").write_text("not one of ours")
    for number in range(MAX_COPIES + 2):
        file = at_version(tmp_path / f"{number}.db", "0008")
        open_database(file, folder).dispose()
    names = sorted(one.name for one in folder.iterdir())
    assert len(names) == MAX_COPIES + 1
    assert "mine.db" in names


def test_a_state_on_postgresql_is_copied_to_a_file(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    url = request.getfixturevalue("postgresql_server").new(migrated=False)
    engine = create_engine(url)
    migrate(engine, "0008")
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO definitions VALUES ('1', 'board', 'B', '{\"a\": null, \"b\": \"ü\"}', "
                "'2026-01-01T10:00:00+02:00')"
            )
        )
    open_database(url, tmp_path / "backups").dispose()
    (copy,) = (tmp_path / "backups").iterdir()
    with closing(sqlite3.connect(copy)) as connection:
        found = connection.execute("SELECT id, body, created FROM definitions").fetchall()
    assert found == [("1", '{"a": null, "b": "ü"}', "2026-01-01 08:00:00.000000")]
    assert_is_new(open_database(copy))
    engine.dispose()


def test_a_copy_holds_what_was_committed_while_others_write(tmp_path: Path) -> None:
    engine = open_database(tmp_path / "state.db")
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO streams VALUES ('1', 'Talk', '2026-01-01 00:00:00.000000')"))
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO streams VALUES ('2', 'More', '2026-01-01 00:00:00.000000')"))
        copy_file(tmp_path / "state.db", tmp_path / "copy.db")
    assert rows(tmp_path / "copy.db")["streams"] == 1
    engine.dispose()


@pytest.mark.parametrize("damage", ["folder", "garbage", "half", "text", "header"])
def test_a_file_that_is_not_a_state_is_told(damage: str, tmp_path: Path) -> None:
    file = tmp_path / "state.db"
    open_database(file).dispose()
    data = file.read_bytes()
    file.unlink()
    if damage == "folder":
        file.mkdir()
    else:
        bad = {"garbage": b"\xff" * len(data), "half": data[: len(data) // 2], "text": b"{}", "header": data[:100]}
        file.write_bytes(bad[damage])
    with pytest.raises(WorkspaceDamaged, match=r"state\.db: .*workbench restore") as raised:
        open_database(file)
    assert raised.value.__suppress_context__


def test_a_locked_state_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbench.store.sqlite_file.BUSY_MS", 50)
    file = tmp_path / "state.db"
    engine = open_database(file)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with (
            pytest.raises(StateUnavailable, match=r"state\.db: locked by another program; .* try again"),
            engine.begin() as connection,
        ):
            connection.execute(text("DELETE FROM streams"))
    engine.dispose()


def test_a_full_disk_is_told_and_the_state_is_as_it_was(tmp_path: Path) -> None:
    engine = open_database(tmp_path / "state.db")
    with engine.connect() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar()
    with engine.connect() as connection:
        connection.execute(text(f"PRAGMA max_page_count = {pages}"))
        rows_of = ", ".join(f"('{number}', '{'x' * 150}{number}', '2026-01-01')" for number in range(1_000))
        with pytest.raises(CannotWrite, match="the disk is full; free some space"):
            connection.execute(text(f"INSERT INTO streams VALUES {rows_of}"))
    engine.dispose()
    assert rows(tmp_path / "state.db")["streams"] == 0


def test_a_table_that_is_missing_is_told(tmp_path: Path) -> None:
    engine = open_database(tmp_path / "state.db")
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE streams"))
    with pytest.raises(WorkspaceDamaged, match="no such table: streams"), engine.connect() as connection:
        connection.execute(text("SELECT * FROM streams"))
    engine.dispose()
