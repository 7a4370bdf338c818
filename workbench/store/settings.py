"""Settings of a workspace: one value per name."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, delete, insert, select, update

from workbench.store.database import add_where_new, writing
from workbench.store.tables import settings


class SettingRepository:
    """The settings of one workspace. Any number of processes may use it at once."""

    def __init__(self, engine: Engine):
        self._engine = engine

    def get(self, name: str) -> Any:
        """Return a setting's value; None if it was never set."""
        with self._engine.connect() as connection:
            return connection.execute(select(settings.c.value).where(settings.c.name == name)).scalar()

    def several(self, names: Sequence[str]) -> dict[str, Any]:
        """Return the values of those of these settings that are set, as they are at one moment."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(settings.c.name, settings.c.value).where(settings.c.name.in_(names)))
            return {row.name: row.value for row in rows}

    def set(self, name: str, value: Any) -> None:
        """Write a setting; None removes it."""
        with writing(self._engine) as connection:
            _write(connection, name, value)

    def change(self, name: str, change: Callable[[Any], Mapping[str, Any]]) -> None:
        """Write the settings that ``change`` makes of this one's value, which nobody else changes meanwhile.

        It is given None if the setting was never set; what it raises leaves all as it was.
        """
        with writing(self._engine) as connection:
            add_where_new(connection, settings, name=name, value=None)
            row = select(settings.c.value).where(settings.c.name == name).with_for_update()
            found = dict(change(connection.execute(row).scalar_one()))
            own = update(settings).where(settings.c.name == name).values(value=found.pop(name))
            connection.execute(own)  # a process waiting for the row must find it
            for one, value in found.items():
                _write(connection, one, value)


def forget_in_copy(file: Path, name: str) -> None:
    """Take a setting out of the copy of a state, which is a SQLite file of any version."""
    with closing(sqlite3.connect(file)) as copy, copy:
        if copy.execute("SELECT 1 FROM sqlite_master WHERE name = 'settings'").fetchone():
            copy.execute("DELETE FROM settings WHERE name = ?", [name])


def _write(connection: Connection, name: str, value: Any) -> None:
    connection.execute(delete(settings).where(settings.c.name == name))
    if value is not None:
        connection.execute(insert(settings).values(name=name, value=value))
