"""A few rows of a large table of vectors, read in place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.domain.arrays import Vectors

AT_ONCE = 65_536


class TableRows:
    """Rows of a table, as a table of their own; only requested ones are copied.

    Args:
        table: vectors ``[n, dimension]``, mapped from a file if large.
        rows: ascending, so that the file is read in order.
    """

    def __init__(self, table: Any, rows: NDArray[np.integer]):
        self._table = table
        self._rows = rows
        self.shape = (len(rows), table.shape[1])

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, at: Any) -> Vectors:
        return np.asarray(self._table[self._rows[at]])

    def __matmul__(self, columns: Vectors) -> Vectors:
        out = np.empty((len(self), columns.shape[1]), dtype=np.float32)
        for place in self._steps():
            np.matmul(self[place], columns, out=out[place])
        return out

    def _steps(self) -> Iterator[slice]:
        return (slice(start, min(start + AT_ONCE, len(self))) for start in range(0, len(self), AT_ONCE))
