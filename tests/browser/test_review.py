"""The review in a real browser: by keyboard, beside a carousel and a call viewer; and for people who only read."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import workbench as wb
from tests.browser import jupyter
from tests.browser.checks import wrong_for_readers, wrong_with_looks
from tests.browser.servers import Server
from tests.unit import small
from workbench.engine.encoders import HashingEncoder

OPEN = """import workbench as wb
from workbench.engine.encoders import HashingEncoder
from workbench.widgets import CallViewer, Review, TaggingCarousel
ws = wb.open("{name}.workspace", encoder=HashingEncoder())
"""
ITEM = ".wb-review article"
JUDGED = f"{ITEM} .wb-choices [aria-pressed=true]"


@pytest.fixture(scope="module")
def workspace(root: Path) -> Path:
    """Trained in four rounds; no test here minds what another judged."""
    small.trained(root / "review.workspace", rounds=4)
    return root / "review.workspace"


def judge(page: Page, count: int) -> None:
    """Answers the sentence that has the focus, and goes on to the next."""
    for _ in range(count):
        before = page.locator(JUDGED).count()
        text = page.evaluate("() => document.activeElement.querySelector('.wb-said b').textContent")
        page.keyboard.press("y" if small.answer(text) == "yes" else "n")
        expect(page.locator(JUDGED)).to_have_count(before + 1)


def test_a_review_by_keyboard(page: Page, lab: Server, workspace: Path) -> None:
    cell = OPEN.format(name="review") + 'display(Review(ws, "Price"), TaggingCarousel(ws, "Price"), CallViewer(ws))'
    path = jupyter.put_notebook(lab, [cell], "review.ipynb")
    jupyter.open_notebook(page, lab, path)
    jupyter.run_all(page)
    expect(page.locator(ITEM)).to_have_count(20)
    expect(page.locator(".wb-carousel .wb-progress")).to_contain_text("Round 5")
    assert not wrong_with_looks(page)
    assert not wrong_for_readers(page)

    page.locator(ITEM).first.focus()
    judge(page, 4)
    expect(page.locator(".wb-carousel .wb-progress")).to_contain_text("a review of what the tracker finds")
    page.keyboard.press("z")
    expect(page.locator(JUDGED)).to_have_count(3)
    assert page.evaluate("() => document.activeElement.ariaPosInSet") == "4"
    page.keyboard.press("g")
    expect(page.locator(".wb-call .wb-here")).to_be_visible()
    page.get_by_role("button", name="Back to where you were").click()
    expect(page.locator(ITEM).nth(3)).to_be_focused()
    page.keyboard.press("m")
    expect(page.locator(ITEM).nth(3).get_by_role("button", name="Show less")).to_be_visible()
    page.keyboard.press("k")
    page.keyboard.press("j")
    judge(page, 17)
    expect(page.locator(".wb-review .wb-tally")).to_contain_text("all judged")
    jupyter.screenshot(page, "review", ".wb-review")

    seen = page.locator(f"{ITEM} .wb-said b").all_inner_texts()
    page.get_by_role("button", name="Submit these judgements").click()
    expect(page.locator(".wb-review .wb-foot")).to_contain_text("Counted:")
    assert not set(seen) & set(page.locator(f"{ITEM} .wb-said b").all_inner_texts())
    assert page.evaluate("() => document.querySelector('.wb-review').contains(document.activeElement)")
    expect(page.locator(".wb-carousel .wb-progress")).to_contain_text("Round 6")
    rounds = wb.open(workspace, encoder=HashingEncoder()).trackers.get("Price").train().rounds()
    assert [(one.review, one.answered) for one in rounds[:5]] == [(False, 25)] * 4 + [(True, 20)]


def test_readers_look_at_what_is_found(page: Page, voila_server: Server, workspace: Path) -> None:
    path = jupyter.put_notebook(
        voila_server, [OPEN.format(name="review") + 'Review(ws, "Price", can_edit=False)'], "readers.ipynb"
    )
    jupyter.open_voila(page, voila_server, path)
    expect(page.locator(ITEM).first).to_be_visible()
    expect(page.get_by_role("button", name="Yes")).to_have_count(0)
    first = page.locator(f"{ITEM} .wb-said b").first.inner_text()
    page.get_by_role("button", name="Show 20 others").click()
    expect(page.locator(f"{ITEM} .wb-said b").first).not_to_have_text(first)
    page.set_viewport_size({"width": 360, "height": 800})
    assert not wrong_with_looks(page)
