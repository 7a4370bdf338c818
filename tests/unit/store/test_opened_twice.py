"""A state that one process opens twice, as a notebook cell that is run again does, while another process writes to it.

Closing any descriptor of a file takes away all the locks that the process has on it
(sqlite.org/howtocorrupt.html, 2.2), so nothing but SQLite may open the file of a healthy state.
"""

from __future__ import annotations

import sqlite3
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.unit.small import run
from workbench.store.database import open_database
from workbench.store.sqlite_file import check_file

OTHER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("INSERT INTO others VALUES (1)")
connection.close()
"""


@pytest.mark.parametrize("read_only", [False, True])
def test_the_first_opening_keeps_its_locks(tmp_path: Path, read_only: bool):
    file = tmp_path / "state.db"
    engine = open_database(file)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE others (n INTEGER)"))
    with engine.connect() as connection:
        connection.execute(text("SELECT n FROM others")).all()
        again = open_database(file, read_only=read_only)
        assert run("-c", OTHER, str(file)).returncode == 0
        assert Path(f"{file}-wal").exists(), "the other process took itself for the last one"
        again.dispose()
    for _ in range(3):
        with engine.begin() as connection:
            connection.execute(text("INSERT INTO others VALUES (2)"))
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM others")).scalar_one() == 4
    engine.dispose()


def test_the_file_of_a_healthy_state_is_opened_by_sqlite_alone(tmp_path: Path):
    file, opened = tmp_path / "state.db", []
    engine = open_database(file)
    sys.addaudithook(lambda event, args: opened.append(args[0]) if event == "open" and args[0] == str(file) else None)
    check_file(file)
    open_database(file).dispose()
    open_database(file, read_only=True).dispose()
    engine.dispose()
    assert not opened


def test_a_state_with_an_odd_name_is_looked_at(tmp_path: Path):
    file = tmp_path / "a?b#c %41 日本.db"
    open_database(file).dispose()
    with sqlite3.connect(file) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    check_file(file, must_exist=True)
