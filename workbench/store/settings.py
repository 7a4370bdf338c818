"""Settings of a workspace: one value a name."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, delete, insert, select

from workbench.store.database import writing
from workbench.store.tables import settings


class SettingRepository:
    """The settings of one workspace. Any number of processes may use it at once."""

    def __init__(self, engine: Engine):
        self._engine = engine

    def get(self, name: str) -> Any:
        """Return a setting's value; None if it was never set."""
        with self._engine.connect() as connection:
            return connection.execute(select(settings.c.value).where(settings.c.name == name)).scalar()

    def set(self, name: str, value: Any) -> None:
        """Write a setting; None takes it away."""
        with writing(self._engine) as connection:
            connection.execute(delete(settings).where(settings.c.name == name))
            if value is not None:
                connection.execute(insert(settings).values(name=name, value=value))
