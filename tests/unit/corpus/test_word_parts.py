"""The words kept beside the corpus: made when they are missing, never trusted when they are another's."""

from __future__ import annotations

import shutil
import threading

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from workbench.corpus import word_parts
from workbench.corpus.ingest import ingest
from workbench.corpus.lake import Lake
from workbench.domain.filters import Filters
from workbench.domain.words import VERSION, phrases_of

ANY = Filters(scope="any")


@pytest.fixture
def root(tmp_path):
    lake = Lake(tmp_path / "lake")
    ingest(lake, [{"id": "a", "turns": [{"text": "Die Straße"}]}])
    ingest(lake, [{"id": "b", "turns": [{"text": "C++ in der STRASSE"}]}])
    return lake.root


def found(lake: Lake, words: str) -> int:
    return len(lake.matching(phrases_of(words), ANY))


def kept(root):
    return sorted((root / "derived" / VERSION).glob("*.parquet"))


def test_an_import_keeps_the_words_of_what_it_adds(root):
    assert len(kept(root)) == 2
    ingest(Lake(root), [{"id": "c", "turns": [{"text": "straße"}]}])
    assert len(kept(root)) == 3


@pytest.mark.parametrize("damage", ["missing", "other version", "cut", "no table", "other rows", "link", "other part"])
def test_words_that_cannot_be_used_are_made_again(root, damage, tmp_path):
    file, other = kept(root)
    before = file.read_bytes()
    if damage == "missing":
        file.unlink()
    elif damage == "other version":
        file.parent.rename(file.parent.with_name("words-0"))
    elif damage == "cut":
        file.write_bytes(before[:-9])
    elif damage == "no table":
        file.write_text("no")
    elif damage == "other rows":
        table = pq.read_table(file)
        pq.write_table(table.slice(0, 0), file)
    elif damage == "link":
        file.rename(tmp_path / "elsewhere")
        file.symlink_to(tmp_path / "elsewhere")
    else:
        shutil.copy(other, file)
    lake = Lake(root)
    assert (found(lake, "strasse"), found(lake, "C++")) == (2, 1)
    assert pq.read_table(kept(root)[0]).equals(pq.read_table(pa.BufferReader(before)))
    assert not file.is_symlink()


def test_words_of_parts_that_are_gone_are_taken_away(root):
    older = root / "derived" / "words-0"
    older.mkdir()
    gone = [folder / "000009-0123abcd.parquet" for folder in (kept(root)[0].parent, older)]
    for file in gone:
        shutil.copy(kept(root)[0], file)
    assert found(Lake(root), "strasse") == 2
    assert not any(file.exists() for file in gone)


def test_a_corpus_that_is_only_read_keeps_nothing(root):
    shutil.rmtree(root / "derived")
    assert found(Lake(root, read_only=True), "strasse") == 2
    assert not (root / "derived").exists()


def test_a_full_disk_costs_only_time(root, monkeypatch):
    shutil.rmtree(root / "derived")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(word_parts, "write_whole", full)
    lake = Lake(root)
    assert found(lake, "strasse") == 2
    ingest(lake, [{"id": "c", "turns": [{"text": "straße"}]}])
    assert found(lake, "strasse") == 3


def test_several_make_them_at_once(root):
    shutil.rmtree(root / "derived")
    start, counts = threading.Barrier(4), []

    def look():
        lake = Lake(root)
        start.wait()
        counts.append(found(lake, "strasse"))

    threads = [threading.Thread(target=look) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert counts == [2] * 4
    assert sorted((root / "derived" / VERSION).iterdir()) == kept(root)


def test_who_searches_while_calls_arrive_misses_none_that_was_there(root):
    lake, stop, counts = Lake(root), threading.Event(), []

    def look():
        while not stop.is_set():
            counts.append(found(lake, "strasse"))

    thread = threading.Thread(target=look)
    thread.start()
    for number in range(12):
        ingest(lake, [{"id": f"c{number}", "turns": [{"text": "straße"}]}])
    stop.set()
    thread.join()
    assert counts == sorted(counts)
    assert found(lake, "strasse") == 14


def test_words_are_those_of_the_corpus_after_another_took_its_place(root, tmp_path):
    lake = Lake(root)
    assert found(lake, "strasse") == 2
    other = Lake(tmp_path / "other")
    ingest(other, [{"id": "z", "turns": [{"text": "nothing"}]}])
    root.rename(tmp_path / "away")
    other.root.rename(root)
    assert (found(lake, "strasse"), found(lake, "nothing")) == (0, 1)
