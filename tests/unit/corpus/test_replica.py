"""Copies of a corpus that lies in a store: what one writes the others read, and nothing is lost or half there."""

from __future__ import annotations

import threading

import pytest

from tests.support.memory_store import broken
from tests.unit.corpus.test_merging import ANY, add, call, everything
from workbench.corpus import merging, replica
from workbench.corpus.ingest import ingest
from workbench.corpus.lake import Lake
from workbench.corpus.manifest import NAME, is_linked, read_manifest
from workbench.corpus.moving import bring, bring_back, join
from workbench.corpus.remote.content import unnamed
from workbench.domain.errors import CorpusUnavailable, WorkspaceDamaged

URL, OWNER = "s3://calls/team", "me"


@pytest.fixture(autouse=True)
def looks_each_time(monkeypatch):
    monkeypatch.setattr(replica, "FRESH_S", 0.0)


@pytest.fixture
def lakes(tmp_path, memory_store):
    """Two copies of one corpus, as on two machines."""
    bring(tmp_path / "one", URL, OWNER)
    join(tmp_path / "other", URL, OWNER)
    return Lake(tmp_path / "one"), Lake(tmp_path / "other")


def test_what_one_imports_the_other_reads(lakes, memory_store, tmp_path):
    one, other = lakes
    add(one, 0, 9)
    assert other.counts(ANY).conversations == 9
    add(other, 9, 20)
    add(one, 20, 21)
    local = Lake(tmp_path / "local")
    ingest(local, [call(n) for n in range(21)])
    assert everything(one) == everything(other) == everything(local)
    assert unnamed(memory_store.objects, read_manifest(one.root)) == [], "merged parts are gone"
    assert len(read_manifest(one.root).parts) < merging.MANY


def test_the_corpus_is_asked_at_most_once_in_a_while(lakes, memory_store, monkeypatch):
    one, other = lakes
    add(one, 0, 2)
    assert other.counts(ANY).conversations == 2
    monkeypatch.setattr(replica, "FRESH_S", 3600.0)
    memory_store.asked.clear()
    for _ in range(5):
        other.counts(ANY)
    assert memory_store.asked == []
    add(one, 2, 3)
    assert one.counts(ANY).conversations == 3, "one's own change is seen at once"


def test_corrections_and_deletions_reach_the_others(lakes, memory_store):
    one, other = lakes
    ingest(one, [call(n) for n in range(3)])
    assert other.counts(ANY).conversations == 3
    changed = call(1) | {"turns": [{"text": "A sentence of the correction.", "party": "a"}]}
    assert ingest(other, [changed]).changed == 1
    assert one.turns("c1")[0].text == "A sentence of the correction."
    assert [one.name for one in one.pending_changes()] == list(read_manifest(one.root).changes)
    for change in one.pending_changes():
        one.settle(change.name)
    assert other.pending_changes() == [], "a change that was settled elsewhere is settled"
    assert not any(name.startswith("changes/") for name in memory_store.objects)
    one.delete(["c1"])
    assert one.sweep()
    assert other.counts(ANY).conversations == 2
    assert other.gone_keys(), "what was made of them here is to go"
    assert unnamed(memory_store.objects, read_manifest(other.root)) == []


