"""From the notebook to those who read: published in JupyterLab, seen in another browser while it runs, and told."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.error
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

import workbench as wb
from tests.browser import jupyter, servers
from tests.browser.conftest import new_context
from tests.browser.servers import Server
from tests.support.kernel_forks import FORKED
from tests.support.patience import PATIENCE_S
from tests.unit import small
from tests.unit.results.receivers import Mailbox, Receiver, post_office, web

ROOT = Path(__file__).resolve().parent.parent.parent
CALLS, HALF = 80, 40
SEEN = ("overview", "tracker")
# Its calls are read eight at a time, the newest first, and the older half not before the test says so.
PUBLISH = """import sys, time
from pathlib import Path
sys.path.insert(0, {root!r})
import workbench as wb
from workbench.publishing import publication
from tests.unit.small import PackagedName
from workbench.store.publications import PublicationRepository

publication.BATCH = 8
advance = PublicationRepository.advance
def patiently(self, publication, cursor, was, becomes, *more):
    while cursor == "past_left" and becomes < {half} and not Path({go!r}).exists():
        time.sleep(0.05)
    return advance(self, publication, cursor, was, becomes, *more)
PublicationRepository.advance = patiently

ws = wb.open({workspace!r}, encoder=PackagedName())
tracker = ws.trackers.get("Price")
stream = ws.streams.create("Pricing talk", trackers=[tracker])
stream.notify(email="ann@example.org")
stream.notify(webhook={hook!r})
tracker.publish(past="6 months")"""


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> wb.Workspace:
    return small.trained(tmp_path_factory.mktemp("calls") / "w", rounds=2, encoder=small.PackagedName())


@pytest.fixture(scope="module")
def told() -> Iterator[tuple[Mailbox, Receiver]]:
    """Where e-mails and webhooks arrive."""
    with post_office() as mailbox, web() as receiver:
        yield mailbox, receiver


@pytest.fixture(scope="module")
def delivering(told: tuple[Mailbox, Receiver]) -> dict[str, str]:
    """The environment of those who send."""
    return {
        "WORKBENCH_SMTP_URL": f"smtp+plain://127.0.0.1:{told[0].port}",
        "WORKBENCH_SMTP_FROM": "tracker@example.org",
        "WORKBENCH_ALLOW_LOCAL_WEBHOOKS": "1",
    }


@pytest.fixture(scope="module")
def served(workspace: wb.Workspace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """``workbench dashboards`` on two of them, to start fewer kernels."""
    home = tmp_path_factory.mktemp("served")
    (home / "dashboards").mkdir()
    for name in SEEN:
        shutil.copy(ROOT / f"notebooks/dashboards/{name}.ipynb", home / "dashboards")
    with servers.dashboards(home, workspace.path, home, before=FORKED) as server:
        yield server


@pytest.fixture
def reader(chromium: Browser) -> Iterator[BrowserContext]:
    """Somebody else's browser."""
    context = new_context(chromium)
    yield context
    context.close()


@contextmanager
def watching(folder: Path, workspace: wb.Workspace, delivering: dict[str, str]) -> Iterator[None]:
    """``workbench watch`` in a process of its own."""
    folder.mkdir()
    command = [
        sys.executable,
        "-m",
        "workbench.cli.app",
        "watch",
        str(folder),
        "-w",
        str(workspace.path),
        "--no-encoder",
    ]
    with (folder.parent / "watch.log").open("wb") as log:
        process = subprocess.Popen(command, env={**os.environ, **delivering}, stdout=log, stderr=log)
        try:
            yield
        finally:
            process.terminate()
            process.wait(PATIENCE_S)


def tile(page: Page, label: str) -> Locator:
    return page.locator(".wb-tile", has=page.get_by_text(label, exact=True)).locator(".wb-value")


def number(text: str) -> int:
    return int(re.findall(r"\d+", text.replace(",", ""))[0])


def runs(served: Server, kernel: str) -> bool:
    try:
        return bool(served.api(f"kernels/{kernel}"))
    except urllib.error.HTTPError:
        return False


def drop(folder: Path, name: str) -> float:
    """A call that says what others said, so that no sentence is new to the encoder; when it was there."""
    said = max(small.conversations(), key=lambda call: sum(bool(turn["labels"]) for turn in call["turns"]))
    known = {"id": name, "title": name, "started": datetime.now(UTC).isoformat()}
    file = small.write(folder / ".coming", [said | known])
    file.rename(folder / f"{name}.jsonl")
    return time.monotonic()


