"""Files that stay readable to those who have opened them, whatever becomes of their names."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

_DESCRIPTORS = next((Path(one) for one in ("/proc/self/fd", "/dev/fd") if os.path.isdir(one)), None)


class HeldFile:
    """A file that was opened to be read in place, as often as wanted; let go when nobody refers to it any more.

    Where a system gives no name to what is open (Windows), its own name stands, and an open file cannot be taken away.

    Raises:
        OSError: it is not there, or is a link.
    """

    def __init__(self, file: Path):
        self.file = file
        flags = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        self._descriptor = os.open(file, flags)

    @property
    def path(self) -> str:
        """Where it can be read."""
        return str(self.file if _DESCRIPTORS is None else _DESCRIPTORS / str(self._descriptor))

    def __del__(self) -> None:
        with suppress(AttributeError, OSError):  # it could not be opened
            os.close(self._descriptor)
