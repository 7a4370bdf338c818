"""Processes that begin at once: forked from one that has imported the package and done nothing.

To import it takes a process of its own two seconds, which is most of what a test that kills dozens would wait for. What
the tests' own process has run, opened or started meanwhile is not in them.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import TextIO

from tests.support.patience import PATIENCE_S

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["tests.support.preloaded"])


def forked(target: Callable[..., object], *arguments: object) -> tuple[BaseProcess, Connection]:
    """Start ``target`` with ``arguments`` and the end of a pipe that it writes to; return both process and other end.

    All of it is pickled. The process has the environment that this one has now.
    """
    reading, writing = _CONTEXT.Pipe(duplex=False)
    process = _CONTEXT.Process(target=_as_here, args=(dict(os.environ), target, arguments, writing), daemon=True)
    process.start()
    writing.close()
    return process, reading


class Begun:
    """A process that runs ``code``, with what it prints; named like ``subprocess.Popen``, of which it is a part."""

    def __init__(self, code: str, *arguments: object) -> None:
        self._process, reading = forked(_run, code, [str(one) for one in arguments])
        self.stdout: TextIO = open(os.dup(reading.fileno()), encoding="utf-8")  # noqa: SIM115, closed in wait()
        reading.close()

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    def poll(self) -> int | None:
        return self._process.exitcode

    def kill(self) -> None:
        """Send SIGKILL."""
        if self._process.is_alive():
            os.kill(self.pid, signal.SIGKILL)

    def wait(self, timeout: float = PATIENCE_S) -> int:
        """Return its exit code, or the signal that ended it as a negative number."""
        self._process.join(timeout)
        assert self._process.exitcode is not None, f"it still runs after {timeout:.0f} s"
        return self._process.exitcode


def begun(code: str, *arguments: object) -> Begun:
    """Return a process that has printed its first line, which says that it has begun."""
    process = Begun(code, *arguments)
    assert process.stdout.readline().strip() in ("begun", "ready")
    return process


def _as_here(
    environment: dict[str, str], target: Callable[..., object], arguments: tuple[object, ...], writing: Connection
) -> None:
    os.environ.clear()
    os.environ.update(environment)
    target(*arguments, writing)


def _run(code: str, arguments: list[str], writing: Connection) -> None:
    os.dup2(writing.fileno(), 1)
    writing.close()
    sys.argv = ["-c", *arguments]
    sys.stdout = open(1, "w", buffering=1, encoding="utf-8", closefd=False)  # noqa: SIM115, until the process ends
    exec(compile(code, "<begun>", "exec"), {"__name__": "__main__"})
    sys.stdout.flush()
