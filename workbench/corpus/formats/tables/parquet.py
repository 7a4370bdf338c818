"""Parquet, read with pyarrow: one row per turn, or one row per call with a nested list of turns."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pyarrow as pa
import pyarrow.parquet as pq

from workbench.corpus.formats.base import FormatProblem
from workbench.corpus.formats.draft import Draft
from workbench.corpus.formats.opened import Opened, UnreadableFile
from workbench.corpus.formats.tables.calls import conversations_in
from workbench.corpus.formats.tables.choosing import MAX_TABLE_ROWS, Table, TableRow
from workbench.domain.plurals import plural

_MAX_BYTES = 1_000_000_000  # of all columns, unpacked
_MAX_PARQUET_CELLS = 20_000_000


class Parquet:
    """Read Parquet files."""

    name = "Parquet"

    def recognises(self, file: Opened) -> bool:
        """Return whether the first bytes are Parquet's."""
        return file.head.startswith(b"PAR1")

    def read(self, file: Opened) -> Iterator[Draft | FormatProblem]:
        """Yield the conversations in the table, or the reason why there are none."""
        table = table_of(file.data)
        if not table.num_rows:
            yield FormatProblem(None, "has no rows; export the table again")
            return
        columns = [table.column(place).to_pylist() for place in range(table.num_columns)]
        rows = [TableRow(cells, number) for number, cells in enumerate(zip(*columns, strict=True), 1)]
        yield from conversations_in(Table(table.column_names, rows))


def table_of(data: bytes) -> pa.Table:
    """Read the table.

    Raises:
        UnreadableFile: it is damaged, or unpacks to too much.
    """
    try:
        file = pq.ParquetFile(io.BytesIO(data))
        told = file.metadata
        size = sum(told.row_group(group).total_byte_size for group in range(told.num_row_groups))
        if told.num_rows > MAX_TABLE_ROWS or told.num_rows * told.num_columns > _MAX_PARQUET_CELLS or size > _MAX_BYTES:
            rows = plural(told.num_rows, "row")
            raise UnreadableFile(f"has {rows} of {size / 1e6:,.0f} MB; split it by conversations")
        return file.read()
    except (pa.ArrowException, OSError, ValueError, MemoryError) as error:
        if isinstance(error, UnreadableFile):
            raise
        reason = str(error).split("\n")[0][:200]
        raise UnreadableFile(f"is a damaged Parquet file ({reason}); write it again") from None
