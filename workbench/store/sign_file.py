"""A process's sign of life in a file next to what it works on, to check whether the work continues."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from workbench.domain import plain_json
from workbench.domain.access import opener
from workbench.domain.errors import WorkspaceDamaged
from workbench.domain.files import plain_bytes
from workbench.store.liveness import Pulse, Sign, is_alive, sign

MAX_SIGN = 10_000  # bytes


class SignFile:
    """The file, which exists while the work continues, or if it was killed."""

    def __init__(self, file: Path):
        self._file = file
        self._pulse: Pulse | None = None

    @property
    def is_alive(self) -> bool:
        """Return whether the process that gave the sign is still working; others don't see the check as work."""
        return is_alive(self._given())

    def begin(self) -> None:
        """Give a sign, and renew it until :meth:`end`."""
        self._pulse = Pulse(self._renew)

    def end(self) -> None:
        """Give no further sign, and take the last one away; does nothing if none was given."""
        if self._pulse is not None:
            self._pulse.stop()
            self._pulse = None
            self._file.unlink(missing_ok=True)

    @contextmanager
    def given(self) -> Iterator[None]:
        """Give signs within the block."""
        self.begin()
        try:
            yield
        finally:
            self.end()

    def _renew(self) -> None:
        temporary = self._file.with_suffix(f".{os.getpid()}")
        temporary.unlink(missing_ok=True)
        with open(temporary, "x", opener=opener) as out:  # not through a link
            out.write(plain_json.dumps(sign()))
        os.replace(temporary, self._file)

    def _given(self) -> Sign | None:
        try:
            process, until = json.loads(plain_bytes(self._file, MAX_SIGN))
            return Sign(str(process), float(until))
        except (OSError, ValueError, TypeError, RecursionError, WorkspaceDamaged):
            return None  # none was given, or by a version that gave none
