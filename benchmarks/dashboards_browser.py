"""What a reader of 1,500 calls and 450,000 sentences waits for, in Chromium, of each dashboard on a warm kernel.

Seconds to the first view (its tiles, tables or figures), the kernel's memory then, and the bytes sent for it, to a
browser that has seen nothing yet. Others that use the machine make the seconds longer; its load stands beside them, and
the processor seconds of browser, server and kernel. ``WORKBENCH_BENCHMARK_FOLDER`` keeps the workspace, which takes
half a minute to make.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
import time
from pathlib import Path

import psutil
from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.dashboard_corpus import CALLS, SENTENCES, workspace_at
from scripts.programs import CHROMIUM
from tests.browser.conftest import ARGUMENTS, SIZE
from tests.browser.jupyter import kernel_pids, wait_for
from tests.browser.servers import Server, dashboards
from workbench.dashboards.pages import PAGES

MOST_SECONDS, MOST_MB, MOST_SENT_MB = 2.5, 450, 8
FIRST_VIEW = ".wb-dashboard :is(.wb-grid > *, .wb-lead)"  # the lead of a page without results says so
SETTLES_S = 3.0  # a new warm kernel starts meanwhile
NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks/dashboards"


def is_warm(server: Server) -> bool:
    """Return whether its kernels are running and have been idle for a while."""
    kernels = [psutil.Process(pid) for pid in kernel_pids(server)]
    before = [sum(kernel.cpu_times()[:2]) for kernel in kernels]
    time.sleep(SETTLES_S)
    after = [sum(kernel.cpu_times()[:2]) for kernel in kernels]
    return bool(kernels) and all(used - was < 0.1 < was for was, used in zip(before, after, strict=True))


def processor_seconds(server: Server) -> float:
    """Return the processor seconds of the browser, the server and its kernels."""
    mine = psutil.Process().children(recursive=True)  # the server among them, and the browser
    return sum(sum(one.cpu_times()[:2]) for one in {*mine, psutil.Process(server.process.pid)} if one.is_running())


def count_bytes(page: Page) -> dict[str, int]:
    """Count bytes received over the network, including websockets, as they arrive."""
    sent = {"bytes": 0}
    link = page.context.new_cdp_session(page)
    link.send("Network.enable")

    def add(count: float) -> None:
        sent["bytes"] += int(count)

    link.on("Network.loadingFinished", lambda event: add(event["encodedDataLength"]))
    link.on("Network.webSocketFrameReceived", lambda event: add(len(event["response"]["payloadData"])))
    return sent


def measure(browser: Browser, server: Server, name: str) -> dict[str, float]:
    """Measure one page, in a browser of its own, from the click to the first view."""
    context = browser.new_context(viewport=SIZE)
    page = context.new_page()
    page.set_default_timeout(120_000)
    sent = count_bytes(page)
    began, used = time.perf_counter(), processor_seconds(server)
    page.goto(server.page(f"voila/render/{name}.ipynb"), wait_until="commit")
    page.wait_for_selector(FIRST_VIEW)
    seconds, used = time.perf_counter() - began, processor_seconds(server) - used
    page.wait_for_timeout(SETTLES_S * 1000)
    found = re.search(r'"kernelId": "([\w-]+)"', page.content())
    assert found
    kernel = next(p for p in map(psutil.Process, kernel_pids(server)) if found[1] in " ".join(p.cmdline()))
    memory = kernel.memory_full_info()
    torch = "torch" in Path(f"/proc/{kernel.pid}/maps").read_text()
    page.close(run_before_unload=True)
    context.close()
    held = {"rss": memory.rss / 2**20, "uss": memory.uss / 2**20}
    return {"seconds": seconds, "used": used, **held, "sent": sent["bytes"] / 1e6, "torch": torch}


def main() -> int:
    good = True
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        folder = Path(os.environ.get("WORKBENCH_BENCHMARK_FOLDER") or scratch) / "dashboards.workspace"
        workspace_at(folder)
        browser = playwright.chromium.launch(executable_path=CHROMIUM.find(), args=ARGUMENTS)
        print(f"{CALLS:,} calls, {CALLS * SENTENCES:,} sentences")
        print(f"{'page':12}{'seconds':>9}{'processor':>11}{'RSS MB':>8}{'USS MB':>8}{'MB sent':>9}  load")
        for name in PAGES:
            home = Path(scratch) / name
            (home / "dashboards").mkdir(parents=True)
            shutil.copy(NOTEBOOKS / f"{name}.ipynb", home / "dashboards")
            with dashboards(home, folder, home) as server:
                wait_for(lambda server=server: is_warm(server), "the warm kernel", 120)  # type: ignore[misc]
                load, one = os.getloadavg()[0], measure(browser, server, name)
            figures = f"{one['seconds']:9.2f}{one['used']:11.2f}{one['rss']:8.0f}{one['uss']:8.0f}{one['sent']:9.2f}"
            print(f"{name:12}{figures}  {load:.1f}{'  torch' if one['torch'] else ''}", flush=True)
            good &= one["seconds"] <= MOST_SECONDS and one["rss"] <= MOST_MB and one["sent"] <= MOST_SENT_MB
            good &= not one["torch"]
        browser.close()
    print(f"at most {MOST_SECONDS} s, {MOST_MB} MB, {MOST_SENT_MB} MB sent, and no torch: {good}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
