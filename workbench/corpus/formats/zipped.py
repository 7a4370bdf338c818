"""Zip archives: their files are read like those of a folder, in memory; nothing is unpacked to disk."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath

from workbench.corpus.formats.archives import check_archive, part_of
from workbench.corpus.formats.base import FormatProblem, FoundConversation
from workbench.corpus.formats.draft import Draft
from workbench.corpus.formats.lines import MAX_RATIO, MIN_CHECKED
from workbench.corpus.formats.opened import MAX_FILE, Opened, UnreadableFile
from workbench.corpus.formats.reasons import shown
from workbench.corpus.formats.recognition import passed_over
from workbench.domain.plurals import plural

MAX_UNPACKED = 1_000_000_000
"""The most bytes of all files in an archive, unpacked."""

_MAX_ZIP_PROBLEMS = 1_000
_MAGIC = b"PK\x03\x04"
_EMPTY = b"PK\x05\x06"
_NOT_FOUND = "does not contain a known transcript; unpack it, and import the files one by one"

ReadFiles = Callable[[list[tuple[str, Callable[[], Opened]]]], Iterator[tuple[str, FoundConversation | FormatProblem]]]
"""Reads files by their names and functions that open them; yields each result with its file's name."""


class Zip:
    """Read the files in a zip archive."""

    name = "zip archive"

    def __init__(self, read_files: ReadFiles):
        self._read_files = read_files

    def recognises(self, file: Opened) -> bool:
        """Return whether a file is an archive."""
        return file.head.startswith((_MAGIC, _EMPTY))

    def read(self, file: Opened) -> Iterator[Draft | FoundConversation | FormatProblem]:
        """Yield the conversations of all files in the archive; reports that an archive within it isn't read."""
        data = file.data
        check_archive(data, MAX_UNPACKED)
        _check_ratio(data)
        parts = _parts(data)
        nested = [name for name in parts if name.lower().endswith(".zip")]
        for name in nested:
            yield FormatProblem(None, f"{_label(name)} is an archive within an archive; unpack it first")
        files = [(name, _opens(data, name)) for name in parts if name not in nested]
        found = bool(nested)
        problems = 0
        for name, one in self._read_files(files):
            found = True
            if isinstance(one, FormatProblem):
                problems += 1
                if problems > _MAX_ZIP_PROBLEMS:
                    continue
                line = f", line {one.line}" if one.line else ""
                yield FormatProblem(None, f"{_label(name)}{line}: {one.reason}")
            else:
                yield one
        if problems > _MAX_ZIP_PROBLEMS:
            yield FormatProblem(
                None, f"{plural(problems - _MAX_ZIP_PROBLEMS, 'more problem is', 'more problems are')} not listed"
            )
        if not found:
            yield FormatProblem(None, _NOT_FOUND)


def _parts(data: bytes) -> list[str]:
    """Return the files' names in order, each once, without hidden ones, folders, and files skipped in folders."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = [one for one in archive.infolist() if not one.is_dir() and one.file_size <= MAX_FILE]
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        raise UnreadableFile("is a damaged archive; save it again") from None
    names = dict.fromkeys(one.filename for one in infos)
    return sorted(name for name in names if not _hidden(name) and not passed_over(_last(name)))


def _check_ratio(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        size = sum(one.file_size for one in archive.infolist())
    if size > MIN_CHECKED and size > MAX_RATIO * len(data):
        raise UnreadableFile(f"unpacks to more than {MAX_RATIO} times its size; unpack it, and import the files")


def _hidden(name: str) -> bool:
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return any(part.startswith(".") or part == "__MACOSX" for part in parts if part not in (".", ".."))


def _opens(data: bytes, name: str) -> Callable[[], Opened]:
    """Return a function that opens a part; uses only the last part of its name, against path traversal."""
    folder = PurePosixPath(name.replace("\\", "/")).parent.name
    return lambda: Opened(_last(name), part_of(data, name, MAX_FILE), folder=folder)


def _last(name: str) -> Path:
    return Path(PurePosixPath(name.replace("\\", "/")).name or "file")


def _label(name: str) -> str:
    return shown(name).strip("'\"")
