"""Taking a backup of a workspace while others write to it."""

from __future__ import annotations

import io
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import IO

from sqlalchemy import Engine

from workbench.backups.archive import ArchiveWriter
from workbench.corpus.manifest import NAME, Manifest, is_linked, manifest_data, parsed, part_files, plain_file
from workbench.corpus.merging import LEASE
from workbench.corpus.replica import Replica
from workbench.corpus.schema import SCHEMAS
from workbench.domain import plain_json
from workbench.domain.access import file_lock
from workbench.domain.errors import CannotWrite, WorkspaceDamaged
from workbench.domain.files import plain_bytes, writing_to
from workbench.domain.leases import reading
from workbench.domain.paths import absolute
from workbench.domain.plurals import plural
from workbench.resources.corpus_place import SETTING
from workbench.resources.opening import STATE_FILE, refuse_links
from workbench.store.settings import forget_in_copy
from workbench.store.sqlite_file import copy_connected
from workbench.store.transfer import dump
from workbench.store.upgrades import version_of

OnFile = Callable[[str], None]
SUFFIX = ".backup"
ATTEMPTS = 3
# What processes keep beside the files, and what is half written.
_PASSING = (".lock", ".tmp", ".part", ".alive", ".log", ".sock")
_COUNTED_LAST = ("keys.i64", "ends.i64", "words.i32", "vectors.f32")


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """A backup: its file, its contents, and which files were damaged when they were added."""

    file: Path
    files: int
    size: int
    conversations: int
    state: str
    damaged: tuple[str, ...] = field(default=())

    def __str__(self) -> str:
        counts = f"{plural(self.conversations, 'conversation')}, {plural(self.files, 'file')}"
        told = f"{self.file}: {counts}, {self.size / 1e6:,.1f} MB"
        return "\n".join([told, *(f"damaged: {one}" for one in self.damaged)])


def take(
    path: Path,
    database: Engine,
    file: str | os.PathLike[str],
    force: bool = False,
    read_only: bool = False,
    progress: OnFile | None = None,
) -> Backup:
    """Write a whole workspace to one file, as it is at one moment.

    The state and the list of the corpus's parts are taken while nobody can import; parts, vectors, words and models
    never change once written, and are copied while others keep working.

    Args:
        path: the workspace.
        database: its state.
        progress: called with the name of each file.
        read_only: whether the workspace was opened for reading only.
        file: what to write; in a folder, a file named after the workspace and the moment.
        force: write over a file that is there.

    Raises:
        CannotWrite: the file is there already, or cannot be written.
        WorkspaceDamaged: the corpus's manifest is damaged, or a part is missing.
    """
    target = _target(path, absolute(file), force)
    for attempt in range(ATTEMPTS):
        with writing_to(target):
            writer = ArchiveWriter(target)
            try:
                return _Taking(path, database, writer, read_only, progress).run()
            except FileNotFoundError as error:
                if attempt + 1 == ATTEMPTS:
                    raise WorkspaceDamaged(
                        f"{error.filename}: disappeared during the backup; start the backup again"
                    ) from None
            except WorkspaceDamaged:
                if attempt + 1 == ATTEMPTS or not _has_changed(path, writer):
                    raise
            finally:
                writer.drop()
    raise AssertionError("unreachable")


