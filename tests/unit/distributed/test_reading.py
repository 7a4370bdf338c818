"""Backfills on workers: what is found and recorded is what a local run finds, whatever happens meanwhile."""

from __future__ import annotations

import pickle

import pytest
from sqlalchemy import update

import workbench as wb
from tests.support.dask_cluster import dask_cluster  # noqa: F401, a fixture
from tests.support.patience import PATIENCE_S
from tests.unit import small
from workbench.distributed import AheadReader, Cluster
from workbench.distributed.tasks import load, origin, run
from workbench.domain.errors import ClusterUnavailable, CorpusNotEncoded
from workbench.domain.publications import Run
from workbench.engine.encoders import HashingEncoder
from workbench.publishing import publication
from workbench.store.publications import PublicationRepository
from workbench.store.tables import publications

BATCH = 4
KINDS = {
    "example": {},
    "keyword": {"kind": "keyword", "words": ["expensive", "pay"]},
    "phrase": {"kind": "phrase", "vocabulary": ["the price is far too high", "dog"]},
}


class Here:
    """A cluster of no workers: what is given out is done at once, in pickled form; ``given`` counts it."""

    ahead = 3

    def __init__(self):
        self.given = 0

    def submit(self, one):
        self.given += 1
        shared = () if one.shared is None else (load(origin(), one.shared.content),)
        return Result(run(origin(), one.content, *shared))

    def result(self, future):
        return pickle.loads(pickle.dumps(future.value))


class Result:
    def __init__(self, value):
        self.value = value

    def release(self):
        pass


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    monkeypatch.setattr(publication, "BATCH", BATCH)
    return small.ready(tmp_path / "w")


def tracker_of(workspace, kind):
    return workspace.trackers.get("Price") if kind == "example" else workspace.trackers.create(kind, **KINDS[kind])


def local(version):
    """Return what the version finds in this process, in the batches of a backfill."""
    reader, calls = version.reader(), version.frozen.first_upcoming
    return sorted(one for first in range(0, calls, BATCH) for one in reader.read(range(first, first + BATCH)))


def recorded(workspace, version):
    return sorted(PublicationRepository(workspace.database).detections(version.id))


def downwards(numbers):
    return (range(first, first + BATCH) for first in range(numbers.start - BATCH, -1, -BATCH))


def test_a_worker_is_killed_midway_and_all_is_found_once_and_alike(state, workspace, dask_cluster):  # noqa: F811, the fixture
    dask_cluster.add_workers(2)
    cluster = Cluster(dask_cluster.client)
    told = []
    report = dask_cluster.killing_midway(told)
    for kind in KINDS:
        version = tracker_of(workspace, kind).publish()
        with workspace.database.begin() as connection:
            connection.execute(update(publications).where(publications.c.id == version.id).values(past_left=80))
        version.read_past(report, cluster)
        assert recorded(workspace, version) == local(version)
        assert len(recorded(workspace, version)) > 20, kind
        assert not PublicationRepository(workspace.database).cursors(version.id).past_left
    assert len(told) == len(KINDS) * 80 // BATCH
    assert len(told) == len(KINDS) * 80 // BATCH
    assert len(dask_cluster.client.nthreads()) == 1


def test_a_backfill_in_the_background_takes_an_address(workspace, dask_cluster):  # noqa: F811, the fixture
    dask_cluster.add_workers(1)
    version = tracker_of(workspace, "keyword").publish("all", client=dask_cluster.address)
    version.job.result(PATIENCE_S)
    assert version.progress().state is Run.DONE
    assert version.progress().done == 80
    assert recorded(workspace, version) == local(version)


def test_without_a_scheduler_nothing_is_published_and_a_backfill_fails_says_why_and_goes_on(workspace, monkeypatch):
    monkeypatch.setattr("workbench.distributed.cluster.CONNECT_S", 0.2)
    nowhere, tracker = "tcp://127.0.0.1:9", tracker_of(workspace, "keyword")
    with pytest.raises(ClusterUnavailable, match="No scheduler answers"):
        tracker.publish("all", client=nowhere)
    assert not tracker.publications()
    monkeypatch.setattr("workbench.publishing.publish.check_reachable", lambda _: None)  # it ends right after
    version = tracker.publish("all", client=nowhere)
    with pytest.raises(ClusterUnavailable, match="No scheduler answers"):
        version.job.result(PATIENCE_S)
    assert version.progress().state is Run.FAILED
    assert "dask scheduler" in version.progress().message
    version.resume().result(PATIENCE_S)
    assert recorded(workspace, version) == local(version)


@pytest.mark.parametrize("kind", KINDS)
def test_a_call_that_changes_meanwhile_is_read_as_it_is_now(workspace, kind):
    version = tracker_of(workspace, kind).publish()
    cluster, reader = Here(), version.reader()
    ahead = AheadReader(reader, cluster, workspace.lake, downwards)
    first = range(76, 80)
    assert ahead.read(first) == reader.read(first)
    assert cluster.given == 4
    before = [reader.read(one) for one in list(downwards(first))[:3]]
    (changed,) = [one for one in small.conversations() if one["id"] == "call-70"]
    for turn in changed["turns"]:
        turn["text"] = "the price is far too high, honestly it is expensive"
    workspace.ingest([changed], detect=False)
    workspace.encode()
    after = [ahead.read(one) for one in list(downwards(first))[:3]]
    assert after == [reader.read(one) for one in list(downwards(first))[:3]]
    assert after[0] == before[0]
    assert after[1] != before[1], "calls 68 to 71"


def test_other_numbers_than_were_foreseen_begin_a_new_plan(workspace):
    reader = tracker_of(workspace, "keyword").publish().reader()
    ahead = AheadReader(reader, Here(), workspace.lake, downwards)
    for one in (range(76, 80), range(72, 75), range(40, 44), range(36, 40), range(4)):
        assert ahead.read(one) == reader.read(one)
    assert ahead.read() == reader.read()


def test_what_has_no_vectors_is_told_when_its_turn_comes(tmp_path):
    workspace = wb.open(tmp_path / "w", encoder=HashingEncoder())
    calls = small.conversations(8)
    workspace.ingest(calls[:4], detect=False)  # later read last
    workspace.ingest(calls[4:], detect=False)
    tracker = workspace.trackers.create("phrase", **KINDS["phrase"])
    workspace.encode()
    version = tracker.publish()
    other = {**calls[1], "turns": [{**calls[1]["turns"][0], "text": "never said before"}]}
    workspace.ingest([other], detect=False)
    ahead = AheadReader(version.reader(), Here(), workspace.lake, downwards)
    assert ahead.read(range(4, 8)) == version.reader().read(range(4, 8))
    with pytest.raises(CorpusNotEncoded):
        ahead.read(range(4))
