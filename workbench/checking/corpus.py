"""The corpus: its manifest, all parts with their hashes and counts, and that they follow on one another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from workbench.checking.report import Problem
from workbench.corpus.committing import spans_of
from workbench.corpus.damages import damages
from workbench.corpus.manifest import (
    AFTER,
    NAME,
    RESTORE,
    Manifest,
    ManifestPart,
    Span,
    content_of,
    part_files,
    part_paths,
    read_manifest,
)
from workbench.corpus.remote.publishing import publish
from workbench.corpus.schema import SCHEMAS
from workbench.domain.access import file_lock
from workbench.domain.errors import WorkspaceDamaged
from workbench.domain.files import sha256_of
from workbench.domain.plurals import plural

_LOCK = "writers.lock"


def problems(root: Path, database: duckdb.DuckDBPyConnection, read_only: bool = False) -> Iterator[Problem]:
    """Read everything, with tables in ``database``; yield what is wrong, the manifest first."""
    if not root.is_dir():
        return
    try:
        manifest = read_manifest(root)
    except WorkspaceDamaged as error:
        yield _manifest_problem(root, str(error))
        return
    found = False
    for file, how in damages(root, manifest):
        found = True
        what, _, remedy = how.partition("; ")
        yield Problem(str(file), what, remedy or RESTORE)
    if found:
        return
    yield from _content(root, manifest, database)
    yield from _left_over(root, read_only)
    nameless = [part.name for part in manifest.parts if not part.sha256]
    if nameless:
        what = f"{plural(len(nameless), 'part has', 'parts have')} no hash, because an older version wrote them"
        yield Problem(str(root / NAME), what, "a repair records them", lambda: _record(root), is_note=True)


def _content(root: Path, manifest: Manifest, database: duckdb.DuckDBPyConnection) -> Iterator[Problem]:
    """Check that numbers, rows and ids are unique and as in the manifest, and that sentences have a conversation."""
    if not manifest.parts:
        return
    for name in ("conversations", "sentences"):
        paths = part_paths(root, name, manifest.parts)
        found = f"SELECT * FROM read_parquet({paths!r}, filename = true)"  # names that were checked
        database.execute(f"CREATE VIEW {name} AS {found}")
    database.register("spans", _spans(manifest))
    for sql, what in _RULES:
        count = (database.execute(sql).fetchone() or (0,))[0]
        if count:
            yield Problem(str(root), f"{count:,} {what}", _REMEDIES.get(what, RESTORE))


def _spans(manifest: Manifest) -> pa.Table:
    """Return which numbers and rows each part may hold, a span of rows a row."""
    columns = ("name", "first", "end", "first_row", "end_row")
    spans = ((part.name, *part.numbers, *rows) for part in manifest.parts for rows in (part.rows, *part.moved))
    return pa.Table.from_pylist([dict(zip(columns, one, strict=True)) for one in spans])


_TWICE = "ids stand for more than one conversation"
_REMEDIES = {_TWICE: "open the workspace, which removes what was imported twice"}
_RULES = (
    ("SELECT count(*) - count(DISTINCT number) FROM conversations", "conversations have another one's number"),
    (
        "SELECT count(*) FROM conversations c ANTI JOIN spans p "
        "ON parse_filename(c.filename) = p.name AND c.number >= p.first AND c.number < p.end",
        "conversations have a number that belongs to another part",
    ),
    ("SELECT count(*) - count(DISTINCT row) FROM sentences", "sentences have another one's row"),
    (
        "SELECT count(*) FROM sentences s ANTI JOIN spans p "
        "ON parse_filename(s.filename) = p.name AND s.row >= p.first_row AND s.row < p.end_row",
        "sentences have a row that belongs to another part",
    ),
    (
        "SELECT count(*) FROM (SELECT id FROM conversations GROUP BY id HAVING count(*) > 1)",
        _TWICE,
    ),
    (
        "SELECT count(*) FROM sentences s ANTI JOIN conversations c "
        "ON c.number = s.number AND c.id = s.conversation_id",
        "sentences belong to no conversation",
    ),
    (
        "SELECT count(*) FROM conversations c "
        "LEFT JOIN (SELECT number, count(*) AS n, min(row) AS first FROM sentences GROUP BY number) s "
        "ON s.number = c.number "
        "WHERE c.sentences != coalesce(s.n, 0) OR (s.n IS NOT NULL AND c.first_row != s.first)",
        "conversations do not have as many sentences as recorded",
    ),
)


def _left_over(root: Path, read_only: bool) -> Iterator[Problem]:
    """Files that an interrupted import left; under the lock, as one that goes on has such files, too."""
    found = _unnamed(root) if read_only else _locked(root)
    if found:
        names = ", ".join(one.name for one in found[:3])
        what = f"{plural(len(found), 'file is', 'files are')} left over from interrupted imports: {names}"
        yield Problem(str(root), what, "a repair removes them", lambda: _remove(root), is_note=True)


def _unnamed(root: Path) -> list[Path]:
    manifest = read_manifest(root)
    named = {*(part.name for part in manifest.parts), *manifest.left}
    found = [file for table in SCHEMAS for file in sorted((root / table).glob("*")) if file.name not in named]
    return [*found, *root.glob("*.tmp")]


def _locked(root: Path) -> list[Path]:
    with file_lock(root / _LOCK):
        return _unnamed(root)


def _remove(root: Path) -> None:
    with file_lock(root / _LOCK):
        for file in _unnamed(root):
            if file.suffix in (".parquet", ".tmp") and not file.is_symlink():
                file.unlink(missing_ok=True)


def _record(root: Path) -> None:
    with file_lock(root / _LOCK):
        manifest = read_manifest(root)
        parts = [part if part.sha256 else _hashed(root, part) for part in manifest.parts]
        publish(root, replace(manifest, parts=tuple(parts)))


def _hashed(root: Path, part: ManifestPart) -> ManifestPart:
    return replace(part, sha256=tuple(sha256_of(root / table / part.name) for table in SCHEMAS))


def _manifest_problem(root: Path, said: str) -> Problem:
    file = str(root / NAME)
    what = said.removeprefix(f"{file}: ").partition("; ")[0]
    if (root / NAME).is_dir():
        return Problem(file, what, "move the folder away, then check again")
    try:
        rebuilt = rebuild(root)
    except WorkspaceDamaged as error:
        return Problem(file, what, f"it cannot be rebuilt: {error}")
    parts, conversations = plural(len(rebuilt.parts), "part"), plural(rebuilt.conversations, "conversation")
    remedy = f"a repair rebuilds it from {parts} with {conversations}"
    return Problem(file, what, remedy, lambda: _rewrite(root))


def _rewrite(root: Path) -> None:
    with file_lock(root / _LOCK):
        publish(root, rebuild(root))


def rebuild(root: Path) -> Manifest:
    """Return the manifest that the parts make: each says which numbers and rows are its own.

    Parts of interrupted imports, which lack a table or stand in the place of another, are passed over, and so are those
    that were merged into one, or written again. Of parts with the same numbers the newest counts.

    Raises:
        WorkspaceDamaged: a part that is needed cannot be read, or the parts leave a gap.
    """
    found = [one for name in part_files(root) if (one := _read(root, name)) is not None]
    chain: list[ManifestPart] = []
    number, rows = 0, frozenset({0})
    while following := [one for one in found if _follows(one, number, rows) and one not in chain]:
        if len(following) > 1:  # of two, the one on which others follow
            following = [one for one in following if _goes_on(one, rows, found)] or following
        chosen = following[-1]
        chain.append(chosen)
        number, rows = chosen.numbers[1], _rows_after(chosen, rows)
    beyond = [one.name for one in found if one.numbers[0] >= number and one not in chain]
    if beyond:
        raise WorkspaceDamaged(f"a part is missing before {beyond[0]}; {RESTORE}")
    return Manifest(tuple(chain))


def _goes_on(one: ManifestPart, rows: frozenset[int], found: list[ManifestPart]) -> bool:
    after = _rows_after(one, rows)
    return any(_follows(other, one.numbers[1], after) for other in found if other != one)


def _follows(one: ManifestPart, number: int, rows: frozenset[int]) -> bool:
    return one.numbers[0] == number and (one.rows == AFTER or one.rows[0] in rows)


def _rows_after(one: ManifestPart, before: frozenset[int]) -> frozenset[int]:
    """Return where the rows of the next part may begin.

    That is after this one's, or after rows that a changed call moved to, of this part or an earlier one.
    """
    own = set(() if one.rows == AFTER else one.rows[1:])
    return before | own | {end for _, end in one.moved}


def _read(root: Path, name: str) -> ManifestPart | None:
    """None if a table of it is missing, so that it was never committed."""
    files = [root / table / name for table in SCHEMAS]
    if not all(file.is_file() and not file.is_symlink() for file in files):
        return None
    try:
        numbers = pq.read_table(files[0], columns=["number"])["number"]
        rows = pq.read_table(files[2], columns=["row"])["row"]
        turns = pq.ParquetFile(files[1]).metadata.num_rows
        hashes = tuple(sha256_of(file) for file in files)
        spans = spans_of(files[0]) or _older_spans(numbers, rows)
    except (pa.ArrowException, OSError, KeyError) as error:
        raise WorkspaceDamaged(f"{name} cannot be read ({str(error).splitlines()[0][:200]}); {RESTORE}") from None
    if spans is None:
        return None
    own = (len(numbers), turns, len(rows))
    return ManifestPart(name, *own, hashes, *spans[:2], content_of(name), moved=spans[2])


def _older_spans(numbers: pa.ChunkedArray, rows: pa.ChunkedArray) -> tuple[Span, Span, tuple[Span, ...]] | None:
    """Return what a part of an older version holds, which left no gaps; None of an empty one."""
    first, row = pc.min(numbers).as_py(), pc.min(rows).as_py()
    if first is None:
        return None
    return (first, first + len(numbers)), AFTER if row is None else (row, row + len(rows)), ()
