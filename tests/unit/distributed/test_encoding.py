"""Encoding on workers: what is stored is what a local run stores, to the last bit, whatever becomes of a worker."""

from __future__ import annotations

import pytest

import workbench as wb
from tests.support.dask_cluster import dask_cluster  # noqa: F401, a fixture
from tests.unit import small
from tests.unit.distributed.slow_encoder import SlowEncoder
from workbench.distributed.encoding import encode_there, way_of
from workbench.domain.errors import ClusterUnavailable
from workbench.engine.encoder_process import SharedEncoder
from workbench.resources import vectors


def filled(folder, encoder):
    workspace = wb.open(folder, encoder=encoder)
    workspace.ingest(small.conversations(), detect=False)
    return workspace


def stored(workspace):
    folder = workspace.path / "vectors" / workspace.encoder.key
    return (folder / "keys.i64").read_bytes(), (folder / "vectors.f32").read_bytes()


def test_a_worker_is_killed_midway_and_every_bit_is_as_it_would_be(tmp_path, monkeypatch, dask_cluster):  # noqa: F811, the fixture
    monkeypatch.setattr(vectors, "CHUNK", 32)
    here, there = (filled(tmp_path / name, SlowEncoder()) for name in ("here", "there"))
    count = here.encode()
    dask_cluster.add_workers(2)
    told = []
    assert there.encode(dask_cluster.killing_midway(told), client=dask_cluster.client) == count
    assert len(dask_cluster.client.nthreads()) == 1
    assert stored(there) == stored(here)
    assert told[-1] == (count, count)
    assert len(told) == -(-count // 32)
    assert there.encode(client=dask_cluster.address) == 0, "all is there, and an address will do"


def test_a_worker_with_another_model_is_refused():
    with pytest.raises(ClusterUnavailable, match="install the same version"):
        encode_there(SharedEncoder(), "another-key", "", ["hello"])


def test_a_worker_that_runs_the_model_in_another_way_is_refused(monkeypatch):
    monkeypatch.setattr(
        SharedEncoder, "about", lambda self: {"runs_on": {"runtime": "torch", "precision": "float32"}, "dimension": 3}
    )
    encoder = SharedEncoder()
    with pytest.raises(ClusterUnavailable, match="torch float32 here and by openvino bfloat16"):
        encode_there(encoder, encoder.key, "openvino bfloat16", ["hello"])


def test_what_runs_a_model_in_words():
    assert way_of({"runs_on": {"runtime": "torch", "precision": "float32", "min_cosine": 1.0}}) == "torch float32"
    assert way_of(None) == way_of({}) == way_of({"runs_on": None}) == ""
