"""The files waiting in an importer: uploaded by a page into a folder of their own, downloaded, or used in place."""

from __future__ import annotations

import base64
import binascii
import os
import shutil
import tempfile
import time
import weakref
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from workbench.corpus.file_previews import FilePreview
from workbench.corpus.folders import files_in
from workbench.corpus.formats import JsonMapping, passed_over
from workbench.corpus.formats.opened import MAX_FILE
from workbench.domain.errors import WorkbenchError
from workbench.domain.files import cannot_write
from workbench.domain.paths import absolute

MAX_WAITING_FILES = 1_000
"""The most files that wait at the same time."""

MAX_BYTES = 500_000_000
"""The most bytes of all files uploaded by a page."""

CHUNK = 1_000_000
"""Bytes per message from a page: a server accepts messages up to 10 MB, and base64 takes more."""

_PREFIX = "workbench-import-"
_STALE_S = 24 * 3600.0
_MAX_NAME = 200  # bytes; file systems allow 255
_MAX_FOLDERS_KEPT = 20
_MAX_WALKED = 100_000

_HOW = 'Run ws.ingest("folder") in a cell, which has no such limit.'

__all__ = ["CHUNK", "MAX_BYTES", "MAX_FILE", "MAX_WAITING_FILES", "ImportFile", "ImportFiles"]


@dataclass(slots=True)
class ImportFile:
    """A waiting file.

    Attributes:
        name: for people: its path within what was dropped, or its path on disk.
        held: bytes received out of ``size``.
        is_ours: whether it is in the importer's own folder, and is deleted with it.
        preview: of its content; None before it was read.
        mapping: what its parts contain, if a person has set it.
        sides: of its speakers, if a person has set them.
    """

    id: int
    name: str
    path: Path
    size: int
    held: int
    is_ours: bool
    preview: FilePreview | None = None
    mapping: JsonMapping | None = None
    sides: dict[str, str] = field(default_factory=dict)

    @property
    def has_come(self) -> bool:
        """Return whether all of it was received."""
        return self.held >= self.size


class ImportFiles:
    """The waiting files in order of arrival, within the limits above."""

    def __init__(self) -> None:
        self._files: dict[int, ImportFile] = {}
        self._next = 1
        self._folder: Path | None = None
        self._remove: weakref.finalize[[Path], ImportFiles] | None = None

    @property
    def folder(self) -> Path | None:
        """Return the folder of uploaded files; None until something was uploaded."""
        return self._folder

    def all(self) -> list[ImportFile]:
        """Return them in order."""
        return list(self._files.values())

    def get(self, file_id: int) -> ImportFile:
        """Return one; raises ``WorkbenchError`` if it is gone."""
        found = self._files.get(file_id)
        if found is None:
            raise WorkbenchError("This file is no longer in the list. Add it again.")
        return found

    def offer(self, path: str, size: int) -> ImportFile | None:
        """Reserve space for a file that a page will upload; return None for what a folder import skips.

        Raises:
            WorkbenchError: it is too large, or there are too many; says what to do.
        """
        parts = _parts(path)
        if passed_over(Path(parts[-1])):
            return None
        if size < 0 or size > MAX_FILE:
            raise WorkbenchError(f"Larger than {MAX_FILE // 1_000_000} MB. {_HOW}")
        if sum(one.size for one in self._files.values() if one.is_ours) + size > MAX_BYTES:
            raise WorkbenchError(f"More than {MAX_BYTES // 1_000_000} MB in all. Import these first, or: {_HOW}")
        target = self._place(parts)
        try:
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            target.touch(mode=0o600, exist_ok=False)
        except OSError as error:
            raise cannot_write(error, target) from None
        return self._add("/".join(parts), target, size, 0, is_ours=True)

    def put(self, file_id: int, at: int, data: str) -> int:
        """Write bytes of a file, given in base64, at the end of what was received; return the new end.

        Raises:
            WorkbenchError: they do not follow the previous ones, or exceed the announced size.
        """
        file = self.get(file_id)
        if len(data) > CHUNK * 4 // 3 + 8:
            raise WorkbenchError(f"This page sent more than {CHUNK:,} bytes at once. Reload the page.")
        try:
            content = base64.b64decode(data, validate=True)
        except (binascii.Error, ValueError):
            raise WorkbenchError("This page sent what is not base64. Reload the page.") from None
        if not file.is_ours or at != file.held or at + len(content) > file.size:
            raise WorkbenchError(f"{file.name} came in the wrong order or has changed meanwhile. Add it again.")
        try:
            with file.path.open("ab") as out:
                out.write(content)
        except OSError as error:
            raise cannot_write(error, file.path) from None
        file.held += len(content)
        return file.held

    def add_path(self, place: str) -> int:
        """Add a file, or all files in a folder and its subfolders, in place; return how many were skipped.

        Raises:
            WorkbenchError: it does not exist, or contains too many files.
        """
        path = absolute(place.strip())
        try:
            if path.is_file():
                self._add(str(path), path, path.stat().st_size, path.stat().st_size, is_ours=False)
                return 0
            if not path.is_dir():
                raise WorkbenchError(f"There is no file or folder {path}. Relative paths begin at {os.getcwd()}.")
            found, skipped = _walked(path)
            for one in found:
                size = one.stat().st_size
                self._add(str(one.relative_to(path.parent)), one, size, size, is_ours=False)
        except OSError as error:
            raise WorkbenchError(f"{path} cannot be read: {error.strerror or error}.") from None
        if not found:
            raise WorkbenchError(f"{path} has no files that could be transcripts.")
        return skipped

    def reserve(self, name: str) -> Path:
        """Return a path for a file to download, in the importer's own folder."""
        target = self._place(_parts(name))
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        return target

    def add_fetched(self, path: Path, name: str) -> ImportFile:
        """Add a file that was written to a path from :meth:`reserve`."""
        size = path.stat().st_size
        return self._add(name, path, size, size, is_ours=True)

    def remove(self, file_id: int) -> None:
        """Remove a file; an uploaded one is deleted."""
        file = self._files.pop(file_id, None)
        if file is not None and file.is_ours:
            file.path.unlink(missing_ok=True)

    def clear(self) -> None:
        """Remove all, and delete the folder with uploaded files."""
        self._files.clear()
        if self._remove is not None:
            self._remove()
        self._folder = self._remove = None

    def _add(self, name: str, path: Path, size: int, held: int, *, is_ours: bool) -> ImportFile:
        if not is_ours:
            known = next((one for one in self._files.values() if one.path == path), None)
            if known:
                return known
        if len(self._files) >= MAX_WAITING_FILES:
            path.unlink(missing_ok=True) if is_ours else None
            raise WorkbenchError(f"More than {MAX_WAITING_FILES:,} files. {_HOW}")
        file = ImportFile(self._next, _shown(name), path, size, held, is_ours)
        self._files[file.id] = file
        self._next += 1
        return file

    def _place(self, parts: list[str]) -> Path:
        """Return an unused path with this name: files with equal names are separated, others stay together."""
        root = self._root()
        return next(
            path
            for nth in range(MAX_WAITING_FILES + 1)
            if not os.path.lexists(path := root.joinpath(str(nth), *parts))
            and not any(one.is_file() for one in path.parents if one.is_relative_to(root))
        )

    def _root(self) -> Path:
        if self._folder is None:
            _sweep(Path(tempfile.gettempdir()))
            try:
                self._folder = Path(tempfile.mkdtemp(prefix=_PREFIX))  # for the owner only
            except OSError as error:
                raise cannot_write(error, Path(tempfile.gettempdir())) from None
            self._remove = weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        return self._folder


