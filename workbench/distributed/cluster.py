"""A Dask cluster for the caller: tasks are submitted a few ahead, and results returned in order."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager
from typing import Any

from workbench.distributed.tasks import PACKAGE, RemoteTask, Shared, load, origin, run, versions
from workbench.domain.errors import ClusterUnavailable, InvalidArgument

INSTALL = "pip install 'tracker-workbench[dask]'"
CONNECT_S = 10.0
WORKERLESS_S = 60.0  # a cluster that grows on demand needs a while for its first worker
POLL_S = 1.0
_LARGE_GRAPH = "distributed.admin.large-graph-warning-threshold"
_KEPT = "What was finished is kept; run it again to continue."


class Cluster:
    """Workers behind a Dask client.

    Args:
        client: connected, and not asynchronous.
    """

    def __init__(self, client: Any):
        self._client = client
        self._origin = origin()
        self._shared: dict[str, Any] = {}

    @property
    def link(self) -> str:
        """Return the address of Dask's dashboard; empty if there is none."""
        return str(self._client.dashboard_link or "")

    @property
    def ahead(self) -> int:
        """Return how many tasks are submitted before waiting for the first result."""
        return 2 * max(2, sum(self._threads().values()))

    def in_order(self, tasks: Iterable[RemoteTask]) -> Iterator[Any]:
        """Yield the results of tasks in order; tasks that are no longer needed are cancelled.

        Raises:
            ClusterUnavailable: the scheduler is gone, there are no workers, or a task ended those that tried it.
        """
        given: deque[Any] = deque()
        try:
            for one in tasks:
                given.append(self.submit(one))
                if len(given) > self.ahead:
                    yield self.result(given.popleft())
            while given:
                yield self.result(given.popleft())
        finally:
            for future in given:
                future.release()

    def submit(self, one: RemoteTask) -> Any:
        """Submit a task; return its future, which cancels the task when released."""
        from dask import config

        if self._client.status == "closed":
            raise self._lost()
        try:
            with config.set({_LARGE_GRAPH: "1GB"}):  # a task carries its data, so that any worker can rerun it
                shared = () if one.shared is None else (self._sent(one.shared),)
                return self._client.submit(run, self._origin, one.content, *shared, key=one.name)
        except (OSError, RuntimeError) as error:
            raise self._lost() from error

    def _sent(self, one: Shared) -> Any:
        """Return the future of data that tasks share: itself a task, so that another worker can load it again."""
        if one.name not in self._shared:
            self._shared[one.name] = self._client.submit(load, self._origin, one.content, key=one.name)
        return self._shared[one.name]

    def result(self, future: Any) -> Any:
        """Wait for a task's result; raises what the task raised.

        Raises:
            ClusterUnavailable: as :meth:`in_order`.
        """
        from distributed import KilledWorker

        alone_since: float | None = None
        while True:
            try:
                return future.result(timeout=POLL_S)
            except TimeoutError:
                if future.status == "error":  # the task's own error
                    raise
            except KilledWorker as error:
                raise ClusterUnavailable(
                    f"A task ended every worker that tried it, the last one {error.last_worker.address}: look into "
                    f"that worker's log; too little memory is the usual reason. {_KEPT}"
                ) from None
            except CancelledError:
                raise self._lost() from None
            except ModuleNotFoundError as error:
                raise ClusterUnavailable(
                    f"A worker has no module {error.name!r}: install {PACKAGE} {versions()[PACKAGE]} on all workers."
                ) from None
            alone_since = None if self._threads() else alone_since or time.monotonic()
            if alone_since is not None and time.monotonic() - alone_since > WORKERLESS_S:
                raise ClusterUnavailable(
                    f"The scheduler {self._address} has had no worker for {WORKERLESS_S:.0f} s: start one with "
                    f"`dask worker {self._address}`. {_KEPT}"
                )

    def _threads(self) -> dict[str, int]:
        """Return the number of threads of each worker."""
        try:
            found: dict[str, int] = self._client.nthreads()
        except (OSError, RuntimeError, CancelledError) as error:
            raise self._lost() from error
        return found

    def _lost(self) -> ClusterUnavailable:
        return ClusterUnavailable(f"The scheduler {self._address} does not answer any more: start it again. {_KEPT}")

    @property
    def _address(self) -> str:
        return str(self._client.scheduler.address if self._client.scheduler else "")


@contextmanager
def cluster_of(client: Any) -> Iterator[Cluster]:
    """Return the cluster of a Dask client, or of the scheduler at an address, from which it then disconnects.

    Raises:
        ClusterUnavailable: Dask is not installed, or the scheduler cannot be reached.
        InvalidArgument: it is neither a client nor an address, or the client is asynchronous.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise ClusterUnavailable(f"Other machines need {error.name or 'distributed'}. Install it: {INSTALL}") from error
    if not isinstance(client, str):
        yield Cluster(_checked(client, Client))
        return
    try:
        own = Client(client, timeout=CONNECT_S, set_as_default=False)
    except (OSError, ValueError) as error:
        raise ClusterUnavailable(
            f"No scheduler answers at {client!r}: start one with `dask scheduler`, and give the address that it "
            "prints, such as tcp://10.0.0.5:8786."
        ) from error
    try:
        yield Cluster(own)
    finally:
        own.close(CONNECT_S)


def check_reachable(client: Any) -> None:
    """Raise as :func:`cluster_of` if there is no such cluster."""
    with cluster_of(client):
        pass


def _checked(client: Any, kind: Any) -> Any:
    if not isinstance(client, kind):
        raise InvalidArgument(f"client: must be a dask.distributed.Client or a scheduler's address, not {client!r}")
    if client.asynchronous:
        raise InvalidArgument("client: must not be asynchronous; make it without asynchronous=True")
    if client.status != "running":
        raise ClusterUnavailable("The Dask client is not connected. Connect it again, or give the scheduler's address.")
    return client
