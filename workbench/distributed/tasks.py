"""What runs on workers: checked to be the caller's versions, and kept within the caller's numbers of threads."""

from __future__ import annotations

import hashlib
import pickle
import platform
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from workbench.domain.errors import ClusterUnavailable, WorkbenchError

PACKAGE = "tracker-workbench"
_COUNTING = (PACKAGE, "numpy", "scipy", "scikit-learn")  # what a result depends on to the last bit


@dataclass(frozen=True, slots=True)
class Origin:
    """What a worker must know of the caller: its versions by package, and how many threads it computes with."""

    versions: dict[str, str]
    threads: int


@dataclass(frozen=True, slots=True)
class RemoteTask:
    """A pure function of the workbench with its arguments, pickled; its name tells the content."""

    name: str
    content: bytes


def task(function: Callable[..., Any], *arguments: Any) -> RemoteTask:
    """Return the task that calls a function with these arguments."""
    import cloudpickle  # comes with Dask; takes what is defined in a notebook, too

    content: bytes = cloudpickle.dumps((function, arguments))
    digest = hashlib.blake2b(content, digest_size=20).hexdigest()
    return RemoteTask(f"workbench-{function.__name__}-{digest}", content)


def origin() -> Origin:
    """Return what this process tells its workers."""
    return Origin(versions(), threads())


@cache
def versions() -> dict[str, str]:
    """Return this process's version of everything that a result depends on."""
    return {"python": ".".join(platform.python_version_tuple()[:2])} | {name: _version(name) for name in _COUNTING}


def run(told: Origin, content: bytes) -> Any:
    """Run a task in a worker's process.

    Raises:
        ClusterUnavailable: the worker has other versions than the caller.
    """
    own = versions()
    others = [
        f"{name} {own[name]} instead of {told.versions[name]}" for name in own if own[name] != told.versions[name]
    ]
    if others:
        raise ClusterUnavailable(
            f"The worker {_worker()} has {', '.join(others)}. Install the caller's versions on all workers."
        )
    keep_within(told.threads)
    function, arguments = pickle.loads(content)
    try:
        return function(*arguments)
    except WorkbenchError as error:
        raise type(error)(f"worker {_worker()}: {error}") from None


def threads() -> int:
    """Return how many threads this process's linear algebra uses at most."""
    from threadpoolctl import threadpool_info

    return max((int(one["num_threads"]) for one in threadpool_info()), default=1)


def keep_within(most: int) -> None:
    """Have this process's linear algebra use at most so many threads, from now on."""
    from threadpoolctl import threadpool_limits

    if threads() > most:
        threadpool_limits(most)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def _worker() -> str:
    from distributed import get_worker

    return str(get_worker().address)
