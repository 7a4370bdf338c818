"""A search by the index of words finds what one that reads all words finds, whatever becomes of the corpus."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.corpus import merging, placing, search, word_parts, word_places
from workbench.corpus.ingest import ingest
from workbench.corpus.lake import Lake
from workbench.corpus.loading import Database
from workbench.corpus.manifest import read_manifest
from workbench.domain.filters import Filters
from workbench.domain.words import VERSION, phrases_of

ANY = Filters(scope="any")
LARGE = 8  # sentences of a part that has an index
WORDS = (
    *(
        "price",
        "prices",
        "the",
        "a",
        "Straße",
        "STRASSE",
        "can't",
        "can",
        "naïve",
        "東京",
        "京東",
        "です",
        "\U0001f600",
    ),
    *("C++", "C", "$5", "5", "5 %", "R&D", ".NET", "i", "İ", "price-list", "\U00020000", "ราคา", "z", "zz"),
)
QUERIES = (
    "price",
    "the price",
    '"the price"',
    '"the the"',
    "C++",
    "$5",
    '"C++ C"',
    "東",
    '"東京"',
    "r&d",
    "5%",
    "can't",
)


@pytest.fixture(autouse=True)
def _small_parts_are_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(placing, "LEAST", LARGE)
    monkeypatch.setattr(word_places, "ROW_GROUP", 5)
    for module in (word_places, word_parts):
        monkeypatch.setattr(module, "AT_ONCE", 7)


def call(n: int, rng: Random) -> dict[str, Any]:
    texts = [" ".join(rng.choices(WORDS, k=rng.randrange(1, 9))) + "." for _ in range(rng.randrange(1, 6))]
    return {"id": f"c{n}", "turns": [{"text": text} for text in texts]}


def many(lake: Lake, first: int = 0, count: int = 20, seed: int = 0) -> None:
    rng = Random(seed + first)
    ingest(lake, [call(n, rng) for n in range(first, first + count)], unit="turn")


@pytest.fixture(name="root")
def _root(tmp_path: Path) -> Path:
    many(Lake(tmp_path / "lake"))
    many(Lake(tmp_path / "lake"), 20)
    ingest(Lake(tmp_path / "lake"), [{"id": "small", "turns": [{"text": "The price of C++."}]}])
    return tmp_path / "lake"


def kept(root: Path) -> list[Path]:
    return sorted((root / word_places.FOLDER).glob("*"))


def found(lake: Lake, queries: Any = QUERIES) -> list[Any]:
    return [lake.matching(phrases_of(query), ANY).to_pydict() for query in queries]


def scanned(root: Path, queries: Any = QUERIES) -> list[Any]:
    """Return what is found where everything is loaded, and nothing has an index."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(placing, "LEAST", 10**9)
        return found(Lake(root), queries)


def indexed(lake: Lake) -> int:
    cursor = Database(lake.root, read_only=True).worded()
    return cursor.execute("SELECT count(DISTINCT place >> 20) FROM places").fetchone()[0]


def test_large_parts_have_an_index_from_their_import_on(root: Path) -> None:
    assert [file.name for file in kept(root)] == [one.name for one in read_manifest(root).parts[:2]]
    lake = Lake(root)
    assert indexed(lake) == lake.sentence_count - 1
    assert found(lake) == scanned(root)
    assert sum(bool(one["row"]) for one in found(lake)) > 9


_QUERY = st.lists(
    st.one_of(
        st.sampled_from(WORDS),
        st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(lambda words: f'"{" ".join(words)}"'),
    ),
    min_size=1,
    max_size=3,
).map(" ".join)


@pytest.fixture(name="both", scope="module")
def _both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Lake, Lake]:
    """A corpus with an index, and the same one without."""
    root = tmp_path_factory.mktemp("both") / "lake"
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(placing, "LEAST", LARGE)
        patched.setattr(word_places, "ROW_GROUP", 5)
        for start in (0, 60, 120):
            many(Lake(root), start, 60, seed=7)
        other = root.with_name("other")
        shutil.copytree(root, other)
        with_index = Lake(root)
        assert indexed(with_index) == with_index.sentence_count
        patched.setattr(placing, "LEAST", 10**9)
        without = Lake(other)
        assert indexed(without) == 0
    return with_index, without


@settings(max_examples=60, deadline=None)
@given(query=_QUERY)
def test_any_query_finds_what_reading_all_words_finds(both: tuple[Lake, Lake], query: str) -> None:
    assert found(both[0], [query]) == found(both[1], [query])


@pytest.mark.parametrize("filters", [Filters(title="nothing"), Filters(languages=("en",)), ANY])
def test_other_conditions_count_as_well(root: Path, filters: Filters) -> None:
    lake, phrases = Lake(root), phrases_of("price")
    ids = lake.pool(ANY)["id"].combine_chunks().slice(3, 40)
    asked = [(phrases, filters), (phrases, filters, ids), (phrases, filters, None, range(5, 30)), ([], filters, ids)]
    with_index = [lake.matching(*one).to_pydict() for one in asked]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(placing, "LEAST", 10**9)
        assert [Lake(root).matching(*one).to_pydict() for one in asked] == with_index


