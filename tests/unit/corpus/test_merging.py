"""Calls that come one at a time: small parts become larger ones, and nobody who reads notices."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.corpus import loading, merging
from workbench.corpus.damages import damages
from workbench.corpus.ingest import ingest
from workbench.corpus.lake import Lake
from workbench.corpus.manifest import Manifest, ManifestPart, read_manifest
from workbench.domain.filters import Filters
from workbench.domain.leases import reading
from workbench.domain.words import phrases_of

ANY = Filters(scope="any")


def call(n: int) -> dict[str, Any]:
    turns = [{"text": f"This is call {n}. It is short.", "party": "a"}, {"text": "Straße\nzwei", "party": "b"}]
    parties = [{"id": "a", "name": f"Ann {n % 3}", "side": "company"}, {"id": "b", "side": "customer"}]
    return {"id": f"c{n}", "turns": turns, "parties": parties, "fields": {"region": n % 2}, "title": f"Call {n}"}


def add(lake: Lake, start: int, stop: int) -> None:
    for n in range(start, stop):
        assert ingest(lake, [call(n)]).added == 1


def everything(lake: Lake) -> list[Any]:
    ids = [f"c{n}:1:0" for n in range(lake.size)]
    return [
        lake.conversations().drop(columns="source").to_json(date_format="iso"),
        lake.pool().to_pydict(),
        lake.facets(),
        lake.extent(),
        len(lake.matching(phrases_of("strasse"), ANY)),
        lake.counts(Filters(scope="any", fields={"region": 1}, participants=("Ann 1",))),
        lake.sentences(ids),
        [lake.turns(f"c{n}") for n in range(0, lake.size, 7)],
    ]


def parts_of(lake: Lake) -> int:
    return len(read_manifest(lake.root).parts)


def test_what_is_read_is_the_same_as_after_one_import(tmp_path):
    one, other = Lake(tmp_path / "one"), Lake(tmp_path / "other")
    add(one, 0, 70)
    ingest(other, [call(n) for n in range(70)])
    assert parts_of(one) < merging.MANY
    assert everything(one) == everything(Lake(one.root)) == everything(other)
    assert not list(damages(one.root, read_manifest(one.root)))


def test_a_reader_who_has_loaded_the_corpus_loads_only_what_has_come_since(tmp_path, monkeypatch):
    writer, reader = Lake(tmp_path), Lake(tmp_path)
    add(writer, 0, 10)
    reader.counts(Filters(accounts=("Acme",)))  # for which names and fields are made
    loaded: list[int] = []
    derive = loading.field_rows
    monkeypatch.setattr(loading, "field_rows", lambda rows: loaded.append(len(rows)) or derive(rows))
    for n in range(10, 60):  # merged several times meanwhile
        add(writer, n, n + 1)
        assert reader.counts(ANY).conversations == n + 1
    assert sum(loaded) == 50
    assert everything(reader) == everything(Lake(tmp_path))


def test_a_reader_who_was_away_during_a_merge_finds_everything(tmp_path):
    writer, reader = Lake(tmp_path), Lake(tmp_path)
    add(writer, 0, 12)
    reader.matching(phrases_of("strasse"), ANY)
    add(writer, 12, 40)
    assert everything(reader) == everything(Lake(tmp_path))


def test_nothing_is_taken_away_while_someone_reads(tmp_path):
    lake = Lake(tmp_path)
    add(lake, 0, 20)
    before = read_manifest(tmp_path)
    with reading(tmp_path / merging.LEASE):
        add(lake, 20, 40)
        assert not list(damages(tmp_path, before))
    add(lake, 40, 60)
    assert list(damages(tmp_path, before))
    files = sorted(file.name for file in (tmp_path / "turns").iterdir())
    assert files == sorted(part.name for part in read_manifest(tmp_path).parts)


@pytest.mark.parametrize("step", ["publish", "write_part", "join_words"])
def test_a_merge_that_fails_costs_no_import(tmp_path, monkeypatch, step):
    lake = Lake(tmp_path)
    add(lake, 0, 15)

    def failing(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(merging, step, failing)
    add(lake, 15, 17)
    monkeypatch.undo()
    assert lake.counts(ANY).conversations == Lake(tmp_path).counts(ANY).conversations == 17
    add(lake, 17, 40)
    assert parts_of(lake) < merging.MANY
    assert not list(damages(tmp_path, read_manifest(tmp_path)))


def test_many_writers_and_readers_at_once(tmp_path):
    failures: list[BaseException] = []
    Lake(tmp_path).append([])

    def work(first: int) -> None:
        try:
            lake, seen = Lake(tmp_path), 0
            for n in range(first, first + 25):
                add(lake, n, n + 1)
                found = lake.counts(ANY).conversations
                assert found > seen
                seen = found
                assert lake.turns(f"c{n}")
        except BaseException as error:  # noqa: BLE001, told below
            failures.append(error)

    threads = [threading.Thread(target=work, args=(first,)) for first in (0, 100, 200)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert not failures
    assert Lake(tmp_path).counts(ANY).conversations == 75
    assert not list(damages(tmp_path, read_manifest(tmp_path)))


@given(st.lists(st.sampled_from([1, 60, 900, 5_000, 20_000, 70_000, 300_000]), max_size=400))
def test_parts_stay_few_and_no_sentence_is_written_often(sizes):
    parts: list[ManifestPart] = []
    written = 0
    for number, size in enumerate(sizes):
        parts.append(ManifestPart(f"{number + 1:06d}-{number:08x}.parquet", 1, 1, size))
        while place := merging.small_neighbours(parts):
            merged = sum(part.sentences for part in parts[place])
            written += merged
            parts[place] = [ManifestPart(f"{number + 1:06d}-{number:08x}.parquet", 1, 1, merged)]
    large = sum(part.sentences >= merging.STEPS[-1] for part in parts)
    assert len(parts) - large < merging.MANY * (large + 1)
    assert written <= 8 * sum(sizes)


def part(name: str, conversations: int = 2) -> ManifestPart:
    return ManifestPart(f"{name}-00000000.parquet", conversations, 2, 4)


def test_a_manifest_says_what_has_come_since_another():
    a, b, c = (part(f"00000{n}") for n in (1, 2, 3))
    whole = Manifest((a, b, c))
    assert whole.since(Manifest((a,))) == (whole.parts[1:], 2, 4)
    assert whole.since(Manifest()) == (whole.parts, 0, 0)
    assert whole.since(whole) == ((), 6, 12)
    assert Manifest((a, c)).since(Manifest((a, b))) is None
    assert Manifest().since(whole) is None
    joint = f"{merging.joint_content(one.content for one in whole.parts[:2]):016x}"
    merged = ManifestPart("000004-00000000.parquet", 4, 4, 8, (), (0, 4), (0, 8), joint)
    after = Manifest((merged, whole.parts[2]))
    assert after.since(Manifest((a, b))) == (whole.parts[2:], 4, 8)
    assert after.since(Manifest((a,))) is None
    split = replace(merged, segments=tuple(one for part in whole.parts[:2] for one in part.whole))
    assert Manifest((split, whole.parts[2])).since(Manifest((a,))) == ((split, whole.parts[2]), 2, 4)
