"""What a kernel holds of a corpus is compressed, and made from it in batches; answers are the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from workbench.corpus import loading
from workbench.corpus.fields import field_rows
from workbench.corpus.ingest import ingest
from workbench.corpus.lake import Lake
from workbench.corpus.loading import Database
from workbench.corpus.spelling import spelling_rows
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
    return named(Database(root))


def named(database: Database) -> list[Any]:
    database.named()
    cursor = database.cursor()
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


def test_names_are_made_once_a_filter_asks_for_them(root, monkeypatch):
    made: list[int] = []

    def counted(rows: list[Any]) -> Any:
        made.extend([len(rows)] if rows else [])
        return field_rows(rows)

    monkeypatch.setattr(loading, "field_rows", counted)
    lake = Lake(root)
    assert lake.counts().calls == lake.counts(Filters(side="company")).calls == CALLS
    assert not made
    assert lake.counts(Filters(title="call 7")).calls == 1
    assert lake.counts(Filters(fields={"seats": 7})).calls == 1
    assert made == [CALLS]
    assert Lake(root).facets().fields["region"] == ("North", "South")


def test_names_follow_the_corpus_whenever_they_were_asked_for(root, monkeypatch):
    monkeypatch.setattr(loading, "AT_ONCE", 7)
    early, late = Database(root), Database(root)
    named(early)
    late.cursor()
    ingest(Lake(root), [call(n) for n in range(CALLS, CALLS + 9)])
    late.cursor()
    Lake(root).delete(["c3", f"c{CALLS + 1}"])
    wanted = held(root)
    assert [len(rows) for rows in wanted] == [2 * (CALLS + 7), CALLS + 7]
    assert named(early) == named(late) == wanted
    early.close()
    assert named(early) == wanted


def test_names_that_could_not_be_made_are_made_the_next_time(root, monkeypatch):
    monkeypatch.setattr(loading, "AT_ONCE", 7)
    wanted, database = held(root), Database(root)
    with monkeypatch.context() as patched:
        patched.setattr(loading, "spelling_rows", broken_after(3))
        with pytest.raises(MemoryError):
            database.named()
    assert named(database) == wanted


def broken_after(count: int) -> Any:
    left = iter(range(count))

    def broken(rows: Any) -> Any:
        if next(left, None) is None:
            raise MemoryError
        return spelling_rows(rows)

    return broken
