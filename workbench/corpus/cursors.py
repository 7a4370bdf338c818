"""A cursor over files that are read in place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import duckdb
import pyarrow as pa

from workbench.corpus.held_files import HeldFile


class HeldCursor:
    """A DuckDB cursor that keeps the files which its questions read open, and says which of them is damaged.

    It takes what the corpus asks of a cursor.

    Args:
        held: the files, open for as long as there is the cursor.
        damaged: gives what to raise in place of an error of DuckDB's.
    """

    def __init__(
        self,
        cursor: duckdb.DuckDBPyConnection,
        held: Sequence[HeldFile],
        damaged: Callable[[duckdb.Error], Exception],
    ):
        self._cursor = cursor
        self._held = held
        self._damaged = damaged

    def execute(self, sql: str, params: Any = None) -> HeldCursor:
        """Ask; the result is fetched from what this returns."""
        self.tried(self._cursor.execute, sql, params)
        return self

    def sql(self, sql: str, *, params: Any = None) -> Asked:
        """Ask, and have the result as a table or in batches."""
        return Asked(self, self.tried(partial(self._cursor.sql, params=params), sql))

    @property
    def description(self) -> Any:
        """The result's columns: a list of tuples that begin with their names."""
        return self._cursor.description

    def fetchone(self) -> Any:
        """Return the next row, None after the last."""
        return self.tried(self._cursor.fetchone)

    def fetchall(self) -> Any:
        """Return all rows that are left."""
        return self.tried(self._cursor.fetchall)

    def fetchmany(self, count: int) -> Any:
        """Return at most so many further rows."""
        return self.tried(self._cursor.fetchmany, count)

    def register(self, name: str, table: pa.Table) -> HeldCursor:
        """Have a table asked about by this name."""
        self._cursor.register(name, table)
        return self

    def unregister(self, name: str) -> HeldCursor:
        """Forget a table."""
        self._cursor.unregister(name)
        return self

    def tried(self, work: Callable[..., Any], *given: Any) -> Any:
        """Return what this work does, or raise what explains why it can't be done."""
        try:
            return work(*given)
        except duckdb.Error as error:
            found = self._damaged(error)
            if found is error:
                raise
            raise found from None


class Asked:
    """The result of a question; it keeps the cursor, and so the files."""

    def __init__(self, cursor: HeldCursor, relation: duckdb.DuckDBPyRelation):
        self._cursor = cursor
        self._relation = relation

    def fetchall(self) -> Any:
        """Return all rows."""
        return self._cursor.tried(self._relation.fetchall)

    def to_arrow_table(self) -> pa.Table:
        """Return it as a table."""
        return self._cursor.tried(self._relation.to_arrow_table)

    def to_arrow_reader(self, batch: int) -> Iterator[pa.RecordBatch]:
        """Yield it in batches of at most so many rows."""
        found = iter(self._cursor.tried(self._relation.to_arrow_reader, batch))
        while (one := self._cursor.tried(next, found, None)) is not None:
            yield one
