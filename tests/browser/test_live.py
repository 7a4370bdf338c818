"""A recorded call replayed in JupyterLab, and followed by somebody who only reads, in a kernel of their own."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

import workbench as wb
from tests.browser import jupyter, servers
from tests.browser.checks import wrong_for_readers, wrong_with_looks
from tests.browser.servers import Server
from tests.support.kernel_forks import FORKED
from tests.unit import small
from workbench.engine.encoders import HashingEncoder

CODE = """import workbench as wb
from workbench.engine.encoders import HashingEncoder
from workbench.widgets import CallViewer, LiveMonitor
ws = wb.open("live.workspace", encoder=HashingEncoder())
display(LiveMonitor(ws), CallViewer(ws))
"""
TITLE = 'Renewal <img src=x onerror="window.hacked = true">'
TURNS = 120
IS_AT_END = "box => box.scrollHeight - box.scrollTop - box.clientHeight < 40"


def recorded() -> dict[str, Any]:
    """A call of ten minutes."""
    calls = small.conversations(TURNS // 12)
    said = [turn for call in calls for turn in call["turns"]]
    turns = [{**turn, "start_s": 5.0 * at, "end_s": 5.0 * at + 4} for at, turn in enumerate(said)]
    return {**calls[0], "id": "long", "title": TITLE, "duration_s": 5.0 * TURNS, "turns": turns}


@pytest.fixture
def workspace(root: Path) -> wb.Workspace:
    made = wb.open(root / "live.workspace", encoder=HashingEncoder())
    assert not made.ingest([*small.conversations(3), recorded()]).rejected
    made.trackers.create("Dogs", kind="keyword", words=["my dog barks"]).publish()
    late = {"where": "last", "amount": 20, "unit": "percent"}
    made.trackers.create("Screens", kind="keyword", words=["screen"], filters=wb.Filters(part=late)).publish()
    return made


@pytest.fixture
def served(workspace: wb.Workspace, tmp_path: Path) -> Iterator[Server]:
    """``workbench dashboards`` on the live one alone, to start one kernel."""
    (tmp_path / "dashboards").mkdir()
    shutil.copy(small.ROOT / "notebooks/dashboards/live.ipynb", tmp_path / "dashboards")
    with servers.dashboards(tmp_path, workspace.path, tmp_path, before=FORKED) as server:
        yield server


def test_a_replay_is_followed_as_it_goes_on(page: Page, lab: Server, served: Server) -> None:
    reader = page.context.new_page()
    jupyter.open_voila(reader, served, "live.ipynb", dark=True)
    seen = reader.locator(".wb-live")
    expect(seen).to_contain_text("No live calls")

    path = jupyter.put_notebook(lab, [CODE], "live.ipynb")
    jupyter.open_notebook(page, lab, path)
    jupyter.run_all(page)
    monitor = page.locator(".wb-live")
    expect(monitor).to_contain_text("async with ws.live")
    monitor.get_by_label("Words in its title").fill("renewal")
    expect(monitor.get_by_role("radio")).to_have_count(1)
    monitor.get_by_label("Speed").select_option("20")
    monitor.get_by_role("button", name="Start").focus()
    page.keyboard.press("Enter")

    for where in (monitor, seen):
        expect(where.locator(".wb-pill")).to_have_text("Replay at 20×")
        expect(where.get_by_role("heading", name=TITLE)).to_be_visible()
        expect(where.locator("mark").first).to_contain_text("my dog barks")
        expect(where.locator(".wb-found").first).to_contain_text("Dogs")
    expect(monitor.locator(".wb-later")).to_contain_text("1 tracker reads the call when it has ended")
    expect(seen.get_by_role("button", name="Replay")).to_have_count(0)
    away_and_back(monitor)
    jupyter.screenshot(page, "live-lab", ".wb-live")
    assert not wrong_with_looks(page)
    assert not wrong_for_readers(page)
    assert not wrong_with_looks(reader)

    monitor.get_by_label("Speed").select_option("100")
    expect(monitor.locator(".wb-pill")).to_have_text("Replay at 100×")
    for where in (monitor, seen):
        expect(where.locator(".wb-pill")).to_have_text("Ended")
        expect(where.locator(".wb-figures")).to_contain_text(re.compile(rf"Turns\s*{TURNS}"))
        expect(where.get_by_role("button", name=re.compile("^Screens [1-9]"))).to_be_visible()
    *told, latency = figures(monitor)
    assert latency.startswith("Median latency")
    assert figures(seen) == told
    expect(seen.get_by_role("link", name="Read the call")).to_have_attribute(
        "href", re.compile(r"search\.ipynb\?call=long")
    )
    jupyter.screenshot(reader, "live-voila")

    first = monitor.locator(".wb-found button").last
    first.click()
    expect(monitor.locator(".wb-turn:focus mark").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(first).to_be_focused()
    monitor.get_by_role("button", name="Open in the call viewer").click()
    expect(page.locator(".wb-call h2")).to_have_text(TITLE)
    assert not page.evaluate("() => window.hacked")
    assert not reader.evaluate("() => window.hacked")


def away_and_back(monitor: Locator) -> None:
    """Who scrolls up stays there, whatever comes, until they ask for the newest turn."""
    box = monitor.locator(".wb-lines")
    expect(monitor.locator("[data-turn='20']")).to_be_attached()
    assert box.evaluate(IS_AT_END)
    box.evaluate("box => { box.scrollTop = 100; }")
    newest = monitor.get_by_role("button", name=re.compile("^Newest .*new turn"))
    expect(newest).to_be_visible()
    assert box.evaluate("box => Math.abs(box.scrollTop - 100) < 2")
    newest.click()
    expect(monitor.get_by_role("button", name="Newest")).to_have_count(0)
    assert box.evaluate(IS_AT_END)


def figures(where: Locator) -> list[str]:
    return where.locator(".wb-figures > div").all_inner_texts()
