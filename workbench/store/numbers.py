"""What the state stores by the number of a conversation, if that number belongs to another one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import Column, Connection, Engine, bindparam, delete, select, update

from workbench.store.credit_tables import unjudged
from workbench.store.tables import detections

_CHUNK = 500  # values in a statement


def renumber(engine: Engine, moved: Mapping[int, int], dropped: Sequence[int]) -> None:
    """Move what is stored under a number to another one, or remove it, in one transaction.

    Args:
        engine: the state's.
        moved: the new number of each.
        dropped: numbers whose finds are in a text that does not exist.
    """
    with engine.begin() as connection:
        for number in _used(connection, detections.c.number, [*dropped]):
            connection.execute(delete(detections).where(detections.c.number == number))
        for number in _used(connection, unjudged.c.number, [*moved, *dropped]):
            connection.execute(delete(unjudged).where(unjudged.c.number == number))
        to_move = [{"old": number, "new": moved[number]} for number in _used(connection, detections.c.number, [*moved])]
        if to_move:
            change = update(detections).where(detections.c.number == bindparam("old"))
            connection.execute(change.values(number=bindparam("new")), to_move)


def _used(connection: Connection, column: Column[int], numbers: list[int]) -> Iterator[int]:
    for start in range(0, len(numbers), _CHUNK):
        wanted = select(column).where(column.in_(numbers[start : start + _CHUNK])).distinct()
        yield from list(connection.execute(wanted).scalars())
