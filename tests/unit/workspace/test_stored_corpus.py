"""A workspace whose corpus lies in a bucket: all works as on a folder, and what is deleted is gone in both."""

from __future__ import annotations

import sys
from unittest.mock import patch

import pytest

import workbench as wb
from tests.support.memory_store import broken
from tests.unit import small
from tests.unit.workspace.test_deletion import MARK, marked
from workbench.cli import main
from workbench.corpus import replica
from workbench.corpus.manifest import NAME, read_manifest
from workbench.domain.errors import CorpusUnavailable, InvalidArgument, WorkspaceDamaged, WorkspaceNotTrusted
from workbench.domain.texts import text_key
from workbench.engine.encoders import HashingEncoder
from workbench.store.database import STATE

URL = "s3://calls/team"


@pytest.fixture(autouse=True)
def looks_each_time(monkeypatch):
    monkeypatch.setattr(replica, "FRESH_S", 0.0)


def opened(folder, **options):
    return wb.open(folder, encoder=HashingEncoder(), **options)


def text_in(folder, words):
    """Whether a file of a workspace's folder holds these words, packed or not."""
    from tests.support.object_storage import unpacked

    files = [file for file in folder.rglob("*") if file.is_file()]
    return [file for file in files if words in unpacked(file.read_bytes())]


def test_from_import_to_deletion_in_a_bucket(bucket, tmp_path):
    local = small.ready(tmp_path / "local")
    ws = small.ready(tmp_path / "w")
    ws.move_corpus(bucket.url)
    assert ws.corpus_url == bucket.url
    found = []
    for one in (ws, local):
        one.trackers.get("Price").publish(past="all").wait()
        one.ingest([marked(0), marked(1)])
        found.append(one.detections("Price").drop(columns="found", errors="ignore"))
    assert list(found[0]["sentence_id"]) == list(found[1]["sentence_id"])
    assert len(found[0]) > 20
    assert ws.ingest([marked(0) | {"title": "Corrected"}]).changed == 1
    assert ws.lake.card("mark-0").title == "Corrected"
    assert bucket.holds(MARK.encode())
    receipt = ws.delete(calls=["mark-0", "mark-1"])
    assert (receipt.calls, receipt.store) == (
        2,
        "Other machines that use this corpus delete their copies the next time they use it",
    )
    assert receipt.vacuumed
    assert not bucket.holds(MARK.encode())
    assert text_in(ws.path, MARK.encode()) == []
    assert ws.check().is_whole
    bucket.client.put_bucket_versioning(Bucket=bucket.name, VersioningConfiguration={"Status": "Enabled"})
    assert "the bucket keeps earlier versions" in str(ws.delete(calls=["call-0"]))


def test_a_new_workspace_remembers_where_its_corpus_lies(tmp_path, memory_store):
    ws = opened(tmp_path / "w", corpus=f"{URL}/")
    assert ws.corpus_url == URL
    assert ws.ingest(small.conversations(3), detect=False).added == 3
    ws.close()
    assert opened(tmp_path / "w").lake.counts().conversations == 3
    assert opened(tmp_path / "w", corpus=URL, read_only=True).lake.counts().conversations == 3
    with pytest.raises(
        InvalidArgument, match=r"corpus is in s3://calls/team; move it with `workbench corpus s3://calls/other"
    ):
        opened(tmp_path / "w", corpus="s3://calls/other")
    assert "secret" not in (tmp_path / "w" / "corpus" / "remote.json").read_text()


def test_an_existing_corpus_is_not_left_behind(tmp_path, memory_store):
    opened(tmp_path / "w").ingest(small.conversations(2), detect=False)
    with pytest.raises(InvalidArgument, match="move it with `workbench corpus s3://calls/team`"):
        opened(tmp_path / "w", corpus=URL)
    with pytest.raises(InvalidArgument, match="opened for reading"):
        opened(tmp_path / "v").close() or opened(tmp_path / "v", corpus=URL, read_only=True)
    assert memory_store.objects == {}


def test_a_store_that_is_taken_or_away_leaves_the_workspace_as_it_was(tmp_path, memory_store):
    opened(tmp_path / "w", corpus=URL).ingest(small.conversations(1), detect=False)
    other = opened(tmp_path / "other")
    with pytest.raises(CorpusUnavailable, match="contains another corpus; give a folder of its own"):
        other.move_corpus(URL)

    def fail(*_):
        raise broken()

    memory_store.before = fail
    with pytest.raises(CorpusUnavailable, match="cannot be reached"):
        other.move_corpus("s3://calls/elsewhere")
    assert other.corpus_url is None
    assert other.ingest(small.conversations(2), detect=False).added == 2


def test_two_machines_share_a_state_and_a_corpus(tmp_path, memory_store):
    state = f"sqlite:///{tmp_path / 'state.db'}"
    one = opened(tmp_path / "one", state=state, corpus=URL)
    one.ingest([*small.conversations(4), marked(0)], detect=False)
    other = opened(tmp_path / "other", state=state)
    other.encode()
    one.encode()
    assert other.lake.counts().conversations == 5
    key = text_key(marked(0)["turns"][0]["text"])
    assert other.resources.vectors.store.lookup([key])[0] >= 0
    one.delete(calls=["mark-0"])
    other.catch_up()
    assert other.lake.gone_keys() == []
    assert text_in(tmp_path / "other", MARK.encode()) == []
    other.resources.vectors.store.refresh()
    assert other.resources.vectors.store.lookup([key])[0] < 0
    other.ingest(small.conversations(5)[4], detect=False)
    assert one.lake.counts().conversations == 5


