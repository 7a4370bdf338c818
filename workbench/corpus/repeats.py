"""Conversations that earlier versions imported twice at the same time: the first copy counts, the others are hidden.

Numbers and rows stay the same, as cursors and detections refer to them; so hidden copies leave gaps.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import duckdb

from workbench.corpus.manifest import Manifest
from workbench.corpus.schema import DERIVED
from workbench.domain import plain_json
from workbench.domain.access import make_folder
from workbench.domain.files import plain_bytes, write_whole

_NAME = f"{DERIVED}/unique.json"  # the version up to which the corpus is known to contain every conversation once
_MAX_BYTES = 10_000
_NEW = "SELECT number, id FROM conversations WHERE number >= ?"
_HAS_REPEATS = f"""
SELECT count(*) > count(DISTINCT id) OR
    count(*) FILTER (id IN (SELECT id FROM conversations WHERE number < ?)) > 0 FROM ({_NEW})
"""
_FOUND = """
INSERT INTO repeats
SELECT number, first, content_hash = first_hash AS same FROM (
    SELECT number, content_hash, min(number) OVER own AS first, first_value(content_hash) OVER own AS first_hash
    FROM conversations WINDOW own AS (PARTITION BY id ORDER BY number)
) WHERE number <> first
"""


@dataclass(frozen=True, slots=True)
class Repeat:
    """A hidden copy: its number, that of the first copy, and whether both say the same."""

    number: int
    first: int
    same: bool


def begin_repeats(db: duckdb.DuckDBPyConnection) -> None:
    """Create the table ``repeats``, which lists what is hidden."""
    db.execute("CREATE OR REPLACE TABLE repeats (number BIGINT, first BIGINT, same BOOLEAN)")


def hide_repeats(db: duckdb.DuckDBPyConnection, first: int) -> None:
    """Delete all but the first copy from the tables, if new ones have come numbered from ``first`` on.

    For sentences that are read in place, the view leaves them out.
    """
    if not (db.execute(_HAS_REPEATS, [first, first]).fetchone() or (False,))[0]:
        return
    db.execute(_FOUND)
    for table in ("conversations", "loaded"):
        db.execute(f"DELETE FROM {table} WHERE number IN (SELECT number FROM repeats)")


def repeats_in(db: duckdb.DuckDBPyConnection) -> list[Repeat]:
    """Return what is hidden, in the corpus's order."""
    return [Repeat(*row) for row in db.execute("SELECT number, first, same FROM repeats ORDER BY number").fetchall()]


def is_checked(root: Path, manifest: Manifest) -> bool:
    """Return whether the current corpus was checked for copies; an empty one counts as checked."""
    if not manifest.parts:
        return True
    try:
        return bool(plain_json.loads(plain_bytes(root / _NAME, _MAX_BYTES))["version"] == manifest.version)
    except Exception:  # noqa: BLE001, missing or damaged: then it is checked again
        return False


def mark_checked(root: Path, manifest: Manifest) -> None:
    """Note that the current corpus was checked; if it cannot be noted, that only costs time."""
    with suppress(OSError):
        make_folder(root / DERIVED)
        write_whole(root / _NAME, plain_json.dumps({"version": manifest.version}).encode())
