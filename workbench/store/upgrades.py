"""Bringing a state to the newest version: in one transaction, after a copy was kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine, inspect, text

from workbench.domain.access import file_lock
from workbench.domain.errors import NewerWorkspace, WorkspaceDamaged
from workbench.store.cut_off import finish
from workbench.store.failures import named
from workbench.store.migrate import create, migrate, migrating, revisions
from workbench.store.sqlite_file import RESTORE, copy_file
from workbench.store.transfer import dump

MAX_COPIES = 3
_MIGRATING = 0x776F726B62656E63  # one number for all who use this database


def upgrade(engine: Engine, head: str, copies: Path | None = None) -> bool:
    """Apply all migrations that are missing, all or none; keep a copy in ``copies`` of a state that changes.

    Returns:
        Whether there was no state, and this made one.

    An upgrade that an older version of the workbench left half done is finished first.

    Raises:
        NewerWorkspace: a newer version of the workbench wrote it.
        WorkspaceDamaged: its tables do not fit its version.
    """
    if versions_of(engine) == [head]:
        return False
    with _alone(engine):
        found = version_of(engine)
        if found == head:
            return False
        is_new = found is None and not _has_tables(engine)
        if not is_new:
            keep_copy(engine, copies, found)
        with migrating(engine) as own:
            if is_new:
                create(own, head)
                return True
            if engine.dialect.name == "sqlite":
                finish(own, found)
            migrate(own)
    return False


def version_of(engine: Engine) -> str | None:
    """Return the state's version; None if it has no tables yet.

    Raises:
        NewerWorkspace: this version of the workbench does not know it.
        WorkspaceDamaged: it cannot be one.
    """
    found = versions_of(engine)
    if not found:
        return None
    known = revisions()
    version = str(found[0])
    if len(found) == 1 and version in known:
        return version
    where = named(engine.url)
    if len(found) == 1 and version.isdecimal() and len(version) == len(known[-1]) and version > known[-1]:
        raise NewerWorkspace(
            f"{where}: written by a newer version of the workbench (state {version}; this version reads up to "
            f"{known[-1]}); upgrade the workbench to open it"
        )
    raise WorkspaceDamaged(f"{where}: damaged: its version {', '.join(map(str, found))[:80]!r} is unknown; {RESTORE}")


def versions_of(engine: Engine) -> list[str]:
    """Return the version of the tables; None if there are none yet, or their creation was interrupted."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return []
        return list(connection.execute(text("SELECT version_num FROM alembic_version")).scalars())


def keep_copy(engine: Engine, copies: Path | None, version: str | None) -> Path | None:
    """Keep a copy of the state, as a SQLite file, and the newest of the earlier ones; return it."""
    if copies is None:
        return None
    file = copies / f"state-{version or 'unfinished'}-{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}.db"
    if engine.dialect.name == "sqlite":
        copy_file(Path(str(engine.url.database)), file)
    else:
        dump(engine, file, version)
    kept = sorted(copies.glob("state-*.db"), key=lambda one: one.stat().st_mtime_ns)
    for old in kept[:-MAX_COPIES]:
        with suppress(OSError):
            old.unlink()
    return file


def _has_tables(engine: Engine) -> bool:
    with engine.connect() as connection:
        return bool(set(inspect(connection).get_table_names()) - {"alembic_version"})


@contextmanager
def _alone(engine: Engine) -> Iterator[None]:
    """Keep other processes from migrating in the meantime."""
    if engine.dialect.name == "sqlite":
        with file_lock(Path(f"{engine.url.database}.migration.lock")):
            yield
        return
    with engine.connect() as connection:  # the server frees it where this process dies
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _MIGRATING})
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _MIGRATING})
