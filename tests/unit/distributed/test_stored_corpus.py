"""Workers, state in PostgreSQL and corpus in a bucket together: all is found once, and as a local run finds it."""

from __future__ import annotations

from sqlalchemy import update

from tests.support.dask_cluster import dask_cluster  # noqa: F401, a fixture
from tests.unit import small
from tests.unit.distributed.slow_encoder import SlowEncoder
from tests.unit.distributed.test_reading import BATCH, local, recorded
from workbench.distributed import Cluster
from workbench.publishing import publication
from workbench.resources import vectors
from workbench.store.database import STATE
from workbench.store.publications import PublicationRepository
from workbench.store.tables import publications


def test_a_worker_is_killed_midway(tmp_path, monkeypatch, postgresql_server, bucket, dask_cluster):  # noqa: F811, the fixture
    monkeypatch.setattr(publication, "BATCH", BATCH)
    monkeypatch.setattr(vectors, "CHUNK", 100)
    here = small.ready(tmp_path / "here", encoder=SlowEncoder())
    monkeypatch.setenv(STATE, postgresql_server.new())
    there = small.wb.open(tmp_path / "there", encoder=SlowEncoder(), corpus=bucket.url)
    there.ingest(small.conversations())
    dask_cluster.add_workers(2)
    keys = here.lake.text_keys()
    assert there.encode(client=dask_cluster.client) == len(keys)
    made, known = there.resources.vectors.store, here.resources.vectors.store
    assert (made.vectors[made.lookup(keys)] == known.vectors[known.lookup(keys)]).all()
    version = there.trackers.create("Dear", kind="keyword", words=["expensive", "pay"]).publish()
    with there.database.begin() as connection:
        connection.execute(update(publications).where(publications.c.id == version.id).values(past_left=80))
    version.read_past(dask_cluster.killing_midway([]), Cluster(dask_cluster.client))
    assert len(dask_cluster.client.nthreads()) == 1
    assert recorded(there, version) == local(version)
    assert len(recorded(there, version)) > 20
    assert not PublicationRepository(there.database).cursors(version.id).past_left
    assert sorted(there.lake.pool()["text_key"].to_pylist()) == sorted(here.lake.pool()["text_key"].to_pylist())
