"""From the empty builder to a reviewed and published tracker without a mouse, in JupyterLab and in Voilà."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Locator, Page, expect

import workbench as wb
from tests.browser import jupyter, pace
from tests.browser.servers import Server
from tests.unit import small
from workbench.engine.encoders import HashingEncoder

CELL = """import workbench as wb
from workbench.engine.encoders import HashingEncoder
from workbench.widgets import QualityPlots, Review, TaggingCarousel, TrackerBuilder
ws = wb.open({workspace!r}, encoder=HashingEncoder())
builder = TrackerBuilder(ws)
display(builder, TaggingCarousel(ws, builder), QualityPlots(ws, builder), Review(ws, builder))"""
MOST_TABS = 120
ITEM = ".wb-review article"
JUDGED = f"{ITEM} .wb-choices [aria-pressed=true]"


def tab_to(page: Page, wanted: Locator, key: str = "Tab") -> None:
    """Presses Tab until ``wanted`` has the focus."""
    expect(wanted).to_be_visible()
    expect(wanted).to_be_enabled()
    for _ in range(MOST_TABS):
        if wanted.evaluate("(node) => node === document.activeElement"):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{MOST_TABS} times {key} do not lead to {wanted}")


def press(page: Page, name: str, widget: str, key: str = "Tab") -> None:
    """Goes to a button and presses it."""
    tab_to(page, page.locator(f".wb-{widget}").get_by_role("button", name=name), key)
    page.keyboard.press("Enter")


def build(page: Page) -> None:
    tab_to(page, page.get_by_label("Name", exact=True))
    page.keyboard.type("Price")
    press(page, "Next: Where to look", "builder")
    press(page, "Next: Examples", "builder")
    tab_to(page, page.get_by_label("Add an example sentence"))
    for example in small.EXAMPLES:
        page.keyboard.type(example)
        page.keyboard.press("Enter")
    press(page, "Next: Train", "builder")
    press(page, "Create tracker", "builder")
    press(page, "Continue to tagging", "builder")


def tag(page: Page) -> None:
    card = page.locator(".wb-carousel .wb-sentence")
    expect(card).to_be_visible()
    for _ in range(100):
        pace.answer(page, "y" if small.answer(card.inner_text()) == "yes" else "n")
    expect(page.locator(".wb-carousel .wb-progress")).to_contain_text("Round 5")


def review(page: Page) -> None:
    # Until it has learnt from the last round, it shows what the one before found, and refuses judgements on that.
    expect(page.locator(".wb-review")).not_to_contain_text("Basic training has")
    expect(page.locator(".wb-review .wb-head [role=status]")).to_have_text("")
    expect(page.locator(ITEM)).to_have_count(20)
    tab_to(page, page.locator(ITEM).first)
    for done in range(20):
        text = page.evaluate("() => document.activeElement.querySelector('.wb-said b').textContent")
        page.keyboard.press("y" if small.answer(text) == "yes" else "n")
        expect(page.locator(JUDGED)).to_have_count(done + 1)
    press(page, "Submit these judgements", "review")
    expect(page.locator(".wb-review .wb-foot")).to_contain_text("Counted:")
    press(page, "Publish", "review")
    expect(page.locator(".wb-publish .wb-actions [role=status]")).to_contain_text("Published.")


def full_way(page: Page, workspace: Path) -> None:
    build(page)
    tag(page)
    review(page)
    tracker = wb.open(workspace, encoder=HashingEncoder()).trackers.get("Price")
    rounds = tracker.train().rounds()
    assert [(one.answered, one.review) for one in rounds[:5]] == [(25, False)] * 4 + [(20, True)]
    assert tracker.state == "active"
    assert tracker.active_version().answers == 120


def prepared(folder: Path) -> Path:
    ws = wb.open(folder, encoder=HashingEncoder())
    ws.ingest(small.conversations())
    ws.encode()
    return folder


def test_in_jupyterlab(page: Page, lab: Server) -> None:
    workspace = prepared(lab.root / "keyboard.workspace")
    jupyter.open_notebook(page, lab, jupyter.put_notebook(lab, [CELL.format(workspace=str(workspace))], "keys.ipynb"))
    page.keyboard.press("Shift+Enter")  # the notebook has the focus when it opens
    expect(page.locator(".wb-builder h2")).to_be_visible()
    page.keyboard.press("Escape")
    full_way(page, workspace)
    jupyter.screenshot(page, "keyboard-jupyterlab")


def test_in_voila(page: Page, voila_server: Server) -> None:
    workspace = prepared(voila_server.root / "keyboard-voila.workspace")
    cell = CELL.format(workspace=str(workspace))
    jupyter.open_voila(page, voila_server, jupyter.put_notebook(voila_server, [cell], "keys-voila.ipynb"))
    full_way(page, workspace)
    jupyter.screenshot(page, "keyboard-voila")