class _Taking:
    def __init__(
        self, path: Path, database: Engine, writer: ArchiveWriter, read_only: bool, progress: OnFile | None
    ) -> None:
        self._path = path
        self._database = database
        self._writer = writer
        self._read_only = read_only
        self._progress = progress or (lambda _: None)
        self._damaged: list[str] = []

    def run(self) -> Backup:
        refuse_links(self._path)
        Replica(self._path / "corpus").look()
        with reading(self._path / "corpus" / LEASE):
            return self._all()

    def _all(self) -> Backup:
        with tempfile.TemporaryDirectory(prefix=".backup-", dir=self._writer.file.parent) as folder:
            state = Path(folder) / STATE_FILE
            with self._locked(self._path / "corpus" / "writers.lock"):
                self._progress("state")
                known = self._take_state(state)
                manifest = self._take_manifest()
                self._take_live()
            self._add(STATE_FILE, state)
        for table, part, sha256 in _parts(manifest):
            name = f"corpus/{table}/{part}"
            self._progress(name)
            taken = self._add(name, plain_file(self._path / name))
            if sha256 and taken != sha256:
                self._damaged.append(f"{self._path / name}: its hash has changed since it was written")
        for top in ("words", "vectors"):
            for store in _folders(self._path / top):
                self._take_store(store)
        for one in _files(self._path / "models"):
            self._add(self._name(one), one)
        about = {
            "workbench": _version(),
            "made": datetime.now(UTC).isoformat(),
            "state": known,
            "conversations": manifest.conversations,
            "sentences": manifest.sentences,
        }
        self._writer.finish(about)
        entries = self._writer.entries
        return Backup(
            file=self._writer.file,
            files=len(entries),
            size=sum(one.size for one in entries),
            conversations=manifest.conversations,
            state=known,
            damaged=tuple(self._damaged),
        )

    def _take_state(self, file: Path) -> str:
        found = version_of(self._database) or ""
        if self._database.dialect.name == "sqlite":
            with self._database.connect() as connection:
                copy_connected(connection.connection.dbapi_connection, file)  # type: ignore[arg-type]  # a connection in use has one
        else:
            dump(self._database, file, found)
        forget_in_copy(file, SETTING)  # a restored workspace has its own corpus
        return found

    def _take_manifest(self) -> Manifest:
        file = self._path / "corpus" / NAME
        try:
            data = plain_bytes(file)
        except FileNotFoundError:
            if part_files(self._path / "corpus"):
                raise WorkspaceDamaged(f"{file}: missing; run `workbench check --repair`, then take a backup") from None
            return Manifest()
        found = parsed(data, file)
        if is_linked(file.parent):  # a restored corpus is independent
            data = plain_json.dumps(manifest_data(found), indent=1).encode()
        self._writer.add(f"corpus/{NAME}", io.BytesIO(data))
        return found

    def _take_live(self) -> None:
        """Whole lines of a journal: in the backup, a call in progress is one that was left."""
        for file in _files(self._path / "live"):
            if file.suffix == ".jsonl":
                data = plain_bytes(file)
                self._writer.add(self._name(file), io.BytesIO(data[: data.rfind(b"\n") + 1]))

    def _take_store(self, folder: Path) -> None:
        """Rows of vectors or words: as many as there are while nobody appends."""
        with self._locked(folder / "append.lock"):
            sizes = {one: one.stat().st_size for one in sorted(_files(folder), key=_order)}
        for one, size in sizes.items():
            self._progress(self._name(one))
            self._add(self._name(one), one, size)

    def _add(self, name: str, file: Path, most: int | None = None) -> str:
        with _open(file) as content:
            return self._writer.add(name, content, most).sha256

    def _name(self, file: Path) -> str:
        return file.relative_to(self._path).as_posix()

    @contextmanager
    def _locked(self, file: Path) -> Iterator[None]:
        with ExitStack() as stack:
            if not self._read_only and file.parent.is_dir():
                stack.enter_context(file_lock(file))
            yield


def _target(path: Path, file: Path, force: bool) -> Path:
    if file.is_dir():
        file = file / f"{path.stem}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}{SUFFIX}"
    if file.is_relative_to(path):
        raise CannotWrite(f"{file}: inside the workspace; give a file elsewhere, preferably on another disk")
    if file.is_symlink() or (file.exists() and not force):
        raise CannotWrite(f"{file}: already exists; give another name, or use force (--force) to overwrite it")
    if not file.parent.is_dir():
        raise CannotWrite(f"{file.parent}: no such folder; create it first")
    return file


def _parts(manifest: Manifest) -> Iterator[tuple[str, str, str]]:
    for part in manifest.parts:
        for table, sha256 in zip(SCHEMAS, part.sha256 or ("",) * len(SCHEMAS), strict=False):
            yield table, part.name, sha256


def _has_changed(path: Path, writer: ArchiveWriter) -> bool:
    """Return whether the corpus was written again meanwhile, and parts went away because of that."""
    name = f"corpus/{NAME}"
    taken = next((one.size for one in writer.entries if one.name == name), None)
    return taken != (path / name).stat().st_size


def _folders(path: Path) -> list[Path]:
    return sorted(one for one in path.iterdir() if one.is_dir()) if path.is_dir() else []


def _files(path: Path) -> list[Path]:
    found = path.rglob("*") if path.is_dir() else ()
    return sorted(one for one in found if one.is_file() and one.suffix not in _PASSING and not one.name.startswith("."))


def _order(file: Path) -> tuple[int, str]:
    """Keys first: they are written last, so whatever is read after them holds their rows, even without a lock."""
    return _COUNTED_LAST.index(file.name) if file.name in _COUNTED_LAST else -1, file.name


def _open(file: Path) -> IO[bytes]:
    return os.fdopen(os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC), "rb")


def _version() -> str:
    try:
        return version("tracker-workbench")
    except PackageNotFoundError:
        return "unknown"


__all__ = ["Backup", "OnFile", "take"]
