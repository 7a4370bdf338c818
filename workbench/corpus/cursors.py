"""A cursor over files that are read in place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import duckdb
import pyarrow as pa

from workbench.corpus.held_files import HeldFile


class HeldCursor:
    """A DuckDB cursor that keeps the files of its queries open, and says which of them is damaged.

    It has the methods that the corpus needs of a cursor.

    Args:
        held: the files, open as long as the cursor exists.
        damaged: returns the error to raise in place of DuckDB's.
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
        """Run a query; the result is fetched from the return value."""
        self.tried(self._cursor.execute, sql, params)
        return self

    def sql(self, sql: str, *, params: Any = None) -> Asked:
        """Run a query whose result is read as a table or in batches."""
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
        """Return up to ``count`` further rows."""
        return self.tried(self._cursor.fetchmany, count)

    def register(self, name: str, table: pa.Table) -> HeldCursor:
        """Register a table that queries can use under this name."""
        self._cursor.register(name, table)
        return self

    def unregister(self, name: str) -> HeldCursor:
        """Unregister a table."""
        self._cursor.unregister(name)
        return self

    def tried(self, work: Callable[..., Any], *given: Any) -> Any:
        """Do the work, or raise an error that explains why it cannot be done."""
        try:
            return work(*given)
        except duckdb.Error as error:
            found = self._damaged(error)
            if found is error:
                raise
            raise found from None


class Asked:
    """The result of a query; it keeps the cursor, and so the files, open."""

    def __init__(self, cursor: HeldCursor, relation: duckdb.DuckDBPyRelation):
        self._cursor = cursor
        self._relation = relation

    def fetchall(self) -> Any:
        """Return all rows."""
        return self._cursor.tried(self._relation.fetchall)

    def to_arrow_table(self) -> pa.Table:
        """Return the result as a table."""
        return self._cursor.tried(self._relation.to_arrow_table)

    def to_arrow_reader(self, batch: int) -> Iterator[pa.RecordBatch]:
        """Yield the result in batches of up to ``batch`` rows."""
        found = iter(self._cursor.tried(self._relation.to_arrow_reader, batch))
        while (one := self._cursor.tried(next, found, None)) is not None:
            yield one
