"""The kernels of readers' pages: limited in number, and none for a reader who has left."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4
from weakref import WeakSet

from jupyter_core.utils import ensure_async
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from traitlets import Int
from voila.voila_kernel_manager import voila_kernel_manager_factory

from workbench.serving.answers import HttpRefusal
from workbench.serving.printed import Printed

FULL = "All {} places are taken. Close a dashboard or try again in a few minutes."


class Full(HttpRefusal):
    """The maximum number of kernels is running."""

    def __init__(self, max_kernels: int) -> None:
        super().__init__(503, FULL.format(max_kernels))


class Left(Exception):
    """The reader has closed the connection."""


class CountedKernels(AsyncMappingKernelManager):
    """Starts kernels while there is room; those that are starting or ending take up room too."""

    max_kernels = Int(24, min=1, help="Maximum number of kernels, including standby ones.")

    def __init__(self, **kwargs: Any) -> None:
        self._starting: set[str] = set()
        self._printed = Printed()
        super().__init__(**kwargs)  # type: ignore[no-untyped-call]  # not typed by Jupyter Server

    @property
    def is_full(self) -> bool:
        """Whether there is no room for another kernel."""
        return len(self._starting.union(self.list_kernel_ids())) >= self.max_kernels

    async def start_kernel(self, **kwargs: Any) -> str:  # type: ignore[override]  # Jupyter's differ among themselves
        """Start a kernel and return its id.

        Raises:
            Full: there is no room for it.
        """
        if self.is_full:
            raise Full(self.max_kernels)
        kernel_id = kwargs.setdefault("kernel_id", str(uuid4()))
        self._starting.add(kernel_id)  # nothing is awaited between the check and this
        try:
            pipe = self._printed.pipe
            started: str = await super().start_kernel(**kwargs, stdout=pipe, stderr=pipe)
        finally:
            self._starting.discard(kernel_id)
        return started


class ReadersKernels(voila_kernel_manager_factory(CountedKernels, True, 1)):  # type: ignore[misc]  # made by Voilà, per use
    """Counted kernels, of which some stand by with their page built.

    Voilà starts a standby kernel when a page has taken one. Here this is also tried after each page and whenever a
    kernel has ended, because there may have been no room before.
    """

    def __init__(self, **kwargs: Any) -> None:
        self._ends = False
        self.in_building: set[str] = set()  # kernels whose page has not been sent yet
        self._begun: WeakSet[asyncio.Task[Any]] = (
            WeakSet()
        )  # tasks that are starting a standby kernel, after their delay
        super().__init__(**kwargs)

    async def cull_kernel_if_idle(self, kernel_id: str) -> None:
        """End a kernel whose page was lost, but not one that is starting or whose page is being built."""
        if kernel_id not in self._starting | self.in_building:
            await super().cull_kernel_if_idle(kernel_id)

    def fill_if_needed(
        self,
        delay: float | None = None,
        notebook_name: str | None = None,
        extra_kernel_env_variables: Any = None,  # noqa: ARG002, the signature is Voilà's
        **kwargs: Any,
    ) -> None:
        """Start missing standby kernels; they do not get the last reader's address."""
        if not self._ends and not self.is_full:
            super().fill_if_needed(delay, notebook_name, **kwargs)

    def get_pool_size(self, notebook_name: str) -> int:
        """Count the kernels that stand by or are starting; waiting for any other would take longer than a new one."""
        return sum(task in self._begun for task in self._pools.get(notebook_name, []))

    async def _initialize(self, notebook_path: str, kernel_id: str | None = None, **kwargs: Any) -> Any:
        if (task := asyncio.current_task()) is not None:
            self._begun.add(task)
        try:
            return await super()._initialize(notebook_path, kernel_id, **kwargs)
        except Exception as error:
            pool = self._pools.get(notebook_path, [])
            if task not in pool:  # a page has taken it and gets the error
                raise
            pool.remove(task)
            if not isinstance(error, Full):
                self.log.exception("A standby kernel for %s failed to start", notebook_path)
            return {}

    async def shutdown_kernel(self, kernel_id: str, *args: Any, **kwargs: Any) -> None:
        """End a kernel, then start standby kernels for which there was no room."""
        await super().shutdown_kernel(kernel_id, *args, **kwargs)
        for notebook_name in list(self._pools):
            self.fill_if_needed(notebook_name=notebook_name)

    async def shutdown_all(self, *args: Any, **kwargs: Any) -> None:
        """End all kernels for good."""
        self._ends = True
        await super().shutdown_all(*args, **kwargs)


class OneKernel:
    """The kernels as one page's request sees them: it gets one and keeps it if the page reaches its reader."""

    def __init__(self, kernels: ReadersKernels, has_left: Callable[[], bool]) -> None:
        self._kernels = kernels
        self._has_left = has_left
        self._id: str | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._kernels, name)

    async def start_kernel(self, **kwargs: Any) -> str:
        """Start the page's kernel.

        Raises:
            Full: there is no room for it.
            Left: the reader no longer waits for it.
        """
        if self._has_left():
            raise Left
        kernel_id: str = await self._kernels.start_kernel(**kwargs)
        self._id = kernel_id
        self._kernels.in_building.add(kernel_id)
        if self._has_left():
            raise Left
        return kernel_id

    async def get_rendered_notebook(self, **kwargs: Any) -> Any:
        """Take a page's standby kernel, with what it has built of the page."""
        found = await self._kernels.get_rendered_notebook(**kwargs)
        self._id = found[2]
        self._kernels.in_building.add(found[2])
        return found

    async def lives(self) -> bool:
        """Return whether the page's kernel keeps running."""
        if self._id is None or self._id not in self._kernels:
            return False
        return bool(await ensure_async(self._kernels.get_kernel(self._id).is_alive()))

    async def close(self, keep: bool) -> None:
        """Keep the kernel, if any, for a page that was sent, or end it because nobody gets the page."""
        self._kernels.in_building.discard(self._id or "")
        if self._id is None or self._id not in self._kernels:
            return
        if keep:  # the page has the idle time to connect
            self._kernels.get_kernel(self._id).last_activity = datetime.now(UTC)
        else:
            await self._kernels.shutdown_kernel(self._id, now=True)
