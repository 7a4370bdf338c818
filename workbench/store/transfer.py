"""Moving a state between databases: its rows, table by table, exactly as they are."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    JSON,
    Connection,
    Engine,
    MetaData,
    Table,
    Text,
    bindparam,
    cast,
    create_engine,
    func,
    select,
    text,
)
from sqlalchemy import type_coerce as coerce
from sqlalchemy.exc import DataError

from workbench.domain import plain_json
from workbench.domain.errors import CannotWrite
from workbench.domain.files import private_folder, settle
from workbench.store.migrate import migrate, migrating
from workbench.store.moments import aware

VERSION = "alembic_version"
_CHUNK = 2_000


def dump(engine: Engine, file: Path, version: str | None) -> None:
    """Write the state of any database to a SQLite file of the same version, as it is at one moment."""
    private_folder(file.parent)
    half_written = file.with_name(file.name + ".tmp")
    half_written.unlink(missing_ok=True)
    target = create_engine(f"sqlite:///{half_written}")
    try:
        with migrating(target) as own:
            if version is not None:
                migrate(own, version)
            with engine.connect() as reading, own.begin() as writing:
                reading.execution_options(isolation_level="REPEATABLE READ")
                copy_rows(reading, writing)
            with own.connect() as connection:
                connection.connection.dbapi_connection.execute("PRAGMA journal_mode = DELETE")  # type: ignore[union-attr]  # a connection in use has one
        half_written.chmod(0o600)
        settle(half_written, file)
    finally:
        target.dispose()
        half_written.unlink(missing_ok=True)


def copy_rows(source: Connection, target: Connection) -> dict[str, int]:
    """Copy all rows of the target's tables from a source of the same version; return how many, by table.

    Raises:
        CannotWrite: the source lacks a table or a column, or the target cannot store a value.
    """
    ours, theirs = MetaData(), MetaData()
    ours.reflect(target)
    theirs.reflect(source)
    done: dict[str, int] = {}
    for table in ours.sorted_tables:
        if table.name == VERSION:
            continue
        given = theirs.tables.get(table.name)
        lacking = None if given is None else set(table.columns.keys()) - set(given.columns.keys())
        if given is None or lacking:
            what = f"{table.name}.{min(lacking)}" if lacking else table.name
            raise CannotWrite(f"state: {what} is missing from the source, which has another version")
        done[table.name] = _copy(source, given, target, table)
    if target.dialect.name == "postgresql":
        _count_on(target, ours)
    return done


def clear(target: Connection) -> None:
    """Delete all rows of a state, but for its version."""
    ours = MetaData()
    ours.reflect(target)
    for table in reversed(ours.sorted_tables):
        if table.name != VERSION:
            target.execute(table.delete())


def holds_rows(connection: Connection) -> bool:
    """Return whether there is anything in a state."""
    ours = MetaData()
    ours.reflect(connection)
    tables = [one for one in ours.sorted_tables if one.name != VERSION]
    return any(connection.execute(select(1).select_from(one).limit(1)).first() for one in tables)


def _copy(source: Connection, given: Table, target: Connection, table: Table) -> int:
    columns, names = list(table.columns), table.columns.keys()
    reading = select(*(_read(given.columns[name], source) for name in names)).order_by(*given.primary_key.columns)
    writing = table.insert().values({name: _written(table.columns[name], target) for name in names})
    count = 0
    for rows in source.execution_options(stream_results=True).execute(reading).partitions(_CHUNK):
        bound = [{f"v_{one.name}": _plain(value, one) for one, value in zip(columns, row, strict=True)} for row in rows]
        try:
            target.execute(writing, bound)
        except DataError as error:  # for example a null byte in text, which PostgreSQL cannot store
            raise CannotWrite(
                f"state: {table.name} contains a value this database cannot store ({error.orig})"
            ) from None
        count += len(rows)
    return count


def _read(column: Any, connection: Connection) -> Any:
    """JSON as its text: what it holds, ``null`` apart from NULL, stays as it was written."""
    if not isinstance(column.type, JSON):
        return column
    return (cast(column, Text) if connection.dialect.name == "postgresql" else coerce(column, Text)).label(column.name)


def _written(column: Any, connection: Connection) -> Any:
    if not isinstance(column.type, JSON):
        return bindparam(f"v_{column.name}", type_=column.type)
    value = bindparam(f"v_{column.name}", type_=Text)
    return cast(value, JSON) if connection.dialect.name == "postgresql" else value


def _plain(value: Any, column: Any) -> Any:
    if isinstance(value, datetime):
        return aware(value)
    is_number = isinstance(column.type, JSON) and isinstance(value, int | float)
    return plain_json.dumps(value) if is_number else value  # SQLite keeps JSON that is a number as one


def _count_on(target: Connection, tables: MetaData) -> None:
    """PostgreSQL's own counters go on behind the rows that came with their numbers."""
    for table in tables.sorted_tables:
        for column in table.primary_key.columns:
            about = {"name": f'"{table.name}"', "column": column.name}
            sequence = target.execute(text("SELECT pg_get_serial_sequence(:name, :column)"), about).scalar()
            if sequence:
                newest = target.execute(select(func.max(column))).scalar()
                moved = {"of": sequence, "to": newest or 1, "used": newest is not None}
                target.execute(text("SELECT setval(:of, :to, :used)"), moved)
