"""Tables of results as files: Parquet for programs, CSV for spreadsheets."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from workbench.domain.access import private_opener
from workbench.domain.errors import InvalidArgument
from workbench.domain.paths import absolute
from workbench.results.csv_export import write_csv


def write_table(frame: pd.DataFrame, path: str | os.PathLike[str], bom: bool = False) -> Path:
    """Write a table to a .parquet or .csv file; return the file. An existing one is overwritten.

    Raises:
        InvalidArgument: ``path`` has another ending.
    """
    file = absolute(path)
    ending = file.suffix.lower()
    if ending == ".csv":
        return write_csv(frame, file, bom)
    if ending != ".parquet":
        raise InvalidArgument(f"path: {file.name!r} must end with .parquet or .csv")
    table = pa.Table.from_pandas(frame, preserve_index=False)
    with open(file, "wb", opener=private_opener) as out:
        pq.write_table(table, out)
    return file
