"""What runs on workers: checked against the caller's versions, and limited to the caller's numbers of threads."""

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
    """What a worker must know about the caller: its versions by package, and its number of threads."""

    versions: dict[str, str]
    threads: int


@dataclass(frozen=True, slots=True)
class Shared:
    """Data that many tasks need, pickled: a worker gets it once. Its name is derived from the content."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class RemoteTask:
    """A pure function of the workbench with its arguments, pickled; its name is derived from the content.

    The first argument is the data that it shares with others, if any.
    """

    name: str
    content: bytes
    shared: Shared | None = None


def share(value: Any) -> Shared:
    """Return data that many tasks need, ready to be sent."""
    content = _pickled(value)
    return Shared(f"workbench-shared-{_digest(content)}", content)


def task(function: Callable[..., Any], *arguments: Any, shared: Shared | None = None) -> RemoteTask:
    """Return a task that calls a function with the shared data, if any, and these arguments."""
    content = _pickled((function, arguments))
    digest = _digest(content + (b"" if shared is None else shared.name.encode()))
    return RemoteTask(f"workbench-{function.__name__}-{digest}", content, shared)


def _pickled(value: Any) -> bytes:
    from distributed.protocol.pickle import dumps  # as Dask does, so that a notebook's functions work

    found: bytes = dumps(value)
    return found


def _digest(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=20).hexdigest()


def origin() -> Origin:
    """Return what this process tells its workers about itself."""
    return Origin(versions(), threads())


@cache
def versions() -> dict[str, str]:
    """Return this process's version of everything that a result depends on."""
    return {"python": ".".join(platform.python_version_tuple()[:2])} | {name: _version(name) for name in _COUNTING}


def run(told: Origin, content: bytes, *shared: Any) -> Any:
    """Run a task in a worker's process, with its shared data.

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
    """Load tasks' shared data in a worker's process; raises as :func:`run`."""
    _prepare(told)
    return _unpacked(content)


def _unpacked(content: bytes) -> Any:
    """Unpickle what the caller has packed: Dask runs whatever its scheduler passes on anyway."""
    from distributed.protocol.pickle import loads

    return loads(content)


def _prepare(told: Origin) -> None:
    others = [(name, own, told.versions[name]) for name, own in versions().items() if own != told.versions[name]]
    if others:
        said = ", ".join(f"{name} {own} instead of {wanted}" for name, own, wanted in others)
        raise ClusterUnavailable(f"The worker {_worker()} has {said}. Install the caller's versions on all workers.")
    keep_within(told.threads)


def threads() -> int:
    """Return the maximum number of threads of this process's linear algebra."""
    from threadpoolctl import threadpool_info

    return max((int(one["num_threads"]) for one in threadpool_info()), default=1)


def keep_within(most: int) -> None:
    """Limit this process's linear algebra to ``most`` threads from now on."""
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
