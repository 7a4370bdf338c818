"""The words of the sentences in the form for search: made once for each part of the corpus, and stored next to it.

A file can always be recreated: it is if it is missing, damaged or belongs to another part, and if it cannot be written
the words are computed each time. Its folder is named after the rules by which words are found, so that those of other
versions are not mistaken for ours.
"""

from __future__ import annotations

import io
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from workbench.corpus import placing
from workbench.corpus.damages import unreadable
from workbench.corpus.held_files import HeldFile
from workbench.corpus.manifest import Manifest, ManifestPart, NewParts, part_paths
from workbench.corpus.placing import PlacedPart, are_within, reading_of
from workbench.corpus.schema import DERIVED
from workbench.corpus.word_places import AT_ONCE, FOLDER, NO_PLACES, SCHEMA, TooManyWords, keep_places
from workbench.domain.access import make_folder
from workbench.domain.errors import WorkspaceDamaged
from workbench.domain.files import plain_bytes, write_whole
from workbench.domain.words import VERSION, compared

_FOLDER = f"{DERIVED}/{VERSION}"
_SOURCE = b"sentences"  # in a file's metadata: what it was made from
_TABLE = pa.schema([("row", pa.int64()), ("plain", pa.string()), ("signed", pa.string())])
_INSERT = "INSERT INTO loaded_words SELECT * FROM made WHERE row IN (SELECT row FROM {} WHERE number >= ?)"
_DROP = "DELETE FROM loaded_words WHERE row NOT IN (SELECT row FROM loaded WHERE number < ?)"
_CREATE = "CREATE OR REPLACE TABLE loaded_words (row BIGINT, plain VARCHAR, signed VARCHAR)"
_VIEW = "CREATE OR REPLACE VIEW {} AS SELECT * FROM loaded_words"


