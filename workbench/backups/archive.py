"""The file of a backup: a ZIP archive whose entries are stored as they are, with a list of their hashes.

Nothing is compressed, because vectors and Parquet hardly shrink; so no small file can unpack to a large one.
Files that the list does not name are not allowed, and those it names are compared with it. A reader trusts nothing.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import secrets
import stat
import struct
import time
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from workbench.domain import plain_json
from workbench.domain.errors import InvalidBackup, NewerWorkspace
from workbench.domain.files import settle
from workbench.resources.opening import FOLDERS, STATE_FILE

FORMAT = 1
LIST = "backup.json"
KEPT = frozenset({STATE_FILE, *FOLDERS} - {"backups"})
MAX_FILES = 2_000_000
_MAX_LIST = 512 * 2**20
_PIECE = 2**20
_WORD = re.compile(r"[^/\\\x00-\x1f\x7f:]{1,255}")
# What the reader of ZIP files, and that of JSON, raise for bytes that are neither.
_FOREIGN = (zipfile.BadZipFile, struct.error, LookupError, ValueError, TypeError, AttributeError, ArithmeticError)
_BROKEN = (*_FOREIGN, RuntimeError, EOFError, OSError)
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of the workspace: its path in it, with slashes, its size in bytes and its hash."""

    name: str
    size: int
    sha256: str


