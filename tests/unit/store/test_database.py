"""The migrations give the tables that the code expects, on SQLite and on PostgreSQL; URLs that cannot be used."""

from __future__ import annotations

import math
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, select, text

from tests.support.patience import PATIENCE_S
from tests.unit.small import ROOT
from workbench.domain.errors import StateUnavailable
from workbench.store import database
from workbench.store.migrate import migrate, migrating
from workbench.store.tables import definitions, metadata

OPENING = "import sys; from workbench.store.database import open_database; open_database(sys.argv[1])"


@pytest.fixture
def where(state, tmp_path, request):
    """A state that nobody has migrated."""
    return tmp_path / "state.db" if state is None else request.getfixturevalue("postgresql_server").new(migrated=False)


def test_migrations_and_tables_agree(where):
    with migrated(where).connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_a_new_state_is_as_migrations_would_have_made_it(where, tmp_path, request):
    server = isinstance(where, str)
    other = request.getfixturevalue("postgresql_server").new(migrated=False) if server else tmp_path / "other.db"
    assert described(database.open_database(where)) == described(migrated(other))


def migrated(where):
    """A state that went through all migrations."""
    engine = create_engine(where if isinstance(where, str) else f"sqlite:///{where}")
    with migrating(engine) as own:
        migrate(own)
    return engine


def described(engine):
    """Every column, key, index and constraint, and the version."""
    seen = inspect(engine)
    asked = ("get_columns", "get_pk_constraint", "get_foreign_keys", "get_indexes", "get_unique_constraints")
    with engine.connect() as connection:
        version = connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all()
    tables = {name: {one: _plain(getattr(seen, one)(name)) for one in asked} for name in seen.get_table_names()}
    return tables, version


def _plain(found):
    """Found things in words; conditions of indexes are objects, which are alike when their texts are."""
    if isinstance(found, list):
        return sorted(map(_plain, found))
    if isinstance(found, dict):
        return str({name: _plain(one) for name, one in sorted(found.items())})
    return re.sub(r"_(pkey|fkey)1\b", r"_\1", str(found))  # PostgreSQL's own name where a migration made a table anew


def test_processes_that_open_it_at_once_migrate_it_once(where):
    opening = [subprocess.Popen([sys.executable, "-c", OPENING, str(where)], cwd=ROOT) for _ in range(4)]
    assert [process.wait(PATIENCE_S) for process in opening] == [0] * 4
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


def test_columns_of_json_hold_what_others_can_read(where):
    """F16: PostgreSQL refuses NaN, and what is given out of such a column is no JSON."""
    engine = database.open_database(where)
    body = {"x": math.nan, "y": [math.inf, {"z": -math.inf}], "n": 1.5, "words": "NaN"}
    row = {"id": "d", "kind": "board", "name": "B", "created": datetime.now(UTC)}
    with engine.begin() as connection:
        connection.execute(definitions.insert().values(body=body, **row))
        assert connection.execute(select(definitions.c.body)).scalar() == {
            "x": None,
            "y": [None, {"z": None}],
            "n": 1.5,
            "words": "NaN",
        }


def test_what_an_older_version_kept_as_nan_is_read_as_null(tmp_path):
    engine = database.open_database(tmp_path / "state.db")
    stored = '{"fields": {"a": NaN, "b": Infinity, "c": -Infinity, "d": %s, "e": 2}}' % ("9" * 400)
    with engine.begin() as connection:
        row = {"stored": stored, "now": "2026-01-01 00:00:00"}
        told = "INSERT INTO definitions VALUES ('d', 'board', 'B', :stored, :now)"
        connection.execute(text(told), row)
        found = connection.execute(select(definitions.c.body)).scalar()
    assert found == {"fields": {"a": None, "b": None, "c": None, "d": None, "e": 2}}
