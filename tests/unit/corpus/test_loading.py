"""What a kernel holds of a corpus is compressed, and made from it in batches; answers are the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from workbench.corpus import loading
from workbench.corpus.ingest import ingest
from workbench.corpus.lake import Lake
from workbench.corpus.loading import Database
from workbench.domain.filters import Filters

CALLS = 60


def call(n: int) -> dict[str, Any]:
    return {
        "id": f"c{n}",
        "title": f"Call {n}",
        "turns": [{"text": f"This is call {n}.", "party": "a"}],
        "parties": [{"id": "a", "name": f"Ann {n % 7}", "side": "company", "team": "North"}],
        "fields": {"region": "North" if n % 2 else "South", "seats": n},
    }


@pytest.fixture(name="root")
def _root(tmp_path: Path) -> Path:
    ingest(Lake(tmp_path / "lake"), [call(n) for n in range(CALLS)])
    return tmp_path / "lake"


def held(root: Path) -> list[Any]:
    """Return the tables that are made of conversations, row by row."""
    cursor = Database(root).cursor()
    return [cursor.execute(f"SELECT * FROM {name} ORDER BY ALL").fetchall() for name in ("fields", "spelling")]


def compressions(database: Database) -> set[str]:
    sql = "SELECT DISTINCT compression FROM pragma_storage_info('conversations') WHERE column_name = 'title'"
    return {name for (name,) in database.cursor().execute(sql).fetchall()}


@pytest.mark.parametrize("at_once", [1, 7, CALLS - 1, CALLS])
def test_batches_change_nothing(root, monkeypatch, at_once):
    wanted = held(root)
    monkeypatch.setattr(loading, "AT_ONCE", at_once)
    assert held(root) == wanted
    assert [len(rows) for rows in wanted] == [2 * CALLS, CALLS]


def test_what_is_held_is_compressed_once_there_is_much_of_it(root, monkeypatch):
    assert compressions(Database(root)) == {"Uncompressed"}
    monkeypatch.setattr(loading, "MIN_NEW_ROWS", CALLS)
    database = Database(root)
    assert "Uncompressed" not in compressions(database)
    ingest(Lake(root), [call(CALLS)])
    assert database.cursor().execute("SELECT count(*) FROM conversations").fetchone() == (CALLS + 1,)


def test_a_question_under_way_sees_what_it_asked(root, monkeypatch):
    monkeypatch.setattr(loading, "MIN_NEW_ROWS", 1)
    lake = Lake(root)
    under_way = lake.distinct_texts(batch=1)
    first = next(under_way)["text"].to_pylist()
    ingest(Lake(root), [call(n) for n in range(CALLS, 3 * CALLS)])
    assert lake.counts(Filters()).calls == 3 * CALLS
    assert len(first + [text for one in under_way for text in one["text"].to_pylist()]) == CALLS
    Lake(root).delete(["c0"])
    ingest(Lake(root), [call(n) for n in range(3 * CALLS, 4 * CALLS)])
    assert lake.counts(Filters(fields={"region": "North"})).calls == 2 * CALLS
