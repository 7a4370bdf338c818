"""The corpus as DuckDB holds it: loaded again when the manifest changes, without what no reader could read."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa

from workbench.corpus.appending import KnownConversations
from workbench.corpus.fields import field_rows
from workbench.corpus.formats import bounds
from workbench.corpus.kept_names import TEAMS, clean_up
from workbench.corpus.manifest import Manifest, ManifestPart, part_paths, read_manifest, unreadable
from workbench.corpus.repeats import hide_repeats
from workbench.corpus.schema import SCHEMAS
from workbench.corpus.spelling import COLUMNS, spelling_rows
from workbench.corpus.word_parts import WordTable

_KNOWN = "SELECT id, content_hash, media FROM conversations WHERE id IN (SELECT unnest(?::VARCHAR[])) ORDER BY number"
_FRESH = "SELECT id, content_hash, media FROM read_parquet(?)"
# Earlier versions kept dates and amounts that pandas, or a sum, cannot hold; what stands in Parquet stays as it is.
_READABLE = {
    "conversations": f"""* REPLACE (
        CASE WHEN epoch_us(started) >= epoch_us(TIMESTAMP '{bounds.FIRST_YEAR}-01-01')
            AND epoch_us(started) < epoch_us(TIMESTAMP '{bounds.LAST_YEAR + 1}-01-01') THEN started END AS started,
        CASE WHEN duration_s BETWEEN 0 AND {bounds.MAX_SECONDS} THEN duration_s END AS duration_s,
        CASE WHEN abs(deal_amount) <= {bounds.MAX_AMOUNT} THEN deal_amount END AS deal_amount), {TEAMS} AS teams""",
    "sentences": f"""* REPLACE (
        CASE WHEN start_s BETWEEN 0 AND {bounds.MAX_SECONDS} THEN start_s END AS start_s,
        CASE WHEN isfinite(position) THEN position ELSE 0 END AS position,
        CASE WHEN isfinite(position_s) THEN position_s END AS position_s,
        CASE WHEN isfinite(seconds_left) THEN seconds_left END AS seconds_left)""",
}


class Database:
    """The tables of a corpus: conversations, sentences, fields, spelling, repeats, and words once they are asked for.

    Safe to use from threads.

    Attributes:
        kept: small tables that many questions need; forgotten when the corpus changes.
    """

    def __init__(self, root: Path, read_only: bool = False):
        self._root = root
        self._words = WordTable(root, read_only)
        self._db = duckdb.connect()
        self._lock = threading.Lock()
        self._loaded: Manifest | None = None
        self._fresh: dict[str, dict[str, KnownConversations]] = {}  # by part, of those that came after what is loaded
        self.kept: dict[str, pd.DataFrame] = {}

    def close(self) -> None:
        """Release the memory that holds the tables; they are loaded again when they are asked for."""
        with self._lock:
            self._db.close()
            self._loaded, self._fresh, self.kept = None, {}, {}
            self._words.forget()

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """Give a cursor over what is committed now.

        Raises:
            WorkspaceDamaged: a part is missing or cannot be read.
        """
        with self._lock:
            self._refresh(read_manifest(self._root))
            return self._db.cursor()

    def worded(self) -> duckdb.DuckDBPyConnection:
        """Give a cursor as :meth:`cursor` does, with the table ``words``; raises ``WorkspaceDamaged`` as it does."""
        with self._lock:
            manifest = self._refresh(read_manifest(self._root))
            self._words.load(self._db, manifest)
            return self._db.cursor()

    def known(self, ids: Sequence[str]) -> dict[str, KnownConversations]:
        """Say what is committed of these ids; reads what is new on disk, without loading it.

        Raises:
            WorkspaceDamaged: a part is missing or cannot be read.
        """
        with self._lock:
            manifest = read_manifest(self._root)
            loaded = self._loaded
            if loaded is None or manifest.parts[: len(loaded.parts)] != loaded.parts or self._is_broken():
                loaded = self._refresh(manifest)
            try:
                for part in manifest.parts[len(loaded.parts) :]:
                    if part.name not in self._fresh:
                        self._fresh[part.name] = self._read(part)
            except duckdb.Error as error:
                raise unreadable(self._root, manifest, error) from None
            rows = self._db.execute(_KNOWN, [list(ids)]).fetchall()
            out = {id_: KnownConversations(content_hash, media) for id_, content_hash, media in reversed(rows)}
            for fresh in self._fresh.values():
                out = {id_: fresh[id_] for id_ in ids if id_ in fresh} | out
            return out

    def _read(self, part: ManifestPart) -> dict[str, KnownConversations]:
        rows = self._db.execute(_FRESH, [part_paths(self._root, "conversations", [part])]).fetchall()
        return {id_: KnownConversations(content_hash, media) for id_, content_hash, media in rows}

    def _refresh(self, manifest: Manifest) -> Manifest:
        if self._is_broken():
            self._db, self._loaded = duckdb.connect(), None
            self._words.forget()
        if manifest != self._loaded:
            self._load(manifest)
            self._loaded, self._fresh = manifest, {}
        return manifest

    def _is_broken(self) -> bool:
        """After an internal error DuckDB answers nothing more; what it held is on disk, so a new one goes on."""
        try:
            self._db.execute("SELECT 1")
        except duckdb.Error:
            return True
        return False

    def _load(self, manifest: Manifest) -> None:
        self.kept = {}
        self._db.execute("SET threads = 1")  # each thread that loads keeps buffers of its own: 30 MB and more
        try:
            self._load_tables(manifest)
            self._check_counts(manifest)
            hide_repeats(self._db)
            clean_up(self._db, part_paths(self._root, "turns", manifest.parts))
            self._load_fields()
        except duckdb.Error as error:
            raise unreadable(self._root, manifest, error) from None
        finally:
            self._db.execute("RESET threads")

    def _check_counts(self, manifest: Manifest) -> None:
        sql = "SELECT (SELECT count(*) FROM conversations), (SELECT count(*) FROM sentences)"
        found = self._db.execute(sql).fetchone()
        if found != (manifest.conversations, manifest.sentences):
            raise unreadable(self._root, manifest, ValueError("other counts than in the manifest"))

    def _load_tables(self, manifest: Manifest) -> None:
        for name, columns in _READABLE.items():  # turns are read from Parquet when a whole conversation is asked for
            if manifest.parts:
                self._db.execute(
                    f"CREATE OR REPLACE TABLE {name} AS SELECT {columns} FROM read_parquet(?)",
                    [part_paths(self._root, name, manifest.parts)],
                )
            else:
                self._db.register("empty", SCHEMAS[name].empty_table())
                self._db.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT {columns} FROM empty")
                self._db.unregister("empty")

    def _load_fields(self) -> None:
        rows = self._db.execute("SELECT number, fields FROM conversations").fetchall()
        self._keep("fields", field_rows(rows))
        people = self._db.execute(f"SELECT {COLUMNS} FROM conversations").fetchall()
        self._keep("spelling", spelling_rows(people))

    def _keep(self, name: str, rows: pa.Table) -> None:
        self._db.register("found", rows)
        self._db.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM found")
        self._db.unregister("found")
