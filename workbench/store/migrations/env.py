"""Runs migrations on the engine that ``workbench.store.upgrades`` hands over, all in one transaction."""

from typing import Any

from alembic import context
from sqlalchemy import Connection

from workbench.store.tables import metadata


def _without_owner(connection: Connection) -> set[tuple[Any, ...]]:
    """Rows whose foreign key leads nowhere; SQLite is not told to look at them while tables change."""
    if connection.dialect.name != "sqlite":
        return set()
    return {tuple(row) for row in connection.exec_driver_sql("PRAGMA foreign_key_check")}


with context.config.attributes["engine"].connect() as connection:
    context.configure(connection=connection, target_metadata=metadata, transactional_ddl=True)
    with context.begin_transaction():
        before = _without_owner(connection)
        context.run_migrations()
        if lost := _without_owner(connection) - before:
            raise RuntimeError(f"the migration would leave rows without their parent rows: {sorted(lost)[:3]}")
    connection.commit()