class WordTable:
    """The words in a database with the corpus: one row per sentence, created when first needed.

    For parts that are read in place, they are read in place, too; those of the others are loaded. ``words`` are those
    of all parts, ``places`` is the index of those that have one, and ``scanned_words`` are the words of the others.

    Attributes:
        held: the files that are read in place.
    """

    def __init__(self, root: Path, read_only: bool):
        self._root = root
        self._read_only = read_only
        self._loaded: Manifest | None = None
        self._parts: Sequence[PlacedPart] = ()
        self._placed: Mapping[str, HeldFile | None] = {}  # by part; None if its words could not be stored
        self._indexed: Mapping[str, HeldFile] = {}  # if their places could be stored

    @property
    def held(self) -> tuple[HeldFile, ...]:
        return (*(one for one in self._placed.values() if one is not None), *self._indexed.values())

    def forget(self) -> None:
        """Load everything again next time, as the database is a new one."""
        self._loaded, self._parts, self._placed, self._indexed = None, (), {}, {}

    def let_go(self, parts: Collection[str]) -> None:
        """Close the files of parts other than these; if there are any, everything is loaded again next time."""
        if not self._placed.keys() <= set(parts):
            self.forget()

    def distrusted(self) -> WorkspaceDamaged | None:
        """Delete damaged files that are read in place, so that they are made again.

        Returns the error to raise; None if no file is damaged.
        """
        bad = [one.file for one in self.held if not _is_readable(one)]
        if not bad:
            return None
        self.forget()
        if not self._read_only:
            for file in bad:
                with suppress(OSError):
                    file.unlink(missing_ok=True)
        return WorkspaceDamaged(f"{bad[0]}: damaged; search once more, and it is made again")

    def load(self, db: duckdb.DuckDBPyConnection, manifest: Manifest, placed: Sequence[PlacedPart]) -> None:
        """Update the words to the manifest, whose ``placed`` parts are read in place.

        Raises:
            WorkspaceDamaged: a part is missing or cannot be read.
        """
        if manifest == self._loaded:
            return
        before, known = self._loaded, self._placed
        new = None if before is None else manifest.since(before)
        self._loaded = None  # until everything is there
        found = {one.part.name: known.get(one.part.name) or self._held(manifest, one.part) for one in placed}
        places = {
            one.part.name: held
            for one in placed
            if (own := found[one.part.name])
            and (held := self._indexed.get(one.part.name) or self._places_of(one.part, own))
        }
        db.begin()  # concurrent searches see the words of everything they saw before
        try:
            if None in (*known.values(), *found.values()):
                new = self._cut(db, manifest, None)
            elif new is None or not are_within(self._parts, placed):
                new = self._cut(db, manifest, before)
            for part in new.parts:
                if found.get(part.name) is None:
                    self._insert(db, manifest, part, new.number, part.name in found)
            self._place(db, found, places)
            db.commit()
        except BaseException:
            db.rollback()
            raise
        if not self._read_only:
            with suppress(OSError):
                drop_unnamed(self._root, manifest.parts)
        self._loaded, self._parts, self._placed, self._indexed = manifest, placed, found, places

    def _held(self, manifest: Manifest, part: ManifestPart) -> HeldFile | None:
        """Open a part's words for reading in place, creating them if missing; None if they cannot be stored."""
        file = self._root / _FOLDER / part.name
        held = _opened(file, part)
        if held is None:
            words_of_part(self._root, manifest, part, self._read_only)
            held = _opened(file, part)
        return held

    def _places_of(self, part: ManifestPart, words: HeldFile) -> HeldFile | None:
        """Open the index of a part's words, creating it if missing; None if it cannot be stored."""
        file = self._root / FOLDER / part.name
        held = _opened(file, part, SCHEMA)
        if held is None and not self._read_only:
            with suppress(OSError, TooManyWords, pa.ArrowException):
                found = pq.ParquetFile(words.path).iter_batches(AT_ONCE, columns=["row", "plain"])
                keep_places(file, found, _about(part))
                held = _opened(file, part, SCHEMA)
        return held

    def _insert(
        self, db: duckdb.DuckDBPyConnection, manifest: Manifest, part: ManifestPart, first: int, placed: bool
    ) -> None:
        db.register("made", words_of_part(self._root, manifest, part, self._read_only))
        db.execute(_INSERT.format("sentences" if placed else "loaded"), [first])
        db.unregister("made")

    def _place(
        self, db: duckdb.DuckDBPyConnection, found: Mapping[str, HeldFile | None], places: Mapping[str, HeldFile]
    ) -> None:
        """Read these words in place; what was loaded of them before their parts were large is dropped."""
        for name, one in found.items():
            if one is not None and name not in self._placed:
                db.execute(f"DELETE FROM loaded_words WHERE row IN (SELECT row FROM {reading_of([one])})")
        held = {name: one for name, one in found.items() if one is not None}
        for view, names in (("words", held.keys()), ("scanned_words", held.keys() - places.keys())):
            files = [held[name] for name in held if name in names]
            more = f" UNION ALL SELECT row, plain, signed FROM {reading_of(files)}" if files else ""
            db.execute(_VIEW.format(view) + more)
        own = f"SELECT word, place FROM {reading_of(places.values())}" if places else NO_PLACES
        db.execute(f"CREATE OR REPLACE VIEW places AS {own}")

    @staticmethod
    def _cut(db: duckdb.DuckDBPyConnection, manifest: Manifest, before: Manifest | None) -> NewParts:
        """Drop what was loaded from the first change on, and return what is to be loaded in its place."""
        new = NewParts(manifest.parts, 0, 0) if before is None else manifest.after(before)
        db.execute(_DROP if new.number else _CREATE, [new.number] if new.number else [])
        return new


