"""Opening the state: SQLite in WAL mode by default, PostgreSQL by URL; migrated to the newest version."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from filelock import FileLock
from sqlalchemy import Engine, create_engine, event, inspect, text

HEAD = "0006"  # the newest migration; a test compares it with the migrations themselves


def open_database(where: str | Path) -> Engine:
    """The engine of a SQLite file or a database URL, with all migrations applied."""
    url = str(where) if "://" in str(where) else f"sqlite:///{where}"
    engine = create_engine(url, future=True, pool_pre_ping=not url.startswith("sqlite"))
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_up_sqlite)
    if _version(engine) != HEAD:
        _migrate(engine, where)
    return engine


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


def _migrate(engine: Engine, where: str | Path) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    if engine.dialect.name != "sqlite":
        config.attributes["engine"] = engine
        command.upgrade(config, "head")
        return
    with FileLock(f"{where}.migration.lock"):
        if _version(engine) != HEAD:
            config.attributes["engine"] = engine
            command.upgrade(config, "head")
