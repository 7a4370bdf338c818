"""A batch is in the lake whole or not at all, and every reader sees it."""

from __future__ import annotations

import errno
from concurrent.futures import ThreadPoolExecutor

import duckdb
import pytest

from workbench.corpus import committing, distinct_texts
from workbench.corpus import ingest as ingesting
from workbench.corpus.ingest import ingest
from workbench.corpus.lake import Lake
from workbench.corpus.manifest import read_manifest
from workbench.domain import files
from workbench.domain.errors import CannotWrite


def calls(start: int, stop: int):
    return [{"id": f"c{n}", "turns": [{"text": f"This is call {n}. It is short."}]} for n in range(start, stop)]


@pytest.fixture
def lake(tmp_path):
    lake = Lake(tmp_path / "lake")
    ingest(lake, calls(0, 3))
    return lake


def contents(lake: Lake):
    return lake.version, lake.pool().to_pylist(), list(lake.conversations()["id"])


@pytest.mark.parametrize("step", range(4))
def test_an_import_cut_off_at_any_write_leaves_the_corpus_as_it_was(lake, monkeypatch, step):
    """Three tables and the manifest are written, in this order."""
    before = contents(lake)
    settle, written = committing.settle, []

    def cut_off(half_written, path):
        written.append(path)
        if len(written) > step:
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        settle(half_written, path)

    for module in (committing, files):
        monkeypatch.setattr(module, "settle", cut_off)
    with pytest.raises(CannotWrite, match="the disk is full; free some space"):
        ingest(lake, calls(3, 6))
    for module in (committing, files):
        monkeypatch.setattr(module, "settle", settle)
    assert contents(lake) == contents(Lake(lake.root)) == before
    assert ingest(lake, calls(0, 6)).added == 3
    assert list(lake.conversations()["id"]) == [f"c{n}" for n in range(6)]
    assert lake.pool()["row"].to_pylist() == list(range(12))


def test_batches_committed_before_the_interruption_stay(lake, monkeypatch):
    monkeypatch.setattr(ingesting, "BATCH", 2)

    def broken():
        yield from calls(3, 8)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ingest(lake, broken())
    assert len(lake.conversations()) == 7
    again = ingest(lake, calls(0, 8))
    assert (again.added, again.unchanged) == (1, 7)


def test_importing_again_writes_nothing(lake):
    before = contents(lake), sorted(lake.root.rglob("*"))
    assert ingest(lake, calls(0, 3)).unchanged == 3
    assert (contents(lake), sorted(lake.root.rglob("*"))) == before


def test_a_changed_conversation_can_be_told_while_the_old_one_stays(lake):
    changed = calls(0, 1)[0] | {"turns": [{"text": "Something else."}]}
    report = ingest(lake, [changed, *calls(3, 4)], on_change="reject")
    assert (report.added, report.unchanged) == (1, 0)
    assert "'c0'" in report.rejected[0].reason
    assert lake.sentences(["c0:0:0"])["c0:0:0"].text == "This is call 0."


def test_another_reader_sees_what_is_appended(lake):
    other = Lake(lake.root)
    assert other.counts().calls == 3
    ingest(lake, calls(3, 4))
    assert other.counts().calls == 4
    assert other.version == lake.version != "0"


def test_writers_at_once_lose_nothing(tmp_path):
    root = tmp_path / "lake"
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda n: ingest(Lake(root), calls(5 * n, 5 * n + 5)), range(4)))
    lake = Lake(root)
    assert sorted(lake.content_hashes()) == sorted(c["id"] for c in calls(0, 20))
    assert lake.pool()["row"].to_pylist() == list(range(40))
    assert len(read_manifest(root).parts) == 4
    assert read_manifest(root).sentences == 40


def test_equal_texts_are_encoded_once(lake):
    ingest(lake, [{"id": "again", "turns": [{"text": "  It is\nshort. "}]}])
    texts = [text for batch in lake.distinct_texts() for text in batch["text"].to_pylist()]
    assert texts == ["This is call 0.", "It is short.", "This is call 1.", "This is call 2."]


def test_many_texts_are_read_a_stretch_of_rows_at_a_time(tmp_path, monkeypatch):
    lake = Lake(tmp_path / "lake")
    ingest(lake, calls(0, 20))
    expected = [row for batch in lake.distinct_texts() for row in batch.to_pylist()]
    monkeypatch.setattr(distinct_texts, "MOST_KEYS", 5)
    monkeypatch.setattr(distinct_texts, "STRETCH", 8)
    batches = [batch.to_pylist() for batch in lake.distinct_texts()]
    assert [row for batch in batches for row in batch] == expected
    assert max(map(len, batches)) <= 8
    spans = [(3, 7)]
    assert [row["text"] for batch in lake.distinct_texts(spans=spans) for row in batch.to_pylist()] == [
        *("This is call 3.", "It is short."),
        *(f"This is call {number}." for number in (4, 5, 6)),
    ]


def test_after_an_internal_error_of_the_database_the_next_question_is_answered(lake, monkeypatch):
    """Which leaves it as good as closed."""
    made, connect = [], duckdb.connect
    monkeypatch.setattr(duckdb, "connect", lambda *given: made.append(connect(*given)) or made[-1])
    lake = Lake(lake.root)
    before = contents(lake)
    made[-1].close()
    assert contents(lake) == before


def test_a_person_is_one_however_the_address_is_written(tmp_path):
    lake = Lake(tmp_path / "lake")
    for at, email in enumerate(("Jörg.Straße@x.example", "JO\u0308RG.STRASSE@X.EXAMPLE", "jörg.strasse@x.example")):
        party = {"id": "p", "name": "J", "side": "company", "email": email}
        ingest(lake, [{"id": f"c{at}", "parties": [party], "turns": [{"text": "Hi.", "party": "p"}]}])
    assert set(lake.people()["person"]) == {"jörg.strasse@x.example"}
