"""Files read and written with care: no links, nothing half written, and one clear error where the disk fails."""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from workbench.domain.access import PRIVATE, inherit, make_folder, opener, rights_in
from workbench.domain.errors import CannotWrite, ReadOnlyWorkspace, WorkspaceDamaged

READ_ONLY = "the workspace is opened for reading only, so nothing can be changed; make its folder writable, or copy it"

_REASONS = {
    errno.ENOSPC: "the disk is full; free some space and try again",
    errno.EDQUOT: "the quota is used up; free some space and try again",
    errno.EROFS: "the disk can only be read; make it writable, or copy the workspace to one that is",
    errno.EACCES: "no permission to write here; ask for it, or copy the workspace",
    errno.EPERM: "no permission to write here; ask for it, or copy the workspace",
}


def cannot_write(error: OSError, path: Path, kept: str = "") -> CannotWrite:
    """Return what to raise for an error of the system: the file, the reason, the remedy, and what was ``kept``."""
    reason = (
        _REASONS.get(error.errno or 0)
        or f"could not be written ({error.strerror or error}); check the disk and try again"
    )
    name = error.filename if isinstance(error.filename, str) else path
    return CannotWrite(f"{name}: {reason}{f'; {kept}' if kept else ''}")


@contextmanager
def writing_to(path: Path, kept: str = "", read_only: bool = False) -> Iterator[None]:
    """Raise ``CannotWrite`` for what the system says in a block; or ``ReadOnlyWorkspace`` at once."""
    if read_only:
        raise ReadOnlyWorkspace(f"{path}: {READ_ONLY}")
    try:
        yield
    except OSError as error:
        raise cannot_write(error, path, kept) from None


def plain_bytes(file: Path, most: int = 2**62) -> bytes:
    """Return the content of a file that is neither a link nor a device.

    Raises:
        FileNotFoundError: it is not there.
        WorkspaceDamaged: it is something else, has more than ``most`` bytes, or cannot be read.
    """
    with plain_file(file) as content:
        size = os.fstat(content.fileno()).st_size
        if size > most:
            raise WorkspaceDamaged(f"{file}: {size:,} bytes, which is too large for this kind of file")
        return content.read()


@contextmanager
def plain_file(file: Path) -> Iterator[BinaryIO]:
    """Open a file that is neither a link nor a device for reading; raise as ``plain_bytes``, also within the block."""
    try:
        handle = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise WorkspaceDamaged(f"{file}: {_cannot_read(error)}") from None
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise WorkspaceDamaged(f"{file}: not a file; move it away, or restore a backup with `workbench restore`")
    with os.fdopen(handle, "rb") as content:
        try:
            yield content
        except OSError as error:
            raise WorkspaceDamaged(f"{file}: {_cannot_read(error)}") from None


def private_folder(folder: Path) -> None:
    """Make a folder that only its owner can enter, or the group that shares the one above, where there is none."""
    make_folder(folder, rights_in(folder.parent) or PRIVATE)


def write_whole(path: Path, content: bytes) -> None:
    """Write a small file whole or not at all, with the mode that its folder says; of two at once, the later one stays.

    Raises:
        OSError: it cannot be written; what was there before stays.
    """
    half_written = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with open(half_written, "xb", opener=opener) as file:  # not through a link
            file.write(content)
        settle(half_written, path)
    finally:
        with suppress(OSError):
            half_written.unlink(missing_ok=True)


def settle(half_written: Path, path: Path) -> None:
    """Put a file that was just written in the place of another, in one step that a power cut does not undo."""
    inherit(half_written)
    with half_written.open("rb") as file:
        os.fsync(file.fileno())
    os.replace(half_written, path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _cannot_read(error: OSError) -> str:
    if error.errno == errno.ELOOP:
        return "a link; replace it with the file itself, because links are not followed"
    if error.errno in (errno.EACCES, errno.EPERM):
        return "no permission to read it; ask its owner"
    return f"cannot be read ({error.strerror or error})"


def sha256_of(file: Path) -> str:
    """Return the SHA-256 of a file's content in hexadecimal digits; raises ``OSError`` if it cannot be read."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
