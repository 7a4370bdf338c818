"""What runs on workers: checked to be the caller's versions, and kept within the caller's numbers of threads."""

from __future__ import annotations

import hashlib
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
class Shared:
    """What many tasks need, pickled: a worker gets it once. Its name tells the content."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class RemoteTask:
    """A pure function of the workbench with its arguments, pickled; its name tells the content.

    The first argument is what it shares with others, where it does.
    """

    name: str
    content: bytes
    shared: Shared | None = None


def share(value: Any) -> Shared:
    """Return what many tasks need, ready to be sent."""
    content = _pickled(value)
    return Shared(f"workbench-shared-{_digest(content)}", content)


def task(function: Callable[..., Any], *arguments: Any, shared: Shared | None = None) -> RemoteTask:
    """Return the task that calls a function with what is shared, if anything is, and these arguments."""
    content = _pickled((function, arguments))
    digest = _digest(content + (b"" if shared is None else shared.name.encode()))
    return RemoteTask(f"workbench-{function.__name__}-{digest}", content, shared)


def _pickled(value: Any) -> bytes:
    from distributed.protocol.pickle import dumps  # as Dask sends its own tasks, what a notebook defines among them

    found: bytes = dumps(value)
    return found


def _digest(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=20).hexdigest()


def origin() -> Origin:
    """Return what this process tells its workers."""
    return Origin(versions(), threads())


@cache
def versions() -> dict[str, str]:
    """Return this process's version of everything that a result depends on."""
    return {"python": ".".join(platform.python_version_tuple()[:2])} | {name: _version(name) for name in _COUNTING}


def run(told: Origin, content: bytes, *shared: Any) -> Any:
    """Run a task in a worker's process, with what it shares.

    Raises:
        ClusterUnavailable: the worker has other versions than the caller.
    """
    _prepare(told)
    function, arguments = _unpacked(content)
    try:
        return function(*shared, *arguments)
    except WorkbenchError as error:
        raise type(error)(f"worker {_worker()}: {error}") from None


def load(told: Origin, content: bytes) -> Any:
    """Load in a worker's process what tasks share; raises as :func:`run`."""
    _prepare(told)
    return _unpacked(content)


def _unpacked(content: bytes) -> Any:
    """Return what the caller has packed: Dask runs what its scheduler passes on, whoever that is from."""
    from distributed.protocol.pickle import loads

    return loads(content)


def _prepare(told: Origin) -> None:
    others = [(name, own, told.versions[name]) for name, own in versions().items() if own != told.versions[name]]
    if others:
        said = ", ".join(f"{name} {own} instead of {wanted}" for name, own, wanted in others)
        raise ClusterUnavailable(f"The worker {_worker()} has {said}. Install the caller's versions on all workers.")
    keep_within(told.threads)


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