def sides_by_path(files: list[ImportFile]) -> Mapping[Path, Mapping[str, str]]:
    """Return the sides that a person has set, by file."""
    return {one.path: one.sides for one in files if one.sides}


def _parts(path: str) -> list[str]:
    """Return the parts of a path from a page, none of which leads out of the folder."""
    steps = [_step(one) for one in path.replace("\\", "/").split("/")]
    return [one for one in steps if one][-_MAX_FOLDERS_KEPT:] or ["file"]


def _step(text: str) -> str:
    name = "".join(sign if sign.isprintable() else "\ufffd" for sign in text).strip()
    if name in ("", ".", ".."):
        return ""
    if len(name.encode("utf-8", "replace")) <= _MAX_NAME:
        return name
    stem, dot, suffix = name.rpartition(".")
    end = f".{suffix}" if dot and len(suffix) <= 12 else ""
    cut = (stem if end else name).encode("utf-8", "replace")[: _MAX_NAME - len(end.encode())]
    return cut.decode("utf-8", "ignore") + end


def _shown(name: str) -> str:
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in name)[:4_000]


def _walked(folder: Path) -> tuple[list[Path], int]:
    """Return a folder's files that an import would read, and how many it skips."""
    found: list[Path] = []
    skipped = 0
    for walked, file in enumerate(files_in(folder), start=1):
        if passed_over(file) or not file.is_file():
            skipped += 1
        else:
            found.append(file)
        if len(found) > MAX_WAITING_FILES or walked > _MAX_WALKED:
            raise WorkbenchError(
                f'{folder} has more than {MAX_WAITING_FILES:,} files. Run ws.ingest("{folder}") in a cell.'
            )
    return found, skipped


def _sweep(folder: Path) -> None:
    """Delete what importers of killed kernels have left, a day later."""
    for left in folder.glob(f"{_PREFIX}*"):
        try:
            told = left.lstat()
            mine = not hasattr(os, "getuid") or told.st_uid == os.getuid()
            if mine and not left.is_symlink() and left.is_dir() and time.time() - _newest(left) > _STALE_S:
                shutil.rmtree(left, ignore_errors=True)
        except OSError:
            continue


def _newest(folder: Path) -> float:
    return max((one.lstat().st_mtime for one in [folder, *folder.rglob("*")]), default=0.0)
