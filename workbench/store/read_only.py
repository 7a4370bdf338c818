"""Opening a state without writing anything, in a folder that cannot be written to, or should not be."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Engine, create_engine, event
from sqlalchemy.pool import NullPool

from workbench.domain.errors import StateUnavailable
from workbench.store.failures import explain, named
from workbench.store.sqlite_file import BUSY_MS, copy_file, has_journal
from workbench.store.upgrades import upgrade, version_of


def open_for_reading(url: URL, head: str, engine_of: Callable[[URL], Engine]) -> Engine:
    """Return an engine on which all writing raises ``ReadOnlyWorkspace``.

    Raises:
        StateUnavailable: a database server has an older version, which can only be upgraded by opening it for writing.
    """
    if not url.drivername.startswith("sqlite"):
        engine = engine_of(url)
        event.listen(engine, "connect", _refuse_writing)
        if version_of(engine) != head:
            raise StateUnavailable(
                f"state: {named(url)}: written by an older version; open it for writing once to upgrade it"
            )
        return engine
    opener = _Opener(Path(str(url.database)))
    engine = create_engine(url, creator=opener, poolclass=NullPool)
    explain(engine)
    if version_of(engine) != head:
        opener.upgraded(head, engine_of)
    return engine


class _Opener:
    """Opens a file for reading, in whichever way currently works.

    While someone writes there is a journal beside the file, which SQLite reads along where it may make or map its
    index. Where it may not, the two are read from a copy. Without a journal nobody writes, so the file can be taken as
    it is. https://www.sqlite.org/wal.html#read_only_databases
    """

    def __init__(self, file: Path):
        self._file = file
        self._copy: tempfile.TemporaryDirectory[str] | None = None
        self._own: Path | None = None

    def __call__(self) -> sqlite3.Connection:
        if self._own is not None:
            return _connected(self._own, "mode=ro")
        if not has_journal(self._file):
            return _connected(self._file, "mode=ro&immutable=1")
        with suppress(sqlite3.Error):
            return _connected(self._file, "mode=ro")
        return _connected(self._taken(), "mode=ro")

    def upgraded(self, head: str, engine_of: Callable[[URL], Engine]) -> None:
        """From now on read a copy in the newest version."""
        own = self._taken()
        engine = engine_of(URL.create("sqlite", database=str(own)))
        upgrade(engine, head)
        engine.dispose()
        self._own = own

    def _taken(self) -> Path:
        """Return a private copy, with the journal taken in."""
        self._copy = tempfile.TemporaryDirectory(prefix="workbench-")
        folder = Path(self._copy.name)
        for ending in ("", "-wal", "-journal"):
            with suppress(FileNotFoundError):
                (folder / f"given.db{ending}").write_bytes(Path(f"{self._file}{ending}").read_bytes())
        copy_file(folder / "given.db", folder / "state.db")
        return folder / "state.db"


def _connected(file: Path, how: str) -> sqlite3.Connection:
    address = f"file:{quote(str(file))}?{how}"
    connection = sqlite3.connect(address, uri=True, timeout=BUSY_MS / 1000, check_same_thread=False)
    try:
        connection.execute("PRAGMA query_only = ON")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _refuse_writing(connection: Any, _: Any) -> None:
    connection.read_only = True
