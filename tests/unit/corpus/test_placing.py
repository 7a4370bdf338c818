"""Large parts are read where they lie: nothing of them is loaded, and what is found is the same."""

from __future__ import annotations

import gc
import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

import workbench as wb
from workbench.corpus import appending, placing, word_places
from workbench.corpus.clean_parts import known_clean
from workbench.corpus.ingest import ingest
from workbench.corpus.lake import Lake
from workbench.corpus.loading import Database
from workbench.corpus.manifest import read_manifest
from workbench.corpus.word_places import FOLDER
from workbench.domain.errors import WorkspaceDamaged
from workbench.domain.filters import Filters
from workbench.domain.words import VERSION, phrases_of
from workbench.engine.encoders import HashingEncoder

ANY = Filters(scope="any")
COMPANY = Filters(side="company")
DESCRIPTORS = Path("/proc/self/fd")
LARGE = 20  # sentences of a part that these tests read in place


@pytest.fixture(autouse=True)
def _small_parts_are_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(placing, "LEAST", LARGE)


def call(n: int, text: str = "It costs too much.") -> dict[str, Any]:
    turns = [{"text": f"This is call {n}. {text}", "party": "a"}, {"text": "Straße zwei, 東京です。", "party": "b"}]
    return {"id": f"c{n}", "turns": turns, "parties": [{"id": "a", "name": "Ann", "side": "company"}], "title": f"{n}"}


def many(lake: Lake, first: int = 0, count: int = LARGE) -> None:
    """Import as many calls in one part that is read in place."""
    assert ingest(lake, [call(n) for n in range(first, first + count)]).added == count


def everything(lake: Lake) -> list[Any]:
    ids = [f"c{n}:1:0" for n in range(lake.size)]
    return [
        lake.conversations().drop(columns="source").to_json(date_format="iso"),
        lake.pool().to_pydict(),
        [batch.to_pylist() for batch in lake.distinct_texts()],
        lake.extent(),
        lake.facets(),
        lake.counts(Filters(scope="any", side="company", participants=("ann",))),
        lake.matching(phrases_of("strasse"), ANY).to_pydict(),
        lake.said(["costs"], ANY, 5),
        lake.sentences(ids),
        lake.pairs([0, 2]),
        [lake.turns(name.split(":")[0]) for name in ids[::7]],
    ]


def loaded(database: Database) -> tuple[int, int]:
    """Count the sentences in memory, and those whose words are."""
    cursor = database.worded()
    return tuple(cursor.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in ("loaded", "loaded_words"))


@pytest.fixture(name="root")
def _root(tmp_path: Path) -> Path:
    many(Lake(tmp_path / "lake"))
    return tmp_path / "lake"


def test_nothing_of_a_large_part_is_loaded(root):
    database = Database(root)
    assert loaded(database) == (0, 0)
    ingest(Lake(root), [call(LARGE)])
    assert 0 < loaded(database)[0] == loaded(database)[1] < LARGE
    assert database.cursor().execute("SELECT count(*) FROM sentences").fetchone()[0] > 3 * LARGE


def test_what_is_found_is_what_a_loaded_corpus_says(root, monkeypatch):
    found = everything(Lake(root))
    monkeypatch.setattr(placing, "LEAST", 10**9)
    assert everything(Lake(root)) == found


def test_small_parts_that_become_a_large_one_are_read_in_place_from_then_on(tmp_path):
    writer, reader = Lake(tmp_path / "one"), Lake(tmp_path / "one")
    database = Database(reader.root)
    for n in range(40):  # merged twice meanwhile
        ingest(writer, [call(n)])
        assert reader.counts(ANY).conversations == n + 1
        assert len(reader.matching(phrases_of("strasse"), ANY)) == n + 1
        assert loaded(database)[0] == loaded(database)[1] <= 16 * LARGE
    assert loaded(database)[0] < reader.counts(ANY).sentences / 2
    ingest(other := Lake(tmp_path / "other"), [call(n) for n in range(40)])
    assert everything(reader) == everything(Lake(reader.root)) == everything(other)


def test_changes_and_deletions_in_place_are_seen(root):
    reader, writer, database = Lake(root), Lake(root), Database(root)
    everything(reader)
    assert loaded(database) == (0, 0)
    ingest(writer, [call(3, "It is cheap.")])
    assert len(reader.matching(phrases_of("cheap"), ANY)) == 1
    writer.delete([f"c{n}" for n in range(5, LARGE)])  # what is left is small, and loaded
    assert reader.counts(ANY).conversations == 5
    assert loaded(database)[0] == loaded(database)[1] == reader.counts(ANY).sentences
    assert everything(reader) == everything(Lake(root))


def test_who_reads_goes_on_when_the_files_are_taken_away(root):
    many(Lake(root), LARGE)
    lake = Lake(root)
    lines = lake.distinct_texts(batch=1)
    first = next(lines)
    gone = [root / "sentences" / part.name for part in read_manifest(root).parts]
    writer = Lake(root)
    writer.delete([f"c{n}" for n in range(2 * LARGE)])
    assert writer.sweep()
    assert not any(file.exists() for file in gone)
    assert lake.counts(ANY).conversations == 0
    assert len([first, *lines]) == 2 * LARGE + 2


