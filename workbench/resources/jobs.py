"""Long work in one background thread per tracker, so that the kernel stays free: progress, cancel, result."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, TypeVar

from workbench.domain.progress import ReportProgress

T = TypeVar("T")


class Job(Generic[T]):
    """Work in progress. ``fraction`` is in [0, 1]; ``error`` is what the work raised, or None."""

    def __init__(self, work: Callable[[ReportProgress], T], executor: ThreadPoolExecutor):
        self.fraction = 0.0
        self.message = "Waiting"
        self.error: BaseException | None = None
        self.link = ""
        """Where else its progress can be seen, such as Dask's dashboard; empty if nowhere."""
        self._cancelled = threading.Event()
        self._listeners: list[Callable[[Job[T]], None]] = []
        self._future: Future[T] = executor.submit(self._run, work)

    @property
    def done(self) -> bool:
        return self._future.done() or self.fraction >= 1.0

    def cancel(self) -> None:
        """Ask the work to stop at its next report; what it had not finished is dropped."""
        self._cancelled.set()

    def result(self, timeout: float | None = None) -> T:
        """Wait up to ``timeout`` seconds; raises what the work raised."""
        return self._future.result(timeout)

    def on_change(self, callback: Callable[[Job[T]], None]) -> Callable[[], None]:
        """Call back, from the worker's thread, at every report and at the end; return what unsubscribes."""
        self._listeners.append(callback)
        return lambda: self._listeners.remove(callback) if callback in self._listeners else None

    def _run(self, work: Callable[[ReportProgress], T]) -> T:
        try:
            return work(self._report)
        except BaseException as error:
            self.error = error
            raise
        finally:
            self._report(1.0, "Done" if self.error is None else str(self.error))

    def _report(self, fraction: float, message: str) -> bool:
        self.fraction, self.message = fraction, message
        for callback in tuple(self._listeners):
            callback(self)
        return not self._cancelled.is_set()
