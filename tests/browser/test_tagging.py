"""Tagging in a real JupyterLab: nothing jumps, the focus stays, undo goes through the whole round, fingers answer."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import jupyter, pace
from tests.browser.conftest import new_context
from tests.browser.servers import Server
from tests.unit import small

MOST_SHIFT = 0.05
CELL = """import workbench as wb
from workbench.engine.encoders import HashingEncoder
from workbench.widgets import QualityPlots, TaggingCarousel
ws = wb.open("tagging.workspace", encoder=HashingEncoder())
carousel = TaggingCarousel(ws, "Price")
display(carousel, QualityPlots(ws, carousel))"""
DOT = ".wb-carousel .wb-dot"


@pytest.fixture(scope="module")
def workspace(lab: Server) -> Path:
    small.trained(lab.root / "tagging.workspace")
    return lab.root / "tagging.workspace"


def open_carousel(page: Page, lab: Server) -> None:
    path = jupyter.put_notebook(lab, [CELL], "tagging.ipynb")
    jupyter.open_notebook(page, lab, path)
    jupyter.run_all(page)
    expect(page.locator(".wb-carousel .wb-sentence")).to_be_visible()
    expect(page.locator(".wb-plots .wb-charts")).to_be_visible()
    pace.settle(page)


def test_a_round_by_keyboard(page: Page, lab: Server, workspace: Path) -> None:
    open_carousel(page, lab)
    page.locator(".wb-carousel .wb-sentence").click()
    pace.watch(page)
    for _ in range(6):
        pace.answer(page, "y" if small.answer(page.locator(".wb-sentence").inner_text()) == "yes" else "n")
    for left in range(5, -1, -1):
        page.keyboard.press("z")
        expect(page.locator(f"{DOT}.wb-yes, {DOT}.wb-no")).to_have_count(left)
    page.keyboard.press("s")
    expect(page.locator(DOT).nth(1)).to_have_class("wb-dot  wb-dot-here")
    for _ in range(24):
        pace.answer(page, "y" if small.answer(page.locator(".wb-sentence").inner_text()) == "yes" else "n")
    page.keyboard.press("y" if small.answer(page.locator(".wb-sentence").inner_text()) == "yes" else "n")
    done = page.locator(pace.END)
    expect(done.get_by_role("heading")).to_have_text("Round 2 is done")
    expect(done.locator(".wb-changes")).to_contain_text("Hit rate")
    jupyter.screenshot(page, "round-end", ".wb-carousel")
    page.keyboard.press("y")  # answers nothing that nobody has seen
    page.keyboard.press("f")
    expect(done.locator(".wb-end-finds li")).to_have_count(10)
    page.keyboard.press("Enter")
    expect(page.locator(".wb-carousel .wb-progress")).to_contain_text("Round 3")
    expect(page.locator(".wb-carousel [aria-live]")).to_contain_text("Round 3. 1 of 25: ")
    place = 0
    while small.answer(page.locator(".wb-sentence").inner_text()) != "yes":  # of others no word speaks for a match
        place += 1
        page.keyboard.press("s")
        expect(page.locator(DOT).nth(place)).to_have_class("wb-dot  wb-dot-here")
    page.keyboard.press("w")
    expect(page.locator(".wb-carousel .wb-counted")).to_contain_text("For a match")
    assert page.evaluate("() => document.querySelector('.wb-carousel').contains(document.activeElement)")
    pace.settle(page)
    found = pace.seen(page)
    assert found["shifts"] < MOST_SHIFT, found["moved"]
    jupyter.screenshot(page, "tagging", ".wb-carousel")


def test_a_finger_answers(chromium: Browser, lab: Server, workspace: Path) -> None:
    with new_context(chromium, has_touch=True) as context:
        page = context.new_page()
        open_carousel(page, lab)
        answered = page.locator(f"{DOT}.wb-yes, {DOT}.wb-no").count()
        for distance, mark in ((400, "wb-yes"), (-400, "wb-no")):
            _swipe(page, distance)
            answered += 1
            expect(page.locator(f"{DOT}.wb-yes, {DOT}.wb-no")).to_have_count(answered)
            expect(page.locator(f"{DOT}.{mark}")).not_to_have_count(0)
        _swipe(page, 30)
        page.wait_for_timeout(300)
        expect(page.locator(f"{DOT}.wb-yes, {DOT}.wb-no")).to_have_count(answered)


# anywidget gives a model two seconds to start; here they are over before it begins, as if the machine were that busy.
GIVEN_UP = """(() => {
    const timeout = AbortSignal.timeout.bind(AbortSignal);
    const over = { addEventListener: (_, listener) => listener() };
    AbortSignal.timeout = (milliseconds) => (milliseconds === 2000 ? over : timeout(milliseconds));
})()"""


def test_on_a_busy_machine_the_kernel_is_heard(chromium: Browser, lab: Server, workspace: Path) -> None:
    """A model that anywidget has given up on throws away all that the kernel sends."""
    with new_context(chromium) as context:
        page, given_up = context.new_page(), []
        page.on("pageerror", lambda error: given_up.append(str(error)))
        page.add_init_script(GIVEN_UP)
        open_carousel(page, lab)
        page.locator(".wb-carousel .wb-sentence").click()
        answered = page.locator(f"{DOT}.wb-yes, {DOT}.wb-no").count()
        page.keyboard.press("n")
        expect(page.locator(f"{DOT}.wb-yes, {DOT}.wb-no")).to_have_count(answered + 1)
        page.keyboard.press("z")
        expect(page.locator(f"{DOT}.wb-yes, {DOT}.wb-no")).to_have_count(answered)
        assert any("Failed to initialize model" in one for one in given_up)


def _swipe(page: Page, distance: int) -> None:
    """A finger that goes across the card, as Chromium's own input events."""
    pace.settle(page)
    box = page.locator(".wb-carousel .wb-sentence").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    touch = page.context.new_cdp_session(page)
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for step in range(1, 11):
        point = {"x": x + distance * step / 10, "y": y}
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