class ArchiveWriter:
    """Writes an archive, which gets its name only when it is complete."""

    def __init__(self, file: Path):
        self.file = file
        _sweep(file)
        self._draft = file.with_name(f".{file.name}.{secrets.token_hex(4)}.part")
        handle = os.open(self._draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        self._out = os.fdopen(handle, "w+b")
        fcntl.flock(self._out, fcntl.LOCK_EX)  # so that others know that it is being written
        self._zip = zipfile.ZipFile(self._out, "w", zipfile.ZIP_STORED, allowZip64=True)
        self.entries: list[Entry] = []

    def add(self, name: str, content: IO[bytes], most: int | None = None) -> Entry:
        """Add a stream, or its first ``most`` bytes; return what was written."""
        about = zipfile.ZipInfo(name, time.gmtime()[:6])
        about.external_attr = (stat.S_IFREG | 0o600) << 16
        found, size = hashlib.sha256(), 0
        with self._zip.open(about, "w", force_zip64=True) as out:
            while piece := content.read(_PIECE if most is None else min(_PIECE, most - size)):
                found.update(piece)
                out.write(piece)
                size += len(piece)
        entry = Entry(name, size, found.hexdigest())
        self.entries.append(entry)
        return entry

    def finish(self, about: dict[str, Any]) -> None:
        """Write the list, and give the archive its name."""
        files = [{"name": one.name, "size": one.size, "sha256": one.sha256} for one in self.entries]
        info = zipfile.ZipInfo(LIST, time.gmtime()[:6])
        info.external_attr = (stat.S_IFREG | 0o600) << 16
        self._zip.writestr(info, plain_json.dumps({"format": FORMAT, **about, "files": files}, indent=1))
        self._zip.close()
        self._out.flush()
        settle(self._draft, self.file)
        self._out.close()

    def drop(self) -> None:
        """Leave nothing behind, unless it is finished."""
        self._zip.fp = None  # else it would write its end to a file that is closed
        self._out.close()
        self._draft.unlink(missing_ok=True)


class ArchiveReader:
    """Reads an archive without trusting it.

    Raises:
        InvalidBackup: it is not a backup, or is damaged; says how.
        NewerWorkspace: a newer version of the workbench wrote it.
    """

    def __init__(self, file: Path):
        self.file = file
        try:
            if not file.is_file():
                raise InvalidBackup(f"{file}: {'not a file' if file.exists() else 'no such file'}")
            self._in = file.open("rb")
            self._zip = zipfile.ZipFile(self._in)
            self.about = self._list()
            self.entries = [_entry(one) for one in self.about["files"]]
            self._check()
        except InvalidBackup as error:
            raise InvalidBackup(str(error) if str(file) in str(error) else f"{file}: {error}") from None
        except _BROKEN as error:
            said = str(error) or type(error).__name__
            raise InvalidBackup(f"{file}: not a backup, or damaged ({said}); use another one") from None

    def close(self) -> None:
        """Close the file."""
        self._zip.close()
        self._in.close()

    def content(self, entry: Entry) -> Iterator[bytes]:
        """Yield a file's content in pieces; raises ``InvalidBackup`` at the end if it is not what the list says."""
        found, size = hashlib.sha256(), 0
        try:
            with self._zip.open(entry.name) as stream:
                while size < entry.size and (piece := stream.read(min(_PIECE, entry.size - size))):
                    found.update(piece)
                    size += len(piece)
                    yield piece
        except _BROKEN as error:
            raise InvalidBackup(f"{self.file}: {entry.name} is damaged ({error}); nothing was restored") from None
        if size != entry.size or found.hexdigest() != entry.sha256:
            raise InvalidBackup(f"{self.file}: {entry.name} is damaged: its hash differs; nothing was restored")

    def _list(self) -> dict[str, Any]:
        info = self._zip.getinfo(LIST)
        if info.file_size > _MAX_LIST or info.compress_type != zipfile.ZIP_STORED:
            raise InvalidBackup("its list is too large, or compressed")
        found = plain_json.loads(self._zip.read(info).decode())
        if not isinstance(found, dict) or type(found.get("format")) is not int:
            raise InvalidBackup("its list names no format")
        if found["format"] > FORMAT:
            raise NewerWorkspace(
                f"{self.file}: made by a newer version of the workbench; upgrade the workbench to restore it"
            )
        if not isinstance(found["files"], list) or len(found["files"]) > MAX_FILES:
            raise InvalidBackup("its list of files is missing or too long")
        return found

    def _check(self) -> None:
        infos = self._zip.infolist()
        there = {info.filename: info for info in infos}
        names = [entry.name for entry in self.entries]
        if len(there) != len(infos) or len(set(names)) != len(names):
            raise InvalidBackup("it contains a file twice")
        if set(there) != {*names, LIST}:
            strange = min({*names, LIST} ^ set(there))
            raise InvalidBackup(f"{strange[:200]!r} is in its list or in the archive, not in both")
        if sum(entry.size for entry in self.entries) > os.fstat(self._in.fileno()).st_size:
            raise InvalidBackup("its files are larger than the archive")
        for entry in self.entries:
            info = there[entry.name]
            kind = stat.S_IFMT(info.external_attr >> 16)
            if kind not in (0, stat.S_IFREG) or info.is_dir():
                raise InvalidBackup(f"{entry.name[:200]!r} is a link or a folder, not a file")
            if info.compress_type != zipfile.ZIP_STORED or info.flag_bits & 1 or info.file_size != entry.size:
                raise InvalidBackup(f"{entry.name[:200]!r} is compressed or encrypted, or has another size")


def _entry(data: Any) -> Entry:
    name, size, sha256 = data["name"], data["size"], data["sha256"]
    if not isinstance(name, str) or not is_kept(name):
        raise InvalidBackup(f"{str(name)[:200]!r} is not the path of a workspace's file")
    if type(size) is not int or not 0 <= size < 2**50:
        raise InvalidBackup(f"{name[:200]!r} has no size")
    if not isinstance(sha256, str) or not _SHA256.fullmatch(sha256):
        raise InvalidBackup(f"{name[:200]!r} has no hash")
    return Entry(name, size, sha256)


def is_kept(name: str) -> bool:
    """Return whether a path, with slashes, is one of a workspace's files: it leads nowhere else."""
    words = name.split("/")
    plain = all(_WORD.fullmatch(word) and word not in (".", "..") and word.strip() == word for word in words)
    return plain and len(words) <= 8 and words[0] in KEPT and (len(words) == 1) == (words[0] == STATE_FILE)


def _sweep(file: Path) -> None:
    """Remove what earlier processes left of this archive when they were killed."""
    for left in file.parent.glob(f".{_escaped(file.name)}.????????.part"):
        with suppress(OSError), left.open("rb") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)  # fails where someone still writes it
            left.unlink()


def _escaped(name: str) -> str:
    return re.sub(r"([*?[])", r"[\1]", name)
