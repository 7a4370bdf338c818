"""Writes that are made together: whoever opens the transaction makes them in it."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection

Write = Callable[[Connection], None]


class UnitOfWork:
    """Several writes in one transaction, in order: all of them are kept, or none. It is a write itself.

    Args:
        writes: what is to be written; a None, from where there is nothing to write, is passed over.
    """

    def __init__(self, *writes: Write | None) -> None:
        self._writes = tuple(one for one in writes if one is not None)

    def __call__(self, connection: Connection) -> None:
        for write in self._writes:
            write(connection)


NOTHING = UnitOfWork()