def test_those_who_read_see_it_as_it_comes(
    page: Page,
    lab: Server,
    reader: BrowserContext,
    served: Server,
    workspace: wb.Workspace,
    told: tuple[Mailbox, Receiver],
    delivering: dict[str, str],
    tmp_path: Path,
) -> None:
    mailbox, receiver = told
    go = tmp_path / "go"
    ways = "import os\nos.environ |= " + repr(delivering)
    names = {"root": str(ROOT), "half": HALF, "go": str(go), "workspace": str(workspace.path), "hook": receiver.url}
    path = jupyter.put_notebook(lab, [ways, PUBLISH.format(**names)], "publish.ipynb")
    jupyter.open_notebook(page, lab, path)
    jupyter.run_all(page)

    seen = reader.new_page()
    seen.goto(served.page("voila/render/tracker.ipynb?tracker=Price"))
    expect(seen.locator(".wb-progress p")).to_contain_text(f"{HALF} of {CALLS}")
    assert "token" not in seen.url
    partly = number(tile(seen, "Sentences found").inner_text())
    seen.evaluate("() => { window.sameVisit = true; }")
    jupyter.screenshot(seen, "dashboard-while-reading")
    assert not mailbox.mails

    go.touch()
    expect(seen.locator(".wb-progress")).to_have_count(0)
    found = len(workspace.detections("Price"))
    expect(tile(seen, "Sentences found")).to_have_text(f"{found}")
    assert 0 < partly < found
    jupyter.wait_for(lambda: bool(mailbox.mails) and bool(receiver.got), "the e-mail and the webhook")
    assert mailbox.mails[0]["to"] == "ann@example.org"
    assert "Pricing talk" in mailbox.mails[0]["subject"]
    assert receiver.got[0].headers["webhook-signature"].startswith("v1,")

    inbox = tmp_path / "inbox"
    with watching(inbox, workspace, delivering):
        for name in ("First of all", "When it runs"):
            since = drop(inbox, name)
            expect(seen.get_by_text(name).first).to_be_visible()
            print(f"{name}: seen {time.monotonic() - since:.1f} s after it was dropped")
        more = number(tile(seen, "Sentences found").inner_text())
        assert more > found
        jupyter.wait_for(lambda: len(mailbox.mails) > 1, "the e-mail about the call that came")
    assert seen.evaluate("() => window.sameVisit")
    jupyter.screenshot(seen, "dashboard-when-read")


def test_a_reader_says_wrong_hit_and_leaves_no_kernel(
    reader: BrowserContext, served: Server, workspace: wb.Workspace
) -> None:
    tracker = workspace.trackers.get("Price")
    if tracker.active_version() is None:  # this test alone
        tracker.publish(past="6 months").wait()
    seen = reader.new_page()
    refused: list[str] = []
    seen.on("console", lambda said: refused.append(said.text) if "Content Security Policy" in said.text else None)
    asked: set[str] = set()
    seen.on("request", lambda request: asked.add(request.url.split("?")[0]))
    seen.goto(served.page("voila/render/tracker.ipynb?tracker=Price"))
    hit = seen.locator(".wb-hit").first
    note = "They talk of somebody else's price"
    said = hit.locator(".wb-sentence").inner_text()
    hit.get_by_role("button", name="Wrong hit").click()
    seen.keyboard.type(note)
    seen.keyboard.press("Enter")
    expect(hit.get_by_role("status")).to_contain_text("Thank you")
    (queued,) = tracker.queue()
    assert (queued.sentence.text, queued.hits[0].note) == (said, note)
    assert re.fullmatch("reader [0-9a-f]{4}", queued.hits[0].by)
    expect(hit.get_by_role("status")).to_contain_text(f"who train “Price”, from {queued.hits[0].by}.")
    jupyter.screenshot(seen, "dashboard-wrong-hit")
    assert not refused
    assert not [url for url in asked if not url.startswith((served.url, "blob:", "data:"))]

    kernel = json.loads(seen.locator("#jupyter-config-data").inner_text())["kernelId"]
    assert runs(served, kernel)
    seen.close(run_before_unload=True)
    jupyter.wait_for(lambda: not runs(served, kernel), "the page's kernel to end")


def test_a_link_leads_on_with_the_filters(reader: BrowserContext, served: Server) -> None:
    seen = reader.new_page()
    seen.goto(served.page("?team=North"))
    expect(seen).to_have_url(f"{served.url}/voila/render/overview.ipynb?team=North")
    seen.get_by_role("link", name="Price").first.click()
    expect(seen).to_have_url(re.compile(r"/voila/render/tracker\.ipynb\?"))
    expect(seen.locator(".wb-dashboard h2").first).to_have_text("Price")
