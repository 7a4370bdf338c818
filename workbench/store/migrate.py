"""Running migrations, in one transaction on SQLite too."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    create_engine,
    create_mock_engine,
    event,
)
from sqlalchemy.dialects import sqlite

from workbench.store.sqlite_file import BUSY_MS
from workbench.store.tables import metadata

# As Alembic makes it.
_VERSIONS = Table(
    "alembic_version",
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)
_MIGRATIONS = Path(__file__).parent / "migrations"


@cache
def revisions() -> tuple[str, ...]:
    """Return all versions that a state can have, oldest first."""
    from alembic.script import ScriptDirectory

    return tuple(one.revision for one in ScriptDirectory.from_config(_config()).walk_revisions())[::-1]


def create(engine: Engine, version: str) -> None:
    """Create the tables as they are after all migrations, in one transaction; much quicker than running them.

    There must be no tables yet. A test compares the two ways.
    """
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            for statement in _statements():
                connection.exec_driver_sql(statement)
        else:
            metadata.create_all(connection)
        _VERSIONS.create(connection, checkfirst=True)  # an older version can have made it, and been killed
        connection.execute(_VERSIONS.insert().values(version_num=version))


@cache
def _statements() -> tuple[str, ...]:
    """Return the statements that create all tables in SQLite, generated once for all new workspaces."""
    written: list[str] = []
    dialect = sqlite.dialect()
    asked = create_mock_engine("sqlite://", lambda sql, *_, **__: written.append(str(sql.compile(dialect=dialect))))
    metadata.create_all(asked, checkfirst=False)
    return tuple(written)


def migrate(engine: Engine, to: str = "head") -> None:
    """Run the migrations up to a version, in one transaction."""
    from alembic import command

    config = _config()
    config.attributes["engine"] = engine
    command.upgrade(config, to)


@contextmanager
def migrating(engine: Engine) -> Iterator[Engine]:
    """Return an engine whose transactions include DDL, too: the driver of SQLite would commit before each statement.

    See "Serializable isolation / Savepoints / Transactional DDL" in SQLAlchemy's documentation of pysqlite. Foreign
    keys are off, as SQLite asks of those who make a table again; they are checked before the end.
    """
    if engine.dialect.name != "sqlite":
        yield engine
        return
    own = create_engine(engine.url)
    event.listen(own, "connect", _by_hand)
    event.listen(own, "begin", _begin)
    try:
        yield own
    finally:
        own.dispose()


def _by_hand(connection: Any, _: Any) -> None:
    connection.isolation_level = None
    for pragma in (f"busy_timeout = {BUSY_MS}", "journal_mode = WAL", "synchronous = FULL", "foreign_keys = OFF"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _config() -> Any:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    return config
