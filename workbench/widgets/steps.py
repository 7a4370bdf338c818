"""Requests in several steps: others are answered between these, and a page can stop them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator
from contextlib import suppress
from typing import Any, TypeVar

from workbench.domain.errors import WorkbenchError

T = TypeVar("T")
Steps = Generator[None, None, T]
"""Work that yields between its steps, and returns the result."""


class Stopped(WorkbenchError):
    """The page no longer wants the answer."""


class StepRunner:
    """Runs steps on the event loop of the calling thread, or at once if there is none, as in a script."""

    def __init__(self) -> None:
        self._running: dict[str, Steps[Any]] = {}
        self._ends: dict[str, Callable[[Any, Exception | None], None]] = {}

    def run(self, name: str, steps: Steps[Any], done: Callable[[Any, Exception | None], None]) -> None:
        """Run all steps and call ``done`` once: with the result, or with the error."""
        self._running[name], self._ends[name] = steps, done
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            while self._step(name):
                pass
        else:
            self._next(loop, name)

    def stop(self, name: str) -> None:
        """Skip the remaining steps; does nothing if there are none."""
        if name in self._running:
            with suppress(Exception):
                self._running[name].close()
            self._end(name, None, Stopped("This was stopped by the page that asked for it."))

    def _next(self, loop: asyncio.AbstractEventLoop, name: str) -> None:
        if self._step(name):
            loop.call_soon(self._next, loop, name)

    def _step(self, name: str) -> bool:
        """Run one step; return whether there may be another."""
        if name not in self._running:
            return False
        try:
            next(self._running[name])
        except StopIteration as end:
            self._end(name, end.value, None)
        except Exception as error:  # noqa: BLE001, the page waits for an answer
            self._end(name, None, error)
        return name in self._running

    def _end(self, name: str, result: Any, error: Exception | None) -> None:
        del self._running[name]
        self._ends.pop(name)(result, error)
