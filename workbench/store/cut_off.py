"""Upgrades that versions before 0013 left half done: SQLite committed each statement of a migration separately.

An interrupted upgrade left the tables of one version with the first statements of the next one applied. Which those
are shows in the tables: the next migration is run on an empty database in memory, statement by statement, until the
tables are alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import StaticPool

from workbench.domain.errors import WorkspaceDamaged
from workbench.store.failures import named
from workbench.store.migrate import migrate, revisions
from workbench.store.sqlite_file import RESTORE

Shape = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class MigrationStep:
    """A statement of a migration, with what the tables look like before it."""

    statement: str
    parameters: Any
    before: Shape


def finish(engine: Engine, version: str | None) -> int:
    """Complete an interrupted migration; return how many of its statements had been applied.

    Raises:
        WorkspaceDamaged: the tables fit neither the version nor a migration from it.
    """
    with engine.begin() as connection:
        found = shape(connection)
        steps = _steps(version)
        place = next((at for at, step in enumerate(steps) if step.before == found), None)
        if place is None:
            which = f"version {version}" if version else "a new state"
            raise WorkspaceDamaged(f"{named(engine.url)}: damaged: its tables do not fit {which}; {RESTORE}")
        if place:
            for step in steps[place:]:
                connection.exec_driver_sql(step.statement, step.parameters)
        return place


def shape(connection: Connection) -> Shape:
    """Return the tables, columns and indexes, except the table with the version."""
    names = _rows(connection, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    kept = [name for (name,) in names if name != _VERSION]
    return tuple((name, _columns(connection, name), _indexes(connection, name)) for name in kept)


def _columns(connection: Connection, table: str) -> Shape:
    sql = 'SELECT name, type, "notnull", dflt_value, pk FROM pragma_table_info(?) ORDER BY name'
    return tuple(_rows(connection, sql, table))


def _indexes(connection: Connection, table: str) -> Shape:
    found = _rows(connection, 'SELECT name, "unique", partial, origin FROM pragma_index_list(?) ORDER BY name', table)
    return tuple((*one, tuple(_rows(connection, "SELECT name FROM pragma_index_info(?)", one[0]))) for one in found)


def _rows(connection: Connection, sql: str, *values: str) -> list[tuple[Any, ...]]:
    return sorted((tuple(row) for row in connection.exec_driver_sql(sql, values)), key=repr)


_VERSION = "alembic_version"
_CHANGES = ("CREATE", "ALTER", "DROP", "INSERT", "UPDATE", "DELETE")


def _steps(version: str | None) -> list[MigrationStep]:
    """Return the statements of the migration that follows on a version; none after the last one."""
    known = revisions()
    following = known[0] if version is None else known[known.index(version) + 1]
    engine = create_engine("sqlite://", poolclass=StaticPool)
    try:
        if version is not None:
            migrate(engine, version)
        steps: list[MigrationStep] = []
        looking = False

        def note(connection: Connection, _: Any, statement: str, parameters: Any, *__: Any) -> None:
            nonlocal looking
            if looking or not statement.lstrip().upper().startswith(_CHANGES):
                return
            looking = True
            steps.append(MigrationStep(statement, parameters, shape(connection)))
            looking = False

        event.listen(engine, "before_cursor_execute", note)
        migrate(engine, following)
        return steps
    finally:
        engine.dispose()
