"""Opening the state: SQLite in WAL mode by default, PostgreSQL by URL; migrated to the newest version."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, Table, create_engine, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from workbench.domain import plain_json
from workbench.domain.access import make_file
from workbench.domain.errors import StateUnavailable
from workbench.domain.paths import resolved
from workbench.store.failures import explain, explained
from workbench.store.read_only import open_for_reading
from workbench.store.sqlite_file import check_file, set_up
from workbench.store.trust import made
from workbench.store.upgrades import upgrade

HEAD = "0019"  # the newest migration; a test compares it with the migrations themselves
STATE = "WORKBENCH_STATE"  # the database URL in the environment, if the state is not a file in the workspace
_PLAIN = {"postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}


def open_database(where: str | Path, copies: Path | None = None, read_only: bool = False) -> Engine:
    """Return the engine of a SQLite file or a database URL, with all migrations applied.

    Args:
        where: a database URL, or the path of a SQLite file.
        copies: the folder that keeps a copy of the state before each upgrade; by default ``backups`` beside a SQLite
            file, and none for other databases.
        read_only: writes nothing, not even an upgrade: an older SQLite file is upgraded in a temporary copy.

    Raises:
        StateUnavailable: the URL is invalid, its driver is not installed, the server does not answer, or the file is
            in use; says which. No message contains the password.
        WorkspaceDamaged: the file is not a database, or its tables do not fit its version.
        NewerWorkspace: a newer version of the workbench wrote it.
        CannotWrite: the disk is full, or cannot be written.
    """
    url = _url(where)
    is_file = url.drivername.startswith("sqlite") and bool(url.database) and not str(url.database).startswith(":")
    with explained(url):
        if is_file:
            check_file(Path(str(url.database)), must_exist=read_only)
        if read_only:
            return open_for_reading(url, HEAD, lambda one: _engine(one))
        engine = _engine(url)
        if is_file:
            make_file(Path(str(url.database)))  # SQLite gives its journals the same mode
            copies = copies or Path(str(url.database)).parent / "backups"
        if upgrade(engine, HEAD, copies):
            made(engine)
        return engine


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Begin a transaction in which nothing read changes before it is written: on SQLite, nobody else writes meanwhile.

    On PostgreSQL, lock the rows that matter with ``with_for_update``, which SQLite ignores.
    """
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        yield connection


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """Open a connection all of whose queries see the state as it is at one moment, whatever others write meanwhile."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN")
        else:
            connection.execution_options(isolation_level="REPEATABLE READ")
        yield connection


def add_where_new(connection: Connection, table: Table, **values: Any) -> None:
    """Insert a row unless one of its keys exists; if two processes add it at once, neither fails."""
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    connection.execute(dialect.insert(table).values(values).on_conflict_do_nothing())


def add_all_where_new(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows, except those with a key that exists."""
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    connection.execute(dialect.insert(table).on_conflict_do_nothing(), list(rows))


def absolute_state(state: str) -> str:
    """Return a state's file or URL so that it means the same in every folder; unchanged if it cannot be parsed."""
    if "://" not in state:
        return str(resolved(state))
    try:
        url, made = make_url(state), _url(state)
    except (ArgumentError, StateUnavailable):
        return state
    return state if url.database == made.database else made.render_as_string(hide_password=False)


def _url(where: str | Path) -> URL:
    if "://" not in str(where):
        return URL.create("sqlite", database=str(resolved(where)))
    try:
        url = make_url(str(where))
    except ArgumentError:
        raise StateUnavailable("state: not a database URL; give postgresql+psycopg://user@host/database") from None
    if url.drivername.startswith("sqlite") and url.database and not url.database.startswith(("file:", ":memory:")):
        url = url.set(database=str(resolved(url.database)))
    return url.set(drivername=_PLAIN.get(url.drivername, url.drivername))


def _engine(url: URL) -> Engine:
    try:
        engine = create_engine(
            url,
            pool_pre_ping=url.get_backend_name() != "sqlite",
            json_serializer=plain_json.dumps,
            json_deserializer=plain_json.kept,
        )
    except NoSuchModuleError:
        raise StateUnavailable(f"state: {url.drivername!r} is not supported; use postgresql+psycopg") from None
    except ImportError as error:
        name = (error.name or "its driver").split(".")[0]
        more = "; pip install 'tracker-workbench[postgresql]'" if name == "psycopg" else ""
        raise StateUnavailable(f"state: {url.drivername} needs {name}, which is not installed{more}") from None
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", set_up)
    explain(engine)
    return engine
