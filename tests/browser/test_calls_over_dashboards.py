"""What readers do on dashboards: filter by thumb and keys, search, open a call over the results, hear it, go back."""

from __future__ import annotations

import re
import wave
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

import workbench as wb
from tests.browser import jupyter, servers
from tests.browser.checks import wrong_for_readers, wrong_with_looks
from tests.browser.conftest import new_context
from tests.browser.servers import Server
from tests.support.kernel_forks import FORKED
from tests.unit.dashboards.shop import calls, in_use
from workbench.engine.encoders import HashingEncoder

LONG = "Customer asks what happens to their data when the contract ends and we part ways"
GROUNDS = {"light": ["#ffffff", "#1f2328"], "dark": ["#111418", "#eceff2"]}
# The server has no dark pages: what a theme's sheet would set is set here.
PAINT = """([ground, text]) => {
    document.body.style.setProperty('--jp-layout-color1', ground);
    document.body.style.setProperty('--jp-content-font-color1', text);
    document.body.style.background = ground;
}"""
SIZES = {"wide": (1280, 900), "tablet": (768, 900), "phone": (390, 800), "zoomed": (640, 450)}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """``workbench dashboards`` on the shop, of which every call was recorded, with a tracker of 80 characters."""
    home = tmp_path_factory.mktemp("over")
    (home / "recordings").mkdir()
    with wave.open(str(home / "recordings" / "call.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(8_000)
        file.writeframes(b"\x80" * 480_000)
    workspace = wb.open(home / "shop.workspace", encoder=HashingEncoder())
    recorded = {"media": str(home / "recordings" / "call.wav"), "duration_s": 60.0}
    shop = [one | recorded | {"fields": {"region": "EMEA"}} for one in calls()]
    for one in shop:
        one["turns"] = [turn | {"start_s": 12.0 * at} for at, turn in enumerate(one["turns"])]
    assert workspace.ingest(shop).added == 60
    in_use(workspace, LONG, lambda text: "price" in text)
    in_use(workspace, "Boss", lambda text: "boss" in text)
    more = ("--warm", "0", "--recordings", str(home / "recordings"))
    folder = Path(__file__).resolve().parents[2] / "notebooks"
    with servers.dashboards(folder, workspace.path, home, *more, before=FORKED) as server:
        yield server


@pytest.fixture
def measured(chromium: Browser) -> Iterator[Page]:
    """A page that axe-core can be put into, which the server's policy forbids."""
    with new_context(chromium, bypass_csp=True) as context:
        yield context.new_page()


def wrong(page: Page, name: str) -> list[str]:
    """What is wrong with a page in both themes and each size."""
    found: list[str] = []
    for theme in ("light", "dark"):
        page.evaluate(PAINT, GROUNDS[theme])
        for size, (width, height) in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            jupyter.screenshot(page, f"{name}-{size}-{theme}")
            found += [f"{size}-{theme}: {what}" for what in wrong_with_looks(page)]
        found += [f"{theme}: {what}" for what in wrong_for_readers(page)]
    return found


def test_a_call_opens_over_its_results_is_heard_and_leads_back(page: Page, served: Server) -> None:
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url))
    page.goto(served.page("voila/render/search.ipynb?words=price&team=North"))
    expect(page.locator(".wb-block h3")).to_have_text("20 sentences in 20 calls")
    expect(page.locator(".wb-sentence mark").first).to_have_text("price")
    link = page.get_by_role("link", name="Go to call").nth(15)
    link.scroll_into_view_if_needed()
    before = page.evaluate("() => scrollY")
    link.click()
    call = page.get_by_role("dialog", name="Call")
    here = call.locator(".wb-line[aria-current]")
    expect(here).to_contain_text("the price is too high")
    expect(here).to_be_in_viewport()
    expect(here).to_be_focused()
    expect(call.locator(".wb-lane-tracker")).to_have_text([LONG])
    assert "call=" in page.url
    assert "words=price" in page.url
    assert not [url for url in asked if "/recordings/" in url]  # nothing is loaded before a person asks for it
    with page.expect_response(re.compile("/workbench/recordings/")) as answer:
        call.get_by_role("button", name="Play from 0:12").click()
    assert answer.value.status in (200, 206)  # whole, where the browser asks for all of it at once
    assert answer.value.header_value("accept-ranges") == "bytes"
    expect(call.get_by_role("button", name="Pause")).to_be_visible()
    page.keyboard.press("Escape")
    expect(call).to_have_count(0)
    expect(link).to_be_focused()
    assert page.url.endswith("search.ipynb?words=price&team=North")
    assert page.evaluate("() => scrollY") == before
    page.go_forward()
    expect(call.get_by_role("button", name="Back to results")).to_be_visible()
    page.go_back()
    expect(call).to_have_count(0)
    expect(page.get_by_role("button", name="Team: North", exact=True)).to_be_visible()


def test_a_link_to_a_call_opens_it_over_its_page_and_looks_right(measured: Page, served: Server) -> None:
    page = measured
    page.goto(served.page("voila/render/tracker.ipynb?tracker=Boss&call=c0"))
    call = page.get_by_role("dialog", name="Call")
    expect(call.locator(".wb-line").first).to_be_visible()
    assert not wrong(page, "call-over-dashboard")
    call.get_by_role("button", name="Back to results").click()
    expect(call).to_have_count(0)
    expect(page).to_have_url(re.compile(r"tracker\.ipynb\?tracker=[^&]+$"))


def test_filters_are_chosen_with_a_thumb_and_by_keyboard(page: Page, served: Server) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(served.page("voila/render/overview.ipynb"))
    page.get_by_role("button", name="Add a filter").click()
    panel = page.get_by_role("dialog", name="Add a filter")
    box = panel.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] == pytest.approx(800, abs=2)  # in reach of a thumb
    panel.get_by_role("button", name="Team").click()
    panel.get_by_role("checkbox", name="North").check()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Add a filter")).to_be_focused()
    chip = page.get_by_role("button", name="Team: North", exact=True)
    expect(chip).to_be_visible()
    page.set_viewport_size({"width": 1280, "height": 900})
    page.get_by_role("button", name=re.compile("^Period: ")).focus()
    for key in ("Enter", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    expect(page).to_have_url(re.compile("when=30d"))
    page.go_back()
    expect(page.get_by_role("button", name="Period: All time")).to_be_visible()
    page.get_by_role("button", name="Remove Team: North").click()
    expect(chip).to_have_count(0)


@pytest.mark.parametrize("path", ["overview.ipynb?team=North", "search.ipynb?words=price%20unheard&side=customer"])
def test_pages_look_right_with_their_filters(measured: Page, served: Server, path: str) -> None:
    page = measured
    page.goto(served.page(f"voila/render/{path}"))
    expect(page.locator(".wb-block").first).to_be_visible()
    assert not wrong(page, f"filters-{path.split('.')[0]}")