@pytest.mark.skipif(not DESCRIPTORS.exists(), reason="the system does not tell which files are open")
def test_who_deletes_lets_go_of_what_they_take_away(root):
    lake = Lake(root)
    many(lake, LARGE)
    everything(lake)
    assert len(held_files(root)) == 6  # sentences, words and their places of two parts
    lake.delete(["c3"])
    left = held_files(root)
    assert len(left) == 2  # of the part that was written again only the sentences, until words are asked for
    assert not any("(deleted)" in one for one in left)
    everything(lake)
    assert len(held_files(root)) == 6
    lines = lake.distinct_texts(batch=1)
    next(lines)
    lake.delete(["c4"])
    assert any("(deleted)" in one for one in held_files(root))  # as long as someone reads on
    lines.close()
    assert lake.sweep()
    del lines
    gc.collect()
    assert not any("(deleted)" in one for one in held_files(root))


def test_a_receipt_tells_whether_others_may_hold_what_was_deleted(tmp_path):
    ws = wb.open(tmp_path / "w", encoder=HashingEncoder())
    ws.ingest([call(n) for n in range(LARGE)])
    ws.ingest([call(LARGE)])
    small, large = ws.delete(calls=[f"c{LARGE}"]), ws.delete(calls=["c3"])
    assert (small.held, large.held) == (False, True)
    assert "may keep an old file on the disk" in str(large)
    assert large.to_dict()["held"]


def held_files(root: Path) -> list[str]:
    """Return which of the corpus's files this process has open, whatever became of their names."""
    found = []
    for one in DESCRIPTORS.iterdir():
        with suppress(OSError):
            found.append(os.readlink(one))
    return [name for name in found if name.startswith(str(root)) and ".parquet" in name]


def test_a_file_that_was_cut_off_is_named(root):
    lake = Lake(root)
    lake.counts()
    file = root / "sentences" / read_manifest(root).parts[0].name
    whole = file.read_bytes()
    for damaged in (whole[: len(whole) // 2], whole[:100] + b"\0" * (len(whole) - 120) + whole[-20:]):
        file.write_bytes(damaged)
        for one in (lake, Lake(root)):
            with pytest.raises(WorkspaceDamaged, match=file.name):
                everything(one)
    file.write_bytes(whole)
    assert everything(Lake(root)) == everything(lake)


@pytest.mark.parametrize("damaged", ["words", "places"])
def test_words_that_were_damaged_meanwhile_are_made_again(root, damaged, monkeypatch):
    if damaged == "words":
        shutil.rmtree(root / FOLDER)
        monkeypatch.setattr(word_places, "BITS", 2)  # too few for these sentences, so that their words are read
    lake = Lake(root)
    assert len(lake.matching(phrases_of("strasse"), ANY)) == LARGE
    (file,) = (root / ("derived/" + VERSION if damaged == "words" else FOLDER)).glob("*.parquet")
    whole = file.read_bytes()
    file.write_bytes(whole[:60] + b"\0" * (len(whole) - 80) + whole[-20:])
    with pytest.raises(WorkspaceDamaged, match="search once more"):
        lake.matching(phrases_of("strasse"), ANY)
    assert len(lake.matching(phrases_of("strasse"), ANY)) == LARGE
    assert file.read_bytes() == whole


def test_words_that_cannot_be_kept_are_loaded(root):
    for file in (root / "derived" / VERSION).glob("*.parquet"):
        file.unlink()
    lake = Lake(root, read_only=True)
    assert len(lake.matching(phrases_of("strasse"), ANY)) == LARGE
    assert loaded(Database(root, read_only=True)) == (0, lake.counts(ANY).sentences)
    many(Lake(root), LARGE)
    assert len(lake.matching(phrases_of("strasse"), ANY)) == 2 * LARGE


def test_names_that_an_earlier_version_kept_are_cleaned(tmp_path, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(appending, "with_clean_names", lambda one: one)
        calls = [{**call(n), "parties": [{"id": "a", "name": " Ann ", "side": "company"}]} for n in range(LARGE)]
        ingest(Lake(tmp_path), calls)
    lake = Lake(tmp_path)
    assert lake.counts(Filters(scope="any", participants=("Ann",))).conversations == LARGE
    assert {one.speaker for one in lake.sentences(["c0:0:0"]).values()} == {"Ann"}
    assert loaded(Database(tmp_path))[0] > 0


def test_names_of_a_large_part_are_looked_through_once(root, monkeypatch):
    looked: list[str] = []
    real = placing.are_clean
    monkeypatch.setattr(placing, "are_clean", lambda db, sql: looked.append(sql) or real(db, sql))
    notes = root / "derived"
    for note in notes.glob("clean-*.json"):
        note.unlink()
    wanted = Lake(root, read_only=True).counts(COMPANY).sentences
    assert not [*notes.glob("clean-*.json")]
    assert [Lake(root).counts(COMPANY).sentences for _ in range(3)] == [wanted] * 3
    assert len(looked) == 2
    many(Lake(root), LARGE)
    assert [Lake(root).counts(COMPANY).sentences for _ in range(3)] == [2 * wanted] * 3
    assert len(looked) == 3
    assert known_clean(root) == {one.name for one in read_manifest(root).parts}
    for at, damage in enumerate(("", "[]", '{"parts": [3]}', "\0"), 1):
        (note,) = notes.glob("clean-*.json")
        note.write_text(damage)
        assert Lake(root).counts(COMPANY).sentences == 2 * wanted
        assert len(looked) == 3 + 2 * at


@pytest.mark.parametrize("filters", [None, Filters(), Filters(title="3"), Filters(kinds=("call",)), COMPANY])
def test_counts_by_conversations_are_those_of_their_sentences(root, filters):
    ingest(Lake(root), [{"id": "m", "kind": "email", "turns": [{"text": "A letter."}]}, call(LARGE)])
    Lake(root).delete(["c2"])
    lake = Lake(root)
    counts, numbers = lake.counts(filters), set(lake.pool(filters)["number"].to_pylist())
    assert counts.sentences == len(lake.pool(filters))
    assert counts.conversations == len(numbers)
