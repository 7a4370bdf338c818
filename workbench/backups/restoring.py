"""Restores a backup: everything is verified next to the target, then moved there in one step."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from sqlalchemy import Engine

from workbench.backups.archive import ArchiveReader, Entry
from workbench.corpus.manifest import part_paths, read_manifest
from workbench.corpus.schema import SCHEMAS
from workbench.domain.errors import CannotWrite, InvalidBackup, WorkbenchError, WorkspaceExists
from workbench.domain.files import writing_to
from workbench.domain.paths import absolute, resolved
from workbench.domain.plurals import plural
from workbench.resources.opening import STATE_FILE
from workbench.store.database import HEAD, STATE, open_database
from workbench.store.transfer import clear, copy_rows, holds_rows
from workbench.store.upgrades import keep_copy, version_of

_SPARE = 64 * 2**20  # bytes that are left free


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """A restored workspace: its folder, its contents, and where the previous contents are."""

    path: Path
    files: int
    conversations: int
    made: str
    replaced: Path | None = None

    def __str__(self) -> str:
        counts = f"{plural(self.conversations, 'conversation')}, {plural(self.files, 'file')}"
        told = f"{self.path}: {counts}, as of {self.made}"
        return f"{told}\nprevious contents: {self.replaced}" if self.replaced else told


def restore(
    file: str | os.PathLike[str], path: str | os.PathLike[str], state: str | None = None, force: bool = False
) -> Restored:
    """Restore a backup to a folder, and its state to the folder or a database.

    Args:
        file: what ``ws.backup`` or ``workbench backup`` wrote.
        path: a folder that is empty or does not exist yet.
        state: a database URL, where the state is not to be a SQLite file in the folder; else ``WORKBENCH_STATE`` of
            the environment is taken. The backup may come from SQLite or PostgreSQL.
        force: whether what is in the folder, and in the database, may be replaced. The folder is kept under another
            name, and a copy of the database's state in ``backups/`` of the new one.

    Raises:
        InvalidBackup: the file is not a backup, or is damaged.
        WorkspaceExists: there is something in the folder or in the database, and ``force`` is False.
        NewerWorkspace: a newer version of the workbench wrote it.
        CannotWrite: the disk is full, or cannot be written to.
    """
    target, where = resolved(path), state or os.environ.get(STATE)
    _check_target(target, force)
    archive = ArchiveReader(absolute(file))
    try:
        with writing_to(target), _beside(target) as draft:
            _check_space(draft, archive.entries)
            for entry in archive.entries:
                _extract(archive, entry, draft)
            conversations = _verified(archive, draft)
            put = _put if where is None else partial(_put_with_state, where)
            replaced = put(draft, target, force)
        return Restored(
            path=target,
            files=len(archive.entries),
            conversations=conversations,
            made=str(archive.about.get("made", ""))[:40],
            replaced=replaced,
        )
    finally:
        archive.close()


def _check_target(target: Path, force: bool) -> None:
    if target.exists() and not target.is_dir():
        raise WorkspaceExists(f"{target}: a file; give a folder")
    if not force and target.is_dir() and any(target.iterdir()):
        raise WorkspaceExists(
            f"{target}: not empty; give another folder, or use force (--force), which moves the contents aside"
        )


def _check_space(draft: Path, entries: list[Entry]) -> None:
    wanted, free = sum(entry.size for entry in entries), shutil.disk_usage(draft).free
    if wanted + _SPARE > free:
        there, asked = f"{free / 1e6:,.0f} MB", f"{wanted / 1e6:,.0f} MB"
        raise CannotWrite(
            f"{draft.parent}: the disk is full: {there} are free, the backup needs {asked}; free some space"
        )


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """Yield a private folder on the same disk, which is gone after the block unless it was renamed."""
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}.restoring")
    draft.mkdir(mode=0o700)
    try:
        yield draft
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _extract(archive: ArchiveReader, entry: Entry, draft: Path) -> None:
    place = draft / entry.name
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        handle = os.open(place, flags, 0o600)
    except FileExistsError:
        raise InvalidBackup(f"{archive.file}: {entry.name} exists twice on this disk; nothing was restored") from None
    with os.fdopen(handle, "wb") as out:
        for piece in archive.content(entry):
            out.write(piece)
        out.flush()
        os.fsync(out.fileno())


def _verified(archive: ArchiveReader, draft: Path) -> int:
    """Check that it is a workspace that can be opened; return its number of conversations."""
    if not (draft / STATE_FILE).is_file():
        raise InvalidBackup(f"{archive.file}: contains no state; nothing was restored")
    try:
        manifest = read_manifest(draft / "corpus")
        for table in SCHEMAS:
            part_paths(draft / "corpus", table, manifest.parts)
        engine = open_database(draft / STATE_FILE, read_only=True)
        try:
            version_of(engine)
        finally:
            engine.dispose()
    except WorkbenchError as error:
        said = str(error).replace(f"{draft}/", "")
        raise InvalidBackup(
            f"{archive.file}: cannot be opened after restoring ({said}); nothing was restored"
        ) from None
    return manifest.conversations


def _put(draft: Path, target: Path, force: bool) -> Path | None:
    """Rename the folder to its target; return where the previous contents are now."""
    _check_target(target, force)
    replaced = None
    if target.is_dir():
        if any(target.iterdir()):
            replaced = target.with_name(f"{target.name}.replaced-{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}")
            target.rename(replaced)
        else:
            target.rmdir()
    try:
        draft.rename(target)
    except OSError:
        if replaced is not None:
            replaced.rename(target)
        raise
    _sync(target.parent)
    return replaced


def _put_with_state(where: str, draft: Path, target: Path, force: bool) -> Path | None:
    """Return the same, with the state's rows in the database of ``where``: both or neither."""
    with tempfile.TemporaryDirectory(prefix=".state-", dir=draft.parent) as folder:
        given = Path(folder) / STATE_FILE
        (draft / STATE_FILE).rename(given)
        source, database = open_database(given), open_database(where)
        try:
            return _moved(source, database, draft, target, force)
        finally:
            source.dispose()
            database.dispose()


def _moved(source: Engine, database: Engine, draft: Path, target: Path, force: bool) -> Path | None:
    with source.connect() as reading, database.connect() as writing:
        if holds_rows(writing):
            if not force:
                raise WorkspaceExists(
                    "state: the database already contains a workspace's state; give another one, or use force "
                    "(--force), which keeps a copy of it in backups/ of the restored workspace"
                )
            keep_copy(database, draft / "backups", HEAD)
            clear(writing)
        copy_rows(reading, writing)
        replaced = _put(draft, target, force)
        try:
            writing.commit()
        except BaseException:
            with suppress(OSError):  # the folder without its state is not a workspace
                target.rename(draft)
                if replaced is not None:
                    replaced.rename(target)
            raise
    return replaced


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
