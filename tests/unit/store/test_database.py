"""The migrations give the tables that the code expects, on SQLite and on PostgreSQL; URLs that cannot be used."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from tests.unit.small import ROOT
from workbench.domain.errors import StateUnavailable
from workbench.store import database
from workbench.store.tables import metadata

OPENING = "import sys; from workbench.store.database import open_database; open_database(sys.argv[1])"


@pytest.fixture
def where(state, tmp_path, request):
    """A state that nobody has migrated."""
    return tmp_path / "state.db" if state is None else request.getfixturevalue("postgresql_server").new(migrated=False)


def test_migrations_and_tables_agree(where):
    with database.open_database(where).connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_processes_that_open_it_at_once_migrate_it_once(where):
    opening = [subprocess.Popen([sys.executable, "-c", OPENING, str(where)], cwd=ROOT) for _ in range(4)]
    assert [process.wait(60) for process in opening] == [0] * 4
    with database.open_database(where).connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all() == [database.HEAD]


def test_the_newest_migration_is_the_one_that_is_checked_for():
    config = Config()
    config.set_main_option("script_location", str(Path(database.__file__).parent / "migrations"))
    assert ScriptDirectory.from_config(config).get_current_head() == database.HEAD


def test_sqlite_writes_ahead_and_waits_for_the_disk(tmp_path):
    with database.open_database(tmp_path / "state.db").connect() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert connection.execute(text("PRAGMA synchronous")).scalar() == 2


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("postgresql://ann:s3cret@127.0.0.1:1/w", r"ann:\*\*\*@127.0.0.1:1/w cannot be used"),
        ("postgresql+psycopg://127.0.0.1:1/w?user=ann&password=s3cret", "cannot be used"),
        ("nosuch://ann:s3cret@host/w", "is not supported"),
        ("postgresql+asyncpg://ann:s3cret@host/w", "asyncpg, which is not installed"),
        ("://ann:s3cret@", "not a database URL"),
    ],
)
def test_a_url_that_cannot_be_used_is_told_without_its_password(url, says):
    with pytest.raises(StateUnavailable, match=says) as raised:
        database.open_database(url)
    assert "s3cret" not in str(raised.value)
    assert raised.value.__cause__ is None
    assert raised.value.__suppress_context__
