"""A small table that a person gives as a file, such as a list of colleagues: CSV from any spreadsheet."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from workbench.corpus.formats.opened import Opened, UnreadableFile
from workbench.corpus.table_text import rows_of_table, text_of_table
from workbench.domain.errors import InvalidArgument
from workbench.domain.plurals import plural

MAX_BYTES = 20_000_000


def read_table(file: Path) -> pd.DataFrame:
    """Return the table as text, one row per non-empty row; cells that are empty or missing are None.

    Separators and encodings are those of :mod:`workbench.corpus.table_text`.

    Raises:
        FileNotFoundError: there is no such file.
        InvalidArgument: it isn't a table, or is too large; names the file and, if possible, the line.
    """
    try:
        data = Opened(file).data
    except (UnreadableFile, IsADirectoryError, PermissionError) as error:
        raise _not_a_table(file, str(error)) from None
    if len(data) > MAX_BYTES:
        raise InvalidArgument(f"{file.name}: larger than {MAX_BYTES // 1_000_000} MB")
    text = text_of_table(data)
    if "\0" in text:
        raise _not_a_table(file, "binary data")
    try:
        return _frame(text)
    except InvalidArgument as error:
        raise _not_a_table(file, str(error)) from None


def _frame(text: str) -> pd.DataFrame:
    rows = rows_of_table(text)
    header = next(rows, None)
    if header is None:
        raise InvalidArgument("empty")
    names = [one.strip() for one in header.cells]
    table = []
    for line, cells in rows:
        if any(one.strip() for one in cells[len(names) :]):
            raise InvalidArgument(f"line {line}: {plural(len(cells), 'cell')}, but the header has {len(names)}")
        table.append([one or None for one in cells[: len(names)]] + [None] * (len(names) - len(cells)))
    return pd.DataFrame(table, columns=names, dtype=object)


def _not_a_table(file: Path, reason: str) -> InvalidArgument:
    return InvalidArgument(f"{file.name}: not a table: {reason}. Save it as CSV with a header.")
