"""Fixtures of the browser tests: a real Chromium, a real JupyterLab and a real Voilà, one of each for all tests.

They live as long as the tests of this folder: Playwright keeps an event loop running in this thread, which tests
elsewhere may not find there.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from scripts.programs import CHROMIUM
from tests.browser import servers
from tests.browser.jupyter import picture
from tests.browser.servers import Server
from tests.support.kernel_forks import FORKED
from tests.support.patience import PATIENCE_MS

HERE = Path(__file__).parent
GALLERY = {"PYTHONPATH": str(HERE.parents[1])}  # its notebooks import from the tests
# Chromium draws its own toolbar, and what its address bar would open, as web pages, anew for each page under test,
# though none is shown. The last switch of this name counts, so that what Playwright turns off stands here, too.
TURNED_OFF = (
    *("AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades", "LensOverlay"),
    *("HttpsFirstBalancedModeAutoEnable", "MediaRouter", "PaintHolding", "ThirdPartyStoragePartitioning"),
    *("AvoidCorsURLLoaderRestartOnRedirect", "OptimizationHints", "NetworkTimeServiceQuerying", "PreconnectToSearch"),
    *("InitialWebUI", "WebUIReloadButton", "WebUIToolbar", "WebUILocationBar", "WebUIOmniboxPopup"),
    *("WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup", "AimEnabled"),
)
ARGUMENTS = [
    f"--disable-features={','.join(TURNED_OFF)}",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
]
LONGEST = (
    *("test_hostile_dashboards.py", "test_gallery.py", "test_wheel.py", "test_dashboards.py", "test_kinds.py"),
    "test_published_again.py",
)
SIZE = {"width": 1280, "height": 900}
# What Voilà and JupyterLab turn while a page loads would be drawn sixty times a second, without a graphics card.
STILL = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync('#loading *, #jupyterlab-splash, #jupyterlab-splash * { animation: none !important; }');
    document.adoptedStyleSheets.push(sheet);
}"""
REPORT = pytest.StashKey[dict[str, pytest.TestReport]]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test of this folder is a browser test; the longest files come first, so that no worker waits at the end."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
    order = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: order.get(item.path.name, len(LONGEST)) if HERE in item.path.parents else -1)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report: pytest.TestReport = yield  # type: ignore[assignment,misc]
    item.stash.setdefault(REPORT, {})[report.when or ""] = report
    return report  # type: ignore[return-value]


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """A headless Chromium."""
    path = CHROMIUM.find()
    if path is None:
        pytest.fail(CHROMIUM.missing)
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS, timeout=PATIENCE_MS)
        yield browser
        browser.close()


def new_context(chromium: Browser, **options: Any) -> BrowserContext:
    """A browser of somebody's own, as far as pages can tell, which waits for all that comes."""
    context = chromium.new_context(viewport=SIZE, **options)
    context.set_default_timeout(PATIENCE_MS)
    context.add_init_script(f"({STILL})()")
    return context


@pytest.fixture
def page(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page with a storage of its own; a failed test leaves a picture of it in shots/."""
    context = new_context(chromium)
    page = context.new_page()
    yield page
    report = request.node.stash.get(REPORT, {}).get("call")
    if report is not None and report.failed:
        picture(page, f"failed-{request.node.name}")
    context.close()


@pytest.fixture(scope="package")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that both servers serve; copy notebooks into it (``jupyter.put_notebook``)."""
    return tmp_path_factory.mktemp("root")


@pytest.fixture(scope="package")
def lab(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A running JupyterLab."""
    with servers.jupyter_lab(root, tmp_path_factory.mktemp("lab"), extra=GALLERY, before=FORKED) as server:
        yield server


@pytest.fixture(scope="package")
def voila_server(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A running Voilà."""
    with servers.voila(root, tmp_path_factory.mktemp("voila"), extra=GALLERY, before=FORKED) as server:
        yield server
