"""Downloads files to import from a store such as S3, with fsspec, within limits."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from workbench.corpus.formats import passed_over
from workbench.domain.errors import WorkbenchError
from workbench.widgets.import_download import OnFetched
from workbench.widgets.import_files import CHUNK, MAX_BYTES, MAX_FILE, MAX_WAITING_FILES

_CLOUD = ("abfs", "abfss", "adl", "az", "gcs", "gs", "oss", "r2", "s3", "s3a")
_OTHER = ("ftp", "github", "hdfs", "hf", "memory", "sftp", "smb", "ssh", "webdav")
SCHEMES = frozenset((*_CLOUD, *_OTHER))
"""The schemes in fsspec that refer to stores; others read this machine, or wrap another address."""

_MAX_STORED_LISTED = 100_000


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file in a store, and its size; ``name`` is its path from the last folder of the address on."""

    path: str
    name: str
    size: int


def is_stored(address: str) -> bool:
    """Return whether an address refers to a store."""
    return scheme_of(address) in SCHEMES


def scheme_of(address: str) -> str:
    """Return what precedes ``://``, in lower case."""
    return address.strip().partition("://")[0].lower()


def fetch_stored(address: str, place: Callable[[str], Path], go_on: OnFetched) -> tuple[list[tuple[Path, str]], int]:
    """Download a file, or all files in a folder, from a store.

    Args:
        address: such as ``s3://bucket/calls``; credentials are found by fsspec, for example in the environment.
        place: returns a path to write to, by the file's name.
        go_on: see :data:`OnFetched`.

    Returns:
        the path and name of each file, and how many files were skipped because they have no transcript.

    Raises:
        WorkbenchError: the store cannot be read, or exceeds the limits; says why.
    """
    address = address.strip()
    if not is_stored(address) or "::" in address:
        raise WorkbenchError("Give a path, or an address that begins with https://, s3://, gs:// or the like.")
    out: list[tuple[Path, str]] = []
    try:
        system, root = _opened(address)
        files, skipped = _listed(system, root)
        total, held = sum(one.size for one in files), 0
        for one in files:
            target = place(one.name)
            held += _save(system, one, target, partial(_report, go_on, held, total))
            out.append((target, f"{scheme_of(address)}://{one.path.strip('/')}"))
    except BaseException as error:
        for path, _ in out:
            path.unlink(missing_ok=True)
        if isinstance(error, WorkbenchError) or not isinstance(error, Exception):
            raise
        raise WorkbenchError(f"{_shown(address)} cannot be read: {_told(error)}") from None
    return out, skipped


def _opened(address: str) -> tuple[Any, str]:
    from fsspec.core import url_to_fs

    system, root = url_to_fs(address)
    return system, str(root)


def _listed(system: Any, root: str) -> tuple[list[StoredFile], int]:
    """Return the files at or below a path that an import would read, and how many it skips."""
    found: list[StoredFile] = []
    skipped = total = 0
    above = posixpath.dirname(root.rstrip("/"))
    for at, (path, size) in enumerate(_below(system, root)):
        if passed_over(Path(PurePosixPath(path).name)):
            skipped += 1
        else:
            found.append(StoredFile(path, path.removeprefix(above).strip("/"), size))
            total += size
        if len(found) > MAX_WAITING_FILES or at >= _MAX_STORED_LISTED or total > MAX_BYTES:
            most = f"{MAX_WAITING_FILES:,} files, or {MAX_BYTES // 1_000_000} MB"
            raise WorkbenchError(f"This is more than {most}. Give a folder with fewer.")
    if not found:
        raise WorkbenchError("There are no files at this address that could be transcripts.")
    return found, skipped


def _below(system: Any, root: str) -> Iterator[tuple[str, int]]:
    """Yield the path and the size of a file, or of each file below a folder, listing no more than requested."""
    if system.isfile(root):
        yield root, int(system.size(root) or 0)
        return
    for _, _, files in system.walk(root, detail=True):
        for one in sorted(files.values(), key=lambda told: str(told["name"])):
            yield str(one["name"]), int(one.get("size") or 0)


def _save(system: Any, file: StoredFile, target: Path, told: Callable[[int], bool]) -> int:
    held = 0
    try:
        with system.open(file.path, "rb") as source, target.open("xb") as out:
            while content := source.read(CHUNK):
                held += len(content)
                if held > MAX_FILE:
                    raise WorkbenchError(f"{file.name} is larger than {MAX_FILE // 1_000_000} MB. Leave it out.")
                out.write(content)
                if not told(held):
                    raise WorkbenchError("Stopped; nothing was added.")
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return held


def _report(go_on: OnFetched, before: int, total: int, held: int) -> bool:
    return go_on(min(1.0, (before + held) / total) if total else 0.0)


def _shown(address: str) -> str:
    """Return an address without any user name and password in it."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return f"{scheme_of(address)}://…"
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()[:300]


def _told(error: Exception) -> str:
    return " ".join(str(error).split())[:300] or type(error).__name__