def test_changes_deletions_and_merges_are_seen(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merging, "MANY", 3)
    reader, writer, rng = Lake(root), Lake(root), Random(3)
    for n in range(100, 130):
        many(writer, n, 1, seed=n)
        if n % 3 == 0:
            writer.delete([f"c{rng.randrange(40)}", f"c{rng.randrange(100, n + 1)}"])
        if n % 5 == 0:
            ingest(writer, [call(rng.randrange(40), rng)], unit="turn", on_change="replace")
        assert found(reader) == found(Lake(root))
    assert found(reader) == scanned(root)
    found(reader)
    assert {file.name for file in kept(root)} == {p.name for p in read_manifest(root).parts if p.sentences >= LARGE}


def test_nothing_of_a_deleted_call_is_left_in_the_index(root: Path) -> None:
    lake = Lake(root)
    ingest(lake, [{"id": f"x{n}", "turns": [{"text": "The marker xyzzy."}]} for n in range(LARGE)])
    assert len(found(lake, ["xyzzy"])[0]["row"]) == LARGE
    lake.delete([f"x{n}" for n in range(LARGE)])
    assert lake.sweep()
    found(lake)
    words = {word for file in kept(root) for word in pq.read_table(file)["word"].to_pylist()}
    assert "price" in words
    assert "xyzzy" not in words
    assert not [file for file in root.rglob("*") if file.is_file() and b"xyzzy" in file.read_bytes()]


def test_an_older_workspace_gets_its_index_at_the_first_search(root: Path) -> None:
    shutil.rmtree(root / word_places.FOLDER)
    lake = Lake(root)
    lake.counts()
    assert not kept(root)
    assert found(lake) == scanned(root)
    assert len(kept(root)) == 2


def test_a_corpus_that_is_only_read_is_searched_without(root: Path) -> None:
    shutil.rmtree(root / word_places.FOLDER)
    lake = Lake(root, read_only=True)
    assert indexed(lake) == 0
    assert found(lake) == scanned(root)
    assert not kept(root)


def test_a_full_disk_costs_only_time(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.rmtree(root / word_places.FOLDER)

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(word_places, "write_whole", full)
    lake = Lake(root)
    many(lake, 300)
    assert found(lake) == scanned(root)
    assert not kept(root)


def test_a_sentence_of_more_words_than_there_is_room_for_is_found_without(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.rmtree(root / word_places.FOLDER)
    monkeypatch.setattr(word_places, "BITS", 2)
    assert found(Lake(root)) == scanned(root)
    assert not kept(root)


@pytest.mark.parametrize("damage", ["missing", "cut", "no table", "other columns", "link", "other part"])
def test_an_index_that_cannot_be_used_is_made_again(root: Path, damage: str, tmp_path: Path) -> None:
    file, other = kept(root)
    before = file.read_bytes()
    if damage == "missing":
        file.unlink()
    elif damage == "cut":
        file.write_bytes(before[:-9])
    elif damage == "no table":
        file.write_text("no")
    elif damage == "other columns":
        table = pq.read_table(file)
        pq.write_table(table.rename_columns(["word", "row"]), file)
    elif damage == "link":
        file.rename(tmp_path / "elsewhere")
        file.symlink_to(tmp_path / "elsewhere")
    else:
        shutil.copy(other, file)
    assert found(Lake(root)) == scanned(root)
    assert file.read_bytes() == before
    assert not file.is_symlink()


def test_several_make_it_at_once(root: Path) -> None:
    shutil.rmtree(root / "derived")
    wanted, start, answers = scanned(root), threading.Barrier(4), []
    shutil.rmtree(root / "derived")

    def look() -> None:
        lake = Lake(root)
        start.wait()
        answers.append(found(lake))

    threads = [threading.Thread(target=look) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert answers == [wanted] * 4


def test_who_searches_while_a_call_is_deleted_sees_one_state(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Places of before with texts of after would find what nobody says."""
    lake, real = Lake(root), search.rows_holding
    before = found(lake, ["price"])

    def deleting(*args: Any) -> Any:
        rows = real(*args)
        Lake(root).delete([f"c{n}" for n in range(30)])
        assert lake.counts(ANY).conversations == 11
        return rows

    with monkeypatch.context() as patched:
        patched.setattr(search, "rows_holding", deleting)
        assert found(lake, ["price"]) == before
    assert 0 < len(found(lake, ["price"])[0]["row"]) < len(before[0]["row"])
    assert found(lake) == scanned(root)


@pytest.mark.parametrize("words", [["pric"], ["t", "5"], ["C++", "naïv"], ["東", "the pr"], ["nothing"]])
def test_the_most_telling_sentences_are_the_same(root: Path, words: list[str]) -> None:
    with_index = Lake(root).said(words, ANY, 20)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(placing, "LEAST", 10**9)
        assert Lake(root).said(words, ANY, 20) == with_index
    assert bool(with_index) == (words != ["nothing"])


def test_numbers_that_all_have_are_found_whatever_their_order() -> None:
    rng = np.random.default_rng(0)
    for sizes in ((0, 5), (5, 0, 3), (100, 7), (50, 60, 70), (1, 1)):
        sets = [np.unique(rng.integers(0, 40, size)) for size in sizes]
        wanted = set(sets[0].tolist()).intersection(*(one.tolist() for one in sets[1:]))
        assert word_places.common(sets).tolist() == sorted(wanted)


def test_the_folder_is_cleared_by_earlier_versions_as_well() -> None:
    assert Path(word_places.FOLDER).match("derived/words-*")
    assert Path(word_places.FOLDER).name != VERSION
