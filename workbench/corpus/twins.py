"""Finds conversations that say the same under two ids, by a key of what is said, without reading it again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from workbench.corpus.content_hashes import ContentHash
from workbench.corpus.manifest import read_manifest
from workbench.corpus.merging import LEASE
from workbench.domain.errors import WorkbenchError
from workbench.domain.leases import reading

_FOLDER = "conversations"
_NO_KEY = -1  # for conversations that earlier versions imported


class Twins:
    """The keys of a corpus's conversations, 8 bytes each; reads only parts that are new since the last call."""

    def __init__(self, root: Path):
        self._root = root
        self._keys: dict[str, np.ndarray] = {}

    def of(self, keys: Mapping[str, str]) -> dict[str, str]:
        """Return by id the first other conversation of the corpus that says the same.

        ``keys`` are those of conversations by id (:func:`~workbench.corpus.tables.said_key`). A part that cannot be
        read is skipped.
        """
        wanted = {id_: _number(key) for id_, key in keys.items() if key}
        if not wanted:
            return {}
        with reading(self._root / LEASE):
            ids = self._ids(self._first(sorted(set(wanted.values()))))
        return {id_: ids[key] for id_, key in wanted.items() if ids.get(key, id_) != id_}

    def _first(self, keys: Sequence[int]) -> dict[int, tuple[str, int]]:
        """Return the first conversation with each of these keys: its part, and its index there."""
        self._refresh()
        first: dict[int, tuple[str, int]] = {}
        for part, known in self._keys.items():
            for at in np.flatnonzero(np.isin(known, np.array(keys, np.int64))).tolist():
                first.setdefault(int(known[at]), (part, at))
        return first

    def _refresh(self) -> None:
        parts = [part.name for part in read_manifest(self._root).parts]
        found = {}
        for part in parts:
            keys = self._keys.get(part)
            if keys is None:
                with suppress(OSError, pa.ArrowException, WorkbenchError):
                    keys = self._read(part)
            if keys is not None:
                found[part] = keys
        self._keys = found

    def _read(self, part: str) -> np.ndarray:
        column = self._column(part, "content_hash")
        return np.array([_number(ContentHash.of(one or "").said) for one in column.to_pylist()], np.int64)

    def _ids(self, first: Mapping[int, tuple[str, int]]) -> dict[int, str]:
        columns: dict[str, pa.ChunkedArray] = {}
        out = {}
        for key, (part, at) in first.items():
            with suppress(OSError, pa.ArrowException):
                if part not in columns:
                    columns[part] = self._column(part, "id")
                out[key] = columns[part][at].as_py()
        return out

    def _column(self, part: str, name: str) -> pa.ChunkedArray:
        return pq.read_table(self._root / _FOLDER / part, columns=[name], partitioning=None)[name]


def _number(key: str | None) -> int:
    return int(key, 16) >> 1 if key else _NO_KEY
