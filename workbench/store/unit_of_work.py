"""Writes that belong together: the opener of the transaction executes them in it."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection

Write = Callable[[Connection], None]


class UnitOfWork:
    """Several writes in one transaction, in order: all or nothing. It is a write itself.

    Args:
        writes: the writes; a None, for nothing to write, is skipped.
    """

    def __init__(self, *writes: Write | None) -> None:
        self._writes = tuple(one for one in writes if one is not None)

    def __call__(self, connection: Connection) -> None:
        for write in self._writes:
            write(connection)


NOTHING = UnitOfWork()
