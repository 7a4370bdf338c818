"""Files that stay readable for whoever has opened them, even after they are renamed or deleted."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

_DESCRIPTORS = next((Path(one) for one in ("/proc/self/fd", "/dev/fd") if os.path.isdir(one)), None)


class HeldFile:
    """A file that is opened to be read in place any number of times; closed when nothing refers to it any more.

    On systems without names for open files (Windows), its own name is used, and an open file cannot be deleted.

    Raises:
        OSError: it does not exist, or is a link.
    """

    def __init__(self, file: Path):
        self.file = file
        flags = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        self._descriptor = os.open(file, flags)

    @property
    def path(self) -> str:
        """Return the path at which it can be read."""
        return str(self.file if _DESCRIPTORS is None else _DESCRIPTORS / str(self._descriptor))

    def __del__(self) -> None:
        with suppress(AttributeError, OSError):  # it could not be opened
            os.close(self._descriptor)
