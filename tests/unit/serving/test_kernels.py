"""So many kernels and no more, whoever asks for how many at once, and none for those who have left."""

from __future__ import annotations

import asyncio
import re
import socket
import threading
import time
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import pytest
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager

from tests.browser.jupyter import kernel_lines, kernel_pids, wait_for
from tests.browser.servers import Server, dashboards
from tests.unit.serving.readers import PAGE, kernel_of, notebooks, send, write_notebook
from workbench.serving.kernels import CountedKernels, Full, Left, OneKernel

T = TypeVar("T")
SLOW = "import time\ntime.sleep(3)"
TO_PAGES = "/voila/render/{}.ipynb"


@contextmanager
def watched(server: Server) -> Iterator[list[int]]:
    """The numbers of kernels that run meanwhile, as they change."""
    seen, ends = [len(set(kernels_of(server)))], threading.Event()

    def watch() -> None:
        while not ends.wait(0.02):
            if (now := len(set(kernels_of(server)))) != seen[-1]:  # a kernel's own children are called as it is
                seen.append(now)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield seen
    finally:
        ends.set()
        thread.join()


@pytest.fixture(scope="module")
def narrow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with places for two, whose pages, once lost, keep theirs for longer than any test waits."""
    home = tmp_path_factory.mktemp("narrow")
    folder = notebooks(home)
    write_notebook(folder / "dashboards" / "slow.ipynb", SLOW)
    (folder / "dashboards" / "torn.ipynb").write_text("{")
    with dashboards(folder, home / "w", home, *("--warm", "0", "--max-kernels", "2", "--idle", "3600")) as server:
        yield server


@pytest.fixture(autouse=True)
def empty(request: pytest.FixtureRequest) -> Iterator[None]:
    """Ends the pages that a test leaves open on the narrow server."""
    yield
    if "narrow" in request.fixturenames:
        server = request.getfixturevalue("narrow")
        for one in _open_pages:
            end(server, one)
        _open_pages.clear()
        wait_for(lambda: not kernel_pids(server), "all kernels to end")


_open_pages: list[str] = []


def open_page(server: Server, path: str = PAGE) -> int:
    reply = send(server, path)
    if reply.status == 200:
        _open_pages.append(kernel_of(reply.body))
    return reply.status


def end(server: Server, kernel: str) -> None:
    assert send(server, f"/voila/api/shutdown/{kernel}", method="POST", body="").status == 204


def leave(server: Server, path: str, after_s: float = 0) -> None:
    """Ask for a page and close the connection before it is there."""
    where = urlsplit(server.url)
    with socket.create_connection((where.hostname or "", where.port or 0)) as connection:
        head = f"GET {path} HTTP/1.1\r\nHost: {where.netloc}\r\nAuthorization: token {server.token}\r\n\r\n"
        connection.sendall(head.encode())
        time.sleep(after_s)


def test_many_at_once_get_no_more_than_there_are_places(narrow: Server) -> None:
    with watched(narrow) as kernels, ThreadPoolExecutor(7) as pool:
        statuses = sorted(pool.map(lambda _: open_page(narrow), range(7)))
    assert statuses == [200, 200, 503, 503, 503, 503, 503]
    assert max(kernels) == 2
    full = send(narrow, PAGE)
    assert "All 2 places are taken" in full.body
    assert full.header("Content-Security-Policy")
    end(narrow, _open_pages.pop())
    assert open_page(narrow) == 200


@pytest.mark.parametrize("after_s", [0, 0.3, 1.5], ids=["at once", "while it starts", "while it runs"])
def test_those_who_leave_get_no_kernel_and_keep_no_place(narrow: Server, after_s: float) -> None:
    with watched(narrow) as kernels, ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda _: leave(narrow, TO_PAGES.format("slow"), after_s), range(6)))
        wait_for(lambda: open_page(narrow) == 200, "a place of those who left", 60)
        wait_for(lambda: set(kernels_of(narrow)) == set(_open_pages), "the kernels of those who left to end", 60)
    assert max(kernels) <= 2


def test_a_page_that_fails_keeps_no_place(narrow: Server) -> None:
    for _ in range(5):
        assert open_page(narrow, TO_PAGES.format("torn")) == 400
    assert open_page(narrow) == 200
    assert open_page(narrow) == 200


def test_what_stands_by_is_counted_and_comes_back_when_there_is_a_place(tmp_path: Path) -> None:
    options = ("--warm", "1", "--max-kernels", "2", "--idle", "3600")
    with dashboards(notebooks(tmp_path), tmp_path / "w", tmp_path, *options) as server, watched(server) as kernels:
        wait_for(lambda: len(kernel_pids(server)) == 1, "the kernel that stands by", 60)
        first = kernel_of(send(server, PAGE).body)
        wait_for(lambda: len(kernel_pids(server)) == 2, "the next one", 60)
        second = kernel_of(send(server, PAGE).body)
        assert send(server, PAGE).status == 503
        assert {first, second} == set(kernels_of(server))
        end(server, first)
        wait_for(lambda: len(kernel_pids(server)) == 2, "one that stands by again", 60)
        assert kernel_of(send(server, PAGE).body) not in (first, second)
    assert max(kernels) == 2


def test_a_page_does_not_wait_for_what_is_to_stand_by_later(tmp_path: Path) -> None:
    never = "from workbench.serving import app\napp.REFILL_S = 3600"
    with dashboards(notebooks(tmp_path), tmp_path / "w", tmp_path, "--warm", "1", before=never) as server:
        assert len({kernel_of(send(server, PAGE).body) for _ in range(3)}) == 3


def kernels_of(server: Server) -> list[str]:
    """The ids of the kernels that run."""
    return [re.findall(r"kernel-([\w-]+)\.json", line)[0] for line in kernel_lines(server)]


@pytest.fixture
def starting(monkeypatch: pytest.MonkeyPatch) -> asyncio.Queue[str]:
    """Kernels start when they are let: each puts itself into the queue, and waits until it is taken out."""
    queue: asyncio.Queue[str] = asyncio.Queue(1)

    async def start(self: CountedKernels, kernel_id: str = "", fails: bool = False, **_: Any) -> str:
        await queue.put(kernel_id)
        if fails:
            raise OSError
        self._kernels[kernel_id] = object()
        return kernel_id

    monkeypatch.setattr(AsyncMappingKernelManager, "start_kernel", start)
    return queue


def run(asked: Coroutine[Any, Any, T]) -> T:
    """Run it to its end, which must come: what is waited for does not come by itself."""
    return asyncio.run(asyncio.wait_for(asked, 60))


def test_a_place_is_taken_before_anything_is_awaited(starting: asyncio.Queue[str]) -> None:
    async def ask() -> list[str | BaseException]:
        kernels = CountedKernels(max_kernels=3)
        asked = [asyncio.ensure_future(kernels.start_kernel()) for _ in range(10)]
        for _ in range(3):
            await starting.get()
        return await asyncio.gather(*asked, return_exceptions=True)

    answers = run(ask())
    assert len([one for one in answers if isinstance(one, str)]) == 3
    assert len([one for one in answers if isinstance(one, Full)]) == 7


def test_a_start_that_fails_or_is_given_up_frees_its_place(starting: asyncio.Queue[str]) -> None:
    async def ask() -> bool:
        kernels = CountedKernels(max_kernels=1)
        for _ in range(3):
            failing = asyncio.ensure_future(kernels.start_kernel(fails=True))
            await starting.get()
            with pytest.raises(OSError):  # noqa: PT011
                await failing
        await starting.put("taken, so that the next one waits")
        given_up = asyncio.ensure_future(kernels.start_kernel())
        await asyncio.sleep(0)
        assert kernels.is_full
        given_up.cancel()
        await asyncio.gather(given_up, return_exceptions=True)
        return kernels.is_full

    assert not run(ask())


def test_nothing_starts_for_who_has_left(starting: asyncio.Queue[str]) -> None:
    async def ask() -> int:
        kernels = CountedKernels(max_kernels=1)
        with pytest.raises(Left):
            await OneKernel(kernels, lambda: True).start_kernel()  # type: ignore[arg-type]
        return starting.qsize()

    assert run(ask()) == 0
