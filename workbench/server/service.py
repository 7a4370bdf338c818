"""What all requests share: the workspace, which the first one opens, and the threads in which they run."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from workbench.server.problems import RequestRefused

if TYPE_CHECKING:
    from workbench.workspace.workspace import Workspace

T = TypeVar("T")
QUICK, SLOW = 4, 2  # threads, so that slow requests do not keep quick ones waiting


class Service:
    """The workspace and threads of one server.

    Args:
        folder: returns the workspace's folder; empty if none is set.
    """

    def __init__(self, folder: Callable[[], str]):
        self._folder = folder
        self._opening = threading.Lock()
        self._opened: tuple[str, Workspace] | None = None
        self._quick = ThreadPoolExecutor(QUICK, thread_name_prefix="workbench-api")
        self._slow = ThreadPoolExecutor(SLOW, thread_name_prefix="workbench-api-slow")

    async def run(self, work: Callable[[], T], slow: bool = False) -> T:
        """Run a function in a thread, without blocking the server's loop."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._slow if slow else self._quick, work)

    def workspace(self) -> Workspace:
        """Return the workspace, which is opened once and never created. Raises ``Refused``."""
        folder = self._folder()
        with self._opening:
            if self._opened is None or self._opened[0] != folder:
                from workbench.domain.paths import resolved
                from workbench.resources.opening import is_workspace
                from workbench.workspace.workspace import Workspace

                if not folder or not is_workspace(resolved(folder)):
                    about = "there is no workspace in the configured folder" if folder else "no workspace is configured"
                    raise RequestRefused(
                        503, f"{about}; set WORKBENCH_WORKSPACE or c.Workbench.workspace to a workspace's folder"
                    )
                self._opened = (folder, Workspace(folder, create=False))
            return self._opened[1]

    def close(self) -> None:
        """Start no more requests."""
        for pool in (self._quick, self._slow):
            pool.shutdown(wait=False, cancel_futures=True)
