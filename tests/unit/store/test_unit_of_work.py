"""Writes of one unit are all kept, in order, or none is."""

from __future__ import annotations

from functools import partial

import pytest
from sqlalchemy import Connection, create_engine, text

from workbench.store.unit_of_work import NOTHING, UnitOfWork


def _write(connection: Connection, word: str) -> None:
    connection.execute(text("INSERT INTO words VALUES (:word)"), {"word": word})


def _fail(_: Connection) -> None:
    raise OSError("The disk is full")


@pytest.fixture
def engine():
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE words (word TEXT)"))
    return engine


def _words(engine) -> list[str]:
    with engine.connect() as connection:
        return list(connection.execute(text("SELECT word FROM words ORDER BY rowid")).scalars())


def test_writes_are_made_in_order_also_those_of_units_within(engine):
    first, second, third = (partial(_write, word=word) for word in ("one", "two", "three"))
    with engine.begin() as connection:
        UnitOfWork(first, None, UnitOfWork(second, NOTHING), third)(connection)
    assert _words(engine) == ["one", "two", "three"]


def test_none_is_kept_where_one_fails(engine):
    with pytest.raises(OSError, match="disk is full"), engine.begin() as connection:
        UnitOfWork(partial(_write, word="one"), _fail)(connection)
    assert _words(engine) == []


def test_nothing_writes_nothing(engine):
    with engine.begin() as connection:
        NOTHING(connection)
        UnitOfWork(None)(connection)
    assert _words(engine) == []
