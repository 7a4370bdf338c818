"""The corpus in DuckDB: loads what is new, and leaves out what no reader could use."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import cast

import duckdb
import pandas as pd
import pyarrow as pa

from workbench.corpus.appending import KnownConversations
from workbench.corpus.cursors import HeldCursor
from workbench.corpus.damages import damages, unreadable
from workbench.corpus.fields import field_rows
from workbench.corpus.formats import bounds
from workbench.corpus.held_files import HeldFile
from workbench.corpus.kept_names import TEAMS, clean_up
from workbench.corpus.manifest import Manifest, ManifestPart, NewParts, part_paths, read_manifest
from workbench.corpus.merging import LEASE
from workbench.corpus.placing import PlacedPart, are_within, names_of, placed_parts, reading_of
from workbench.corpus.repeats import begin_repeats, hide_repeats
from workbench.corpus.schema import SCHEMAS
from workbench.corpus.spelling import COLUMNS, spelling_rows
from workbench.corpus.word_parts import WordTable
from workbench.domain.errors import WorkspaceDamaged
from workbench.domain.leases import reading

_KNOWN = "SELECT id, content_hash, media FROM {} WHERE id IN (SELECT unnest(?::VARCHAR[])) ORDER BY number"
# Earlier versions stored dates and amounts that pandas, or a sum, cannot represent; the Parquet files stay as they are.
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


_NAMED = ("fields", "spelling")
_TABLES = ("conversations", "loaded", "repeats", *_NAMED)
_LOADED = {"conversations": "conversations", "sentences": "loaded"}
_VIEW = "CREATE OR REPLACE VIEW sentences AS SELECT * FROM loaded"
_UNHIDDEN = " WHERE number NOT IN (SELECT number FROM repeats)"
AT_ONCE = 5_000  # conversations whose fields and names are made together: in Python they take ten times the memory
MIN_GROUP = 20_000  # conversations and sentences that are loaded and compressed together
MIN_NEW_ROWS = 20_000  # added since the tables were last compacted


class Database:
    """The tables of a corpus: conversations, sentences, repeats; fields, spelling and words once they are needed.

    Sentences are a view over the table ``loaded`` and the large parts that are read in place.

    Thread-safe.

    Attributes:
        kept: small tables that many queries need; dropped when the corpus changes.
    """

    def __init__(self, root: Path, read_only: bool = False):
        self._root, self._read_only = root, read_only
        self._words = WordTable(root, read_only)
        self._connected: duckdb.DuckDBPyConnection | None = None
        self._lock = threading.Lock()
        self._loaded: Manifest | None = None
        self._placed: tuple[PlacedPart, ...] = ()
        self._is_new = True  # nothing was loaded yet, so nobody queries it
        self._is_named = False  # whether fields and spelling are kept up to date
        self._added = self._compact = 0  # rows loaded since the tables were last compacted, and before
        self._dropped = 0  # rows that were loaded, and dropped because something had changed
        self._answered: tuple[Manifest, tuple[str, ...], dict[str, KnownConversations]] | None = None
        self.kept: dict[str, pd.DataFrame] = {}

    def close(self) -> None:
        """Release the tables' memory; they are loaded again when needed."""
        with self._lock:
            if self._connected is not None:
                self._connected.close()
            self._answered, self.kept = None, {}
            self._begin_anew()

    @property
    def _db(self) -> duckdb.DuckDBPyConnection:
        """Return DuckDB, started when first needed: that takes longer than everything else when opening a corpus."""
        if self._connected is None:
            self._connected = _connection()
        return self._connected

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """Return a cursor over what is committed now.

        Raises:
            WorkspaceDamaged: a part is missing or cannot be read.
        """
        with self._lock, reading(self._root / LEASE):
            self._refresh(read_manifest(self._root))
            return self._cursor()

    def worded(self) -> duckdb.DuckDBPyConnection:
        """Return a cursor as :meth:`cursor` does, with the table ``words``; raises ``WorkspaceDamaged`` likewise."""
        with self._lock, reading(self._root / LEASE):
            manifest = self._refresh(read_manifest(self._root))
            self._words.load(self._db, manifest, self._placed)
            return self._cursor(self._words.held)

    def named(self) -> None:
        """Keep the tables ``fields`` and ``spelling`` from now on: making them takes longer than all others.

        Raises:
            WorkspaceDamaged: a part is missing or cannot be read.
        """
        with self._lock, reading(self._root / LEASE):
            manifest = self._refresh(read_manifest(self._root))
            if self._is_named:
                return
            for table in _NAMED:  # from an earlier attempt
                self._db.execute(f"DELETE FROM {table}")
            for start in range(0, manifest.next_number, AT_ONCE):
                self._added += self._name(start, start + AT_ONCE)
                self._make_compact()
            self._is_named = True

    def let_go(self) -> None:
        """Close the files that no longer belong to the corpus, so that deleting them frees the disk.

        Files that a running query reads stay open until it ends.

        Raises:
            WorkspaceDamaged: a part is missing or cannot be read.
        """
        with self._lock, reading(self._root / LEASE):
            if self._loaded is not None:
                self._refresh(read_manifest(self._root))
                self._words.let_go(names_of(self._placed))

    def _cursor(self, words: Sequence[HeldFile] = ()) -> duckdb.DuckDBPyConnection:
        held = (*(one.sentences for one in self._placed), *words)
        if not held:
            return self._db.cursor()
        return cast(duckdb.DuckDBPyConnection, HeldCursor(self._db.cursor(), held, self._damaged))

    def _damaged(self, error: duckdb.Error) -> Exception:
        """Return the error to raise if a file that is read in place could not be read."""
        with reading(self._root / LEASE):
            manifest = read_manifest(self._root)
            found = next(iter(damages(self._root, manifest)), None)
        if found is not None:
            return WorkspaceDamaged(f"{found[0]}: {found[1]}")
        return self._words.distrusted() or error

    def known(self, ids: Sequence[str]) -> dict[str, KnownConversations]:
        """Return what is committed about these ids; loads nothing if nothing is loaded yet.

        Raises:
            WorkspaceDamaged: a part is missing or cannot be read.
        """
        with self._lock, reading(self._root / LEASE):
            manifest = read_manifest(self._root)
            if self._answered is None or self._answered[:2] != (manifest, tuple(ids)):
                rows = self._known_rows(manifest, ids)
                found = {id_: KnownConversations(content_hash, media) for id_, content_hash, media in reversed(rows)}
                self._answered = manifest, tuple(ids), found
            return self._answered[2]

    def _known_rows(self, manifest: Manifest, ids: Sequence[str]) -> list[tuple[str, str, str | None]]:
        if not manifest.parts:
            return []
        if self._loaded is not None:
            self._refresh(manifest)
            return self._db.execute(_KNOWN.format("conversations"), [list(ids)]).fetchall()
        if self._is_broken():
            self._begin_anew()
        values = [part_paths(self._root, "conversations", manifest.parts), list(ids)]
        try:
            return self._db.execute(_KNOWN.format("read_parquet(?)"), values).fetchall()
        except duckdb.Error as error:
            raise unreadable(self._root, manifest, error) from None

    def _refresh(self, manifest: Manifest) -> Manifest:
        if self._is_broken():
            self._begin_anew()
        if manifest != self._loaded:
            self._load(manifest)
            self._loaded = manifest
            self._make_compact()
        return manifest

    def _begin_anew(self) -> None:
        self._connected, self._loaded, self._placed, self._is_new, self._is_named = None, None, (), True, False
        self._words.forget()

    def _is_broken(self) -> bool:
        """Return whether DuckDB has failed: after an internal error it answers no more, and is restarted from disk."""
        try:
            self._db.execute("SELECT 1")
        except duckdb.Error:
            return True
        return False

    def _load(self, manifest: Manifest) -> None:
        """Load what is new; after a change, everything from there on."""
        new = None if self._loaded is None else manifest.since(self._loaded)
        if new is None or new.parts:  # else parts were merged
            self.kept = {}
        self._db.execute("SET threads = 1")  # each loading thread keeps buffers of 30 MB and more
        try:
            placed = placed_parts(self._db, self._root, manifest, self._placed, self._read_only)
            if self._is_new:
                self._load_first(manifest, names_of(placed))
                new, self._is_new = NewParts((), manifest.next_number, manifest.next_row), False
            self._db.begin()
            try:
                if new is None or not are_within(self._placed, placed):
                    new = self._cut(manifest)
                    self._loaded = None  # until everything is there
                if new.parts:
                    self._add(*new, names_of(placed))
                self._place(placed)
                self._db.commit()
            except BaseException:
                self._db.rollback()
                raise
        except duckdb.Error as error:
            raise unreadable(self._root, manifest, error) from None
        finally:
            self._db.execute("RESET threads")
        self._placed = placed

    def _load_first(self, manifest: Manifest, placed: Collection[str]) -> None:
        """Load into new tables, which nobody queries yet: one group of parts at a time, compressing each."""
        self._make_tables()
        for group in _groups(manifest.parts, placed):
            self._db.begin()
            try:
                self._add(group, group[0].numbers[0], group[0].rows[0], placed)
                self._db.commit()
            except BaseException:
                self._db.rollback()
                raise
            self._make_compact()

    def _make_compact(self) -> None:
        """Compress the tables once enough was added: that takes a fifth of the memory, or less."""
        if self._added < max(MIN_NEW_ROWS, self._compact // 4):
            return
        pa.default_memory_pool().release_unused()
        with suppress(duckdb.TransactionException):  # a query is running: do it another time
            self._db.execute("CHECKPOINT")
            self._added, self._compact = 0, self._added + self._compact

    def _place(self, placed: Sequence[PlacedPart]) -> None:
        """Read what these parts contain in place; what was loaded of it before they were large is dropped."""
        new = names_of(placed) - names_of(self._placed)
        for one in placed:
            if one.part.name in new:
                self._db.execute("DELETE FROM loaded WHERE number >= ? AND number < ?", list(one.part.numbers))
        sql = _VIEW
        if placed:
            files = reading_of(one.sentences for one in placed)
            sql += f" UNION ALL SELECT {_READABLE['sentences']} FROM {files}"
            if self._db.execute("SELECT 1 FROM repeats LIMIT 1").fetchone():
                sql += _UNHIDDEN
        self._db.execute(sql)

    def _cut(self, manifest: Manifest) -> NewParts:
        """Drop what was loaded from the first change on, and return what is to be loaded in its place."""
        if self._loaded is not None:
            new = manifest.after(self._loaded)
            self._dropped += self._loaded.next_row - new.row
            if new.number and self._dropped <= manifest.next_row:  # else too much of the memory is used by dropped rows
                for table in _TABLES:
                    self._db.execute(f"DELETE FROM {table} WHERE number >= ?", [new.number])
                return new
        self._make_tables()
        self._dropped = self._added = self._compact = 0
        return NewParts(manifest.parts, 0, 0)

    def _make_tables(self) -> None:
        for name, columns in _READABLE.items():
            self._db.register("empty", SCHEMAS[name].empty_table())
            self._db.execute(f"CREATE OR REPLACE TABLE {_LOADED[name]} AS SELECT {columns} FROM empty")
            self._db.unregister("empty")
        for name, rows in (("fields", field_rows([])), ("spelling", spelling_rows([]))):
            self._db.register("empty", rows)
            self._db.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM empty")
            self._db.unregister("empty")
        begin_repeats(self._db)

    def _add(self, parts: Sequence[ManifestPart], first: int, row: int, placed: Collection[str]) -> None:
        small = [part for part in parts if part.name not in placed]
        found = [self._insert("conversations", parts, first), self._insert("sentences", small, first)]
        wanted = [sum(part.conversations for part in parts), sum(part.sentences for part in small)]
        if parts[0].rows[0] >= row and found != wanted:
            raise duckdb.Error("other counts than in the manifest")
        self._added += sum(found)
        hide_repeats(self._db, first)
        clean_up(self._db, part_paths(self._root, "turns", parts), first)
        for start in range(first, parts[-1].numbers[1] if self._is_named else first, AT_ONCE):
            self._name(start, start + AT_ONCE)

    def _name(self, first: int, end: int) -> int:
        """Make the rows of ``fields`` and ``spelling`` for the conversations with these numbers; return how many."""
        sql = "SELECT {} FROM conversations WHERE number >= ? AND number < ?"
        fields = field_rows(self._db.execute(sql.format("number, fields"), [first, end]).fetchall())
        spelling = spelling_rows(self._db.execute(sql.format(COLUMNS), [first, end]).fetchall())
        self._append("fields", fields)
        self._append("spelling", spelling)
        return len(fields) + len(spelling)

    def _insert(self, name: str, parts: Sequence[ManifestPart], first: int) -> int:
        if not parts:
            return 0
        paths = part_paths(self._root, name, parts)  # turns are read from Parquet when a conversation is requested
        sql = f"INSERT INTO {_LOADED[name]} SELECT {_READABLE[name]} FROM read_parquet(?) WHERE number >= ?"
        return int((self._db.execute(sql, [paths, first]).fetchone() or (0,))[0])

    def _append(self, name: str, rows: pa.Table) -> None:
        self._db.register("found", rows)
        self._db.execute(f"INSERT INTO {name} SELECT * FROM found")
        self._db.unregister("found")


def _groups(parts: Sequence[ManifestPart], placed: Collection[str]) -> Iterator[list[ManifestPart]]:
    """Yield neighbours with enough rows to compress together; for those read in place no sentences are loaded."""
    group: list[ManifestPart] = []
    rows = 0
    for part in parts:
        group.append(part)
        rows += part.conversations + (0 if part.name in placed else part.sentences)
        if rows >= MIN_GROUP:
            yield group
            group, rows = [], 0
    if group:
        yield group


def _connection() -> duckdb.DuckDBPyConnection:
    """Return a database in memory, which returns memory that it no longer needs to the system."""
    db = duckdb.connect()
    db.execute("SET allocator_background_threads = true")
    return db
