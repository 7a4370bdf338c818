"""The SQLite file of a state: how it is set up, what it should look like, and copies of it."""

from __future__ import annotations

import os
import sqlite3
import struct
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

from workbench.domain.errors import CannotWrite, WorkspaceDamaged, WorkspaceNotFound
from workbench.domain.files import private_folder, settle

BUSY_MS = 30_000
RESTORE = "restore a backup with `workbench restore`, or replace it with a copy from the folder backups"
_MAGIC = b"SQLite format 3\0"
_HEADER = 100


def set_up(connection: Any, _: Any) -> None:
    """WAL lets readers and a writer work at once; FULL has each commit on disk before it returns."""
    for pragma in (f"busy_timeout = {BUSY_MS}", "journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")


def check_file(file: Path, must_exist: bool = False) -> None:
    """Check the file before it is opened as a database: SQLite would take an empty one for a new database.

    Only a file that SQLite can't read is opened here: closing it takes away the locks that this process has on it
    through another connection, and with them the journal (sqlite.org/howtocorrupt.html, 2.2).

    Raises:
        WorkspaceNotFound: it ``must_exist`` and does not.
        WorkspaceDamaged: it is a folder, not a database, or cut off.
    """
    if file.is_dir():
        raise WorkspaceDamaged(f"{file}: a folder where the state's file should be; move it away, then {RESTORE}")
    if _is_sound(file):
        return
    try:
        with file.open("rb") as content:
            head, size = content.read(_HEADER), os.fstat(content.fileno()).st_size
    except FileNotFoundError:
        if must_exist:
            raise WorkspaceNotFound(f"{file}: no state found; check the path of the workspace") from None
        return
    except OSError as error:
        raise WorkspaceDamaged(f"{file}: cannot be read ({error.strerror}); ask its owner for permission") from None
    if not head.startswith(_MAGIC) or size < _HEADER:
        raise WorkspaceDamaged(f"{file}: damaged: not a SQLite database; {RESTORE}")
    if size < _pages(head) and not _has_journal(file):
        raise WorkspaceDamaged(f"{file}: damaged: cut off at {size:,} of {_pages(head):,} bytes; {RESTORE}")


def _is_sound(file: Path) -> bool:
    """Return whether SQLite can read the file, which it opens without a lock and without making a journal."""
    try:
        if not file.stat().st_size:
            # Made by an opening that was cut off; whether there should be more the workspace knows.
            return os.access(file, os.R_OK)
        address = f"file:{quote(str(file))}?mode=ro&immutable=1"
        with closing(sqlite3.connect(address, uri=True)) as connection:
            connection.execute("PRAGMA schema_version").fetchone()
    except (OSError, sqlite3.Error):
        return False
    return True


def copy_file(source: Path, target: Path) -> None:
    """Copy a state as it is at one moment, while others write to it; the copy is there whole or not at all."""
    with closing(sqlite3.connect(f"{source.as_uri()}?mode=rw", uri=True, timeout=BUSY_MS / 1000)) as given:
        copy_connected(given, target)


def copy_connected(given: sqlite3.Connection, target: Path) -> None:
    """Copy what a connection reads, in the same way."""
    private_folder(target.parent)
    half_written = target.with_name(target.name + ".tmp")
    half_written.unlink(missing_ok=True)
    os.close(os.open(half_written, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        with closing(sqlite3.connect(half_written)) as taken:
            given.backup(taken)
            taken.execute("PRAGMA journal_mode = DELETE")  # one file, without a journal next to it
        settle(half_written, target)
    except sqlite3.Error as error:
        if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            raise WorkspaceDamaged(f"the state is damaged ({error}), so it cannot be copied; {RESTORE}") from None
        said = f"the copy could not be written ({error}); check the disk and the free space on it, then try again"
        raise CannotWrite(f"{target}: {said}") from None
    finally:
        half_written.unlink(missing_ok=True)


def has_journal(file: Path) -> bool:
    """Return whether there are changes next to the file that were not merged yet."""
    return _has_journal(file)


def _has_journal(file: Path) -> bool:
    for ending in ("-wal", "-journal"):
        try:
            if os.stat(f"{file}{ending}").st_size:
                return True
        except OSError:
            continue
    return False


def _pages(head: bytes) -> int:
    """Return how many bytes the file should have by its header.

    0 if that does not say it (sqlite.org/fileformat.html).
    """
    page = struct.unpack(">H", head[16:18])[0]
    changed, count, valid_for = (struct.unpack(">I", head[at : at + 4])[0] for at in (24, 28, 92))
    size: int = (65_536 if page == 1 else page) * count
    return size if changed == valid_for else 0
