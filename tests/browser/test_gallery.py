"""Every widget in every state, in each way of looking at it: nothing cut off, all readable, nothing axe-core minds.

With ``WORKBENCH_SHOTS=1`` there are pictures in shots/, for looking at: they take longer than all that is asserted.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import jupyter
from tests.browser.checks import wrong_for_readers, wrong_with_looks
from tests.browser.gallery.states import STATES
from tests.browser.servers import Server

NOTEBOOK = Path(__file__).resolve().parents[2] / "tests/browser/gallery/gallery.ipynb"
COUNT = sum(len(states()) for states in STATES.values())
PICTURES = os.environ.get("WORKBENCH_SHOTS", "") not in ("", "0")
SIZES = {"wide": (1280, 900), "narrow": (360, 800), "zoomed": (640, 450)}
# anywidget says this of a model that took more than two seconds, as some of a hundred at once do on a busy machine.
# It is drawn all the same once it comes, which ``ready`` waits for.
LATE = "[anywidget] Failed to initialize model."


@pytest.fixture
def said(page: Page) -> list[str]:
    """Errors of our own that the page's console shows."""
    found: list[str] = []
    page.on("pageerror", lambda error: found.append(str(error)) if str(error) != LATE else None)
    return found


def ready(page: Page) -> None:
    expect(page.locator(".wb")).to_have_count(COUNT)
    expect(page.locator(".gallery-call-thousands-of-items .wb-here")).to_contain_text("3001.")
    expect(page.locator(".wb-waiting")).to_have_count(0)


def run_in_turn(page: Page) -> None:
    """One widget's states after the other's: anywidget gives a model two seconds, too few where a hundred come."""
    for place, cell in enumerate(json.loads(NOTEBOOK.read_text())["cells"]):
        page.evaluate("at => { window.jupyterapp.shell.currentWidget.content.activeCellIndex = at; }", place)
        jupyter.command(page, "notebook:run-cell")
        shown = re.fullmatch(r'gallery\("(\w+)"\)', "".join(cell["source"]))
        if shown:
            states = page.locator(f".gallery-of-{shown[1]} .wb")
            expect(states).to_have_count(len(STATES[shown[1]]()))
    assert not jupyter.errors(page), jupyter.errors(page)


def wrong(page: Page, name: str) -> list[str]:
    for widget in STATES:
        page.locator(f".gallery-of-{widget}").first.scroll_into_view_if_needed()  # what is drawn only in view, is drawn
        if PICTURES:
            jupyter.screenshot(page, f"gallery-{widget}-{name}", f".gallery-of-{widget}")
    return [f"{name}: {what}" for what in [*wrong_with_looks(page), *wrong_for_readers(page)]]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_gallery_in_voila(page: Page, voila_server: Server, said: list[str], dark: bool) -> None:
    path = jupyter.put_notebook(voila_server, NOTEBOOK)
    jupyter.open_voila(page, voila_server, path, dark=dark)
    ready(page)
    found = []
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        found += wrong(page, f"{size}-{'dark' if dark else 'light'}")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(forced_colors="active")
    found += wrong(page, f"high-contrast-{'dark' if dark else 'light'}")
    assert not found, "\n".join(found)
    assert not said


def test_the_gallery_in_jupyterlab(page: Page, lab: Server, said: list[str]) -> None:
    path = jupyter.put_notebook(lab, NOTEBOOK)
    jupyter.open_notebook(page, lab, path)
    page.evaluate(
        "() => { window.jupyterapp.shell.currentWidget.content.notebookConfig = "
        "{...window.jupyterapp.shell.currentWidget.content.notebookConfig, windowingMode: 'none'}; }"
    )
    run_in_turn(page)
    ready(page)
    found = wrong(page, "jupyterlab")
    assert not found, "\n".join(found)
    assert not said
