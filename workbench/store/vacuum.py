"""Leaves nothing of deleted rows on the disk."""

from __future__ import annotations

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from workbench.domain.errors import StateUnavailable


def vacuum(engine: Engine) -> bool:
    """Rewrite the state's free space; return whether that could be done, for someone else may be at work just now.

    PostgreSQL rewrites its own, in its time: there nothing is done.
    """
    if engine.dialect.name != "sqlite":
        return True
    try:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM")
            busy = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            return busy is not None and not busy[0]
    except (DBAPIError, SQLAlchemyError, StateUnavailable):
        return False
