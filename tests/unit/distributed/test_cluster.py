"""What is said where a cluster cannot be used, and in which order results come back."""

from __future__ import annotations

import sys
from concurrent.futures import CancelledError
from types import SimpleNamespace

import pytest
from distributed import Client, KilledWorker, LocalCluster

import workbench as wb
from workbench.distributed import Cluster, cluster, tasks
from workbench.distributed.cluster import cluster_of
from workbench.distributed.tasks import Origin, keep_within, origin, share, task, threads
from workbench.domain.errors import ClusterUnavailable, EncoderUnavailable, InvalidArgument


def double(number):
    return 2 * number


def plus(first, second):
    return first + second


def fail():
    raise EncoderUnavailable("no model here")


@pytest.fixture(scope="module")
def local_cluster():
    """A scheduler and a worker in this process."""
    with LocalCluster(1, threads_per_worker=2, processes=False, dashboard_address=None) as cluster:
        yield cluster


@pytest.fixture
def client(local_cluster):
    with Client(local_cluster, set_as_default=False) as client:
        yield client


def test_results_come_in_the_order_of_the_tasks(client):
    known = Cluster(client)
    assert list(known.in_order(task(double, number) for number in range(20))) == list(range(0, 40, 2))
    shared = share(100)
    assert list(known.in_order(task(plus, number, shared=shared) for number in range(9))) == list(range(100, 109))
    assert list(known.in_order([])) == []


def test_only_some_tasks_are_given_out_ahead(client):
    known, begun = Cluster(client), []

    def numbers():
        for number in range(100):
            begun.append(number)
            yield task(double, number)

    assert next(known.in_order(numbers())) == 0
    assert len(begun) == known.ahead + 1 == 5


def test_a_name_tells_function_content_and_what_is_shared():
    alike, others = task(double, 1), [task(double, 2), task(fail, 1), task(double, 1, shared=share(3))]
    assert task(double, 1) == alike
    assert len({alike.name, *(one.name for one in others)}) == 4


def test_an_error_on_a_worker_names_the_worker(client):
    with pytest.raises(EncoderUnavailable, match=r"worker inproc://.*: no model here"):
        list(Cluster(client).in_order([task(fail)]))


def test_a_worker_of_another_version_is_refused(client, monkeypatch):
    monkeypatch.setattr(cluster, "origin", lambda: Origin({**tasks.versions(), "numpy": "0.9"}, 1))
    with pytest.raises(ClusterUnavailable, match=r"has numpy \S+ instead of 0\.9\. Install the caller's versions"):
        list(Cluster(client).in_order([task(double, 1)]))


def test_a_cluster_without_workers_is_waited_for_a_while(monkeypatch):
    monkeypatch.setattr(cluster, "WORKERLESS_S", 0.1)
    monkeypatch.setattr(cluster, "POLL_S", 0.05)
    with LocalCluster(1, processes=False, dashboard_address=None) as emptied, Client(emptied) as client:
        client.retire_workers()
        with pytest.raises(ClusterUnavailable, match="has had no worker for 0 s: start one with `dask worker inproc:/"):
            list(Cluster(client).in_order([task(double, 1)]))


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (KilledWorker("task", SimpleNamespace(address="tcp://10.0.0.7:1"), 3), "ended every worker.*tcp://10.0.0.7:1"),
        (CancelledError("lost"), "does not answer any more: start it again"),
        (ModuleNotFoundError("No module", name="workbench"), "no module 'workbench': install tracker-workbench"),
    ],
)
def test_what_breaks_off_says_what_to_do(client, error, told):
    def result(timeout):
        raise error

    with pytest.raises(ClusterUnavailable, match=told):
        Cluster(client).result(SimpleNamespace(result=result))


def test_a_task_may_time_out_itself(client):
    def late():
        raise TimeoutError("the task's own")

    with pytest.raises(TimeoutError, match="the task's own"):
        list(Cluster(client).in_order([task(late)]))


def test_the_scheduler_ends():
    with LocalCluster(1, processes=False, dashboard_address=None) as ending:
        client = Client(ending, set_as_default=False)
    known = Cluster(client)
    with pytest.raises(ClusterUnavailable, match="does not answer any more"):
        list(known.in_order([task(double, 1)]))
    with pytest.raises(ClusterUnavailable, match="not connected"), cluster_of(client):
        pass
    client.close()


def test_what_is_no_cluster(client, monkeypatch):
    monkeypatch.setattr(cluster, "CONNECT_S", 0.2)
    for nowhere in ("tcp://127.0.0.1:9", "nonsense://x", ""):
        with pytest.raises(ClusterUnavailable, match="No scheduler answers at"), cluster_of(nowhere):
            pass
    with pytest.raises(InvalidArgument, match=r"a dask\.distributed\.Client or .* address, not 7"), cluster_of(7):
        pass
    with pytest.raises(InvalidArgument, match="asynchronous"), cluster_of(_asynchronous(client)):
        pass


def _asynchronous(client):
    class Asynchronous(type(client)):
        asynchronous = True

        def __init__(self):
            pass

        def __del__(self):
            pass

    return Asynchronous()


def test_without_dask_it_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ClusterUnavailable, match=r"pip install 'tracker-workbench\[dask\]'"):
        wb.open(tmp_path / "w").encode(client="tcp://127.0.0.1:8786")


def test_a_worker_keeps_within_the_callers_threads():
    from threadpoolctl import threadpool_limits

    assert origin().threads == threads() >= 1
    with threadpool_limits(2):
        keep_within(1)
        assert threads() == 1
        keep_within(2)
        assert threads() == 1, "it takes no more than it has"