def words_of_part(root: Path, manifest: Manifest, part: ManifestPart, read_only: bool = False) -> pa.Table:
    """Return the words of a part's sentences: row, plain, signed; store them if possible.

    Raises:
        WorkspaceDamaged: the sentences cannot be read.
    """
    file = root / _FOLDER / part.name
    kept = _kept(file, part)
    if kept is not None:
        return kept
    try:
        said = pq.read_table(part_paths(root, "sentences", [part])[0], columns=["row", "text"])
    except (pa.ArrowException, OSError, KeyError) as error:
        raise unreadable(root, manifest, error) from None
    found = [compared(text or "") for text in said["text"].to_pylist()]
    columns = [pa.array([one[at] for one in found], pa.string()) for at in range(2)]
    table = pa.Table.from_arrays([said["row"].combine_chunks(), *columns], schema=_TABLE)
    if not read_only:
        with suppress(OSError):  # it only costs time
            _keep(file, table, part)
            _keep_places(root, table, part)
    return table


def join_words(root: Path, old: Sequence[ManifestPart], new: ManifestPart) -> None:
    """Store the words of a part that others were merged into, if all of theirs exist."""
    kept = [_kept(root / _FOLDER / part.name, part) for part in old]
    tables = [table for table in kept if table is not None]
    if len(tables) == len(old):
        table = pa.concat_tables(tables)
        with suppress(OSError):
            _keep(root / _FOLDER / new.name, table, new)
            _keep_places(root, table, new)


def _keep_places(root: Path, table: pa.Table, part: ManifestPart) -> None:
    """Store the index of a part's words if it is large enough to be read in place."""
    if part.sentences >= placing.LEAST:
        with suppress(TooManyWords):
            batches = table.select(["row", "plain"]).combine_chunks().to_batches(AT_ONCE)
            keep_places(root / FOLDER / part.name, batches, _about(part))


def _about(part: ManifestPart) -> dict[bytes, bytes]:
    return {_SOURCE: _source(part)}


def _source(part: ManifestPart) -> bytes:
    return (part.sha256[-1] if part.sha256 else part.name).encode()


def _kept(file: Path, part: ManifestPart) -> pa.Table | None:
    """Return the stored words; None if there are none, or they belong to another part."""
    try:
        table = pq.read_table(io.BytesIO(plain_bytes(file)))
        own = (table.schema.metadata or {}).get(_SOURCE) in (_source(part), part.name.encode())
        return table.cast(_TABLE) if own and len(table) == part.sentences else None
    except (pa.ArrowException, OSError, ValueError, KeyError, WorkspaceDamaged):
        return None


def _opened(file: Path, part: ManifestPart, wanted: pa.Schema = _TABLE) -> HeldFile | None:
    """Return the opened file; None if it does not exist, or belongs to another part."""
    try:
        held = HeldFile(file)
        found = pq.ParquetFile(held.path)
        schema = found.schema_arrow
        own = (schema.metadata or {}).get(_SOURCE) in (_source(part), part.name.encode())
        whole = wanted is not _TABLE or found.metadata.num_rows == part.sentences
        return held if own and schema.equals(wanted) and whole else None
    except (pa.ArrowException, OSError, ValueError):
        return None


def _is_readable(held: HeldFile) -> bool:
    try:
        return all(len(one) >= 0 for one in pq.ParquetFile(held.path).iter_batches())
    except (pa.ArrowException, OSError, ValueError):
        return False


def _keep(file: Path, table: pa.Table, part: ManifestPart) -> None:
    table = table.replace_schema_metadata(_about(part))
    make_folder(file.parent.parent)
    make_folder(file.parent)
    content = io.BytesIO()
    pq.write_table(table, content, compression="zstd")
    write_whole(file, content.getvalue())


def drop_unnamed(root: Path, parts: Sequence[ManifestPart]) -> None:
    """Delete the words of deleted parts, whichever version made them."""
    named = {part.name for part in parts}
    for file in (root / DERIVED).glob("words-*/*.parquet"):
        if file.name not in named:
            file.unlink(missing_ok=True)
