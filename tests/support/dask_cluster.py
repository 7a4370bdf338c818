"""A Dask scheduler and its workers, each a process of its own on this machine."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from distributed import Client

from tests.support.patience import PATIENCE_S, wait_for

ROOT = Path(__file__).parents[2]


class DaskCluster:
    """Workers can be killed and added; none is started again by itself."""

    def __init__(self, folder: Path):
        self._file = folder / "scheduler.json"
        self._processes = [self._started("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")]
        wait_for(self._file.exists, "the scheduler")
        self.client = Client(scheduler_file=str(self._file), set_as_default=False)
        self.address: str = self.client.scheduler.address

    def add_workers(self, count: int) -> None:
        """Have so many workers in all, of one thread each."""
        for _ in range(count - len(self.client.nthreads())):
            self._processes.append(self._started("worker", "--no-nanny", "--nthreads", "1", "--no-dashboard"))
        self.client.wait_for_workers(count, timeout=PATIENCE_S)

    def kill_one(self) -> None:
        """Kill the worker (SIGKILL) with most tasks, at work or done, and wait until the scheduler has noticed."""
        working, done = self.client.processing(), self.client.has_what()
        busy = max(working, key=lambda name: (len(working[name]), len(done.get(name, ()))))
        (pid,) = self.client.run(os.getpid, workers=[busy]).values()
        os.kill(pid, 9)
        wait_for(lambda: busy not in self.client.nthreads(), "the end of a worker")

    def killing_midway(self, told: list[tuple[Any, ...]]) -> Callable[..., bool]:
        """Return what is told of progress: it notes that in ``told``, and kills a worker at the third time."""

        def report(*said: Any) -> bool:
            told.append(said)
            if len(told) == 3:
                self.kill_one()
            return True

        return report

    def stop(self) -> None:
        self.client.close()
        for process in reversed(self._processes):
            process.kill()
            process.wait(PATIENCE_S)

    def _started(self, what: str, *options: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", f"distributed.cli.dask_{what}", "--scheduler-file", str(self._file), *options]
        return subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)


@pytest.fixture(scope="module")
def dask_cluster() -> Iterator[DaskCluster]:
    """A scheduler that has no workers yet."""
    with tempfile.TemporaryDirectory(prefix="dask-") as folder:
        cluster = DaskCluster(Path(folder))
        try:
            yield cluster
        finally:
            cluster.stop()
