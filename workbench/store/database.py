"""Opening the state: SQLite in WAL mode by default, PostgreSQL by URL; migrated to the newest version."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock
from sqlalchemy import URL, Connection, Engine, Table, create_engine, event, inspect, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from workbench.domain.errors import StateUnavailable
from workbench.domain.paths import resolved

HEAD = "0012"  # the newest migration; a test compares it with the migrations themselves
STATE = "WORKBENCH_STATE"  # the environment's database URL, where the state is not to be a file in the workspace
_MIGRATING = 0x776F726B62656E63  # one number for all who use this database
_PLAIN = {"postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}


def open_database(where: str | Path) -> Engine:
    """The engine of a SQLite file or a database URL, with all migrations applied.

    Raises:
        StateUnavailable: the URL is none, its driver is not installed, or the server does not answer; says which. No
            message holds the password.
    """
    url = _url(where)
    engine = _engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_up_sqlite)
    try:
        if _version(engine) != HEAD:
            _migrate(engine)
    except DBAPIError as error:
        if engine.dialect.name == "sqlite":
            raise
        raise StateUnavailable(f"state: {_named(url)} cannot be used: {_reason(error, url)}") from None
    return engine


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction in which what is read still holds when it is written: on SQLite nobody else writes meanwhile.

    On PostgreSQL lock the rows that matter, ``with_for_update``, which SQLite passes over.
    """
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        yield connection


def add_where_new(connection: Connection, table: Table, **values: Any) -> None:
    """A row, unless one of its keys is there: of two processes that add it at once neither fails."""
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    connection.execute(dialect.insert(table).values(values).on_conflict_do_nothing())


def _url(where: str | Path) -> URL:
    if "://" not in str(where):
        return URL.create("sqlite", database=str(resolved(where)))
    try:
        url = make_url(str(where))
    except ArgumentError:
        raise StateUnavailable("state: is no database URL; give postgresql+psycopg://user@host/database") from None
    if url.drivername.startswith("sqlite") and url.database and not url.database.startswith(("file:", ":memory:")):
        url = url.set(database=str(resolved(url.database)))
    return url.set(drivername=_PLAIN.get(url.drivername, url.drivername))


def absolute_state(state: str) -> str:
    """Return a state's file or URL so that it means the same in every folder; as it is where it cannot be read."""
    if "://" not in state:
        return str(resolved(state))
    try:
        url, made = make_url(state), _url(state)
    except (ArgumentError, StateUnavailable):
        return state
    return state if url.database == made.database else made.render_as_string(hide_password=False)


def _engine(url: URL) -> Engine:
    try:
        return create_engine(url, pool_pre_ping=url.get_backend_name() != "sqlite")
    except NoSuchModuleError:
        raise StateUnavailable(f"state: {url.drivername!r} is no database known here; use postgresql+psycopg") from None
    except ImportError as error:
        name = (error.name or "its driver").split(".")[0]
        more = "; pip install 'tracker-workbench[postgresql]'" if name == "psycopg" else ""
        raise StateUnavailable(f"state: {url.drivername} needs {name}, which is not installed{more}") from None


def _named(url: URL) -> str:
    """The URL as it can be shown, with *** for the password; one may stand among the options, too."""
    return url.set(query={}).render_as_string()


def _reason(error: DBAPIError, url: URL) -> str:
    said = " ".join(str(error.orig).split())
    given = [url.password, *(value for value in url.query.values() if isinstance(value, str))]
    for secret in given:
        said = said.replace(str(secret), "***") if secret else said
    return said


def _set_up_sqlite(connection: Any, _: Any) -> None:
    """WAL lets readers and a writer work at once; FULL has each commit on disk before it returns."""
    for pragma in ("busy_timeout = 30000", "journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _version(engine: Engine) -> str | None:
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        return found


def _migrate(engine: Engine) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["engine"] = engine
    with _alone(engine):
        if _version(engine) != HEAD:
            command.upgrade(config, "head")


@contextmanager
def _alone(engine: Engine) -> Iterator[None]:
    """Keeps other processes from migrating meanwhile."""
    if engine.dialect.name == "sqlite":
        with FileLock(f"{engine.url.database}.migration.lock"):
            yield
        return
    with engine.connect() as connection:  # the server frees it where this process dies
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _MIGRATING})
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _MIGRATING})
