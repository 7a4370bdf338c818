"""Files that a writer may take away, and those who read them: nothing goes while someone holds a lease."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from workbench.domain.access import make_file

try:
    import fcntl
except ImportError:
    fcntl = None  # type: ignore[assignment]  # on Windows, where an open file cannot be taken away


@contextmanager
def reading(lease: Path) -> Iterator[None]:
    """Keep the files that ``lease`` stands for in place during the block; any number of readers may hold it.

    The operating system releases the lease of a process that ends. Where its file is missing, nobody has taken files
    away yet, and whoever makes it leaves them to the next one.
    """
    handle = _opened(lease)
    if handle is None or fcntl is None:
        yield
        return
    try:
        with suppress(OSError):  # a file system without locks, where nobody takes files away
            fcntl.flock(handle, fcntl.LOCK_SH)
        yield
    finally:
        os.close(handle)


@contextmanager
def unread(lease: Path) -> Iterator[bool]:
    """Give whether nobody holds the lease, and who wants it waits until the block ends; at first its file is made."""
    handle = _opened(lease)
    if handle is None or fcntl is None:
        with suppress(OSError):
            make_file(lease)
        yield False
        return
    try:
        yield _is_mine(handle)
    finally:
        os.close(handle)


def _is_mine(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:  # someone reads, or the file system has no locks
        return False
    return True


def _opened(lease: Path) -> int | None:
    try:
        return os.open(lease, os.O_RDONLY | os.O_CLOEXEC | getattr(os, "O_NOFOLLOW", 0))
    except OSError:
        return None
