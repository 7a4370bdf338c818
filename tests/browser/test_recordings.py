"""Recordings on another host (F23): nothing is asked of it before a person agrees, and only if it is allowed."""

from __future__ import annotations

import io
import wave
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

import workbench as wb
from tests.browser import jupyter, servers
from tests.browser.servers import Server
from tests.support.kernel_forks import FORKED
from tests.unit.small import conversations
from workbench.domain.media_hosts import MEDIA_HOSTS
from workbench.engine.encoders import HashingEncoder

HOST = "media.example.org"
CELL = """import os
os.environ.setdefault("WORKBENCH_MEDIA_HOSTS", "media.example.org")
import workbench as wb
from workbench.engine.encoders import HashingEncoder
from workbench.widgets import CallViewer
viewer = CallViewer(wb.open({folder!r}, encoder=HashingEncoder()))
viewer.show({call!r})
display(viewer)"""


def filled(folder: Path) -> wb.Workspace:
    """Calls whose recordings lie on an allowed host, on another, and on this machine."""
    workspace = wb.open(folder, encoder=HashingEncoder())
    places = [f"https://{HOST}/a b.wav?key=1", "https://elsewhere.example.org/a.wav", "http://127.0.0.1:8888/a.wav"]
    calls = conversations(len(places))
    workspace.ingest([call | {"media": place} for call, place in zip(calls, places, strict=True)])
    return workspace


def sound() -> bytes:
    """Five seconds of silence."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(8_000)
        file.writeframes(b"\x80" * 40_000)
    return out.getvalue()


@pytest.fixture
def asked(page: Page) -> list[str]:
    """Return requests from the browser to other hosts, and to possible listeners on this machine."""
    found: list[str] = []

    def answer(route: Route) -> None:
        found.append(route.request.url)
        route.fulfill(body=sound(), content_type="audio/wav", headers={"Accept-Ranges": "none"})

    page.route("https://**/*", answer)
    page.route("http://127.0.0.1:8888/**", answer)
    return found


def test_in_jupyterlab_a_person_is_asked_first(page: Page, lab: Server, asked: list[str]) -> None:
    folder = filled(lab.root / "recorded.workspace").path
    path = jupyter.put_notebook(lab, [CELL.format(folder=str(folder), call="call-0")], "recordings.ipynb")
    jupyter.open_notebook(page, lab, path)
    jupyter.run_all(page)
    call = page.locator(".wb-call")
    call.get_by_role("button", name="Play", exact=True).click()
    question = call.get_by_role("group", name="Play a recording from another host")
    expect(question).to_contain_text(f"stored at {HOST}")
    expect(question.get_by_role("button", name=f"Play from {HOST}")).to_be_focused()
    jupyter.screenshot(page, "recording-asks")
    page.keyboard.press("Escape")
    expect(question).to_have_count(0)
    expect(call.get_by_role("button", name="Play", exact=True)).to_be_focused()
    call.get_by_role("button", name="Play from 0:15").click()
    expect(question).to_be_visible()
    assert asked == []
    question.get_by_role("button", name=f"Play from {HOST}").click()
    expect(call.get_by_role("button", name="Pause")).to_be_visible()
    assert set(asked) == {f"https://{HOST}/a%20b.wav?key=1"}


def test_in_jupyterlab_other_hosts_are_never_asked(page: Page, lab: Server, asked: list[str]) -> None:
    folder = filled(lab.root / "elsewhere.workspace").path
    cells = [CELL.format(folder=str(folder), call=f"call-{n}") for n in (1, 2)]
    path = jupyter.put_notebook(lab, cells, "elsewhere.ipynb")
    jupyter.open_notebook(page, lab, path)
    jupyter.run_all(page)
    expect(page.get_by_text("elsewhere.example.org is not among the hosts in WORKBENCH_MEDIA_HOSTS")).to_be_visible()
    expect(page.get_by_text("its address must begin with https://")).to_be_visible()
    expect(page.get_by_role("button", name="Play", exact=True)).to_have_count(0)
    jupyter.screenshot(page, "recording-refused")
    assert asked == []


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """``workbench dashboards`` on a notebook that shows such a call."""
    home = tmp_path_factory.mktemp("recordings")
    workspace = filled(home / "recorded.workspace")
    (home / "dashboards").mkdir()
    here = Server("", "", home / "dashboards", None, home)  # type: ignore[arg-type]
    jupyter.put_notebook(here, [CELL.format(folder=str(workspace.path), call="call-0")], "call.ipynb")
    with servers.dashboards(home, workspace.path, home, before=FORKED, extra={MEDIA_HOSTS: HOST}) as server:
        yield server


def test_on_dashboards_the_policy_lets_through_what_is_allowed(page: Page, served: Server, asked: list[str]) -> None:
    refused: list[str] = []
    page.on("console", lambda said: refused.append(said.text) if "media-src" in said.text else None)
    page.goto(served.page("voila/render/call.ipynb"))
    call = page.locator(".wb-call")
    call.get_by_role("button", name="Play", exact=True).click()
    jupyter.screenshot(page, "recording-asks-voila")
    assert asked == []
    call.get_by_role("button", name=f"Play from {HOST}").click()
    expect(call.get_by_role("button", name="Pause")).to_be_visible()
    assert set(asked) == {f"https://{HOST}/a%20b.wav?key=1"}
    assert refused == []
    page.evaluate("() => new Audio('https://elsewhere.example.org/a.wav').play().catch(() => null)")
    assert len(refused) >= 1
    assert set(asked) == {f"https://{HOST}/a%20b.wav?key=1"}