def test_two_writers_at_once_lose_nothing(lakes):
    failures = []

    def work(lake, first):
        try:
            for n in range(first, first + 8):
                add(lake, n, n + 1)
        except BaseException as error:  # noqa: BLE001, told below
            failures.append(error)

    threads = [threading.Thread(target=work, args=each) for each in zip(lakes, (0, 100), strict=True)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert failures == []
    for lake in lakes:
        assert lake.counts(ANY).conversations == 16
        assert len(set(lake.pool(ANY)["row"].to_pylist())) == lake.sentence_count == 48


def test_who_is_outrun_begins_again(lakes, memory_store):
    one, other = lakes
    add(one, 0, 1)
    left = [3]

    def outrun(what, _name):
        if what == "swap" and left[0]:
            left[0] -= 1
            memory_store.before, before = (lambda _what, _name: None), memory_store.before
            add(other, 10 + left[0], 11 + left[0])
            memory_store.before = before

    memory_store.before = outrun
    add(one, 1, 2)
    assert one.counts(ANY).conversations == other.counts(ANY).conversations == 5
    assert unnamed(memory_store.objects, read_manifest(one.root)) == []
    files = sorted(file.name for file in (one.root / "turns").iterdir())
    assert files == sorted(part.name for part in read_manifest(one.root).parts)


def test_the_same_call_from_two_at_once_is_there_once(lakes, memory_store):
    one, other = lakes
    done = []

    def outrun(what, _name):
        if what == "swap" and not done:
            done.append(True)
            add(other, 0, 1)

    memory_store.before = outrun
    assert ingest(one, [call(0)]).unchanged == 1
    assert one.counts(ANY).conversations == 1


@pytest.mark.parametrize("what", ["upload", "swap"])
def test_a_network_that_fails_leaves_the_corpus_as_it_was(lakes, memory_store, what):
    one, other = lakes
    add(one, 0, 2)

    def fail(doing, _name):
        if doing == what:
            raise broken()

    memory_store.before = fail
    with pytest.raises(CorpusUnavailable, match="cannot be reached"):
        add(one, 2, 3)
    memory_store.before = lambda _what, _name: None
    assert one.counts(ANY).conversations == other.counts(ANY).conversations == 2
    add(one, 2, 3)
    assert other.counts(ANY).conversations == 3
    assert other.sweep()
    assert unnamed(memory_store.objects, read_manifest(one.root)) == []


def test_an_answer_that_is_lost_on_its_way_loses_nothing(lakes, memory_store):
    one, other = lakes

    def lose(what, _name):
        memory_store.after = lambda _what, _name: None
        if what == "swap":
            raise broken()

    memory_store.after = lose
    add(one, 0, 1)
    assert one.counts(ANY).conversations == other.counts(ANY).conversations == 1


def test_a_question_without_network_says_so(lakes, memory_store):
    one, _ = lakes
    add(one, 0, 1)

    def fail(*_):
        raise broken()

    memory_store.before = fail
    with pytest.raises(CorpusUnavailable, match="check the network"):
        one.counts(ANY)


class Killed(BaseException):
    """The end of a process."""


@pytest.mark.parametrize(("step", "there"), [("before", 1), ("after", 2)])
def test_a_writer_that_is_killed_leaves_all_or_nothing(lakes, memory_store, step, there):
    one, other = lakes
    add(one, 0, 1)

    def kill(what, _name):
        if what == "swap":
            setattr(memory_store, step, lambda _what, _name: None)
            raise Killed

    setattr(memory_store, step, kill)
    with pytest.raises(Killed):
        add(one, 1, 2)
    again = Lake(one.root)
    assert again.counts(ANY).conversations == other.counts(ANY).conversations == there
    assert bool(unnamed(memory_store.objects, read_manifest(other.root))) == (there == 1)
    assert other.sweep()
    assert unnamed(memory_store.objects, read_manifest(other.root)) == []
    add(again, there, 3)
    assert other.counts(ANY).conversations == 3


def test_sweeping_takes_nothing_from_a_writer_under_way(lakes, memory_store):
    """Who has uploaded something, and not named it, begins again once that was swept."""
    one, other = lakes
    done = []

    def sweep(what, _name):
        if what == "swap" and not done:
            done.append(True)
            assert other.sweep()

    memory_store.before = sweep
    add(one, 0, 1)
    assert done
    assert Lake(other.root).turns("c0") == one.turns("c0")


def test_a_copy_that_was_lost_is_fetched_again(lakes):
    one, _ = lakes
    add(one, 0, 3)
    before = everything(one)
    next((one.root / "sentences").iterdir()).unlink()
    (one.root / NAME).write_text("no manifest")
    assert everything(Lake(one.root)) == before


def test_a_file_that_was_merged_meanwhile_is_not_missed(lakes, memory_store):
    one, other = lakes
    add(one, 0, 1)
    changed = []

    def change(what, _name):
        if what == "download" and not changed:
            changed.append(True)
            one.delete(["c0"])

    memory_store.before = change
    assert other.counts(ANY).conversations == 0


def test_what_is_damaged_in_the_store_is_told(lakes, memory_store):
    one, other = lakes
    add(one, 0, 1)
    name = next(name for name in memory_store.objects if name.startswith("turns/"))
    memory_store.objects[name] += b"more"
    with pytest.raises(WorkspaceDamaged, match=rf"{name}: was changed in the store.*workbench restore"):
        other.counts(ANY)
    del memory_store.objects[name]
    with pytest.raises(WorkspaceDamaged, match=f"{URL}/{name}: missing"):
        other.counts(ANY)
    del memory_store.objects[NAME]
    with pytest.raises(WorkspaceDamaged, match=r"manifest\.json: missing"):
        one.counts(ANY)


def test_who_may_not_write_can_read(lakes, memory_store):
    one, other = lakes
    add(one, 0, 2)
    memory_store.is_read_only = True
    assert other.counts(ANY).conversations == 2
    with pytest.raises(CorpusUnavailable, match="not allowed; ask for the right"):
        add(other, 2, 3)
    assert other.counts(ANY).conversations == 2
    memory_store.is_read_only = False
    add(other, 2, 3)


def test_the_corpus_of_others_is_left_alone(lakes, memory_store, tmp_path):
    one, _ = lakes
    add(one, 0, 1)
    with pytest.raises(CorpusUnavailable, match="contains another corpus"):
        bring(tmp_path / "third", URL, "somebody else")
    join(tmp_path / "third", URL, "somebody else")
    with pytest.raises(CorpusUnavailable, match="the corpus of another workspace"):
        Lake(tmp_path / "third").counts(ANY)


def test_a_corpus_goes_there_and_back(tmp_path, memory_store):
    lake = Lake(tmp_path)
    ingest(lake, [call(n) for n in range(4)])
    lake.set_heads({"c1": {"title": "Another"}})
    before, changes = everything(lake), lake.pending_changes()
    bring(tmp_path, URL, OWNER)
    assert everything(Lake(tmp_path)) == everything(lake) == before
    assert lake.pending_changes() == changes
    add(lake, 4, 5)
    join(tmp_path / "other", URL, OWNER)
    other = Lake(tmp_path / "other")
    assert other.counts(ANY).conversations == 5
    bring_back(tmp_path)
    assert not is_linked(tmp_path)
    assert list(memory_store.objects) == [NAME]
    with pytest.raises(CorpusUnavailable, match="was moved away"):
        other.counts(ANY)
    add(lake, 5, 6)
    assert lake.counts(ANY).conversations == Lake(tmp_path).counts(ANY).conversations == 6
    bring_back(tmp_path)
    bring(tmp_path, URL, OWNER)
    assert Lake(tmp_path).counts(ANY).conversations == 6


@pytest.mark.parametrize("step", ["before", "after"])
def test_moving_goes_on_where_it_broke_off(tmp_path, memory_store, step):
    lake = Lake(tmp_path)
    add(lake, 0, 2)

    def kill(what, _name):
        if what == "swap":
            setattr(memory_store, step, lambda _what, _name: None)
            raise Killed

    for there in (True, False):
        setattr(memory_store, step, kill)
        with pytest.raises(Killed):
            bring(tmp_path, URL, OWNER) if there else bring_back(tmp_path)
        bring(tmp_path, URL, OWNER) if there else bring_back(tmp_path)
        assert is_linked(tmp_path) == there
        assert Lake(tmp_path).counts(ANY).conversations == 2