def test_a_backup_is_a_workspace_of_its_own(tmp_path, memory_store):
    ws = opened(tmp_path / "w", corpus=URL)
    ws.ingest(small.conversations(3), detect=False)
    ws.backup(tmp_path / "w.backup")
    again = opened(wb.restore(tmp_path / "w.backup", tmp_path / "again").path)
    assert again.corpus_url is None
    assert read_manifest(again.lake.root) == read_manifest(ws.lake.root)
    again.ingest(small.conversations(4)[3], detect=False)
    assert (again.lake.counts().conversations, ws.lake.counts().conversations) == (4, 3)


def test_a_check_looks_into_the_store_and_mends_both_sides(tmp_path, memory_store):
    ws = opened(tmp_path / "w", corpus=URL)
    ws.ingest(small.conversations(3), detect=False)
    ws.encode()
    assert str(ws.check()).endswith("no problems found")
    turns, sentences, calls = (next(n for n in memory_store.objects if n.startswith(t)) for t in ("tu", "se", "co"))
    del memory_store.objects[turns]
    (ws.lake.root / sentences).write_bytes(b"x" * 10)
    memory_store.objects[calls.replace("000001", "000009")] = b"left"
    told = str(ws.check())
    assert f"{URL}/{turns}: missing; a repair uploads it" in told
    assert "1 file is left over from interrupted changes" in told
    assert ws.check(repair=True).is_whole
    assert str(ws.check()).endswith("no problems found")
    assert turns in memory_store.objects
    assert len(memory_store.objects) == 4

    def fail(*_):
        raise broken()

    memory_store.before = fail
    assert "cannot be reached" in str(ws.check())


def test_folder_and_state_must_belong_together(tmp_path, memory_store):
    ws = opened(tmp_path / "w", corpus=URL)
    ws.ingest(small.conversations(1), detect=False)
    ws.close()
    (tmp_path / "w" / "corpus" / "remote.json").unlink()
    with pytest.raises(WorkspaceDamaged, match="not a copy of this workspace's corpus"):
        opened(tmp_path / "w")
    (tmp_path / "w" / "corpus").rename(tmp_path / "aside")
    assert opened(tmp_path / "w").lake.counts().conversations == 1, "a copy that was lost is made again"
    (tmp_path / "w" / "state.db").rename(tmp_path / "state.db")
    with pytest.raises(WorkspaceDamaged, match=r"copy of a corpus that the state does not know|although there is"):
        opened(tmp_path / "w")


def test_nothing_is_sent_to_a_bucket_that_a_workspace_from_elsewhere_names(tmp_path, memory_store, monkeypatch):
    opened(tmp_path / "w", corpus=URL).ingest(small.conversations(1), detect=False)
    monkeypatch.setenv("WORKBENCH_CONFIG_DIR", str(tmp_path / "of another user"))
    for _ in range(2):
        with pytest.raises(
            WorkspaceNotTrusted, match=r"to which you have not agreed.*run `workbench corpus s3://calls/team`"
        ):
            opened(tmp_path / "w")
    monkeypatch.setenv("WORKBENCH_TRUST", "1")
    assert opened(tmp_path / "w").lake.counts().conversations == 1
    monkeypatch.delenv("WORKBENCH_TRUST")
    _command("corpus", URL, "-w", str(tmp_path / "w"))
    assert opened(tmp_path / "w").lake.counts().conversations == 1


def test_the_command_moves_it_there_and_back(tmp_path, memory_store, capsys):
    opened(tmp_path / "w").ingest(small.conversations(2), detect=False)
    for to, where in (((), tmp_path / "w" / "corpus"), ((URL,), URL), (("local",), tmp_path / "w" / "corpus")):
        _command("corpus", *to, "-w", str(tmp_path / "w"))
        assert capsys.readouterr().out.strip() == str(where)
    assert list(memory_store.objects) == [NAME]
    assert opened(tmp_path / "w").lake.counts().conversations == 2


def test_the_command_makes_a_folder_only_for_a_state_that_is_shared(tmp_path, memory_store, monkeypatch):
    typo = tmp_path / "typo"
    with pytest.raises(SystemExit, match="1"), patch.object(sys, "argv", ["workbench", "corpus", URL, "-w", str(typo)]):
        main()
    assert not typo.exists()
    monkeypatch.setenv(STATE, f"sqlite:///{tmp_path}/shared.db")
    opened(tmp_path / "first", corpus=URL).ingest(small.conversations(2), detect=False)
    _command("corpus", URL, "-w", str(tmp_path / "second"))
    assert opened(tmp_path / "second").lake.counts().conversations == 2


def _command(*arguments):
    with patch.object(sys, "argv", ["workbench", *arguments]), pytest.raises(SystemExit) as ended:
        main()
    assert not ended.value.code
